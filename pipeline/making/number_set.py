"""Which numbers were seen, of millions that stream by and mostly come again?

A table with open addressing, probed for a whole batch at once: a known number costs one look, 8 ns. Arrow's `unique`
builds a table of its own for every merge, which cost 40 to 80 ns a row (2026-11-25).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

_FEWEST_PLACES: Final = 1 << 17
# Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2^64 over the golden ratio.
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


class NumberSet:
    """Distinct unsigned 64-bit numbers; memory: 16 to 64 bytes each, 1 MiB at least.

    Example:
        >>> seen = NumberSet()
        >>> seen.add(np.array([7, 0, 7], np.uint64))
        >>> sorted(seen.numbers().tolist())
        [0, 7]
    """

    def __init__(self) -> None:
        self._places = np.zeros(_FEWEST_PLACES, np.uint64)
        self._most_taken = 0
        self._zero = False

    def add(self, numbers: Numbers) -> None:
        """Take n numbers, in any order, each as often as it comes."""
        self._make_room(len(numbers))
        places, last = self._places, len(self._places) - 1
        self._zero = self._zero or not numbers.all()  # an empty place says 0
        at = (numbers * _SPREAD >> np.uint64(64 - last.bit_length())).view(np.intp)
        while len(numbers):
            there = np.take(places, at, mode="clip")
            other = np.flatnonzero(there != numbers)
            numbers, at, there = numbers[other], at[other], there[other]
            empty = there == 0
            # Of two that take one place the last has it; the other finds that out in the next round, and walks on.
            places[at[empty]] = numbers[empty]
            at = np.where(empty, at, (at + 1) & last)
            self._most_taken += int(np.count_nonzero(empty))

    def numbers(self) -> Numbers:
        """All that were seen, each once, in no order."""
        held = self._places[self._places != 0]
        return np.append(held, np.uint64(0)) if self._zero else held

    def _make_room(self, more: int) -> None:
        """Keep half of the places empty: walks stay short."""
        if 2 * (self._most_taken + more) <= len(self._places):
            return
        held = self._places[self._places != 0]
        size = len(self._places)
        while 2 * (len(held) + more) > size:
            size *= (
                4  # to move what is held costs more than the places, which no memory stands behind until they are used
            )
        self._most_taken = len(held)
        if size > len(self._places):
            self._places = np.zeros(size, np.uint64)
            self._most_taken = 0
            self.add(held)
