"""What is the fingerprint of rows that stream by, however they are cut into batches?

The digest of a table that is taken by intervals must not change because the file behind it has grown since.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator


class ContentDigest:
    """The SHA-256 of a table's columns, row by row, independent of batches.

    Example:
        >>> whole, halves = ContentDigest(), ContentDigest()
        >>> whole.add(pa.record_batch({"a": ["x", None, "yz"]}))
        >>> halves.add(pa.record_batch({"a": ["x"]})), halves.add(pa.record_batch({"a": [None, "yz"]}))
        (None, None)
        >>> whole.hexdigest() == halves.hexdigest()
        True
    """

    def __init__(self) -> None:
        self._columns: dict[str, tuple[hashlib._Hash, hashlib._Hash]] = {}

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the next rows."""
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            label = f"{name}\0{column.type}"
            lengths, content = self._columns.setdefault(label, (hashlib.sha256(), hashlib.sha256()))
            for length, data in _bytes_of(column):
                lengths.update(length)
                content.update(data)

    def hexdigest(self) -> str:
        """The digest of all that was added, 64 hexadecimal digits."""
        whole = hashlib.sha256()
        for label, parts in sorted(self._columns.items()):
            whole.update(label.encode() + b"\0" + b"".join(part.digest() for part in parts))
        return whole.hexdigest()


def _bytes_of(column: pa.Array) -> Iterator[tuple[bytes | memoryview, bytes | memoryview]]:
    """Lengths (-1 for a null) and bytes of the values, one after the other."""
    texts = column.cast(pa.large_string()) if not _is_nested(column.type) else _spelled(column)
    lengths = pc.fill_null(pc.binary_length(texts), -1).cast(pa.int64())
    filled = pc.fill_null(texts, "")
    offsets = np.frombuffer(filled.buffers()[1], np.int64)[filled.offset : filled.offset + len(filled) + 1]
    data = filled.buffers()[2]
    content = memoryview(data)[offsets[0] : offsets[-1]] if data is not None and len(filled) else b""
    yield lengths.to_numpy().tobytes(), content


def _is_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _spelled(column: pa.Array) -> pa.Array:
    return pa.array([None if value is None else repr(value) for value in column.to_pylist()], pa.large_string())
