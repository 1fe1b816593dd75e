"""What does a task do with its share of a table's rows, in an executor's own Python?

The engine is the one machine's: a share is read as an extract is, and `pseudonymize_table` makes of it what the plan says.
What a task says when it fails reaches logs on every machine, so it is never more than Douane's own sentence.
"""

from __future__ import annotations

import contextlib
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pipeline.making.content_digest import ContentDigest
from pipeline.making.person_index import by_kind, spelled
from pipeline.making.pseudonymizing import MadeBatch, Workshop, pseudonymize_table
from pipeline.sources.flattening import flat_batch
from transforms.errors import DouaneError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from pipeline.plan import Plan, PlannedTable
    from pipeline.policy import Policy
    from pipeline.spark.key_desk import Held

PERSON: Final = "\0person"
"""The person of each row of a table that leads to it through another one."""

# Spark gives 10,000 rows at a time: worked on as they come they cost 1.8 times what they cost joined (2026-11-25).
_ROWS: Final = 65_536
_BYTES: Final = 16 << 20


class TaskFailed(DouaneError, RuntimeError):
    """A task broke off for a reason that isn't the data's; says its sort, since the rest may quote a value."""


@dataclass(frozen=True)
class RecordColumns:
    """What stands beside each row about its person, from a table that has one row a person.

    Attributes:
        table: That table.
        names: Its columns.
    """

    table: str
    names: tuple[str, ...]

    @property
    def found(self) -> str:
        """The column that is true where that table has the row's person."""
        return f"\0{self.table}"

    @property
    def columns(self) -> tuple[str, ...]:
        """All that stands beside a row, in order."""
        return (self.found, *(f"\0{self.table}\0{name}" for name in self.names))


@dataclass(frozen=True)
class TableJob:
    """All that a task has to know of a table; no key and no value of a person.

    Attributes:
        table: Its name.
        plan: The plan of what is made of it, and of the tables that `records` come from.
        whole: The plan of all of it, also of what is not made but leads to the person.
        policy: The policy of the plan.
        columns: Names of the batches' columns, in order: the table's own, then what `beside` adds.
        schema: The table's columns once flattened, moments in UTC.
        beside: The names of what stands beside the rows.
        records: What is known of the person of each row.
    """

    table: str
    plan: Plan
    whole: PlannedTable
    policy: Policy
    columns: tuple[str, ...]
    schema: pa.Schema
    beside: tuple[str, ...] = ()
    records: tuple[RecordColumns, ...] = ()

    @property
    def keyed(self) -> list[str]:
        """The fields that the release shows as pseudonyms."""
        return [name for name, field in self.plan.tables[self.table].fields.items() if field.keyed]


def plain_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """One column a leaf, as from a file, and moments in UTC: Spark gives them in the session's own zone.

    Example:
        >>> batch = pa.record_batch({"at": pa.array([0], pa.timestamp("us", "Europe/Paris"))})
        >>> plain_batch(batch).schema.field("at").type
        TimestampType(timestamp[us, tz=UTC])
    """
    flat = flat_batch(batch)
    columns = [
        column.cast(pa.timestamp(column.type.unit, "UTC"))
        if pa.types.is_timestamp(column.type) and column.type.tz
        else column
        for column in flat.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=flat.schema.names)


