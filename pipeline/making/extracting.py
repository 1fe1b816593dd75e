"""How does an extract come into staging: each table streamed once, encrypted, and nothing kept in memory?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
            raise _no_rows(table)
        rows[table.name] = count
        digests[table.name] = passing.hexdigest() if passing else str(table.digest)
    return Extract(rows=rows, digests=digests)


def read_samples(tables: Sequence[SourceTable]) -> dict[str, pa.Table]:
    """Read the first rows of every table straight from the source, for detection outside a run."""
    samples = {table.name: _first_rows(table.batches(), table.schema) for table in tables}
    for table in tables:
        if not len(samples[table.name]):
            raise _no_rows(table)
    return samples


def sample(tables: Sequence[str], staging: Staging) -> dict[str, pa.Table]:
    """Read the first rows of every staged table, at most `SAMPLE_ROWS` of each."""
    return {name: _first_rows(staging.reader(name), staging.schema(name)) for name in tables}


def _no_rows(table: SourceTable) -> InvalidInput:
    return InvalidInput(f"{table.origin} has no rows", hint="Check the export that wrote it.")


def _first_rows(stream: Iterator[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    batches, count = [], 0
    for batch in stream:
        batches.append(batch.slice(0, SAMPLE_ROWS - count))
        count += batches[-1].num_rows
        if count >= SAMPLE_ROWS:
            break
    return pa.Table.from_batches(batches, schema=schema)
