"""What is known of a table once it is pseudonymized: counts, risk figures, what the last look found?

Counts and field names only, so that a run of several tasks can keep it between two of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.making.assessing import RiskAccount, TableRisk
from pipeline.making.pseudonymizing import pseudonymize_table
from pipeline.making.release_papers import Ledger
from pipeline.making.residual import ResidualScan

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    import pyarrow as pa

    from pipeline.making.pseudonymizing import Workshop
    from pipeline.progress import Progress
    from pipeline.release import ReleaseTable


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
                [name, kind, self.ledger.nulls[table, name]] for (table, name), kind in self.ledger.types.items()
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
        for name, kind, nulls in content["columns"]:
            ledger.types[table, name] = kind
            ledger.nulls[table, name] = nulls
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
    """Pseudonymize one staged table into a file of the release; scans and counts in the same pass.

    Raises:
        InvalidValue, InvalidInput: Values that a step can't take, rows without a person; table, field, rows are named.
        StorageFailed: The disk is full or not writable.
    """
    started = time.monotonic()
    planned = workshop.plan.tables[table]
    account, scan, ledger = RiskAccount(table, planned), ResidualScan(), Ledger()
    batches = pseudonymize_table(table, workshop, account, scan)
    first = next(batches)
    rows = workshop.staging.rows(table)
    keyed = [name for name, field in planned.fields.items() if field.keyed]
    with open_writer(table, first.schema, high_cardinality=keyed) as writer:
        for batch in chain([first], batches):
            writer.write(batch)
            ledger.note(table, batch)
            progress.advance(f"pseudonymize {table}", writer.rows, rows)
    return MadeTable(table, ledger, scan, account.figures(), round(time.monotonic() - started, 3))
