"""What does a column look like whose rows pass once: counts over all of them, a sample spread evenly, whether values repeat?"""

from __future__ import annotations

import secrets

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.crypto.cmac import cmac_column
from transforms.detection.profile import SAMPLE_ROWS, Profile, counts_up, family, held_texts, spread

_SPARSE = 0.2
_ENOUGH = 50
_FIRST_ROWS = 10_000
_MOST_HASHES = 1 << 17
_DIFFERENT = 0.999
_CLEARLY_NOT = 0.9


class Passing:
    """A column, part by part; it holds a bounded sample and no more."""

    def __init__(self, name: str, kind: pa.DataType) -> None:
        """Start at no row of a column of that name and type."""
        self.name = name
        self._kind, self._family = kind, family(kind)
        self._rows = self._nulls = self._longest = 0
        self._evenly, self._held = _EvenSample(), _EvenSample()
        self._apart = _Apart()
        self._first = self._last = ""

    def add(self, part: pa.ChunkedArray) -> None:
        """Take the next rows."""
        self._rows += len(part)
        self._nulls += part.null_count
        self._evenly.add(part)
        if not len(part):
            return
        if self._family == "text":
            lengths = pc.binary_length(part)
            self._longest = max(self._longest, pc.max(lengths).as_py() or 0)
            full = pc.greater(lengths, 0)
            if (pc.sum(full).as_py() or 0) < _SPARSE * len(part):
                self._held.add(part.filter(full))
        self._apart.add(part)
        self._last = next(iter(held_texts(part.slice(len(part) - 1))), "")
        self._first = self._first or next(iter(held_texts(part.slice(0, 1))), "")

    def sample(self) -> pa.ChunkedArray:
        """At most 1,000 rows, spread evenly from the first on; the same places in every column of a table."""
        return spread(self._evenly.rows(self._kind), SAMPLE_ROWS)

    def profile(self, position: int) -> Profile:
        """The column's profile, as that of a column in memory."""
        values = held_texts(self.sample())
        if len(values) < min(_ENOUGH, self._rows - self._nulls) and self._family == "text":
            values = held_texts(spread(self._held.rows(self._kind), SAMPLE_ROWS)) or values
        unique = len(values) > 1 and len(set(values)) == len(values) and self._apart.all_differ()
        counting = unique and counts_up(self._first, self._last, self._rows)
        return Profile(
            self.name, position, self._rows, self._nulls, unique, counting, values, self._longest, self._family
        )


class _EvenSample:
    """Every n-th row; n doubles whenever twice the wanted rows are held."""

    def __init__(self) -> None:
        self._step, self._seen, self._count = 1, 0, 0
        self._parts: list[pa.Array] = []

    def add(self, part: pa.ChunkedArray) -> None:
        first = -self._seen % self._step
        self._seen += len(part)
        taken = part.take(_places(np.arange(first, len(part), self._step, dtype=np.int64)))
        self._parts.append(pa.concat_arrays(taken.chunks) if taken.num_chunks else taken.combine_chunks())
        self._count += len(taken)
        while self._count > 2 * SAMPLE_ROWS:
            held = pa.concat_arrays(self._parts)
            self._parts = [held.take(_places(np.arange(0, len(held), 2, dtype=np.int64)))]
            self._count = len(self._parts[0])
            self._step *= 2

    def rows(self, kind: pa.DataType) -> pa.ChunkedArray:
        return pa.chunked_array(self._parts, kind)


class _Apart:
    """Whether all values differ, from those whose keyed hash falls into a part of the hashes: each is seen wherever it stands."""

    def __init__(self) -> None:
        self._open = True
        self._key = secrets.token_bytes(16)
        self._mask = np.uint64(0)
        self._hashes: list[np.ndarray] = []
        self._count = 0
        self._started = False

    def add(self, part: pa.ChunkedArray) -> None:
        if not self._open:
            return
        present = part.drop_null()
        if not self._started and len(present):
            self._started = True
            self._open = _differ(present.slice(0, _FIRST_ROWS))
        if self._open and len(present):
            self._keep(_hashes(present, self._key))

    def _keep(self, hashes: np.ndarray) -> None:
        kept = hashes[hashes & self._mask == 0] if self._mask else hashes
        self._hashes.append(kept)
        self._count += len(kept)
        while self._open and self._count > _MOST_HASHES:
            together = np.concatenate(self._hashes)
            self._open = len(np.unique(together)) >= _CLEARLY_NOT * len(together)
            self._mask = (self._mask << np.uint64(1)) | np.uint64(1)
            self._hashes = [together[together & self._mask == 0]]
            self._count = len(self._hashes[0])

    def all_differ(self) -> bool:
        if not self._open or not self._hashes:
            return False
        together = np.concatenate(self._hashes)
        return len(np.unique(together)) >= _DIFFERENT * len(together)


def _differ(column: pa.ChunkedArray) -> bool:
    try:
        return bool(pc.count_distinct(column, mode="only_valid").as_py() >= _DIFFERENT * len(column))
    except pa.ArrowNotImplementedError:
        return False


def _hashes(column: pa.ChunkedArray, key: bytes) -> np.ndarray:
    plain = column if family(column.type) in {"text", "binary"} else column.cast(pa.string())
    return cmac_column(plain, key)[:, :8].copy().view(np.uint64).ravel()


def _places(picked: np.ndarray) -> pa.Array:
    # Not pa.array(picked): that imports pandas where it is installed, to ask whether this is one of its columns.
    return pa.Int64Array.from_buffers(pa.int64(), len(picked), [None, pa.py_buffer(picked)])
