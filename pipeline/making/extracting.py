"""How is an extract held for a run: streamed once into encrypted staging, or read in place where it lies still?"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from pipeline.errors import InvalidInput
from pipeline.making.content_digest import ContentDigest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.progress import Progress
    from pipeline.sources import SourceTable
    from pipeline.staging import Staging

# Detection looks at this many rows of a table; the residual scan looks at every row of what the release keeps.
SAMPLE_ROWS = 100_000


@dataclass(frozen=True)
class Extract:
    """What was pulled from a source for one run: the rows of each table, and the digest of what was read."""

    rows: Mapping[str, int]
    digests: Mapping[str, str]


class Holding(Protocol):
    """Where a run reads its extract from, as often as it must: the staging, or the source's own files."""

    def rows(self, table: str) -> int | None:
        """Rows of a table; None where that is only known once it was read."""

    def schema(self, table: str) -> pa.Schema:
        """The columns of a table."""

    def reader(
        self, table: str, *, columns: Sequence[str] | None = None, dictionary: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        """Stream a table; of `columns` only, and those of `dictionary` as dictionaries where few values repeat."""


def stage(tables: Sequence[SourceTable], staging: Staging, progress: Progress) -> Extract:
    """Stream every table into staging.

    Raises:
        InvalidInput: A table that can't be read to its end as what it claims to be, or that has no rows (one that is
            taken by intervals may have none).
    """
    rows, digests = {}, {}
    for table in tables:
        count, passing = 0, None if table.digest else ContentDigest()
        with staging.writer(table.name, table.schema) as writer:
            for batch in table.batches():
                writer.write(batch)
                count += batch.num_rows
                if passing:
                    passing.add(batch)
                progress.advance(f"stage {table.name}", count)
        if not count and table.digest:
            raise no_rows(table)
        rows[table.name] = count
        digests[table.name] = passing.hexdigest() if passing else str(table.digest)
    return Extract(rows=rows, digests=digests)


def read_samples(tables: Sequence[SourceTable]) -> dict[str, pa.Table]:
    """Read the first rows of every table straight from the source, for detection outside a run."""
    samples = {table.name: _first_rows(table.batches(), table.schema) for table in tables}
    for table in tables:
        if not len(samples[table.name]):
            raise no_rows(table)
    return samples


def sample(tables: Sequence[str], held: Holding) -> dict[str, pa.Table]:
    """Read the first rows of every table, at most `SAMPLE_ROWS` of each."""
    return {name: _first_rows(held.reader(name), held.schema(name)) for name in tables}


def no_rows(table: SourceTable) -> InvalidInput:
    """What is said of a table that has no rows, although it is not taken by intervals."""
    return InvalidInput(f"{table.origin} has no rows", hint="Check the export that wrote it.")


def _first_rows(stream: Iterator[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    batches, count = [], 0
    with contextlib.closing(stream) if isinstance(stream, Generator) else contextlib.nullcontext():
        for batch in stream:
            batches.append(batch.slice(0, SAMPLE_ROWS - count))
            count += batches[-1].num_rows
            if count >= SAMPLE_ROWS:
                break
    return pa.Table.from_batches(batches, schema=schema)
