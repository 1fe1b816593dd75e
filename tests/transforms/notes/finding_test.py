import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.notes.finding import find_identifiers
from transforms.notes.record import read_record

CASES = Path(__file__).with_name("cases").joinpath("hard.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("example", CASES)
def test_finds_what_the_example_marks_and_nothing_else(example, marked_by, as_found):
    assert marked_by(find_identifiers, example) == as_found(example)


@given(st.text(max_size=400))
def test_spans_stand_in_the_text_in_order_and_apart(text):
    end_before = 0
    for start, end, _ in find_identifiers(text):
        assert end_before <= start < end <= len(text)
        end_before = end


PIECES = st.sampled_from(
    [
        "Dr ",
        "M. ",
        "DUPONT",
        "Jean",
        " ",
        "\n",
        "12/03/1950",
        "né le ",
        "à ",
        "Lyon",
        ", ",
        ".",
        "69003 ",
        "rue ",
        "1",
        "é",
        "Nom : ",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["Dupont", "Le Goff", "É"]))
def test_a_record_never_breaks_the_order_of_spans(text, name):
    end_before = 0
    for start, end, _ in find_identifiers(text, record=read_record({"nom": name, "naissance": "1950-03-12"})):
        assert end_before <= start < end <= len(text)
        end_before = end


@pytest.mark.parametrize(
    "text", ["Dr " * 3000, "1 " * 5000, "A-" * 5000, "Jean " * 3000, "12/" * 3000, "a@" * 2000, "rue des " * 1500]
)
def test_repetition_costs_no_more_than_its_length(text):
    find_identifiers(text)


def test_accents_that_stand_apart_do_not_hide_a_name():
    text = unicodedata.normalize("NFD", "Mme Hélène Lefèvre, née le 3 février 2021")
    found = [unicodedata.normalize("NFC", text[start:end]) for start, end, _ in find_identifiers(text)]
    assert found == ["Hélène", "Lefèvre", "3 février 2021"]
