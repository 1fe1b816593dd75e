"""Redaction keeps what it reached on the notes that were frozen before the rules saw them."""

import re
from pathlib import Path

import pytest

from transforms.notes.finding import find_identifiers

NOTES = [
    note
    for path in sorted(Path(__file__).parent.glob("cases/unseen_*.txt"))
    for note in re.split(r"^===== \w+\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
]


@pytest.fixture(scope="module")
def compared():
    return [(text, truth, find_identifiers(text)) for text, truth in map(_read, NOTES)]


def _read(marked):
    text, spans, opened, at = "", [], 0, 0
    for tag in re.finditer(r"<(/?)([A-Z_]+|none)>", marked):
        text += marked[at : tag.start()]
        at = tag.end()
        if not tag[1]:
            opened = len(text)
        elif tag[2] != "none":
            spans.append((opened, len(text)))
    return text + marked[at:], spans


def test_touches_97_of_100_identifiers(compared):
    hits = [
        any(first < end and last > start for first, last, _ in found)
        for _, truth, found in compared
        for start, end in truth
    ]
    assert sum(hits) / len(hits) >= 0.97


def test_finds_no_more_than_5_false_in_100(compared):
    true = [
        any(first < end and last > start for start, end in truth)
        for _, truth, found in compared
        for first, last, _ in found
    ]
    assert sum(true) / len(true) >= 0.95


def test_leaves_four_notes_in_five_clean(compared):
    clean = []
    for text, truth, found in compared:
        covered = {place for start, end, _ in found for place in range(start, end)}
        clean.append(
            all(place in covered or not text[place].isalnum() for start, end in truth for place in range(start, end))
        )
    assert sum(clean) / len(clean) >= 0.80


def test_no_span_begins_or_ends_with_punctuation_or_an_open_bracket(compared):
    for text, _, found in compared:
        for start, end, _ in found:
            span = text[start:end]
            assert span[0] not in " .,;:/-|)]"
            assert span[-1] not in " .,;:/-|(["
            assert span.count("(") == span.count(")") or (span[0] != "(" and span[-1] != ")")
