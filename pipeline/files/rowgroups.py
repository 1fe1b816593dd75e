"""How do streamed batches become a Parquet file of row groups of a fixed size, whatever the size of the batches?

So the bytes of a file depend on its rows alone, and a thousand small batches don't make a thousand row groups.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.files.durable import storage_named

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

ROWS: Final = 131_072


class RowGroupWriter:
    """Writes record batches to a new Parquet file in row groups of `ROWS` rows. Memory: one row group.

    A context: leaving it well finishes the file, leaving it by an exception removes the file.

    Args:
        path: The file to make.
        schema: The schema of every batch.
        doing: What an error says was being done, such as `write patients into the release`.
        options: For `pyarrow.parquet.ParquetWriter`.

    Attributes:
        rows: Rows taken so far.

    Raises:
        StorageFailed: The disk is full or not writable.
    """

    def __init__(self, path: Path, schema: pa.Schema, *, doing: str, **options: object) -> None:
        self.path = path
        self.schema = schema
        self.rows = 0
        self._doing = doing
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        with storage_named(self._doing):
            self._writer = pq.ParquetWriter(path, schema, **options)

    def write(self, batch: pa.RecordBatch) -> None:
        """Take one batch of any number of rows."""
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, ROWS - self._waiting_rows)
            self._waiting.append(part)
            self._waiting_rows += part.num_rows
            self.rows += part.num_rows
            start += part.num_rows
            if self._waiting_rows == ROWS:
                self._flush()

    def close(self) -> None:
        """Write the last row group and the footer; a table without rows becomes a file without row groups."""
        self._flush()
        with storage_named(self._doing):
            self._writer.close()

    def discard(self) -> None:
        """Give up the file."""
        self._waiting = []
        with contextlib.suppress(OSError):
            self._writer.close()
        self.path.unlink(missing_ok=True)

    def _flush(self) -> None:
        if self._waiting:
            # One chunk a column: page boundaries follow the rows, not the batches.
            table = pa.Table.from_batches(self._waiting, self.schema).combine_chunks()
            self._waiting, self._waiting_rows = [], 0
            with storage_named(self._doing):
                self._writer.write_table(table, ROWS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            self.discard()
            return
        try:
            self.close()
        except BaseException:
            self.discard()
            raise
