"""How does numpy see the bytes of an Arrow text column, and how does it take 16 bytes of each value at once?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import InvalidColumn
from transforms.threads import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


Bytes: TypeAlias = "NDArray[np.uint8]"
Ints: TypeAlias = "NDArray[np.intp]"
Bools: TypeAlias = "NDArray[np.bool_]"

BLOCK: Final = np.dtype("V16")
"""Sixteen bytes as one numpy item: copying items is 14 times faster than copying rows of two uint64 (2026-11-24)."""


@dataclass(frozen=True, slots=True)
class Run:
    """The values of one Arrow array: value i is `data[offsets[i]:offsets[i + 1]]`.

    Attributes:
        offsets: n + 1 positions in `data`, int32 or int64.
        data: The bytes of all values (and maybe others: the array may be a slice).
        valid: n booleans, false under a null; None when nothing is null.
    """

    offsets: NDArray[Any]
    data: Bytes
    valid: Bools | None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def pieces(
        self, rows: int = ROWS, size: int = 1 << 22, *, low: int = 0, high: int | None = None
    ) -> Iterator[tuple[int, int, Piece]]:
        """Cut rows low to high into pieces of at most `rows` values and about `size` bytes: first row, row after the last, piece."""
        end = len(self) if high is None else high
        while low < end:
            last = min(end, low + rows)
            if int(self.offsets[last]) - int(self.offsets[low]) > size:
                window = self.offsets[low : last + 1].astype(np.int64)
                last = low + max(1, int(np.searchsorted(window, window[0] + size)) - 1)
            yield low, last, Piece.of(self, low, last)
            low = last


@dataclass(frozen=True)
class Piece:
    """Some values of a run, safe to read 16 bytes at a time from any start.

    Attributes:
        start: m positions in `data` where the values begin.
        length: m lengths in bytes.
        data: Bytes with at least 16 more after the last value's end.
    """

    start: Ints
    length: Ints
    data: Bytes

    @classmethod
    def of(cls, run: Run, low: int, high: int) -> Piece:
        """View rows low to high; only the piece whose last load would pass the buffer's end is copied, and padded."""
        offsets = run.offsets[low : high + 1].astype(np.intp)
        start, length = offsets[:-1], np.diff(offsets)
        first, last = int(offsets[0]), int(offsets[-1])
        if last + 16 <= len(run.data):
            return cls(start, length, run.data)
        padded = np.zeros(last - first + 16, np.uint8)
        padded[: last - first] = run.data[first:last]
        return cls(start - first, length, padded)

    def select(self, rows: NDArray[Any]) -> Piece:
        """Keep some of the rows (positions or booleans), over the same bytes."""
        return Piece(self.start[rows], self.length[rows], self.data)

    @cached_property
    def shortest(self) -> int:
        """The least length."""
        return int(self.length.min())

    @cached_property
    def longest(self) -> int:
        """The greatest length."""
        return int(self.length.max())

    @cached_property
    def step(self) -> int | None:
        """The distance from each value to the next if all are of one length and evenly placed, or None."""
        return even_step(self.start) if self.shortest == self.longest else None

    def value(self, row: int) -> bytes:
        """Read one value whole."""
        start = int(self.start[row])
        return self.data[start : start + int(self.length[row])].tobytes()


def even_step(start: Ints) -> int | None:
    """Give the distance between positions if it is the same for all, or None."""
    if len(start) < 2:
        return 0
    step = int(start[1]) - int(start[0])
    if int(start[-1]) - int(start[0]) != step * (len(start) - 1):
        return None
    return step if bool((np.diff(start) == step).all()) else None


def take_blocks(data: Bytes, start: Ints, *, step: int | None = None) -> NDArray[np.uint64]:
    """Read 16 bytes from each start, as (m, 2) uint64; bytes past a value's end belong to its neighbours: mask them.

    Args:
        data: Bytes, 16 or more beyond the last start.
        start: m positions.
        step: Distance between starts when it is the same for all: a strided copy costs a tenth of a gather.
    """
    if step is not None:
        regular = np.ndarray((len(start),), BLOCK, data, int(start[0]), (step,))
        # A copy even of one value, or of values of 16 bytes: the caller masks the blocks, and these are the column's bytes.
        return regular.copy().view(np.uint64).reshape(-1, 2)
    anywhere = np.ndarray((len(data) - 15,), BLOCK, data, 0, (1,))
    return anywhere[start].view(np.uint64).reshape(-1, 2)


def put_blocks(data: Bytes, start: Ints, blocks: NDArray[np.uint64], *, step: int | None = None) -> None:
    """Write 16 bytes at each start, in order; what stood after a shorter value's end is overwritten: write it later.

    Args:
        data: Bytes, 16 or more beyond the last start.
        start: m positions.
        blocks: (m, 2) uint64.
        step: Distance between starts when it is the same for all.
    """
    if step is not None:
        np.ndarray((len(start),), BLOCK, data, int(start[0]), (step,))[:] = blocks.view(BLOCK).ravel()
    else:
        np.ndarray((len(data) - 15,), BLOCK, data, 0, (1,))[start] = blocks.view(BLOCK).ravel()


def run_of(array: pa.Array) -> Run:
    """View an array of text or bytes as a run.

    Args:
        array: string, binary, their large and view forms, or fixed-size binary. A dictionary is decoded: who wants its
            speed works on the dictionary (`transforms.dictionary`).

    Raises:
        InvalidColumn: Another type. Numbers and dates get a canonical text first (`transforms.canonical`).
    """
    array = _plain(array)
    valid = validity(array)
    if pa.types.is_fixed_size_binary(array.type):
        width = array.type.byte_width
        start = array.offset * width
        offsets = np.arange(start, start + (len(array) + 1) * width, width or 1, dtype=np.int64)[: len(array) + 1]
        return Run(offsets if width else np.zeros(len(array) + 1, np.int64), _bytes(array.buffers()[1]), valid)
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    kind: type[Any] = np.int64 if wide else np.int32
    _, positions, data = array.buffers()
    if len(array) == 0 or positions is None:
        return Run(np.zeros(len(array) + 1, kind), _bytes(data), valid)
    offsets = np.frombuffer(positions, kind, len(array) + 1, array.offset * np.dtype(kind).itemsize)
    return Run(offsets, _bytes(data), valid)


def _plain(array: pa.Array) -> pa.Array:
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(array.storage)
    if pa.types.is_dictionary(kind):
        return _plain(array.dictionary_decode())
    if pa.types.is_run_end_encoded(kind):
        return _plain(pc.run_end_decode(array))
    if pa.types.is_null(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.large_string())
    if pa.types.is_binary_view(kind):
        return array.cast(pa.large_binary())
    if not is_text(kind):
        raise InvalidColumn(f"a column of {kind} holds no text", hint="Cast it to string first.")
    return array


def is_text(kind: pa.DataType) -> bool:
    """Say whether a type holds text or bytes (dictionaries and extensions aside)."""
    return any(
        test(kind)
        for test in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
            pa.types.is_fixed_size_binary,
        )
    )


def validity(array: pa.Array) -> Bools | None:
    """Give n booleans, false under a null, or None when nothing is null."""
    if array.null_count == 0:
        return None
    valid: Bools = array.is_valid().to_numpy(zero_copy_only=False)
    return valid


def _bytes(buffer: pa.Buffer | None) -> Bytes:
    if buffer is None or buffer.size == 0:
        return np.zeros(0, np.uint8)
    return np.frombuffer(buffer, np.uint8)
