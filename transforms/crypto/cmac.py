"""What is the AES-CMAC (RFC 4493, NIST SP 800-38B) of every value of a column?

CMAC is a pseudo-random function for inputs of any length: without the key its tags tell nothing of the values, and 16
bytes make a chance collision among a billion persons as likely as 1 in 10^21.
"""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from transforms.crypto.blocks import BLOCK, Piece, run_of, take_blocks
from transforms.crypto.encodings import HEX, text_of_tags
from transforms.threads import rows_at_a_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from transforms.column import ArrowColumn
    from transforms.crypto.blocks import Bytes, Ints, Run

    Words = NDArray[np.uint64]

# What a round of the vector path costs, and how many blocks cost as much as the call itself, in calls of OpenSSL's CMAC
# (measured 2026-11-24: 34 µs a round over few of 8,192 rows; 1.9 µs a call and 0.7 µs for each 64 blocks).
_ROUND: Final = 18
_BLOCKS_A_CALL: Final = 170


def cmac_column(values: ArrowColumn, key: bytes) -> Bytes:
    """Compute the AES-CMAC of every value of a column.

    Args:
        values: n values: string, binary, their large and view forms, fixed-size binary, or a dictionary of these.
        key: 16, 24 or 32 bytes.

    Returns:
        Tags, shape (n, 16) uint8; a null's row is zero.

    Raises:
        InvalidColumn: The column holds neither text nor bytes.

    Example:
        >>> cmac_column(pa.array(["a", None]), bytes(16))[:, :4].tolist()
        [[172, 234, 158, 206], [0, 0, 0, 0]]
    """
    tags = np.empty((len(values), 16), np.uint8)
    cmac = ColumnCmac(key)
    done = 0
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    for chunk in chunks:
        rows = tags[done : done + len(chunk)]
        if pa.types.is_dictionary(chunk.type):
            rows[:] = _tags_through_dictionary(chunk, cmac)
        else:
            cmac.run_into(run_of(chunk), rows)
        done += len(chunk)
    return tags


def cmac_hex(values: ArrowColumn, key: bytes) -> ArrowColumn:
    """Compute the AES-CMAC of every value as 32 lower-case hex characters, written straight into Arrow buffers.

    Args:
        values: As for `cmac_column`.
        key: 16, 24 or 32 bytes.

    Returns:
        n strings in the same chunks, nulls where nulls were; a dictionary for a dictionary; large_string for large input.

    Example:
        >>> cmac_hex(pa.array(["a", None]), bytes(16)).to_pylist()
        ['acea9ececb9fec3d7950989f9246470a', None]
    """
    cmac = ColumnCmac(key)
    return text_of_tags(values, cmac.tags_of, HEX)


def _tags_through_dictionary(array: pa.DictionaryArray, cmac: ColumnCmac) -> Bytes:
    known = np.zeros((len(array.dictionary) + 1, 16), np.uint8)
    cmac.run_into(run_of(array.dictionary), known[:-1])
    # A null index points at the row of zeros after the last entry.
    indices = array.indices.cast(pa.int64()).fill_null(len(array.dictionary)).to_numpy(zero_copy_only=False)
    tags: Bytes = known[indices]
    return tags


