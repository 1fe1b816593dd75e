"""How is a Parquet file read as a stream of flat record batches?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InvalidInput
from pipeline.sources.flattening import flat_batch, flat_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROWS = 65_536
_READ_BYTES = 1 << 20


def open_table(file: Path) -> tuple[pa.Schema, Callable[[], Iterator[pa.RecordBatch]], str]:
    """Read the schema of a Parquet file, and give what streams its batches.

    Raises:
        InvalidInput: The file is no Parquet, cut short, or damaged.
    """
    try:
        schema = pq.read_schema(file)
    except pa.ArrowException:
        raise _damaged(file) from None

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            # What Arrow reads ahead it keeps to the end of the file: memory would grow with the table.
            with pq.ParquetFile(file, pre_buffer=False, buffer_size=_READ_BYTES) as parquet:
                for batch in parquet.iter_batches(batch_size=ROWS):
                    yield flat_batch(batch)
        except (pa.ArrowException, OSError):
            raise _damaged(file) from None

    return flat_schema(schema), batches, ""


def _damaged(file: Path) -> InvalidInput:
    return InvalidInput(f"{file} is no Parquet file, or a damaged one", hint="Export it again.")
