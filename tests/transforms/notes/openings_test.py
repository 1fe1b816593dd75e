"""A pattern tried only where a word can begin it matches what a search through the whole text matches."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.notes import announcements, careless, dates, guards, places, towns
from transforms.notes.note import Note
from transforms.notes.openings import Opening

TEXTS = [
    re.sub(r"</?[A-Z_a-z]+>", "", note)
    for path in sorted(Path(__file__).parent.glob("cases/unseen_*.txt"))
    for note in re.split(r"^===== \w+\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1::5]
]
OPENINGS = [
    pytest.param(value, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in (announcements, careless, dates, guards, places, towns)
    for name, value in vars(module).items()
    if isinstance(value, Opening)
]


def spans(matches):
    return [match.span() for match in matches]


@pytest.mark.parametrize("opening", OPENINGS)
def test_matches_what_a_search_matches(opening):
    for text in TEXTS:
        note = Note(text)
        assert spans(note.matches(opening)) == spans(opening.pattern.finditer(note.folded))


@given(st.text("mdrle. 'ns-\n:éA1", max_size=60))
def test_titles_are_found_in_any_text(text):
    note = Note(text)
    assert spans(note.matches(announcements.TITLES)) == spans(announcements.TITLE.finditer(note.folded))
