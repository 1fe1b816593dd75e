"""Do the records of a VCF file hold only fields that may stay? Told from their bytes, which are copied, not parsed.

Of each record only INFO and the names in FORMAT are looked at. The keys of INFO are compared as numbers of 8 bytes, for
all records of a piece at once; the genotypes are never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from transforms.vcf.header import GENOTYPES, HEAD, InvalidVcf, shown

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from transforms.records.tally import Tally
    from transforms.vcf.header import CleanHeader

    Places = npt.NDArray[np.int64]

_TAB, _NEWLINE, _SEMICOLON, _EQUALS = 9, 10, 59, 61
_WIDTH: Final = 24
"""Bytes of a key that are compared as numbers; longer ones are looked at one by one."""

_MASKS: Final = (np.where(np.arange(_WIDTH) < np.arange(_WIDTH + 1)[:, None], 255, 0).astype(np.uint8)).view("<u8")
"""For each length, what of three words belongs to the key."""

_DAMAGED: Final = "Copy the file again from where it was made."
_INFO: Final = 7
_FORMAT: Final = 8


@dataclass
class BodyScan:
    """Looks through the records of one file, piece by piece.

    Attributes:
        header: What the records may hold.
        line: The number of the file's line that the next piece begins in.
        within: Whether it begins within a line.
    """

    header: CleanHeader
    line: int
    within: bool = False

    def __post_init__(self) -> None:
        self._allowed = np.unique(_keys_as_numbers(self.header.info))
        self._formats: set[bytes] = set()
        self._tabs = 0

    def wants_more(self, piece: bytes) -> bool:
        """Whether the piece ends within a record whose INFO and FORMAT it doesn't hold whole."""
        if piece.endswith(b"\n"):
            return False
        start = piece.rfind(b"\n") + 1
        if start == 0 and self.within:
            return False
        at = start - 1
        for _ in range(_FORMAT + 1):
            at = piece.find(b"\t", at + 1)
            if at < 0:
                return True
        return False

    def clean(self, piece: bytes, tally: Tally) -> bytes:
        """The piece without INFO fields that may not stay; the very object that came in where all may.

        Raises:
            InvalidVcf: A record has too few or too many columns, or a FORMAT field that may not stay.
        """
        data = np.frombuffer(piece, np.uint8)
        tabs, ends = np.flatnonzero(data == _TAB), np.flatnonzero(data == _NEWLINE)
        self._require_columns(tabs, ends)
        starts = np.concatenate([[] if self.within else [0], ends + 1]).astype(np.int64)
        starts = starts[starts < len(data)]
        first = self.line + (1 if self.within else 0)
        if len(starts):
            at = np.searchsorted(tabs, starts)
            if at[-1] + min(self.header.columns - 1, _FORMAT + 1) > len(tabs):
                raise InvalidVcf(f"line {first + len(starts) - 1} is cut short", hint=_DAMAGED)
            begin = tabs[at + _INFO - 1] + 1
            stop = self._stops(data, tabs, ends, starts, at, _INFO)
            if self.header.columns > _FORMAT:
                formats = self._stops(data, tabs, ends, starts, at, _FORMAT)
                self._require_formats(piece, tabs[at + _FORMAT - 1] + 1, formats, first)
            tally.counts[GENOTYPES, "kept"] += len(starts)
            piece = self._without(piece, self._bad(data, begin, stop), begin, stop, tally)
        self.line += len(ends)
        self.within = len(data) > 0 and data[-1] != _NEWLINE
        return piece

    def finish(self) -> None:
        """Refuse a file that ends within a record."""
        if self.within and self._tabs + 1 != self.header.columns:
            raise InvalidVcf(f"line {self.line} is cut short", hint=_DAMAGED)

    def _require_columns(self, tabs: Places, ends: Places) -> None:
        upto = np.searchsorted(tabs, ends)
        counts = np.diff(upto, prepend=0)
        if len(counts):
            counts[0] += self._tabs
            wrong = np.flatnonzero(counts + 1 != self.header.columns)
            if len(wrong):
                raise InvalidVcf(
                    f"line {self.line + int(wrong[0])} has {int(counts[wrong[0]]) + 1} columns,"
                    f" the header names {self.header.columns}",
                    hint="Check the program that wrote the file.",
                )
            self._tabs = len(tabs) - int(upto[-1])
        else:
            self._tabs += len(tabs)

    @staticmethod
    def _stops(  # noqa: PLR0917 - the columns of one piece
        data: npt.NDArray[np.uint8], tabs: Places, ends: Places, starts: Places, at: Places, column: int
    ) -> Places:
        """Where a column ends in each record: at the next tab, or at the end of the line."""
        closing = np.append(tabs, len(data))[np.minimum(at + column, len(tabs))]
        line_ends = np.append(ends, len(data))[np.searchsorted(ends, starts)]
        nearest: Places = np.minimum(closing, line_ends)
        return nearest

    def _require_formats(self, piece: bytes, begins: Places, stops: Places, first: int) -> None:
        for row, (begin, stop) in enumerate(zip(begins.tolist(), stops.tolist(), strict=True)):
            fields = piece[begin:stop]
            if fields in self._formats:
                continue
            for name in fields.rstrip(b"\r").decode("utf-8", "replace").split(":"):
                if name not in self.header.formats and name != ".":
                    raise InvalidVcf(
                        f"line {first + row} has a FORMAT field that may hold any text, {shown(name)}",
                        hint=f"Say `VCF.FORMAT.{shown(name)}: keep` in the plan, or remove it with"
                        f" `bcftools annotate -x FORMAT/{shown(name)}`.",
                    )
            self._formats.add(fields)

    def _bad(self, data: npt.NDArray[np.uint8], begin: Places, stop: Places) -> Places:
        """The rows whose INFO holds a key that may not stay."""
        semicolons = np.flatnonzero(data == _SEMICOLON)
        owner = np.searchsorted(begin, semicolons, "right") - 1
        inside = (owner >= 0) & (semicolons < stop[np.maximum(owner, 0)])
        keys = np.concatenate([begin, semicolons[inside] + 1])
        rows = np.concatenate([np.arange(len(begin)), owner[inside]])
        lengths = _next(np.flatnonzero(data == _EQUALS), _next(semicolons, stop[rows], keys), keys) - keys
        numbers, long = _numbers_at(data, keys, lengths)
        place = np.minimum(np.searchsorted(self._allowed, numbers), max(len(self._allowed) - 1, 0))
        known = (self._allowed[place] == numbers) if len(self._allowed) else np.zeros(len(numbers), np.bool_)
        bad: Places = np.unique(rows[~known | long])
        return bad

    def _without(self, piece: bytes, bad: Places, begin: Places, stop: Places, tally: Tally) -> bytes:
        parts: list[bytes] = []
        done = 0
        for row in bad.tolist():
            low, high = int(begin[row]), int(stop[row])
            info = piece[low:high]
            end = b"\r" if info.endswith(b"\r") else b""
            stays = []
            for entry in info.removesuffix(b"\r").split(b";"):
                name = entry.split(b"=", 1)[0].decode("utf-8", "replace")
                if name in self.header.info or name in {".", ""}:
                    stays.append(entry)
                elif shown(name) == name:
                    tally.counts[f"{HEAD}.INFO.{name}", "dropped"] += 1
                else:
                    tally.unknown(f"{HEAD}.INFO.{name}")
            fresh = (b";".join(stays) or b".") + end
            if fresh != info:
                parts += (piece[done:low], fresh)
                done = high
        return piece if not parts else b"".join((*parts, piece[done:]))


