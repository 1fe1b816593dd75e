"""Where does a note name what the patient's own record holds, in whatever form it is written?

The record is near-certain evidence: what it names is found in lower case, without accents, hyphens, spaces or key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.guards import EPONYMS, is_eponym
from transforms.notes.labels import CONTEXT, KNOWN, WHOLE, Find, Label
from transforms.notes.record import SEPARATORS
from transforms.notes.words import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note
    from transforms.notes.record import Record

_MISSPELT_FROM: Final = 6


def find_recorded(note: Note, record: Record) -> Iterator[Find]:
    """Find every written form of what the record holds.

    A part of a name that is also a plain word (`Petit`, `Rose`) counts only with a capital.

    Example:
        >>> from transforms.notes.labels import resolve
        >>> from transforms.notes.note import Note
        >>> from transforms.notes.record import read_record
        >>> note = Note("LE GOFF jean pierre, tel 0472000000, J-P. Le Goff")
        >>> record = read_record({"nom": "Le Goff", "prenom": "Jean-Pierre", "tel": "+33 4 72 00 00 00"})
        >>> [(note.text[start:end], label) for start, end, label in resolve(find_recorded(note, record), note.text)]
        [('LE GOFF', 'NOM'), ('jean pierre', 'PRENOM'), ('0472000000', 'TEL'), ('J-P', 'PRENOM'), ('Le Goff', 'NOM')]
    """
    plain = note.folded.translate(SEPARATORS)
    for form, label in record.names:
        for start, end in _occurrences(plain, form):
            if _stands_for_name(note, start, end, form):
                yield Find(start, end, label, KNOWN)
                if label == "NOM" and record.initials:
                    yield from _initials_beside(note, start, end, record.initials)
    yield from _misspelled(note, record.names)
    for initial in record.surname_initials:
        for match in re.finditer(
            rf"\b(?:m\.|mme|mr|mlle|monsieur|madame|patiente?) ({initial})(?:\.|(?=[ ,]))", note.folded
        ):
            if note.text[match.start(1)].isupper():
                yield Find(match.start(1), match.end(1), "NOM", KNOWN)
    for form, label in record.places:
        text = note.folded if label == "MAIL" else plain
        weight = WHOLE if label in {"MAIL", "ADRESSE"} else KNOWN
        yield from (Find(start, end, label, weight) for start, end in _occurrences(text, form))
    if record.numbers:
        yield from _numbers(note.folded, record.numbers)


def _misspelled(note: Note, names: tuple[tuple[str, Label], ...]) -> Iterator[Find]:
    """Find a name with one letter wrong, missing, added or exchanged, where it has six letters and is no plain word."""
    long = [(form, label) for form, label in names if len(form) >= _MISSPELT_FROM and " " not in form]
    if not long:
        return
    for word in note.words:
        if word.capital and len(word.folded) >= _MISSPELT_FROM - 1:
            for form, label in long:
                if _one_edit(word.folded, form) and not is_plain(word.folded):
                    yield Find(word.start, word.end, label, CONTEXT)


def _one_edit(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    if head == 0:
        return False
    left, right = one[head:], other[head:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _occurrences(text: str, form: str) -> Iterator[tuple[int, int]]:
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
            yield start, end
        start = text.find(form, end)


def _stands_for_name(note: Note, start: int, end: int, form: str) -> bool:
    written = note.text[start:end]
    if form in EPONYMS and is_eponym(note, start, end):
        return False
    if len(form) <= 2:
        return written.isupper() or written.istitle()
    return not written[0].islower() or not is_plain(form)


def _initials_beside(note: Note, start: int, end: int, initials: tuple[str, ...]) -> Iterator[Find]:
    before = re.search(r"(?<![^\W_])([A-Z](?:[. -]{0,2}[A-Z])?)[. ]{1,2}$", note.text[max(0, start - 8) : start])
    if before and before[1][0].lower() in initials:
        shift = max(0, start - 8)
        yield Find(shift + before.start(1), shift + before.end(1), "PRENOM", KNOWN)
    after = re.match(r" ([A-Z](?:-[A-Z])?)(?=\.|[ ,;\n]|$)", note.text[end : end + 6])
    if after and after[1][0].lower() in initials:
        yield Find(end + after.start(1), end + after.end(1), "PRENOM", KNOWN)


def _numbers(folded: str, numbers: tuple[tuple[str, Label], ...]) -> Iterator[Find]:
    places = [match.start() for match in re.finditer(r"\d", folded)]
    stream = "".join(folded[place] for place in places)
    for digits, label in numbers:
        at = stream.find(digits)
        while at >= 0:
            last = at + len(digits) - 1
            start, end = places[at], places[last] + 1
            if end - start <= 4 * len(digits):
                yield from _grown(folded, start, end, label)
            at = stream.find(digits, last + 1)


def _grown(folded: str, start: int, end: int, label: Label) -> Iterator[Find]:
    """Take in what a number's core leaves out: +33 (0) before a phone, the key after a NIR; another number's digits refuse it."""
    if label == "TEL" and (
        before := re.search(r"(?:(?:\+|00) ?33[ .-]?(?:\(0\))?|\(?0)[ .-]?$", folded[max(0, start - 12) : start])
    ):
        start -= len(before[0])
    if label == "SECU" and (after := re.match(r"[ ._/-]{0,3}(?:cle[ :]*)?\d ?\d(?!\d)", folded[end : end + 12])):
        end += after.end()
    if not folded[start - 1 : start].isdigit() and not folded[end : end + 1].isdigit():
        yield Find(start, end, label, KNOWN)
