"""How are 16-byte tags written as text, straight into the buffers of an Arrow column?"""

from __future__ import annotations

from binascii import Error, a2b_hex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from transforms.crypto.blocks import Run, run_of
from transforms.threads import in_threads, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transforms.column import ArrowColumn
    from transforms.crypto.blocks import Bools, Bytes

_PIECE: Final = 1 << 17
_SPREAD: Final = np.uint16(0x1001)
_BASE32: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", np.uint8)
_BASE32_PAIRS: Final = np.stack([np.repeat(_BASE32, 32), np.tile(_BASE32, 32)], axis=1).reshape(-1).view(np.uint16)


_IS_HEX: Final = np.isin(np.arange(256), np.frombuffer(b"0123456789abcdefABCDEF", np.uint8))


@dataclass(frozen=True, slots=True)
class Encoding:
    """A way to write 16 bytes as text of a fixed width.

    Attributes:
        width: Characters a tag.
        write: Writes (m, 16) uint8 tags into m * width uint8 characters.
    """

    width: int
    write: Callable[[Bytes, Bytes], None]


def write_hex(tags: Bytes, text: Bytes) -> None:
    """Write bytes as lower-case hex, two characters a byte.

    Seven passes of plain arithmetic over uint16 lanes; two thirds of the time of a table of 65,536 entries
    (2026-11-24). `byte * 0x1001 >> 4` puts the high nibble into the low byte and the low nibble into the high one.
    """
    data = tags.reshape(-1)
    for low in range(0, len(data), _PIECE):
        pairs = data[low : low + _PIECE].astype(np.uint16)
        pairs *= _SPREAD
        pairs >>= np.uint16(4)
        pairs += np.uint16(0x3030)
        digits = pairs.view(np.uint8)
        letters = (digits > np.uint8(ord("9"))).view(np.uint8)
        letters *= np.uint8(ord("a") - ord("9") - 1)
        np.add(digits, letters, out=text[2 * low : 2 * low + len(digits)])


def read_hex(run: Run) -> tuple[Run, Bools]:
    """Read hex, of either case, back to bytes.

    Args:
        run: n values; nothing may stand under its nulls.

    Returns:
        n values of half the length, and n booleans: false for what is no hex (its bytes mean nothing).
    """
    first, last = int(run.offsets[0]), int(run.offsets[-1])
    text = run.data[first:last]
    good = np.diff(run.offsets) % 2 == 0
    try:
        data = np.frombuffer(a2b_hex(text.data), np.uint8)
    except Error:
        data = np.zeros((last - first) // 2, np.uint8)
        wrong = np.flatnonzero(~_IS_HEX[text])
        good[np.searchsorted(run.offsets, first + wrong, side="right") - 1] = False
    return Run((run.offsets - first) // 2, data, run.valid), good


def write_base32(tags: Bytes, text: Bytes) -> None:
    """Write (m, 16) bytes as base32 (RFC 4648 section 6) without padding: 26 characters, ten bits at a time."""
    words = tags.reshape(-1, 16).view(">u8").astype(np.uint64)
    high, low = words[:, 0], words[:, 1]
    pairs = text.view(np.uint16).reshape(-1, 13)
    for place in range(13):
        shift = 118 - 10 * place
        if shift >= 64:
            bits = high >> np.uint64(shift - 64)
        elif shift >= 0:
            bits = (
                (high << np.uint64(64 - shift)) | (low >> np.uint64(shift)) if shift > 54 else low >> np.uint64(shift)
            )
        else:
            bits = low << np.uint64(-shift)
        pairs[:, place] = np.take(_BASE32_PAIRS, (bits & np.uint64(1023)).astype(np.intp), mode="clip")


HEX: Final = Encoding(32, write_hex)
BASE32: Final = Encoding(26, write_base32)


def text_of_tags(
    values: ArrowColumn, tags_of: Callable[[Run, int, int], Iterator[tuple[int, int, Bytes]]], encoding: Encoding
) -> ArrowColumn:
    """Write the tags of every value as text, in the chunks of `values`.

    Args:
        values: n values, text, bytes, or a dictionary of these.
        tags_of: Yields the tags of some rows of a run (the first, and the one after the last) piece by piece.
        encoding: How to write a tag.

    Returns:
        n strings, nulls where nulls were and zeros under them; dictionary for dictionary. large_string where the input
        is large, and where one chunk's text passes what 32-bit offsets reach.
    """
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    longest = (
        max((len(chunk) for chunk in values.chunks), default=0) if isinstance(values, pa.ChunkedArray) else len(values)
    )
    wide = pa.types.is_large_string(kind) or pa.types.is_large_binary(kind) or longest * encoding.width >= 2**31

    def one(array: pa.Array) -> pa.Array:
        if pa.types.is_dictionary(array.type):
            return pa.DictionaryArray.from_arrays(array.indices, one(array.dictionary))
        run = run_of(array)
        return _text(run, tags_of, encoding, wide=wide)

    if not isinstance(values, pa.ChunkedArray):
        return one(values)
    text = pa.large_string() if wide else pa.string()
    whole = pa.dictionary(values.type.index_type, text) if pa.types.is_dictionary(values.type) else text
    return pa.chunked_array([one(chunk) for chunk in values.chunks], type=whole)


def _text(
    run: Run, tags_of: Callable[[Run, int, int], Iterator[tuple[int, int, Bytes]]], encoding: Encoding, *, wide: bool
) -> pa.Array:
    count, width = len(run), encoding.width
    buffer = pa.allocate_buffer(count * width)
    text = np.frombuffer(buffer, np.uint8)

    def work(span: tuple[int, int]) -> None:
        for low, high, tags in tags_of(run, *span):
            encoding.write(tags, text[low * width : high * width])

    in_threads(work, spans(count))
    bitmap = None
    if run.valid is not None:
        # A null's bytes must not be the tag of whatever stood under it.
        text.reshape(count, width)[~run.valid] = 0
        bitmap = pa.array(run.valid).buffers()[1]
    kind: type[Any] = np.int64 if wide else np.int32
    offsets = np.arange(count + 1, dtype=kind)
    offsets *= kind(width)
    text_kind = pa.large_string() if wide else pa.string()
    return pa.Array.from_buffers(text_kind, count, [bitmap, pa.py_buffer(offsets), buffer])
