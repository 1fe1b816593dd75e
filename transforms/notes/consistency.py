"""Where else does the note write a name that was found in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.notes.forms import FORMS
from transforms.notes.guards import is_eponym
from transforms.notes.labels import CONTEXT, REPEATED, Find
from transforms.notes.persons import NO_NAME
from transforms.notes.words import given_count, is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from transforms.notes.labels import Label
    from transforms.notes.note import Note

_SHORTEST: Final = 3
_OF_PERSONS: Final = frozenset({"NOM", "PRENOM"})


def find_repeated(note: Note, finds: Iterable[Find]) -> Iterator[Find]:
    """Find the names of `finds` again wherever they stand with a capital, outside of eponyms; a plain word only in capitals.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "Dr Crohn. Avis de CROHN sur une maladie de Crohn"
        >>> [text[find.start : find.end] for find in find_repeated(Note(text), [Find(3, 8, "NOM", CONTEXT)])]
        ['Crohn', 'CROHN']
    """
    names = _names(note, finds)
    if not names:
        return
    for number in note.capitals:
        folded, capital = FORMS[note.texts[number]]
        if not capital or not (folded in names or "-" in folded):
            continue
        word = note.words[number]
        for piece in (folded, *(folded.split("-") if "-" in folded else ())):
            known = names.get(piece)
            if known and _counts(note, word.start, word.end, word.text, piece):
                yield Find(word.start, word.end, known, REPEATED)
                break


def _names(note: Note, finds: Iterable[Find]) -> dict[str, Label]:
    """Give the names that are sure, and their parts."""
    names: dict[str, Label] = {}
    seen: set[tuple[str, Label]] = set()
    for start, end, label, weight in finds:
        if weight >= CONTEXT and label in _OF_PERSONS:
            name = note.folded[start:end]
            names[name] = label
            if (name, label) not in seen:
                seen.add((name, label))
                for piece in name.replace("-", " ").split():
                    if len(piece) > _SHORTEST and piece not in NO_NAME:
                        names.setdefault(piece, label)
    return names


def _counts(note: Note, start: int, end: int, written: str, name: str) -> bool:
    if len(name) < _SHORTEST or name in NO_NAME:
        return False
    if is_plain(name) and not (written.isupper() and len(name) > _SHORTEST):
        return given_count(name) > 10000 and not is_eponym(note, start, end)
    return not is_eponym(note, start, end)