def _next(marks: Places, ends: Places, places: Places) -> Places:
    """The first mark from each place on, or its end where that comes first."""
    if not len(marks):
        return ends
    at = np.searchsorted(marks, places)
    return np.minimum(np.where(at < len(marks), marks[np.minimum(at, len(marks) - 1)], ends), ends)


def _numbers_at(
    data: npt.NDArray[np.uint8], places: Places, lengths: Places
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.bool_]]:
    """The keys at these places, each as one number, and which are too long for that."""
    padded = np.concatenate([data, np.zeros(_WIDTH, np.uint8)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WIDTH)[places]
    return _mixed(windows.view("<u8") & _MASKS[np.minimum(lengths, _WIDTH)]), lengths >= _WIDTH


def _keys_as_numbers(keys: Collection[str]) -> npt.NDArray[np.uint64]:
    short = [key.encode() for key in (*keys, ".", "") if len(key.encode()) < _WIDTH]
    windows = np.zeros((len(short), _WIDTH), np.uint8)
    for row, key in enumerate(short):
        windows[row, : len(key)] = np.frombuffer(key, np.uint8)
    return _mixed(windows.view("<u8"))


def _mixed(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Three words of 8 bytes as one; that two keys of one file meet is as likely as 1 in 2^40."""
    mixed: npt.NDArray[np.uint64] = (
        words[:, 0] ^ (words[:, 1] * np.uint64(0x9E3779B97F4A7C15)) ^ (words[:, 2] * np.uint64(0xC2B2AE3D27D4EB4F))
    )
    return mixed
