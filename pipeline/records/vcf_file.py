"""What does a VCF file hold: its header, and its records in pieces that stay as they were read where they may?"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from pipeline.errors import InvalidInput
from pipeline.files.bgzf import Block, DamagedBlock, is_bgzf, read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 1 << 20
_READ: Final = 1 << 16
_MOST_HEADER: Final = 1 << 28
_MOST_RECORD: Final = 1 << 28
_DAMAGED: Final = "Copy it again from where it was made."


@dataclass(frozen=True)
class Piece:
    """Some bytes of the records, and the blocks that they came in; none where they came otherwise or were split."""

    data: bytes
    blocks: tuple[bytes, ...] = ()


@dataclass
class VcfReader:
    """Reads one file: the header first, then the records.

    Attributes:
        path: The file.
        stream: Its bytes.
        header: All lines to #CHROM, that line included; read by `open`.
    """

    path: Path
    stream: BinaryIO
    header: bytes = b""

    def __post_init__(self) -> None:
        head = self.stream.read(18)
        self.stream.seek(0)
        self.compressed = head.startswith(GZIP)
        self._source = self._blocks() if is_bgzf(head) else self._inflated() if self.compressed else self._plain()
        self._left = Piece(b"")
        self._read_header()

    @property
    def first_line(self) -> int:
        """The number of the line at which the records begin."""
        return self.header.count(b"\n") + 1

    def piece(self) -> Piece | None:
        """The next bytes, or None at the end."""
        if self._left.data:
            piece, self._left = self._left, Piece(b"")
            return piece
        parts, size = [], 0
        for one in self._source:
            parts.append(one)
            size += len(one.data)
            if size >= _PIECE:
                break
        return _joined(parts) if parts else None

    def longer(self, piece: Piece) -> Piece | None:
        """The piece with the bytes that follow it, or None where none do.

        Raises:
            InvalidInput: The record is longer than memory allows.
        """
        more = next(self._source, None)
        if more is None:
            return None
        if len(piece.data) > _MOST_RECORD:
            raise InvalidInput(f"{self.path} has a record whose INFO is longer than 256 MiB", hint=_DAMAGED)
        return _joined([piece, more])

    def _read_header(self) -> None:
        parts, size = b"", 0
        while (end := _end_of_header(parts)) < 0:
            size = len(parts)
            # Doubling what is read keeps a header of a million samples from being searched a thousand times.
            fresh = [b""]
            while sum(map(len, fresh)) < max(size, 1):
                more = next(self._source, None)
                if more is None:
                    break
                fresh.append(more.data)
            if len(fresh) == 1:
                if parts and not parts.startswith(b"##fileformat=VCF"):
                    raise InvalidInput(f"{self.path} is no VCF file", hint="Take it out of the folder.")
                raise InvalidInput(f"{self.path} has no #CHROM line, so it holds no records", hint=_DAMAGED)
            parts += b"".join(fresh)
            if len(parts) > _MOST_HEADER:
                raise InvalidInput(f"{self.path} has a header of more than 256 MiB", hint="Split its samples.")
        self.header, self._left = parts[:end], Piece(parts[end:])

    def _plain(self) -> Iterator[Piece]:
        while data := self.stream.read(_READ):
            yield Piece(data)

    def _blocks(self) -> Iterator[Piece]:
        try:
            for block in read_blocks(self.stream):
                if block.data:
                    yield _piece(block)
        except DamagedBlock:
            raise InvalidInput(f"{self.path} is cut short or damaged", hint=_DAMAGED) from None

    def _inflated(self) -> Iterator[Piece]:
        """Gzip that is not in blocks: one or more members, one after the other."""
        inflater, ended = zlib.decompressobj(wbits=31), True
        try:
            while raw := self.stream.read(_READ):
                while raw:
                    data = inflater.decompress(raw, _READ)
                    ended = inflater.eof
                    raw = inflater.unused_data.lstrip(b"\0") if ended else inflater.unconsumed_tail
                    if ended:
                        inflater = zlib.decompressobj(wbits=31)
                    if data:
                        yield Piece(data)
        except zlib.error:
            ended = False
        if not ended:
            raise InvalidInput(f"{self.path} is cut short or damaged", hint=_DAMAGED)


def _piece(block: Block) -> Piece:
    return Piece(block.data, (block.raw,))


def _joined(pieces: list[Piece]) -> Piece:
    # A piece without blocks breaks the chain: what is joined with it is written anew.
    whole = all(piece.blocks for piece in pieces)
    blocks = tuple(raw for piece in pieces for raw in piece.blocks) if whole else ()
    return Piece(b"".join(piece.data for piece in pieces), blocks)


def _end_of_header(data: bytes) -> int:
    """Where the #CHROM line ends, or -1 where it doesn't end here."""
    at = 0 if data.startswith(b"#CHROM") else data.find(b"\n#CHROM") + 1
    if at == 0 and not data.startswith(b"#CHROM"):
        return -1
    return data.find(b"\n", at) + 1 or -1