@dataclass
class Share:
    """The rows of a table that came to one task, as an extract that is read once.

    Attributes:
        job: The table.
        batches: As Spark gives them.
        digest: Of what was read so far.
        rows_read: How many that were.
    """

    job: TableJob
    batches: Iterator[pa.RecordBatch]
    digest: ContentDigest | None = field(default_factory=ContentDigest)
    rows_read: int = 0

    def rows(self, _table: str) -> None:
        """Nobody knows before they were read."""

    def schema(self, _table: str) -> pa.Schema:
        """The table's columns."""
        return self.job.schema

    def reader(
        self, _table: str, *, columns: Sequence[str] | None = None, dictionary: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        """The rows, with what stands beside them."""
        del columns, dictionary
        own = len(self.job.columns) - len(self.job.beside)
        for batch in regrouped(self.batches):
            named = pa.RecordBatch.from_arrays(batch.columns, names=list(self.job.columns))
            mine = plain_batch(named.select(list(range(own))))
            if self.digest is not None:
                self.digest.add(mine)
            self.rows_read += mine.num_rows
            aside = plain_batch(named.select(list(range(own, len(self.job.columns)))))
            yield pa.RecordBatch.from_arrays(
                [*mine.columns, *aside.columns], names=[*mine.schema.names, *aside.schema.names]
            )


def regrouped(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of `_ROWS` or a little more, fewer where they are heavy; none that is empty.

    Example:
        >>> small = [pa.record_batch({"a": [1]}), pa.record_batch({"a": pa.array([], pa.int64())})] * 3
        >>> [batch.num_rows for batch in regrouped(iter(small))]
        [3]
    """
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        waiting.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= _ROWS or size >= _BYTES:
            yield _whole(waiting)
            waiting, rows, size = [], 0, 0
    if waiting:
        yield _whole(waiting)


def _whole(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


class TaskPersons:
    """Leads to the persons of rows beside which Spark has put what the one machine looks up."""

    def __init__(self, job: TableJob, known: tuple[str, ...]) -> None:
        self._job = job
        self._known = known

    def persons(self, _table: str, batch: pa.RecordBatch) -> pa.Array:
        """The person of each of the batch's n rows, as canonical text; null where none can be found."""
        planned = self._job.whole
        if planned.person is None or not batch.num_rows:
            return pa.nulls(batch.num_rows, pa.string())
        if planned.person.via is None:
            return spelled(planned, planned.person.column, batch.column(planned.person.column))
        return batch.column(PERSON)

    def records(self, _table: str, batch: pa.RecordBatch) -> list[dict[str, Any] | None]:
        """What the extract knows of the person of each row, kind by kind; None for nobody."""
        merged: list[dict[str, Any] | None] = [None] * batch.num_rows
        for record in self._job.records if batch.num_rows else ():
            own = record.table == self._job.table
            planned = self._job.whole if own else self._job.plan.tables[record.table]
            values = pa.RecordBatch.from_arrays(
                [batch.column(name) for name in record.columns[1:]], names=list(record.names)
            )
            rows = zip(batch.column(record.found).to_pylist(), values.to_pylist(), strict=True)
            for at, (found, row) in enumerate(rows):
                if found:
                    merged[at] = (merged[at] or {}) | by_kind(row, planned)
        return merged

    def known_names(self) -> tuple[str, ...]:
        """The names in tables of people who are nobody's patient."""
        return self._known


def made_batches(share: Share, held: Held) -> Generator[MadeBatch, None, None]:
    """Make of a share what the plan says."""
    job = share.job
    yield from pseudonymize_table(
        job.table, Workshop(job.plan, job.policy, held.key, share, TaskPersons(job, held.known))
    )


@contextlib.contextmanager
def told_plainly(table: str) -> Iterator[None]:
    """Let out only sentences of Douane's own; rows of a share have no number in the table, so none is named.

    Example:
        >>> with told_plainly("stays"):  # doctest: +ELLIPSIS
        ...     pa.array(["DUPONT"]).cast(pa.int64())
        Traceback (most recent call last):
        ...
        pipeline.spark.task.TaskFailed: stays: a task ended by ArrowInvalid at ... Run it on one machine to see why.
    """
    try:
        yield
    except InvalidValue as error:
        raise InvalidValue(f"{field_of(error)}: {error.total} values {error.what}", hint=error.hint) from None
    except DouaneError as error:
        raise type(error)(without_rows(error), hint=error.hint) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a value, and logs would keep it
        raise TaskFailed(
            f"{table}: a task ended by {type(error).__name__} at {_place(error)}",
            hint="Run it on one machine to see why.",
        ) from None


def _place(error: Exception) -> str:
    """The file and line that raised: of the program, so nobody's value."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def field_of(error: InvalidValue) -> str:
    """The field that an invalid value's error names."""
    return error.message.partition(f": {error.total} value")[0]


def without_rows(error: DouaneError) -> str:
    """An error's sentence without the numbers of rows."""
    return error.message.partition(", the first in row")[0]
