"""Who is the person of each row, and what does the extract itself say of that person?"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol, cast

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import InvalidInput, Stopped
from transforms.canonical import canonical_text
from transforms.kinds import CATEGORY_OF
from transforms.normalization import NORMALIZATION_OF, normalized

if TYPE_CHECKING:
    from pipeline.making.extracting import Holding
    from pipeline.plan import Plan, PlannedTable
    from transforms.normalization import Normalization

_NAMES = frozenset({"first_name", "last_name", "person_name"})
_OF_A_RECORD = frozenset(kind for kind, category in CATEGORY_OF.items() if category == "direct") | {
    "birth_date",
    "city",
    "postal_code",
}


class Persons(Protocol):
    """Leads from each row of a batch to its person, and to what the extract knows of that person."""

    def persons(self, table: str, batch: pa.RecordBatch) -> pa.Array:
        """The person of each of the batch's n rows, as canonical text; null where none can be found."""

    def records(self, table: str, batch: pa.RecordBatch) -> list[dict[str, Any] | None]:
        """What the extract knows of the person of each row, kind by kind; None for nobody."""

    def known_names(self) -> tuple[str, ...]:
        """The names in tables of people who are nobody's patient."""


class PersonIndex:
    """Leads from each row of an extract to its person, as the plan says.

    Only what is asked for is loaded, once, and it is the size of the table of stays or of patients, not of the extract.
    Several threads may ask.
    """

    def __init__(self, plan: Plan, extract: Holding) -> None:
        self._plan = plan
        self._extract = extract
        self._lock = RLock()
        self._bridges: dict[str, tuple[pa.Array, pa.Array]] = {}
        self._records: tuple[pa.Array, list[dict[str, Any]]] | None = None
        self._known: tuple[str, ...] | None = None

    def persons(self, table: str, batch: pa.RecordBatch) -> pa.Array:
        """The person of each of the batch's n rows, as canonical text; null where none can be found."""
        person = self._plan.tables[table].person
        if person is None:
            return pa.nulls(batch.num_rows, pa.string())
        if person.via is None:
            return spelled(self._plan.tables[table], person.column, batch.column(person.column))
        if person.on is None:
            raise AssertionError("the plan's model refuses via without on")
        with self._lock:
            keys, people = self._bridge(person.via, person.on, person.column)
        found = spelled(self._plan.tables[table], person.on, batch.column(person.on))
        return people.take(pc.index_in(found, keys))

    def records(self, table: str, batch: pa.RecordBatch) -> list[dict[str, Any] | None]:
        """What the extract knows of the person of each row (names, numbers, addresses), kind by kind; None for nobody."""
        with self._lock:
            people, records = self._patients()
        found = pc.index_in(self.persons(table, batch), people)
        return [None if row is None else records[row] for row in found.to_pylist()]

    def known_names(self) -> tuple[str, ...]:
        """The names in tables of people who are nobody's patient, such as the practitioners."""
        with self._lock:
            return self._names_known()

    def _names_known(self) -> tuple[str, ...]:
        if self._known is None:
            names: set[str] = set()
            for table, planned in self._plan.tables.items():
                if planned.person is None:
                    names.update(self._names(table, planned))
            self._known = tuple(sorted(names))
        return self._known

    def _names(self, table: str, planned: PlannedTable) -> set[str]:
        columns = [name for name, field in planned.fields.items() if field.kind in _NAMES]
        return {
            value
            for batch in (self._extract.reader(table, columns=columns) if columns else ())
            for column in batch.columns
            for value in pc.unique(_texts(column).drop_null()).to_pylist()
        }

    def _bridge(self, table: str, key: str, person: str) -> tuple[pa.Array, pa.Array]:
        if f"{table}.{key}" not in self._bridges:
            read = pa.Table.from_batches(list(self._extract.reader(table, columns=[key, person])))
            keys, people = (spelled(self._plan.tables[table], name, read[name]) for name in (key, person))
            pairs = pa.table({"key": keys, "person": people}).drop_null()
            pairs = pairs.group_by(["key", "person"]).aggregate([])
            doubtful = len(pairs) - len(pc.unique(pairs["key"]))
            if doubtful:
                raise doubtful_persons(table, key, person, doubtful)
            self._bridges[f"{table}.{key}"] = (_whole(pairs["key"]), _whole(pairs["person"]))
        return self._bridges[f"{table}.{key}"]

    def _patients(self) -> tuple[pa.Array, list[dict[str, Any]]]:
        """One record a person, from the tables that have one row a person."""
        if self._records is None:
            records: dict[str, dict[str, Any]] = {}
            for table, planned in self._plan.tables.items():
                person = planned.person
                if person is None or person.via is not None:
                    continue
                columns = columns_of_a_record(planned)
                if columns == [person.column]:
                    continue
                read = pa.Table.from_batches(list(self._extract.reader(table, columns=columns)))
                people = _whole(spelled(planned, person.column, read[person.column]))
                if len(pc.unique(people)) != len(people):
                    continue
                for who, row in zip(people.to_pylist(), read.to_pylist(), strict=True):
                    records.setdefault(who, {}).update(by_kind(row, planned))
            self._records = (pa.array(list(records), pa.string()), list(records.values()))
        return self._records


def columns_of_a_record(planned: PlannedTable) -> list[str]:
    """The columns that say who a person is, in a table that has one row a person."""
    return [name for name, field in planned.fields.items() if field.kind in _OF_A_RECORD]


def spelled(planned: PlannedTable, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A key column of n values as text, in the one spelling by which its kind links."""
    spelling = NORMALIZATION_OF.get(planned.fields[name].kind, "text")
    return normalized(_texts(column), cast("Normalization", spelling))


def doubtful_persons(table: str, key: str, person: str, doubtful: int) -> Stopped:
    """What is said of a table in which one key leads to several persons."""
    return Stopped(
        f"{table}.{key} leads to more than one {person} for {doubtful} of its values",
        hint=f"Correct {table}, or plan another way to the person.",
    )


def by_kind(row: dict[str, Any], planned: PlannedTable) -> dict[str, Any]:
    """A person's values under their kinds: a birth name and a used name are both last names."""
    record: dict[str, Any] = {}
    for name, value in row.items():
        if value is not None:
            record.setdefault(planned.fields[name].kind, []).append(value)
    return record


def _texts(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    texts = canonical_text(column)
    return texts if pa.types.is_string(texts.type) else texts.cast(pa.string())


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def require_persons(table: str, persons: pa.Array, first_row: int) -> None:
    """Refuse a batch in which a row has no person.

    Raises:
        InvalidInput: Says how many rows and names the first ten (from 0).
    """
    if not persons.null_count:
        return
    rows = pc.add(pc.indices_nonzero(persons.is_null()), first_row)
    named = ", ".join(map(str, rows[:10].to_pylist()))
    raise InvalidInput(
        f"{table}: {len(rows)} rows have no person, the first in row {named} (counted from 0)",
        hint="Complete the source, or set missing_person: suppress in the policy.",
    )
