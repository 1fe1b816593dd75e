import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from transforms import redact_notes
from transforms.errors import InvalidColumn
from transforms.notes import InvalidReplacement, redact_note

NOTES = ["Vu par le Dr Le Goff", None, "", "TA 120/80"]
REDACTED = ["Vu par le Dr <NOM>", None, "", "TA 120/80"]


@pytest.mark.parametrize(
    "container",
    [
        list,
        pd.Series,
        pl.Series,
        pa.array,
        lambda notes: pa.chunked_array([notes[:1], notes[1:]]),
        lambda notes: pa.array(["x", *notes])[1:],
        lambda notes: pa.array(notes, pa.large_string()),
        lambda notes: pa.array(notes).dictionary_encode(),
    ],
)
def test_redacts_every_kind_of_column(container):
    texts, spans = redact_notes(container(NOTES))
    assert type(texts) is type(container(NOTES))
    as_list = texts.to_pylist() if hasattr(texts, "to_pylist") else list(texts)
    assert [None if isinstance(text, float) else text for text in as_list] == REDACTED
    assert spans == [[(13, 20, "NOM")], [], [], []]


def test_masks_characters_and_keeps_the_layout():
    assert redact_notes(["Dr Le Goff"], replace="mask").texts == ["Dr ** ****"]


def test_the_record_is_found_in_every_written_form():
    record = {"Nom": "Le Goff", "prenoms": ["Jean-Pierre"], "dateNaissance": "1950-03-12", "tel": "0472000000"}
    texts, _ = redact_notes(["le goff JEAN PIERRE, 12 mars 50, +33 4 72 00 00 00"], patients=[record])
    assert texts == ["<NOM> <PRENOM>, <DATE_NAISSANCE>, <TEL>"]


def test_known_persons_are_found_in_every_note():
    texts, _ = redact_notes(["avis de LEGOFF", "avis de Le Goff, un goff"], known=pa.array(["Le Goff", None]))
    assert texts == ["avis de <NOM>", "avis de <NOM>, un goff"]


def test_known_common_words_need_more_than_a_lower_case():
    assert redact_notes(["le petit lit blanc"], known=["Petit", "Blanc"]).texts == ["le petit lit blanc"]


def test_a_line_of_the_command_gives_text_and_spans():
    assert redact_note({"id": "a", "text": "né le 12/03/1950", "patient": None}) == {
        "id": "a",
        "text": "né le <DATE_NAISSANCE>",
        "spans": [{"start": 6, "end": 16, "label": "DATE_NAISSANCE"}],
    }


def test_numbers_are_no_notes():
    with pytest.raises(InvalidColumn, match="int64"):
        redact_notes(pa.array([1]))


def test_patients_must_be_one_a_note():
    with pytest.raises(InvalidColumn, match="1 records for 2 notes"):
        redact_notes(["a", "b"], patients=[{}])


def test_an_unknown_replacement_is_refused():
    with pytest.raises(InvalidReplacement, match="label"):
        redact_notes(["a"], replace="blank")
