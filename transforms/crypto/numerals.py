"""How do the characters of a column become numbers that FF1 can encipher, and become characters again?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transforms.crypto.ff1 import ColumnFf1, shortest
from transforms.errors import InvalidColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from transforms.crypto.blocks import Bools, Ints
    from transforms.crypto.cmac import Words

    Characters = NDArray[np.uint8] | NDArray[np.uint32]
    Digits = NDArray[np.uint8] | NDArray[np.uint32]

ROWS: Final = 8192
_TABLE: Final = 1 << 14


class Numerals:
    """The values of one alphabet under one key, enciphered by FF1 into values of the same length and alphabet.

    Args:
        key: 16, 24 or 32 bytes.
        alphabet: The symbols, each once; the first stands for zero.
        tweak: Public bytes that vary the permutation.

    Raises:
        InvalidColumn: A symbol occurs twice, or there are fewer than two.
    """

    def __init__(self, key: bytes, alphabet: str, tweak: bytes = b"") -> None:
        if len(set(alphabet)) != len(alphabet) or len(alphabet) < 2:
            raise InvalidColumn("an alphabet has two symbols or more, each once", hint='As in "0123456789".')
        self.ascii = alphabet.isascii()
        self.shortest = shortest(len(alphabet))
        self._radix = len(alphabet)
        self._ff1 = ColumnFf1(key, self._radix, tweak)
        kind: type[Any] = np.uint8 if self.ascii else np.uint32
        self._symbols = np.frombuffer(alphabet.encode("utf-32-le"), np.uint32).astype(kind)
        self._base = kind(self._symbols[0])
        self._in_sequence = bool((np.diff(self._symbols.astype(np.int64)) == 1).all())
        self._order = np.argsort(self._symbols, kind="stable")

    def encipher(
        self, characters: Characters, start: Ints, length: Ints, out: Characters, *, decrypt: bool
    ) -> tuple[Ints, Ints]:
        """Encipher values of any lengths and write each over its place in `out`; empty ones stay empty.

        Args:
            characters: All characters, bytes for an ASCII alphabet and code points for another.
            start: m positions where values begin.
            length: m lengths.
            out: As many characters as `characters`, written at the same places.
            decrypt: Whether to turn back.

        Returns:
            Positions among the m of the values with characters outside the alphabet, and of those too short (a domain
            under a million): these are not written.
        """
        strange: list[Ints] = []
        short: list[Ints] = []
        for size, rows in _of_one_length(length):
            if 0 < size < self.shortest:
                short.append(rows)
            elif size:
                bad = self._equal_lengths(characters, start[rows], size, out, decrypt=decrypt)
                strange.append(rows[bad])
        return _sorted(strange), _sorted(short)

    def _equal_lengths(self, characters: Characters, start: Ints, size: int, out: Characters, *, decrypt: bool) -> Ints:
        """Encipher values of one length; give the positions of those with strange characters, which are not written."""
        regular = int(start[-1]) - int(start[0]) == size * (len(start) - 1)
        if regular:
            first = int(start[0])
            block = characters[first : first + size * len(start)].reshape(-1, size)
        else:
            block = characters[start[:, None] + np.arange(size)]
        digits, known = self._digits(block)
        bad = np.zeros(0, np.intp)
        if not known.all():
            bad = np.flatnonzero(~known.all(axis=1))
            digits[bad] = 0
        middle = size // 2
        if self._ff1.in_64_bits(size):
            left, right = self._numbers(digits, middle)
            left, right = self._ff1.many(left, right, size, decrypt=decrypt)
        else:
            left, right = self._one_by_one(digits, middle, decrypt=decrypt)
        text = np.empty((len(start), size), self._symbols.dtype)
        self._write(left, text, 0, middle)
        self._write(right, text, middle, size)
        if len(bad):
            good = np.ones(len(start), np.bool_)
            good[bad] = False
            out[start[good][:, None] + np.arange(size)] = text[good]
        elif regular:
            out[first : first + size * len(start)] = text.reshape(-1)
        else:
            out[start[:, None] + np.arange(size)] = text
        return bad

    def _digits(self, block: Characters) -> tuple[Digits, Bools]:
        """Give each character's place in the alphabet, and whether it has one."""
        if self._in_sequence:
            digits = block - self._base
            return digits, digits < self._radix
        ordered = self._symbols[self._order]
        place = np.minimum(np.searchsorted(ordered, block), self._radix - 1)
        return self._order[place].astype(np.uint32), ordered[place] == block

    def _numbers(self, digits: Digits, middle: int) -> tuple[Words, Words]:
        """Read both halves as numbers by one product with the powers of the radix: exact, all sums are under 2^53."""
        size = digits.shape[1]
        powers = np.zeros((size, 2))
        powers[:middle, 0] = [float(self._radix**place) for place in reversed(range(middle))]
        powers[middle:, 1] = [float(self._radix**place) for place in reversed(range(size - middle))]
        numbers = digits.astype(np.float64) @ powers
        return numbers[:, 0].astype(np.uint64), numbers[:, 1].astype(np.uint64)

    def _one_by_one(self, digits: Digits, middle: int, *, decrypt: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        left, right = [], []
        for row in digits.tolist():
            one, other = self._ff1.one(
                self._number(row[:middle]), self._number(row[middle:]), len(row), decrypt=decrypt
            )
            left.append(one)
            right.append(other)
        return np.array(left, object), np.array(right, object)

    def _number(self, digits: list[int]) -> int:
        number = 0
        for digit in digits:
            number = number * self._radix + digit
        return number

    @cached_property
    def _group(self) -> tuple[int, NDArray[Any]]:
        """Symbols that are written at once, and the texts of all numbers of so many digits."""
        width = 1
        while self._radix ** (width + 1) <= _TABLE:
            width += 1
        numbers = np.arange(self._radix**width)
        digits = [numbers // self._radix**place % self._radix for place in reversed(range(width))]
        texts = self._symbols[np.stack(digits, axis=1)]
        return width, np.ascontiguousarray(texts).view(np.dtype((np.void, width * texts.itemsize))).ravel()

    def _write(self, number: NDArray[Any], text: Characters, begin: int, end: int) -> None:
        """Write numbers as the symbols of the columns begin to end of `text`, several symbols at a time."""
        width, texts = self._group
        many = self._radix**width if number.dtype == object else np.uint64(self._radix**width)
        unit, size, count = text.itemsize, text.shape[1], len(text)
        while end > begin:
            quotient = number // many
            group = np.take(texts, (number - quotient * many).astype(np.intp), mode="clip")
            number = quotient
            taken = min(width, end - begin)
            end -= taken
            # The last symbols of each group, as one item: numpy copies it 10 times faster than a row of symbols.
            item = np.dtype((np.void, taken * unit))
            source = np.ndarray((count,), item, group, (width - taken) * unit, (width * unit,))
            np.ndarray((count,), item, text, end * unit, (size * unit,))[:] = source


def _of_one_length(length: Ints) -> Iterator[tuple[int, Ints]]:
    """Group values by length, in groups that the cache holds; a wide window keeps groups of rare lengths from shrinking."""
    for low in range(0, len(length), 8 * ROWS):
        window = length[low : low + 8 * ROWS]
        shortest, longest = int(window.min()), int(window.max())
        for size in [shortest] if shortest == longest else np.unique(window).tolist():
            rows = low + (np.arange(len(window)) if shortest == longest else np.flatnonzero(window == size))
            for first in range(0, len(rows), ROWS):
                yield size, rows[first : first + ROWS]


def _sorted(rows: list[Ints]) -> Ints:
    return np.sort(np.concatenate(rows)) if rows else np.zeros(0, np.intp)
