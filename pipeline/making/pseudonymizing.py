"""How does a table of the extract become a table of the release: one pass, batch by batch, as the plan says?

The same pass scans what the release keeps for identifiers and counts the classes of equal quasi-identifiers. Reading,
computing and writing go on side by side; what a batch becomes depends on nothing that another batch left.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import InvalidInput
from pipeline.files.schema_metadata import safe_metadata
from pipeline.making.column_types import read_as
from pipeline.making.dictionaries import LastDictionary
from pipeline.making.invalid_values import emptied, pseudonyms_instead
from pipeline.making.person_index import require_persons
from pipeline.making.residual import Hits, look
from pipeline.making.stages import side_by_side
from pipeline.making.steps import Surroundings, apply_steps
from transforms.errors import DouaneError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from pipeline.making.extracting import Holding
    from pipeline.making.person_index import Persons
    from pipeline.plan import Plan, PlannedField, PlannedTable
    from pipeline.policy import Policy
    from transforms import Key

# After these a dictionary comes out where a dictionary went in, with the same values that plain texts would have.
_THROUGH_DICTIONARIES = frozenset({"keep", "pseudonymize", "generalize"})


@dataclass(frozen=True)
class Workshop:
    """What the tables of one run are made with.

    Attributes:
        plan: The approved plan.
        policy: The policy that it was drafted by.
        key: The key of its domain.
        extract: Where the tables are read from.
        index: Leads from each row to its person.
        cancelled: Set when another table has failed: what is made here will not be used.
    """

    plan: Plan
    policy: Policy
    key: Key
    extract: Holding
    index: Persons
    cancelled: Event = dataclasses.field(default_factory=Event)


class Cancelled(Exception):
    """Another table of the same run has failed."""


@dataclass(frozen=True)
class MadeBatch:
    """One batch of a table of the release.

    Attributes:
        batch: Its rows; texts may be dictionaries where the schema says text.
        persons: The person of each row.
        hits: What the last look found, as `ResidualScan.add` takes it.
        invalid: Values that were invalid, for each field that doesn't stop at them.
        first_row: The number of its first row in the table.
    """

    batch: pa.RecordBatch
    persons: pa.Array
    hits: Hits
    invalid: Mapping[str, int]
    first_row: int


def pseudonymize_table(table: str, workshop: Workshop) -> Generator[MadeBatch, None, None]:
    """Give the release's batches of one table in order, at least one; all have the types of the first.

    Raises:
        InvalidValue: Values that a step can't take; names table, field and rows.
        InvalidInput: Rows without a person, where the policy says stop.
        Cancelled: Another table has failed meanwhile.
    """
    planned = workshop.plan.tables[table]
    kept = [name for name, field in planned.fields.items() if field.decided and not (field.suppressed or field.keyed)]
    with_false = _with_false(planned)
    dictionaries = {name: LastDictionary() for name in planned.fields}

    def make(numbered: tuple[int, pa.RecordBatch]) -> MadeBatch:
        if workshop.cancelled.is_set():
            raise Cancelled
        first_row, batch = numbered
        work = _Work(table, batch, workshop, first_row, dictionaries)
        made = work.release_batch(planned)
        return MadeBatch(made, work.persons, look(made, kept, with_false=with_false), work.invalid, first_row)

    return side_by_side(_numbered(_batches(table, workshop)), make, workers=_workers())


def _workers() -> int:
    """Threads that compute: all processors but the one that writes; more than 4 only wait for it."""
    return max(1, min(len(os.sched_getaffinity(0)) - 1, 4))


def release_schema(table: str, made: pa.RecordBatch, workshop: Workshop) -> pa.Schema:
    """What readers of the release shall see, told from its first batch.

    A column through which no step went keeps its type, nullability and metadata; of the whole schema's metadata, what is
    known to be safe is kept. A text that only came as a dictionary
    because that is quicker is a text.
    """
    source, fields, untouched = workshop.extract.schema(table), [], set()
    for name, column in zip(made.schema.names, made.columns, strict=True):
        field, steps = source.field(name), workshop.plan.tables[table].fields[name].decided
        through = pa.types.is_dictionary(column.type) and not pa.types.is_dictionary(field.type)
        kind = column.type.value_type if through else column.type
        if kind == field.type and all(step.transform == "keep" for step in steps):
            untouched.add(name)
        fields.append(field if name in untouched else pa.field(name, kind))
    schema = pa.schema(fields)
    return schema.with_metadata(safe_metadata(source, schema, untouched=untouched))


def _batches(table: str, workshop: Workshop) -> Iterator[pa.RecordBatch]:
    """The batches of the extract; one without rows for a table that had nothing new in its interval."""
    planned = workshop.plan.tables[table].fields
    repeating = [
        name
        for name, field in planned.items()
        if _is_rowless(field) or all(step.transform == "keep" for step in field.decided)
    ]
    # What is emptied need not be read, unless it leads to the person.
    person = workshop.plan.tables[table].person
    leads = {person.column, person.on} if person else set()
    wanted = [name for name, field in planned.items() if name in leads or not field.suppressed]
    given = False
    for batch in workshop.extract.reader(table, columns=wanted, dictionary=repeating):
        given = True
        yield batch
    if not given:
        yield pa.RecordBatch.from_pylist([], schema=workshop.extract.schema(table))


def _numbered(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    first_row = 0
    for batch in batches:
        yield first_row, batch
        first_row += batch.num_rows


def _is_rowless(field: PlannedField) -> bool:
    """Whether what a value becomes depends on the value alone, and is text again."""
    return (
        field.type in {None, "text"}
        and field.on_invalid == "stop"
        and all(step.transform in _THROUGH_DICTIONARIES for step in field.decided)
        and any(step.transform != "keep" for step in field.decided)
    )


class _Work:
    """One batch of a table under the workshop's tools."""

    def __init__(
        self,
        table: str,
        batch: pa.RecordBatch,
        workshop: Workshop,
        first_row: int,
        dictionaries: Mapping[str, LastDictionary],
    ) -> None:
        self.table = table
        self.batch = batch
        self.workshop = workshop
        self.first_row = first_row
        self.persons = workshop.index.persons(table, batch)
        self.dictionaries = dictionaries
        self.invalid: dict[str, int] = {}
        self.has_person = workshop.plan.tables[table].person is not None

    def release_batch(self, planned: PlannedTable) -> pa.RecordBatch:
        """All columns as the plan says; an error names table, field and the row in the table."""
        columns = []
        for name, field in planned.fields.items():
            try:
                columns.append(self._column(name, field))
            except InvalidValue as error:
                raise error.within(f"{self.table}.{name}", self.first_row) from None
            except DouaneError as error:
                raise type(error)(f"{self.table}.{name}: {error.message}", hint=error.hint) from None
        return pa.RecordBatch.from_arrays(columns, names=list(planned.fields))

    def _column(self, name: str, field: PlannedField) -> pa.Array:
        if field.steps == "stop":
            raise InvalidInput("undecided in the plan", hint="Decide on it.")
        if field.needs_person and not self.has_person:
            raise InvalidInput("it goes by the person, and the table has none", hint="Plan the table's person.")
        raw, link = self._read(name), field.link or f"{self.table}.{name}"

        def make(values: pa.Array, start: int) -> pa.Array:
            return self._made(values, start, field, link)

        if pa.types.is_dictionary(raw.type) and _is_rowless(field) and len(raw.dictionary) < len(raw):
            with contextlib.suppress(InvalidValue):  # it named an entry: the rows are found on the way that has them
                return self.dictionaries[name].through(raw, lambda entries: make(entries, 0))
        if field.on_invalid == "stop":
            return make(raw, 0)
        made, invalid = emptied(raw, make)
        self.invalid[name] = len(invalid)
        if field.on_invalid == "pseudonymize":
            made = pseudonyms_instead(made, raw, invalid, self.workshop.key, link=link)
        return made

    def _made(self, values: pa.Array, start: int, field: PlannedField, link: str) -> pa.Array:
        """What the field's type and steps make of the values that start at this row of the batch."""
        rows = slice(start, start + len(values))
        persons, batch = self.persons[rows], self.batch.slice(start, len(values))
        column = read_as(values, field.type, field.format)
        if field.needs_person:
            column = self._without_homeless(column, persons)
        around = Surroundings(
            key=self.workshop.key,
            link=link,
            person=lambda: persons.fill_null(""),
            patients=lambda: self.workshop.index.records(self.table, batch) if self.has_person else None,
            known=self.workshop.index.known_names,
        )
        return apply_steps(field.decided, column, around)

    def _read(self, name: str) -> pa.Array:
        if name in self.batch.schema.names:
            return self.batch.column(name)
        return pa.nulls(self.batch.num_rows, self.workshop.extract.schema(self.table).field(name).type)

    def _without_homeless(self, column: pa.Array, persons: pa.Array) -> pa.Array:
        """Empty what stands in rows whose person can't be found, or stop there, as the policy says."""
        if not persons.null_count:
            return column
        if self.workshop.policy.missing_person == "stop":
            require_persons(self.table, self.persons, self.first_row)
        return pc.if_else(persons.is_null(), pa.scalar(None, column.type), column)


def _with_false(planned: PlannedTable) -> frozenset[str]:
    """The fields in which false phone numbers and mails stand."""
    return frozenset(
        name
        for name, field in planned.fields.items()
        if any(step.transform == "surrogate" or step.options.get("replace") == "surrogate" for step in field.decided)
    )
