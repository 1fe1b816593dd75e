"""What is looked for only where its words or signs stand is what a search through the whole note finds."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.notes import codes, commune_names, dates, guards, towns
from transforms.notes.finding import find_each, find_identifiers
from transforms.notes.folding import fold
from transforms.notes.note import Note
from transforms.notes.record import read_record

TEXTS = [
    re.sub(r"</?[A-Z_a-z]+>", "", note)
    for path in sorted(Path(__file__).parent.glob("cases/unseen_*.txt"))
    for note in re.split(r"^===== \w+\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1::3]
]
NOTES = [Note(text) for text in TEXTS]
RECORD = read_record({"nom": "Le Goff", "naissance": "1950-03-12"})


def test_many_notes_give_what_each_gives_alone():
    records = [RECORD if number % 3 else None for number in range(len(TEXTS))]
    together = list(find_each(zip(TEXTS, records, strict=True)))
    assert together == [find_identifiers(text, record=record) for text, record in zip(TEXTS, records, strict=True)]


def test_a_stream_is_read_some_notes_at_a_time():
    taken = []

    def notes():
        for number in range(100):
            taken.append(number)
            yield "Vu par le Dr Le Goff. " * 500, None

    found = find_each(notes())
    assert next(found)[0] == (13, 20, "NOM")
    assert len(taken) < 50


@pytest.mark.parametrize("pattern", [codes._MAIL, codes._URL])
def test_mails_and_links_are_found_around_their_signs(pattern):
    label = "MAIL" if pattern is codes._MAIL else "URL"
    for note in NOTES:
        found = [find[:2] for find in codes.find_codes(note) if find.label == label]
        assert found == [match.span() for match in pattern.finditer(note.folded)]


def test_eponyms_are_told_by_nouns_that_stand_before():
    for note in NOTES:
        for number in note.capitals:
            word = note.words[number]
            whole = guards._BEFORE.search(note.folded, max(0, word.start - guards._REACH), word.start)
            if whole:
                assert guards.is_eponym(note, word.start, word.end)


def test_years_are_found_where_a_search_finds_them():
    for note in NOTES:
        for pattern, signs, begins in (
            (dates._YEAR_AFTER, dates._BEFORE_YEAR, lambda _, year: max(0, year - 34)),
            (dates._YEAR_ALONE, dates._MARKS_BEFORE, dates._line_start),
        ):
            found = [match.span() for match in dates._around(pattern, note, signs, begins)]
            anywhere = {
                match.span()
                for year in note.years
                for match in pattern.finditer(note.folded, max(0, year - 34), year + 48)
                if match.start() <= year < match.end()
            }
            assert set(found) <= anywhere
            assert all(any(first <= start and end <= last for first, last in found) for start, end in anywhere)


def test_words_of_living_are_told_by_the_word_before():
    for note in NOTES:
        for number, start in enumerate(note.starts):
            before = note.folded[max(0, start - 24) : start].rstrip(" :\n")
            last = re.split(r"[ \n]", before)[-1]
            if last in towns._LIVES_LAST or last.endswith("d'"):
                assert not number or towns._ENDS_LIVING[note.texts[number - 1]]


def test_no_commune_is_lost_for_its_second_word():
    for name in list(commune_names._keys())[::97]:
        note = Note(f"{name} {name}")
        assert commune_names.commune_end(note, 0) >= len(name)


@given(st.text("éÉaZœŒ’ \t`≥µβÀ-‑", max_size=40))
def test_folding_keeps_the_length_and_folds_signs_one_by_one(text):
    assert len(fold(text)) == len(text)
    if not text.isascii():
        assert fold(text) == "".join(fold(f"é{sign}")[1:] for sign in text)


@given(st.text("ab1 0-’'é\nAB", max_size=60))
def test_words_stand_where_they_say(text):
    note = Note(text)
    for number, start in enumerate(note.starts):
        word = note.words[number]
        assert (word.start, text[word.start : word.end]) == (start, word.text)
        assert note.word_at.get(start) == number
