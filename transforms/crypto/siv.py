"""How is every value of a column enciphered so that its key turns it back and any change is noticed (AES-SIV, RFC 5297)?

AES-SIV is deterministic: equal values give equal ciphertexts, so tokens join tables as pseudonyms do, and nothing but
equality (and length) shows. Its tag is the CMAC of the whole value, so a changed, foreign or misread token is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from transforms.crypto.blocks import BLOCK, Piece, Run, even_step, put_blocks, take_blocks
from transforms.crypto.cmac import ColumnCmac, double, exor, permutation, scalar_cmac

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.crypto.blocks import Bools, Bytes, Ints
    from transforms.crypto.cmac import Words

TAG: Final = 16

_PIECE: Final = 1 << 20

# RFC 5297 section 2.6: the counter is the tag with bits 31 and 63 cleared, so that adding never carries far.
_COUNTER_BITS: Final = np.frombuffer(bytes.fromhex("ffffffffffffffff7fffffff7fffffff"), np.uint64)


class ColumnSiv:
    """AES-SIV under one key and the same associated data for all values, over whole columns.

    Tokens need no associated data: field, domain and version are bound by the key, which is derived for them.

    Args:
        key: 32 bytes for AES-128 (the first half authenticates, the second enciphers), or 48 or 64.
        associated: Byte strings that are authenticated with every value; a nonce is the last of them.
    """

    def __init__(self, key: bytes, *associated: bytes) -> None:
        half = len(key) // 2
        self._cmac = ColumnCmac(key[:half])
        self._permute = self._cmac.encrypt
        self._keystream = permutation(key[half:])
        start = scalar_cmac(key[:half], bytes(16))
        for data in associated:
            start = exor(double(start), scalar_cmac(key[:half], data))
        self._long = ColumnCmac(key[:half], ending=start)
        # For values shorter than a block: double(D) beside the value padded with one bit and zeros.
        doubled = np.frombuffer(double(start), np.uint8)
        whole = np.frombuffer(double(self._permute(np.zeros((1, 2), np.uint64)).tobytes()), np.uint8)
        short = np.tile(doubled ^ whole, (16, 1))
        short[np.arange(16), np.arange(16)] ^= 0x80
        self._short = short.view(BLOCK).ravel()
        self._keep = np.tril(np.full((16, 16), 0xFF, np.uint8), -1).view(BLOCK).ravel()

    def encrypt(self, run: Run) -> Run:
        """Encipher every value: 16 bytes of tag, then as many bytes as the value has; nothing at all for a null.

        Args:
            run: n values.

        Returns:
            n ciphertexts, with 16 bytes of slack behind the last.
        """
        offsets = self.sealed_offsets(run)
        sealed = np.zeros(int(offsets[-1]) + 16, np.uint8)
        for low, high, whole in run.pieces(size=_PIECE):
            rows = _rows(run, low, high)
            if len(rows):
                self._seal(whole.select(rows - low), sealed, offsets[rows])
        sealed[int(offsets[-1]) :] = 0
        return Run(offsets, sealed, run.valid)

    def sealed_offsets(self, run: Run) -> Ints:
        """Say where each of n ciphertexts begins, and the last ends: n + 1 positions."""
        length = np.diff(run.offsets).astype(np.intp) + TAG
        if run.valid is not None:
            length[~run.valid] = 0
        return _offsets(length)

    def sealed_pieces(self, run: Run, low: int, high: int) -> Iterator[tuple[int, int, Bytes]]:
        """Encipher rows low to high as `encrypt` does, piece by piece: first row, row after the last, their bytes.

        The bytes are good until the next piece: they stay in the cache for who writes them as text.
        """
        scratch = np.zeros(0, np.uint8)
        for first, last, whole in run.pieces(size=_PIECE, low=low, high=high):
            rows = _rows(run, first, last)
            text = whole if run.valid is None else whole.select(rows - first)
            offsets = _offsets(text.length + TAG)
            size = int(offsets[-1])
            if len(scratch) < size + 16:
                scratch = np.zeros(size + size // 4 + 16, np.uint8)
            if len(rows):
                self._seal(text, scratch, offsets[:-1])
            yield first, last, scratch[:size]

    def _seal(self, text: Piece, sealed: Bytes, out: Ints) -> None:
        tags = self.tags(text)
        self._exor(text, tags, sealed, out + TAG)
        # Last, since a text's last block spills up to 15 bytes into the place of the next tag.
        put_blocks(sealed, out, tags, step=even_step(out))

    def decrypt(self, run: Run) -> tuple[Run, Bools]:
        """Decipher every value, and say which are authentic.

        Args:
            run: n ciphertexts.

        Returns:
            n texts, and n booleans, false where the tag is wrong or missing. A caller must give out nothing if any is
            false.
        """
        length = np.maximum(np.diff(run.offsets).astype(np.intp) - TAG, 0)
        if run.valid is not None:
            length[~run.valid] = 0
        offsets = _offsets(length)
        opened = np.zeros(int(offsets[-1]) + 16, np.uint8)
        authentic = np.ones(len(run), np.bool_)
        for low, high, whole in run.pieces(size=_PIECE):
            rows = _rows(run, low, high)
            has_tag = whole.length[rows - low] >= TAG
            authentic[rows[~has_tag]] = False
            rows = rows[has_tag]
            if not len(rows):
                continue
            sealed, out = whole.select(rows - low), offsets[rows]
            tags = take_blocks(sealed.data, sealed.start)
            text = Piece(sealed.start + TAG, sealed.length - TAG, sealed.data)
            self._exor(text, tags, opened, out)
            again = self.tags(Piece(out, text.length, opened))
            authentic[rows] = (again[:, 0] == tags[:, 0]) & (again[:, 1] == tags[:, 1])
        opened[int(offsets[-1]) :] = 0
        return Run(offsets, opened, run.valid), authentic

    def tags(self, piece: Piece) -> Words:
        """Compute the synthetic IV of every value of a piece (S2V of RFC 5297), (m, 2) uint64."""
        if piece.longest < 16:
            return self._tags_of_short(piece)
        if piece.shortest >= 16:
            return self._long.piece(piece)
        short = piece.length < 16
        tags = np.empty((len(short), 2), np.uint64)
        tags[short] = self._tags_of_short(piece.select(short))
        tags[~short] = self._long.piece(piece.select(~short))
        return tags

    def _tags_of_short(self, piece: Piece) -> Words:
        block = take_blocks(piece.data, piece.start, step=piece.step)
        flat = block.reshape(-1)
        flat &= np.take(self._keep, piece.length, mode="clip").view(np.uint64)
        flat ^= np.take(self._short, piece.length, mode="clip").view(np.uint64)
        return self._permute(block)

    def _exor(self, text: Piece, tags: Words, target: Bytes, out: Ints) -> None:
        """Add the key stream (CTR mode of RFC 5297) to every text, and write it from `out` on.

        What a value's last block spills over its end, up to 15 bytes, must be written over by the values behind it:
        so all blocks of all values go at once and in the order of their addresses.
        """
        counter = tags & _COUNTER_BITS
        step, out_step = text.step, even_step(out)
        if step is not None and out_step is not None:
            self._exor_even(text, counter, target, out, (step, out_step))
            return
        blocks = (text.length + 15) >> 4
        row = np.repeat(np.arange(len(blocks)), blocks)
        place = np.arange(len(row)) - np.repeat(np.cumsum(blocks) - blocks, blocks)
        counter = counter.view(BLOCK).ravel()[row].view(np.uint64).reshape(-1, 2)
        counter.view(">u4").reshape(-1, 4)[:, 3] += place.astype(np.uint32)
        place *= 16
        stream = self._keystream(counter)
        stream ^= take_blocks(text.data, text.start[row] + place)
        put_blocks(target, out[row] + place, stream)

    def _exor_even(self, text: Piece, counter: Words, target: Bytes, out: Ints, steps: tuple[int, int]) -> None:
        """Do it for values of one length at even distances, which need no gathering: one call for all their blocks."""
        count, size = len(out), int(text.length[0])
        blocks = (size + 15) >> 4
        if not blocks:
            return
        counters = np.repeat(counter.view(BLOCK).ravel(), blocks)
        if blocks > 1:
            # In native numbers: adding to big-endian ones costs numpy twice as much.
            low = counter.view(">u4").reshape(-1, 4)[:, 3].astype(np.uint32)
            places = low[:, None] + np.arange(blocks, dtype=np.uint32)
            counters.view(">u4").reshape(count, blocks, 4)[:, :, 3] = places
        stream = self._keystream(counters.view(np.uint64).reshape(-1, 2))
        # All blocks of a value as one item: numpy copies it 3 times faster than one block after the other.
        whole = np.dtype((np.void, 16 * blocks))
        read = np.ndarray((count,), whole, text.data, int(text.start[0]), (steps[0],))
        stream ^= read.copy().view(np.uint64).reshape(-1, 2)
        value = np.dtype((np.void, size))
        source = np.ndarray((count,), value, stream.view(np.uint8).data, 0, (16 * blocks,))
        np.ndarray((count,), value, target, int(out[0]), (steps[1],))[:] = source


def _offsets(length: Ints) -> Ints:
    offsets = np.zeros(len(length) + 1, np.intp)
    np.cumsum(length, out=offsets[1:])
    return offsets


def _rows(run: Run, low: int, high: int) -> Ints:
    rows = np.arange(low, high)
    return rows if run.valid is None else rows[run.valid[low:high]]
