"""How many distinct persons share their quasi-identifiers, counted while millions of rows pass?

A row becomes one 64-bit number: the class of its quasi-identifiers, numbered as they come, in the low bits, and a keyed
fingerprint of its person (the first bits of AES-CMAC, RFC 4493) in the others. Distinct numbers are what is counted:
grouping by the texts themselves cost a third of a whole run (2026-11-25), and kept every person's number in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.making.number_set import NumberSet
from transforms.crypto.cmac import cmac_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# 2^20 classes leave 44 bits for persons: two of a million in one class are taken for one with a chance of 3 %, of a
# thousand (where k matters) with one of 3 in 10^8.
_CLASS_BITS: Final = 20
_PENDING: Final = 1_000_000


class PersonClasses:
    """Counts the distinct persons of each class; memory: 16 to 32 bytes for each person of each class.

    Args:
        key: 16 bytes; secret, so that nobody can make persons whose fingerprints are one.
        columns: How many quasi-identifiers there are.

    Example:
        >>> counts = PersonClasses(bytes(16), columns=1)
        >>> counts.add([pa.array(["F", "F", "M", "F"])], pa.array(["a", "a", "b", "c"]))
        >>> counts.sizes().tolist()
        [2, 1]
    """

    def __init__(self, key: bytes, *, columns: int) -> None:
        self._key = key
        self._numberings = [_Numbering() for _ in range(columns)]
        self._pairs = [_Numbering() for _ in range(columns - 1)]
        self._distinct: _Distinct = _Numbers()

    def add(self, quasi: Sequence[pa.Array], persons: pa.Array) -> None:
        """Take n rows: their quasi-identifiers, and their persons as text (null counts as one person)."""
        classes = self._numberings[0].of(quasi[0])
        for column, numbering, pair in zip(quasi[1:], self._numberings[1:], self._pairs, strict=True):
            classes = pair.of(pa.array((classes << 32) | numbering.of(column)))
        tags = np.ascontiguousarray(cmac_column(persons, self._key)[:, :8]).view(np.uint64).ravel()
        if isinstance(self._distinct, _Numbers) and len(classes) and int(classes.max()) >> _CLASS_BITS:
            self._distinct = _Pairs.of(self._distinct)
        self._distinct.add(classes, tags >> np.uint64(_CLASS_BITS))

    def sizes(self) -> NDArray[np.int64]:
        """Distinct persons of each class."""
        sizes = np.bincount(self._distinct.classes())
        return sizes[sizes > 0].astype(np.int64)


class _Numbers:
    """Distinct (class, person) as one number each."""

    def __init__(self) -> None:
        self._seen = NumberSet()

    def add(self, classes: NDArray[np.int64], persons: NDArray[np.uint64]) -> None:
        self._seen.add(persons << np.uint64(_CLASS_BITS) | classes.astype(np.uint64))

    def parts(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Classes and persons, apart again."""
        numbers = self._seen.numbers()
        low = np.uint64((1 << _CLASS_BITS) - 1)
        return (numbers & low).astype(np.int64), numbers >> np.uint64(_CLASS_BITS)

    def classes(self) -> NDArray[np.int64]:
        return self.parts()[0]


class _Pairs:
    """Distinct (class, person) in two columns, for more classes than a number has room for: slower, and any number."""

    def __init__(self) -> None:
        self._merged = pa.table({"class": pa.array([], pa.int64()), "person": pa.array([], pa.uint64())})
        self._pending: list[pa.Table] = []

    @classmethod
    def of(cls, numbers: _Numbers) -> _Pairs:
        pairs = cls()
        pairs.add(*numbers.parts())
        return pairs

    def add(self, classes: NDArray[np.int64], persons: NDArray[np.uint64]) -> None:
        self._pending.append(pa.table({"class": classes, "person": persons}))
        # Merging only when the news outweigh what is merged keeps the whole linear in the number of rows.
        if sum(map(len, self._pending)) > _PENDING + len(self._merged):
            self._merge()

    def _merge(self) -> None:
        together = pa.concat_tables([self._merged, *self._pending])
        grouped = together.group_by(["class", "person"], use_threads=False).aggregate([])
        self._merged, self._pending = grouped.combine_chunks(), []

    def classes(self) -> NDArray[np.int64]:
        self._merge()
        classes: NDArray[np.int64] = self._merged.column("class").to_numpy()
        return classes


_Distinct: TypeAlias = "_Numbers | _Pairs"


class _Numbering:
    """Numbers values as they come, the same value always the same; null is a value like another."""

    def __init__(self) -> None:
        self._known: pa.Array | None = None
        self._last: tuple[pa.Array, NDArray[np.int64]] | None = None

    def of(self, column: pa.Array) -> NDArray[np.int64]:
        """The number of each of n values."""
        if pa.types.is_dictionary(column.type):
            numbers, indices = self._of_entries(column.dictionary), column.indices
            # A null may stand among the entries or among the indices: both are the entry after the last.
            places = (
                indices.cast(pa.int64()).fill_null(len(numbers) - 1) if indices.null_count else indices
            ).to_numpy()
        else:
            encoded = _comparable(column).dictionary_encode("encode")
            numbers, places = self._learn(encoded.dictionary), encoded.indices.to_numpy()
        found: NDArray[np.int64] = np.take(numbers, places)
        return found

    def _of_entries(self, entries: pa.Array) -> NDArray[np.int64]:
        """The numbers of a dictionary's entries, and last that of null; the same dictionary comes with every batch."""
        if self._last is None or not self._last[0].equals(entries):
            distinct = _comparable(entries)
            self._last = (entries, self._learn(pa.concat_arrays([distinct, pa.nulls(1, distinct.type)])))
        return self._last[1]

    def _learn(self, values: pa.Array) -> NDArray[np.int64]:
        if self._known is None:
            self._known = values.slice(0, 0)
        new = values.filter(pc.is_null(pc.index_in(values, self._known)))
        if len(new):
            self._known = pa.concat_arrays([self._known, pc.unique(new)])
        numbers: NDArray[np.int64] = pc.index_in(values, self._known).cast(pa.int64()).to_numpy()
        return numbers


def _comparable(values: pa.Array) -> pa.Array:
    """0.0 and -0.0 are equal but not the same to a hash; NaN is no value."""
    if pa.types.is_floating(values.type):
        return pc.if_else(pc.is_nan(values), None, pc.add(values, pa.scalar(0.0, values.type)))
    if pa.types.is_string_view(values.type):
        return values.cast(pa.string())
    return values
