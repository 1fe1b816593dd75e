"""What is known of a table once it is pseudonymized: counts, risk figures, what the last look found?

Counts and field names only, so that a run of several tasks can keep it between two of them.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from threading import Event
from typing import TYPE_CHECKING, Any, Final, Protocol

from pipeline.errors import OutOfMemory
from pipeline.making.assessing import RiskAccount, TableRisk
from pipeline.making.pseudonymizing import pseudonymize_table, release_schema
from pipeline.making.release_papers import Ledger
from pipeline.making.residual import ResidualScan

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import AbstractContextManager

    import pyarrow as pa

    from pipeline.making.pseudonymizing import Workshop
    from pipeline.progress import Progress
    from pipeline.release import ReleaseTable

TABLES_AT_ONCE: Final = 2
"""Each table holds at most 7 batches of 16 MiB and a row group of 32 MiB; two fill two processors, and 300 MiB at worst."""


class OpenWriter(Protocol):
    """Opens the file that a table of the release is streamed into."""

    def __call__(
        self, table: str, schema: pa.Schema, *, high_cardinality: Collection[str] = ()
    ) -> AbstractContextManager[ReleaseTable]:
        """Open it for `table`."""


@dataclass(frozen=True)
class MadeTable:
    """One table of a release that is being made.

    Attributes:
        table: Its name.
        ledger: Its rows; type and nulls of each column.
        scan: What the last look found in the fields that it keeps.
        risk: Its risk figures; None where it keeps no quasi-identifier of a person.
        seconds: How long it took.
    """

    table: str
    ledger: Ledger
    scan: ResidualScan
    risk: TableRisk | None
    seconds: float

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return self.ledger.rows[self.table]

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON content; `from_dict` turns them back."""
        return {
            "table": self.table,
            "rows": self.rows,
            "columns": [
                [name, kind, self.ledger.nulls[table, name], self.ledger.invalid[table, name]]
                for (table, name), kind in self.ledger.types.items()
            ],
            "scan": {
                "rows": self.scan.rows,
                "fields": sorted(self.scan.fields),
                "hits": [[field, what, rows, total] for (field, what), (rows, total) in self.scan.hits.items()],
            },
            "risk": self.risk and {**self.risk.to_dict(), "histogram": [list(pair) for pair in self.risk.histogram]},
            "seconds": self.seconds,
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> MadeTable:
        """Turn `to_dict` back."""
        table, scan, risk = content["table"], content["scan"], content["risk"]
        ledger = Ledger()
        ledger.rows[table] = content["rows"]
        for name, kind, nulls, invalid in content["columns"]:
            ledger.types[table, name] = kind
            ledger.nulls[table, name] = nulls
            ledger.invalid[table, name] = invalid
        hits = {(field, what): (rows, total) for field, what, rows, total in scan["hits"]}
        histogram = tuple((size, classes) for size, classes in risk.pop("histogram")) if risk else ()
        return cls(
            table=table,
            ledger=ledger,
            scan=ResidualScan(scan["rows"], set(scan["fields"]), hits),
            risk=TableRisk(**{**risk, "quasi": tuple(risk["quasi"])}, histogram=histogram) if risk else None,
            seconds=content["seconds"],
        )


def make_table(table: str, workshop: Workshop, open_writer: OpenWriter, progress: Progress) -> MadeTable:
    """Pseudonymize one table of the extract into a file of the release; scans and counts in the same pass.

    Raises:
        InvalidValue, InvalidInput: Values that a step can't take, rows without a person; table, field, rows are named.
        StorageFailed: The disk is full or not writable.
        OutOfMemory: The process may have no more.
    """
    try:
        return _make_table(table, workshop, open_writer, progress)
    except MemoryError:
        raise OutOfMemory.of(f"make {table}") from None


def _make_table(table: str, workshop: Workshop, open_writer: OpenWriter, progress: Progress) -> MadeTable:
    started = time.monotonic()
    planned = workshop.plan.tables[table]
    account, scan, ledger = RiskAccount(table, planned, workshop.key), ResidualScan(), Ledger()
    rows = workshop.extract.rows(table)
    keyed = [name for name, field in planned.fields.items() if field.keyed]
    with closing(pseudonymize_table(table, workshop)) as made:
        first = next(made)
        schema = release_schema(table, first.batch, workshop)
        with open_writer(table, schema, high_cardinality=keyed) as writer:
            for part in chain([first], made):
                writer.write(part.batch)
                scan.add(table, part.hits, part.batch.num_rows, part.first_row)
                account.add(part.batch, part.persons)
                ledger.note(table, part.batch, schema, part.invalid)
                progress.advance(f"pseudonymize {table}", writer.rows, rows)
    return MadeTable(table, ledger, scan, account.figures(), round(time.monotonic() - started, 3))


def make_tables(
    tables: Sequence[str], workshop: Workshop, open_writer: OpenWriter, progress: Progress
) -> list[MadeTable]:
    """Make several tables, as many at a time as memory is planned for, and give them in the order asked for.

    When one fails, those that were asked for after it are cancelled, and those before it go on: the error that is
    raised is that of the first table that has any, whichever was faster.

    Raises:
        As `make_table`.
    """
    if len(tables) == 1:
        return [make_table(tables[0], workshop, open_writer, progress)]
    cancelled = [Event() for _ in tables]

    def one(at: int) -> MadeTable:
        try:
            return make_table(tables[at], replace(workshop, cancelled=cancelled[at]), open_writer, progress)
        except BaseException:
            for event in cancelled[at + 1 :]:
                event.set()
            raise

    with ThreadPoolExecutor(TABLES_AT_ONCE, thread_name_prefix="douane-table") as pool:
        futures = [pool.submit(one, at) for at in range(len(tables))]
        try:
            return [future.result() for future in futures]
        except BaseException:
            for event in cancelled:
                event.set()
            for future in futures:
                future.cancel()
            raise
