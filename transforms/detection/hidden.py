"""In which rows of a text field does an identifier hide? Every row is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from transforms.detection.checks import CHECKS
from transforms.detection.looks import ANY, LOOKS
from transforms.detection.profile import spread, texts_of

if TYPE_CHECKING:
    from transforms.detection.looks import Look

SHORTEST = 9
CHECKED_ROWS = 10_000
_FEW_ROWS = 100
_LONG = 100_000
_PART, _OVERLAP = 10_000, 60
_MACHINE_MADE = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{32,128})(?![0-9a-z])",
    re.IGNORECASE,
)
"""UUIDs and hashes: digits by chance, never a phone number."""


@dataclass(frozen=True)
class Hidden:
    """Rows of a field that hold an identifier of a kind among other text."""

    kind: str
    rows: int
    words: str


def find_hidden(column: pa.ChunkedArray) -> tuple[Hidden, ...]:
    """Count the rows of a text column that hold identifiers; nothing is returned of the values themselves.

    Each sort of identifier is looked for apart, so that a rare one is found among many of another sort.
    """
    count = HiddenCount()
    count.add(column)
    return count.result()


class HiddenCount:
    """Counts, part by part of a text column, the rows that hold identifiers; it keeps figures and no value."""

    def __init__(self) -> None:
        """Start at no row."""
        self._rows = 0
        self._checked = [0] * len(LOOKS)
        self._found = [0.0] * len(LOOKS)
        self._estimated = [False] * len(LOOKS)

    def add(self, column: pa.ChunkedArray) -> None:
        """Look at the next rows; once a sort had its 10,000 closer looks, every part gets a few and the count is about."""
        self._rows += len(column)
        rows = column.filter(pc.match_substring_regex(column, ANY))
        if len(rows) == 0:
            return
        for number, look in enumerate(LOOKS):
            some = rows.filter(pc.match_substring_regex(rows, look.coarse))
            allowed = max(CHECKED_ROWS - self._checked[number], _FEW_ROWS)
            self._checked[number] += min(len(some), allowed)
            scale = max(1.0, len(some) / allowed)
            self._estimated[number] |= scale > 1
            self._found[number] += scale * sum(_holds(look, text) for text in texts_of(spread(some, allowed)))

    def result(self) -> tuple[Hidden, ...]:
        """What was found, in the order of `LOOKS`."""
        counted = zip(LOOKS, map(round, self._found), self._estimated, strict=True)
        return tuple(
            Hidden(
                look.kind,
                count,
                f"{'about ' if about else ''}{count} of {self._rows} rows hold{'s' if count == 1 else ''} {look.words}",
            )
            for look, count, about in counted
            if count
        )


def _holds(look: Look, raw: str) -> bool:
    text = _MACHINE_MADE.sub(" ", raw if len(raw) <= _LONG else _telling_parts(raw, look))
    matches = [match.group() for match in look.fine.finditer(text)]
    if look.unless and any(CHECKS[look.unless](match) for match in matches):
        return False
    return any(not look.check or CHECKS[look.check](match) for match in matches)


def _telling_parts(text: str, look: Look) -> str:
    """Those parts of a very long text that deserve a closer look; parts overlap, so that none is cut through."""
    parts = pa.array([text[start : start + _PART + _OVERLAP] for start in range(0, len(text), _PART)], pa.string())
    return " | ".join(parts.filter(pc.match_substring_regex(parts, look.coarse)).to_pylist())
