"""What identifies a person in a note? Every layer is asked, and overlaps are resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.notes.codes import find_codes
from transforms.notes.consistency import find_repeated
from transforms.notes.dates import find_dates
from transforms.notes.labels import KNOWN, Find, Span, resolve
from transforms.notes.names import find_named
from transforms.notes.note import Note
from transforms.notes.places import find_places
from transforms.notes.record import Record, find_recorded
from transforms.notes.spelled_dates import read_date
from transforms.notes.titles import find_titled
from transforms.notes.towns import find_towns

if TYPE_CHECKING:
    from transforms.notes.known import KnownPersons


def find_identifiers(text: str, *, record: Record | None = None, known: KnownPersons | None = None) -> list[Span]:
    """Find what identifies people in one note: character spans in order, none overlapping another.

    Example:
        >>> text = "Mme Le Goff, née le 12/03/1950"
        >>> [(text[start:end], label) for start, end, label in find_identifiers(text)]
        [('Le Goff', 'NOM'), ('12/03/1950', 'DATE_NAISSANCE')]
    """
    note = Note(text)
    finds: list[Find] = [
        *find_dates(note),
        *find_codes(note),
        *find_places(note),
        *find_towns(note),
        *find_titled(note),
        *find_named(note),
    ]
    if record:
        finds = [_birth(find, text, record) for find in finds]
        finds += find_recorded(note, record)
    if known:
        finds += known.find(note)
    finds += find_repeated(note, finds)
    return resolve(finds, text)


def _birth(find: Find, text: str, record: Record) -> Find:
    """Rename a date that is the patient's birth date by the record."""
    if find.label in {"DATE", "DATE_NAISSANCE"} and read_date(text[find.start : find.end]) in record.births:
        return find._replace(label="DATE_NAISSANCE", weight=KNOWN)
    return find