class ColumnCmac:
    """AES-CMAC under one key, block by block over many values at once.

    Args:
        key: 16, 24 or 32 bytes.
        ending: 16 bytes that are added to the last 16 of every value first (the xorend of RFC 5297); values then have
            16 bytes or more.
    """

    def __init__(self, key: bytes, ending: bytes | None = None) -> None:
        self._key = key
        self._ending = ending
        self.encrypt = permutation(key)
        zero = self.encrypt(np.zeros((1, 2), np.uint64)).tobytes()
        whole = double(zero)
        partial = double(whole)
        # Row r serves a value of which r bytes are left: what to keep of its block, and what to add to it. 16: the
        # last block is whole. The last row: a block to which nothing is added.
        self._reach = 16 if ending is None else 31
        keep = np.full((self._reach + 2, 16), 0xFF, np.uint8)
        add = np.zeros((self._reach + 2, 16), np.uint8)
        for left in range(16):
            keep[left, left:] = 0
            add[left, left] = 0x80
            add[left] ^= np.frombuffer(partial, np.uint8)
        add[16] = np.frombuffer(whole, np.uint8)
        if ending is not None:
            last = np.frombuffer(ending, np.uint8)
            add[16] ^= last
            # It lies over the last block, of r bytes, and the one before.
            for left in range(1, 16):
                add[left, :left] ^= last[16 - left :]
                add[16 + left, left:] = last[: 16 - left]
        self._keep = keep.view(BLOCK).ravel()
        self._add = add.view(BLOCK).ravel()

    def run_into(self, run: Run, tags: Bytes) -> None:
        """Write the tags of a run into (n, 16) uint8; zeros under nulls."""
        for low, high, piece in run.pieces():
            tags[low:high] = self.piece(piece).view(np.uint8)
        if run.valid is not None:
            tags[~run.valid] = 0

    def tags_of(self, run: Run, low: int, high: int) -> Iterator[tuple[int, int, Bytes]]:
        """Yield the tags of rows low to high piece by piece: first row, row after the last, (m, 16) uint8."""
        for first, last, piece in run.pieces(rows_at_a_time(len(run)), low=low, high=high):
            yield first, last, self.piece(piece).view(np.uint8)

    def piece(self, piece: Piece) -> Words:
        """Compute the tags of the values of a piece, (m, 2) uint64.

        One long value among short ones would keep the vector path busy for it alone (measured: 17 times slower with
        one of 4 kB in 8,192 rows), so the few longest values go through OpenSSL's CMAC one by one.
        """
        rounds = max(1, (piece.longest + 15) >> 4)
        blocks = alone = np.zeros(0, np.intp)
        if piece.longest > max(piece.shortest, 16):
            blocks = np.maximum((piece.length + 15) >> 4, 1)
            rounds = rounds_worth_it(blocks)
            alone = np.flatnonzero(blocks > rounds)
        state = self._rounds(piece, blocks, rounds)
        for row in alone.tolist():
            value = piece.value(row)
            if self._ending is not None:
                value = value[:-16] + exor(value[-16:], self._ending)
            state[row] = np.frombuffer(scalar_cmac(self._key, value), np.uint64)
        return state

    def _rounds(self, piece: Piece, blocks: Ints, rounds: int) -> Words:
        start, length = piece.start, piece.length
        shortest, step = piece.shortest, piece.step
        regular = step is not None
        state = self._last_added(take_blocks(piece.data, start, step=step), length, shortest, regular=regular)
        state = self.encrypt(state)
        for done in range(1, rounds):
            if shortest > 16 * done:
                block = take_blocks(piece.data, start + 16 * done, step=step)
                block = self._last_added(block, length - 16 * done, shortest - 16 * done, regular=regular)
                block ^= state
                state = self.encrypt(block)
            else:
                active = np.flatnonzero(blocks > done)
                block = take_blocks(piece.data, start[active] + 16 * done)
                block = self._last_added(block, length[active] - 16 * done, 0, regular=False)
                chained = state.view(BLOCK).ravel()
                block ^= chained[active].view(np.uint64).reshape(-1, 2)
                chained[active] = self.encrypt(block).view(BLOCK).ravel()
        return state

    def _last_added(self, block: Words, left: Ints, shortest: int, *, regular: bool) -> Words:
        """Mask and pad, in place, the blocks that are their value's last; `shortest` is the least of `left` or less."""
        if shortest > self._reach:
            return block
        flat = block.reshape(-1)
        if regular:
            # One row of the table for all: a repeated row is read 5 times faster than one broadcast over pairs.
            flat &= np.repeat(self._keep[shortest], len(block)).view(np.uint64)
            flat ^= np.repeat(self._add[shortest], len(block)).view(np.uint64)
        else:
            flat &= np.take(self._keep, left, mode="clip").view(np.uint64)
            flat ^= np.take(self._add, left, mode="clip").view(np.uint64)
        return block


def rounds_worth_it(blocks: Ints) -> int:
    """Choose how many rounds the vector path makes, so that rounds plus the values left over cost least."""
    most = int(blocks.max(initial=0))
    if most <= 2:
        return most
    counts = np.bincount(blocks)
    levels = np.flatnonzero(counts)
    values = counts[levels]
    weight = values * (1 + levels / _BLOCKS_A_CALL)
    left_over = weight.sum() - np.cumsum(weight)
    return int(levels[np.argmin(levels * _ROUND + left_over)])


def permutation(key: bytes) -> Callable[[Words], Words]:
    """Give the AES block permutation under a key, on (m, 2) uint64 blocks: one OpenSSL call for all of them."""
    # A thread's own: OpenSSL's context takes one call at a time.
    own = local()

    def encrypt(blocks: Words) -> Words:
        out = np.empty(len(blocks) * 16 + 16, np.uint8)
        try:
            encryptor = own.encryptor
        except AttributeError:
            # ECB of independent blocks *is* the permutation, which the modes here build on; nobody's mode of encryption.
            encryptor = own.encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - as said
        encryptor.update_into(np.ascontiguousarray(blocks).data.cast("B") if len(blocks) else b"", out.data)
        return out[: len(blocks) * 16].view(np.uint64).reshape(-1, 2)

    return encrypt


def double(block: bytes) -> bytes:
    """Multiply a block by x in GF(2^128), the `dbl` of RFC 5297 and the subkey step of RFC 4493."""
    number = int.from_bytes(block, "big") << 1
    if number >> 128:
        number ^= (1 << 128) | 0x87
    return number.to_bytes(16, "big")


def exor(one: bytes, other: bytes) -> bytes:
    """Add two blocks bit by bit."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(16, "big")


def scalar_cmac(key: bytes, value: bytes) -> bytes:
    """Compute the CMAC of one value by OpenSSL."""
    cmac = CMAC(algorithms.AES(key))
    cmac.update(value)
    return cmac.finalize()
