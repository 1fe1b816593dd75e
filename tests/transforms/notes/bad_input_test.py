"""Whatever comes in, redaction ends, in time that grows with the text, and its spans stand in the note as it came."""

import random

import pytest

from transforms import redact_notes
from transforms.notes.finding import find_identifiers
from transforms.notes.record import read_record

PROSE = (
    "Le patient va bien, la TA est à 120/80 et le bilan sans particularité ; le contrôle est prévu avant la sortie. "
)
NOTE = "Mme LE GOFF Jeanne, née le 12/03/1950, tél. 06 39 98 12 34. "


def shown(text, **options):
    return [(text[start:end], label) for start, end, label in find_identifiers(text, **options)]


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", ".", "M.", "né le", "\ufeff", "\ud800", "(((", "PID|", "<"])
def test_what_holds_nothing_gives_nothing(text):
    assert shown(text) == []


def test_a_note_of_a_megabyte_on_one_line_is_read_to_its_end():
    text = PROSE * 10_000 + NOTE
    assert len(text) > 1_000_000
    assert shown(text) == shown(NOTE)


@pytest.mark.parametrize(
    "near",
    [
        "Dr ",
        "né le ",
        "12/13/",
        "06 39 98 ",
        "12 rue de ",
        "CHU de ",
        "a@",
        "nom : ",
        "PID|",
        "le gof ",
        "J.",
        "1 85 05 ",
    ],
)
def test_ten_thousand_near_matches_hide_no_name_behind_them(near):
    text = near * 10_000 + "\n" + PROSE + "\nMme LE GOFF va mieux."
    assert ("LE GOFF", "NOM") in shown(text, record=read_record({"nom": "Le Goff"}))


def test_bytes_that_are_no_text_break_nothing():
    draw = random.Random(1)
    text = bytes(draw.randrange(256) for _ in range(50_000)).decode("latin-1")
    spans = find_identifiers(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("M. محمد علي, suivi", "محمد علي"),
        ("Mme Иванова Анна, suivie", "Иванова Анна"),
        ("Mme Nguyễn, suivie", "Nguyễn"),
    ],
)
def test_names_of_other_scripts_are_found_behind_a_title(text, name):
    covered = {place for start, end, _ in find_identifiers(text) for place in range(start, end)}
    start = text.index(name)
    assert all(place in covered for place in range(start, start + len(name)) if text[place] != " ")


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_wrong_decoding_is_mended_and_the_spans_stand_in_what_came(encoding):
    text = "Madame Hébrard, née à Nîmes le 3 février 1950".encode().decode(encoding)
    found = [text[start:end].encode(encoding).decode() for start, end, _ in find_identifiers(text)]
    assert found == ["Hébrard", "Nîmes", "3 février 1950"]


def test_letters_and_their_accents_apart_keep_their_places():
    text = "Dr Be\u0301ne\u0301zet, Ne\u0301vers"
    assert shown(text)[0] == ("Be\u0301ne\u0301zet", "NOM")


def test_a_no_break_space_and_a_broken_line_stay_in_the_note():
    texts, _ = redact_notes(["Dr\u00a0Le\u00a0Goff\nle 3\nmars 2021"])
    assert texts == ["Dr\u00a0<NOM>\nle <DATE>"]


def test_half_a_sign_hides_no_name_beside_it():
    assert shown("Scanner relu par Bazzoun \ud800.") == [("Bazzoun", "NOM")]
