"""How is a column of numerals enciphered into numerals of the same length and radix (FF1, NIST SP 800-38G rev. 1)?

Ten Feistel rounds over the two halves of every value at once: each round is one AES call for all of them and a few
passes of 64-bit arithmetic. Halves past 2^53 leave that arithmetic and go one by one with Python's integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from transforms.crypto.cmac import exor, permutation
from transforms.errors import InvalidColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transforms.crypto.cmac import Words

SMALLEST_DOMAIN: Final = 1_000_000
"""SP 800-38G rev. 1: under a million possible values, whoever sees enough pairs can guess the others."""

_ROUNDS: Final = range(10)
_EXACT_BITS: Final = 53


def shortest(radix: int) -> int:
    """Give the least length at which values number a million.

    Example:
        >>> shortest(10), shortest(36)
        (6, 4)
    """
    return next(length for length in range(1, 21) if radix**length >= SMALLEST_DOMAIN)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the standard derives from radix, length and tweak; the names are the standard's."""

    radix: int
    n: int
    tweak: bytes

    @property
    def u(self) -> int:
        return self.n // 2

    @property
    def v(self) -> int:
        return self.n - self.u

    @property
    def b(self) -> int:
        return (int(self.radix**self.v - 1).bit_length() + 7) // 8

    @property
    def d(self) -> int:
        return 4 * ((self.b + 3) // 4) + 4

    def size(self, number: int) -> int:
        """Count the values of the half that round `number` changes."""
        size: int = self.radix ** (self.u if number % 2 == 0 else self.v)
        return size

    def message(self, number: int, half: int) -> bytes:
        """Lay out P || Q, the input of the round's pseudo-random function."""
        head = bytes([1, 2, 1]) + self.radix.to_bytes(3, "big") + bytes([10, self.u % 256])
        head += self.n.to_bytes(4, "big") + len(self.tweak).to_bytes(4, "big")
        gap = bytes(-(len(self.tweak) + self.b + 1) % 16)
        return head + self.tweak + gap + bytes([number]) + half.to_bytes(self.b, "big")


class ColumnFf1:
    """FF1 under one key and tweak for numerals of one radix.

    Values come and go as the numbers of their two halves: of the first length // 2 numerals, and of the others.

    Args:
        key: 16, 24 or 32 bytes.
        radix: 2 to 65,536 symbols.
        tweak: Public bytes that vary the permutation.
    """

    def __init__(self, key: bytes, radix: int, tweak: bytes = b"") -> None:
        if not 2 <= radix <= 2**16:
            raise InvalidColumn(
                f"FF1 takes alphabets of 2 to 65,536 symbols, not {radix}", hint="Give another alphabet."
            )
        self.radix = radix
        self._tweak = tweak
        self._encrypt = permutation(key)

    def in_64_bits(self, length: int) -> bool:
        """Say whether values of a length can go through `many`."""
        return bool(self.radix ** (length - length // 2) <= 2**_EXACT_BITS)

    def many(self, left: Words, right: Words, length: int, *, decrypt: bool = False) -> tuple[Words, Words]:
        """Encipher (or decipher) m values at once; `in_64_bits(length)` holds."""
        shape = _Shape(self.radix, length, self._tweak)
        fixed = np.frombuffer(self._last_input(shape.message(0, 0)), ">u8")
        block = np.empty((len(left), 2), np.uint64)
        block[:, 0] = fixed[:1].view(np.uint64)
        last = block.view(">u8")[:, 1]
        for number in reversed(_ROUNDS) if decrypt else _ROUNDS:
            size = np.uint64(shape.size(number))
            # At most 7 bytes of half, and the round's number in the byte before them.
            last[:] = (left if decrypt else right) ^ np.uint64(int(fixed[1]) ^ (number << 8 * shape.b))
            added = _reduced(self._encrypt(block), shape.d, size)
            if decrypt:
                left, right = _within(right + (size - added), size), left
            else:
                left, right = right, _within(left + added, size)
        return left, right

    def one(self, left: int, right: int, length: int, *, decrypt: bool = False) -> tuple[int, int]:
        """Encipher (or decipher) one value of any length."""
        shape = _Shape(self.radix, length, self._tweak)
        for number in reversed(_ROUNDS) if decrypt else _ROUNDS:
            last = self._last_input(shape.message(number, left if decrypt else right))
            stream = b"".join(_expanded(self._one_block, self._one_block(last), shape.d))
            added = int.from_bytes(stream[: shape.d], "big")
            if decrypt:
                left, right = (right - added) % shape.size(number), left
            else:
                left, right = right, (left + added) % shape.size(number)
        return left, right

    def _last_input(self, message: bytes) -> bytes:
        """Run CBC over a message up to what goes into the last encryption."""
        state = bytes(16)
        for start in range(0, len(message) - 16, 16):
            state = self._one_block(exor(state, message[start : start + 16]))
        return exor(state, message[-16:])

    def _one_block(self, block: bytes) -> bytes:
        return self._encrypt(np.frombuffer(block, np.uint64).reshape(1, 2)).tobytes()


def _expanded(encrypt: Callable[[bytes], bytes], first: bytes, length: int) -> Iterator[bytes]:
    yield first
    for number in range(1, (length + 15) // 16):
        yield encrypt(exor(first, number.to_bytes(16, "big")))


def _reduced(stream: Words, length: int, size: np.uint64) -> Words:
    """Read the first 8 or 12 bytes of each block as a number, modulo the size of the half."""
    number = _remainder(stream.view(">u8")[:, 0].astype(np.uint64), size)
    if length == 8:
        return number
    # The next 32 bits, as many at a time as fit beside a remainder in 64 bits.
    low = stream.view(">u4")[:, 2].astype(np.uint64)
    step = min(32, 64 - int(size - np.uint64(1)).bit_length())
    left = 32
    while left:
        step = min(step, left)
        left -= step
        taken = (low >> np.uint64(left)) & np.uint64((1 << step) - 1)
        number = _remainder((number << np.uint64(step)) | taken, size)
    return number


def _remainder(number: Words, size: np.uint64) -> Words:
    # numpy divides by a scalar with multiplications, but takes remainders with the processor's division: twice as slow.
    quotient = number // size
    quotient *= size
    number -= quotient
    return number


def _within(number: Words, size: np.uint64) -> Words:
    """Bring numbers under twice the size back under it: the difference of the others wraps round and is huge."""
    within: Words = np.minimum(number, number - size)
    return within
