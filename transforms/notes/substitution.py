"""Which false names, places and dates stand in a note for the true ones, so that it agrees with the tables?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from transforms.dates import shift_dates
from transforms.notes.date_forms import move_date
from transforms.notes.note import fold
from transforms.pseudonyms import surrogate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transforms.keys import Key
    from transforms.notes.labels import Label, Span
    from transforms.notes.record import Record

_KINDS: Final[Mapping[str, str]] = {
    "NOM": "last_name",
    "PRENOM": "first_name",
    "VILLE": "city",
    "ADRESSE": "address",
    "TEL": "phone",
    "MAIL": "email",
}
_SOME_DAY: Final = dt.date(2000, 7, 1)


@dataclass(frozen=True)
class Substitutes:
    """False values for one column of notes: by kind and true value, and each note's shift in days."""

    values: Mapping[tuple[str, str], str]
    shifts: Sequence[int | None]

    def of(self, row: int, label: Label, written: str, record: Record | None) -> str:
        """Give what stands for `written` in note `row`; a label (`<IPP>`) where a false value might be someone's own.

        Numbers of patients, stays, insured persons, accounts and practitioners have no fiction range, so they get labels.
        """
        if label in {"DATE", "DATE_NAISSANCE"}:
            shift = self.shifts[row]
            return (move_date(written, shift) if shift is not None else None) or f"<{label}>"
        if label == "ZIP":
            return f"{written[:2]}000"
        if label == "PRENOM" and _is_initials(written):
            return self._initials(written, record)
        return self.values.get((label, spelled(label, written, record)), f"<{label}>")

    def _initials(self, written: str, record: Record | None) -> str:
        """Give the initials of the false first name, where the record says which first name they stand for."""
        given = [name for name, label in record.names if label == "PRENOM"] if record else []
        for name in given:
            false = self.values.get(("PRENOM", name))
            if false and name[0] == written[0].lower():
                return "-".join(part[0].upper() for part in false.replace(" ", "-").split("-") if part)
        return self.values.get(("PRENOM", written), "X")[0].upper()


def find_substitutes(
    notes: Sequence[str | None],
    spans: Sequence[Sequence[Span]],
    records: Sequence[Record | None],
    *,
    key: Key,
    by: Sequence[object],
    days: int,
) -> Substitutes:
    """Choose false values for all finds of a column at once: a person's are those of the tables under the same key.

    Args:
        notes: The notes.
        spans: Their finds.
        records: Their patients' records.
        key: The key of the domain.
        by: Each note's patient; a note without one keeps no date, its dates get labels.
        days: The largest shift.
    """
    wanted: dict[str, dict[str, None]] = {label: {} for label in _KINDS}
    for note, found, record in zip(notes, spans, records, strict=True):
        for start, end, label in found:
            if label in wanted and note is not None:
                wanted[label][spelled(label, note[start:end], record)] = None
        if record:
            wanted["PRENOM"] |= {name: None for name, label in record.names if label == "PRENOM"}
    values = {
        (label, true): false
        for label, trues in wanted.items()
        if trues
        for true, false in zip(
            trues, surrogate(pa.array(list(trues)), key, kind=_KINDS[label], locale="fr_FR").to_pylist(), strict=True
        )
    }
    return Substitutes(values, _shifts(by, key, days))


def spelled(label: Label, written: str, record: Record | None) -> str:
    """Write a find as the tables would: on one line, and a glued surname as the record has it."""
    plain = " ".join(written.split())
    if label in {"NOM", "PRENOM"} and record:
        glued = "".join(filter(str.isalnum, fold(plain)))
        for name, kind in record.names:
            if kind == label and name.replace(" ", "") == glued and " " in name:
                return name.upper() if plain.isupper() else name.title()
    return plain


def _is_initials(written: str) -> bool:
    letters = [part for part in written.replace("-", ".").replace(" ", ".").split(".") if part]
    return all(len(part) == 1 for part in letters)


def _shifts(by: Sequence[object], key: Key, days: int) -> list[int | None]:
    rows = [row for row, patient in enumerate(by) if patient is not None]
    shifts: list[int | None] = [None] * len(by)
    if rows:
        some = pa.array([_SOME_DAY] * len(rows), pa.date32())
        moved = shift_dates(some, key, by=pa.array([by[row] for row in rows]), days=days)
        for row, day in zip(rows, moved.to_pylist(), strict=True):
            shifts[row] = (day - _SOME_DAY).days
    return shifts
