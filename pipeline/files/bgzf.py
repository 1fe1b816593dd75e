"""How is a BGZF file (SAM specification, section 4.1) read and written: gzip in blocks, so that tabix can seek in it?"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

END: Final = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
"""The empty block that ends a file: without it, the file was cut short."""

_HEAD: Final = Struct("<4BI2BH")
_TAIL: Final = Struct("<II")
_MOST_IN: Final = 0xFF00
_LEVEL: Final = 6
_FIXED: Final = 12


class DamagedBlock(ValueError):
    """A block that is no BGZF, is cut short, or whose sum is wrong."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its bytes in the file, and what it holds."""

    raw: bytes
    data: bytes


def is_bgzf(head: bytes) -> bool:
    """Whether a file that begins so is BGZF: gzip whose first extra field is BC.

    Example:
        >>> is_bgzf(END), is_bgzf(b"##fileformat=VCFv4.3")
        (True, False)
    """
    return len(head) >= 18 and head[:4] == b"\x1f\x8b\x08\x04" and head[12:16] == b"BC\x02\x00"


def read_blocks(stream: BinaryIO) -> Iterator[Block]:
    """Read a file's blocks in order.

    Raises:
        DamagedBlock: At the first block that can't be read, or at the end of a file without its last, empty block.
    """
    last = b""
    while head := stream.read(_FIXED):
        if len(head) < _FIXED or head[:4] != b"\x1f\x8b\x08\x04":
            raise DamagedBlock
        extra = stream.read(_HEAD.unpack(head)[-1])
        left = _block_size(extra) - _FIXED - len(extra)
        body = stream.read(max(left, 0))
        if len(body) != left or left < _TAIL.size:
            raise DamagedBlock
        checksum, length = _TAIL.unpack(body[-_TAIL.size :])
        try:
            data = zlib.decompress(body[: -_TAIL.size], wbits=-zlib.MAX_WBITS, bufsize=max(length, 1))
        except zlib.error:
            raise DamagedBlock from None
        if len(data) != length or zlib.crc32(data) != checksum:
            raise DamagedBlock
        last = head + extra + body
        yield Block(last, data)
    if last != END:
        raise DamagedBlock


def _block_size(extra: bytes) -> int:
    at = 0
    while at + 4 <= len(extra):
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        if extra[at : at + 2] == b"BC" and length == 2:
            return int.from_bytes(extra[at + 4 : at + 6], "little") + 1
        at += 4 + length
    raise DamagedBlock


def compressed(data: bytes) -> bytes:
    r"""The blocks that hold these bytes, without the one that ends a file.

    Example:
        >>> import gzip
        >>> gzip.decompress(compressed(b"chr1\t100") + END)
        b'chr1\t100'
    """
    return b"".join(_block(data[at : at + _MOST_IN]) for at in range(0, len(data), _MOST_IN))


def _block(data: bytes) -> bytes:
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflater.compress(data) + deflater.flush()
    size = _FIXED + 6 + len(body) + _TAIL.size
    if size > 1 << 16:  # bytes that don't get smaller are stored as they are
        deflater = zlib.compressobj(0, zlib.DEFLATED, -zlib.MAX_WBITS)
        body = deflater.compress(data) + deflater.flush()
        size = _FIXED + 6 + len(body) + _TAIL.size
    head = _HEAD.pack(0x1F, 0x8B, 8, 4, 0, 0, 0xFF, 6) + b"BC\x02\x00" + (size - 1).to_bytes(2, "little")
    return head + body + _TAIL.pack(zlib.crc32(data), len(data))
