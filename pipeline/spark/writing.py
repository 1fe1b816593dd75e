"""How does a task write its share into the release that is being made, and what does it say of it to the driver?

A task may be tried twice, or run twice at once: each try writes a file of its own, and what counts is the one line of
facts that Spark takes from the try that ended. Counts travel there and not in accumulators, which tries would add twice.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pipeline.errors import InvalidInput, Stopped
from pipeline.files.durable import file_name, storage_named
from pipeline.making.made_table import MadeTable
from pipeline.making.pseudonymizing import Workshop, release_schema
from pipeline.making.release_papers import Ledger
from pipeline.making.residual import ResidualScan
from pipeline.release import release_table
from pipeline.spark.task import Share, TaskPersons, field_of, made_batches, told_plainly, without_rows
from transforms.errors import DouaneError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.spark.key_desk import Ticket
    from pipeline.spark.task import TableJob

FACTS: Final = "facts string"
"""What a task gives back: one line of JSON."""

# What the data is to blame for ends the same at every try: it is told as a fact, and not tried again.
_OF_THE_DATA: Final = {kind.__name__: kind for kind in (InvalidValue, InvalidInput, Stopped)}


@dataclass(frozen=True)
class Fault:
    """What is wrong with the data of a share.

    Attributes:
        sort: The error's name.
        message: Its sentence; for invalid values, the field.
        hint: The mend.
        total: How many values, where they were counted.
        what: What is wrong with these.
    """

    sort: str
    message: str
    hint: str
    total: int = 0
    what: str = ""

    @classmethod
    def of(cls, error: DouaneError) -> Fault:
        """Take it from the error."""
        if isinstance(error, InvalidValue) and error.total:
            return cls("InvalidValue", field_of(error), error.hint, error.total, error.what)
        sort = next((name for name, kind in _OF_THE_DATA.items() if isinstance(error, kind)), "")
        return cls(sort, without_rows(error), error.hint)

    def error(self, total: int, where: str) -> DouaneError:
        """The error of all the shares that have this fault."""
        counted = f": {total} value{'s' if total > 1 else ''} {self.what}" if self.total else ""
        return _OF_THE_DATA[self.sort](f"{self.message}{counted} ({where})", hint=self.hint)


@dataclass(frozen=True)
class Part:
    """What a task says of its share.

    Attributes:
        number: The share's number in its table.
        file: The file that it wrote; empty for a share without rows.
        size: Its bytes.
        digest: The digest of the rows that were read.
        made: What is known of the rows that were written.
        fault: What is wrong with the data, if anything is; then nothing was written.
    """

    number: int
    file: str = ""
    size: int = 0
    digest: str = ""
    made: MadeTable | None = None
    fault: Fault | None = None

    def to_json(self) -> str:
        """For the way to the driver: counts, names and digests."""
        made, fault = self.made and self.made.to_dict(), self.fault and asdict(self.fault)
        return json.dumps(
            {"file": self.file, "size": self.size, "digest": self.digest, "number": self.number}
            | {"made": made, "fault": fault}
        )

    @classmethod
    def from_json(cls, text: str) -> Part:
        """Turn `to_json` back."""
        read: dict[str, Any] = json.loads(text)
        made, fault = read.pop("made"), read.pop("fault")
        return cls(**read, made=made and MadeTable.from_dict(made), fault=fault and Fault(**fault))


def write_share(
    batches: Iterator[pa.RecordBatch], job: TableJob, ticket: Ticket, folder: str, suffix: str
) -> Iterator[pa.RecordBatch]:
    """Write what the plan makes of a share into a file of its own in `folder`; gives one line of facts."""
    from pyspark import TaskContext  # noqa: PLC0415 - only an executor has one

    context = TaskContext.get()
    number, attempt = (context.partitionId(), context.taskAttemptId()) if context else (0, 0)
    first = next((batch for batch in batches if batch.num_rows), None)
    part = Part(number)
    if first is not None:
        path = Path(folder, file_name(job.table, f".{number:05}.{attempt}{suffix}"))
        with told_plainly(job.table):
            try:
                part = _write(Share(job, chain([first], batches)), ticket, path, number)
            except tuple(_OF_THE_DATA.values()) as error:
                part = Part(number, fault=Fault.of(error))
    yield pa.record_batch({"facts": [part.to_json()]})


def _write(share: Share, ticket: Ticket, path: Path, number: int) -> Part:
    started, job, held = time.monotonic(), share.job, ticket.show()
    scan, ledger = ResidualScan(), Ledger()
    made = made_batches(share, held)
    try:
        first = next(made)
        workshop = Workshop(job.plan, job.policy, held.key, share, TaskPersons(job, ()))
        schema = release_schema(job.table, first.batch, workshop)
        doing = f"write {job.table} into {path.parent}"
        with release_table(path, schema, high_cardinality=job.keyed, doing=doing) as writer:
            for part in chain([first], made):
                writer.write(part.batch)
                scan.add(job.table, part.hits, part.batch.num_rows, part.first_row)
                ledger.note(job.table, part.batch, schema, part.invalid)
    finally:
        made.close()
    with storage_named(doing), path.open("rb") as written:
        os.fsync(written.fileno())
    table = MadeTable(job.table, ledger, scan, None, round(time.monotonic() - started, 3))
    digest = share.digest.hexdigest() if share.digest else ""
    return Part(number, path.name, path.stat().st_size, digest, table)
