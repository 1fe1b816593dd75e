"""How do streamed batches become a Parquet file of row groups of a fixed size, whatever the size of the batches?

So the bytes of a file depend on its rows alone, and a thousand small batches don't make a thousand row groups.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.files.durable import storage_named
from pipeline.files.encodings import choose_encodings, decoded, text_bytes
from pipeline.files.following import Follower

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from types import TracebackType

    from pipeline.files.encodings import Encodings

ROWS: Final = 131_072

# A row group of letters would hold gigabytes: told by the first rows, it gets as many rows as make this many bytes.
_GROUP_BYTES: Final = 32 << 20
_FIRST_ROWS: Final = 8_192
_FEWEST_ROWS: Final = 1_024


class RowGroupWriter:
    """Writes record batches to a new Parquet file in row groups of `ROWS` rows, or fewer where texts are long.

    Memory: one row group. A context: leaving it well finishes the file, leaving it by an exception removes the file.

    Args:
        path: The file to make.
        schema: What readers shall see. Batches may hold dictionaries where it says text.
        doing: What an error says was being done, such as `write patients into the release`.
        random: Columns of pseudonyms, in which compression and statistics gain nothing.
        compression: Of the other columns.
        followed: Whether the file is hashed, and brought to the disk, while it is being written.
        options: For `pyarrow.parquet.ParquetWriter`.

    Attributes:
        rows: Rows taken so far.
        sha256: Of the finished file, if it was followed.

    Raises:
        StorageFailed: The disk is full or not writable.
    """

    def __init__(
        self,
        path: Path,
        schema: pa.Schema,
        *,
        doing: str,
        random: Collection[str] = (),
        compression: str = "snappy",
        followed: bool = False,
        **options: object,
    ) -> None:
        self.path = path
        self.schema = schema
        self.rows = 0
        self.sha256: str | None = None
        self._doing = doing
        self._random = frozenset(random)
        self._compression = compression
        self._options = options
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self._group_rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._encodings: Encodings | None = None
        with storage_named(self._doing):
            path.open("xb").close()
            self._file = pa.OSFile(str(path), "wb")
            self._follower = Follower(path) if followed else None

    def write(self, batch: pa.RecordBatch) -> None:
        """Take one batch of any number of rows."""
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self.rows += batch.num_rows
        if not self._group_rows and self._waiting_rows >= _FIRST_ROWS:
            self._group_rows = self._fitting()
        while self._group_rows and self._waiting_rows >= self._group_rows:
            self._flush(self._group_rows)

    def close(self) -> None:
        """Write the last row group and the footer; a table without rows becomes a file without row groups."""
        if self._waiting_rows:
            self._flush(self._waiting_rows)
        with storage_named(self._doing):
            writer, encodings = self._opened(self.schema.empty_table())
            writer.add_key_value_metadata(encodings.metadata)
            writer.close()
            self._file.close()
            if self._follower:
                self.sha256 = self._follower.finish()

    def discard(self) -> None:
        """Give up the file."""
        self._waiting = []
        with contextlib.suppress(OSError, ValueError):
            if self._writer is not None:
                self._writer.close()
        with contextlib.suppress(OSError):
            self._file.close()
        if self._follower:
            self._follower.close()
        self.path.unlink(missing_ok=True)

    def _fitting(self) -> int:
        first = self._table().slice(0, _FIRST_ROWS)
        rows = ROWS
        while rows > _FEWEST_ROWS and rows * text_bytes(first) > _GROUP_BYTES * len(first):
            rows //= 2
        return rows

    def _flush(self, rows: int) -> None:
        whole = self._table()
        group, rest = whole.slice(0, rows), whole.slice(rows)
        self._waiting, self._waiting_rows = rest.to_batches(), rest.num_rows
        with storage_named(self._doing):
            writer, encodings = self._opened(group)
            writer.write_table(encodings.apply(group), rows)
            if self._follower:
                self._follower.follow(self._file.tell())

    def _opened(self, first: pa.Table) -> tuple[pq.ParquetWriter, Encodings]:
        if self._writer is None or self._encodings is None:
            self._encodings = choose_encodings(first, self.schema, random=self._random, compression=self._compression)
            options = self._encodings.options | self._options
            self._writer = pq.ParquetWriter(self._file, self._encodings.written, store_schema=False, **options)
        return self._writer, self._encodings

    def _table(self) -> pa.Table:
        """What waits, a dictionary where any of the batches has one."""
        kinds = [
            next((batch.column(at).type for batch in self._waiting if _is_dictionary(batch, at)), field.type)
            for at, field in enumerate(self.schema)
        ]
        columns = [
            pa.chunked_array([_as(batch.column(at), kind) for batch in self._waiting], kind)
            for at, kind in enumerate(kinds)
        ]
        return pa.Table.from_arrays(columns, names=self.schema.names)

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


def _is_dictionary(batch: pa.RecordBatch, at: int) -> bool:
    return bool(pa.types.is_dictionary(batch.column(at).type))


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if pa.types.is_dictionary(kind):
        return column.cast(decoded(kind)).dictionary_encode().cast(kind)
    return column.cast(kind)
