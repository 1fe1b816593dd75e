"""How is a Parquet file read as a stream of flat record batches?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InvalidInput
from pipeline.sources.flattening import flat_batch, flat_schema
from pipeline.sources.remote_file import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.sources.remote_file import RemoteFile

ROWS = 65_536
_READ_BYTES = 1 << 20


def open_table(file: Path | RemoteFile) -> tuple[pa.Schema, Callable[[], Iterator[pa.RecordBatch]], str]:
    """Read the schema of a Parquet file, and give what streams its batches.

    Raises:
        InvalidInput: The file is no Parquet, cut short, or damaged.
    """
    try:
        schema = pq.read_schema(readable(file))
    except pa.ArrowException:
        raise _damaged(file) from None

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            # What Arrow reads ahead it keeps to the end of the file: memory would grow with the table.
            with pq.ParquetFile(readable(file), pre_buffer=False, buffer_size=_READ_BYTES) as parquet:
                for batch in parquet.iter_batches(batch_size=ROWS):
                    yield flat_batch(batch)
        except (pa.ArrowException, OSError):
            if not isinstance(file, Path):
                raise  # it may be the connection that broke off
            raise _damaged(file) from None

    return flat_schema(schema), batches, ""


def _damaged(file: Path | RemoteFile) -> InvalidInput:
    return InvalidInput(f"{file} is no Parquet file, or a damaged one", hint="Export it again.")
