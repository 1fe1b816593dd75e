"""What does a column look like: how many values, how many apart, of which shapes?

Counts are exact and see every row; shapes and words are read from a sample that is spread evenly over the rows.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.detection.folding import fold
from transforms.detection.shapes import shape_of

SAMPLE_ROWS = 1_000
SAMPLE_VALUES = 200
_FIRST_ROWS = 10_000
MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "none",
        "\\n",
        "-",
        "--",
        "?",
        ".",
        "nil",
        "nd",
        "nr",
        "#n/a",
        "nat",
        "<na>",
        "unknown",
    }
)
_YES_NO = frozenset(
    [
        "true",
        "false",
        "t",
        "f",
        "yes",
        "no",
        "y",
        "n",
        "oui",
        "non",
        "o",
        "vrai",
        "faux",
        "ja",
        "nein",
        "j",
        "si",
        "sí",
        "s",
        "0",
        "1",
        "0.0",
        "1.0",
        "wahr",
        "falsch",
        "present",
        "absent",
    ]
)
_UNSAID = frozenset(["nk", "unk", "na_na", "not known", "unclear", "inconnu", "unbekannt", "unb", "ns/nc", "nc", "nsp"])
"""What stands beside yes and no where nobody knew."""
_NUMBERED = re.compile(r"^\d{1,2}[ _.)=:-]+(?=\D)")
"""A number in front of a label, as statistics packages write it: 1_yes, 0: no."""
_FEW = 4


@dataclass(frozen=True)
class Profile:
    """A column, seen once.

    Attributes:
        name: The field's name; for a nested field, its path.
        position: Place in the table, from 0.
        rows: Number of rows.
        nulls: Rows without a value.
        unique: Every value occurs once, over all rows.
        counting: The values are 1, 2, 3... (or 0, 1, 2...) from row to row.
        values: Sampled values as text, in row order, missing ones left out; typed values as CSV would write them.
        longest: Length in bytes of the longest value over all rows (0 when it isn't text).
        typed: The Arrow type's family: text, integer, float, date, boolean or other.
    """

    name: str
    position: int
    rows: int
    nulls: int
    unique: bool
    counting: bool
    values: tuple[str, ...]
    longest: int
    typed: str

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """The first different values of the sample."""
        return tuple(dict.fromkeys(self.values))[:SAMPLE_VALUES]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The different values, folded."""
        return tuple(fold(value[:200]) for value in self.distinct)

    @cached_property
    def variety(self) -> float:
        """Different values in the sample, as a share of its values."""
        return len(set(self.values)) / len(self.values) if self.values else 0.0

    @cached_property
    def shares(self) -> dict[str, float]:
        """Shape to the share of the different values that have it."""
        counts = Counter(shape_of(value) for value in self.distinct)
        return {shape: count / len(self.distinct) for shape, count in counts.most_common()}

    @cached_property
    def shape(self) -> str:
        """The shape that most values have; `empty` without values."""
        if not self.values:
            return "empty"
        if self.typed in {"boolean", "date"}:
            return {"boolean": "flag", "date": "date"}[self.typed]
        different = {_NUMBERED.sub("", value.lower()) for value in self.distinct[:_FEW]}
        if len(self.distinct) <= _FEW and 1 <= len(different - _UNSAID) <= 2 and different - _UNSAID <= _YES_NO:
            return "flag"
        shape, share = next(iter(self.shares.items()))
        return shape if share >= 0.9 else self._mixed_shape(shape)

    def _mixed_shape(self, most: str) -> str:
        shares = self.shares
        numbers = shares.get("integer", 0) + shares.get("decimal", 0)
        sentences = shares.get("words", 0) + shares.get("text", 0)
        prose = sentences + shares.get("word", 0)
        for shape, holds in (
            ("decimal", numbers >= 0.9),
            ("text", shares.get("text", 0) >= 0.3 and prose >= 0.7),
            ("words", prose >= 0.85 and sentences >= 0.3),
            ("word", prose >= 0.85),
            ("date", shares.get("date", 0) >= 0.6),
            ("digits", numbers + shares.get("digits", 0) >= 0.9),
        ):
            if holds:
                return shape
        return most

    @cached_property
    def length(self) -> float:
        """Median length of the sampled values in characters."""
        return float(np.median([len(value) for value in self.distinct])) if self.distinct else 0.0

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The sampled values that are numbers."""
        if self.shape not in {"integer", "decimal", "flag"}:
            return ()
        found = []
        for value in self.values:
            try:
                found.append(float(value.replace(",", ".")))
            except ValueError:
                continue
        return tuple(found)


def profile(name: str, column: pa.ChunkedArray, position: int) -> Profile:
    """Read one column's profile; nulls and the usual words for nothing (NA, null, -) count as missing."""
    rows = len(column)
    typed = family(column.type)
    values = held_texts(spread(column, SAMPLE_ROWS))
    if len(values) < min(50, rows - column.null_count) and typed == "text":
        # A sparse column: take from the rows that hold something.
        values = held_texts(spread(column.filter(pc.greater(pc.binary_length(column), 0)), SAMPLE_ROWS))
    longest = 0
    if typed == "text" and rows:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
    unique = len(values) > 1 and len(set(values)) == len(values) and _all_differ(column)
    return Profile(
        name,
        position,
        rows,
        column.null_count,
        unique,
        unique and counts_up(values[0], values[-1], rows),
        values,
        longest,
        typed,
    )


def spread(column: pa.ChunkedArray, most: int) -> pa.ChunkedArray:
    """Take at most `most` rows, spread evenly from the first to the last."""
    if len(column) <= most:
        return column
    picked = np.unique(np.linspace(0, len(column) - 1, most).astype(np.int64))
    # Not pa.array(picked): that imports pandas where it is installed, to ask whether this is one of its columns.
    return column.take(pa.Int64Array.from_buffers(pa.int64(), len(picked), [None, pa.py_buffer(picked)]))


def held_texts(column: pa.ChunkedArray) -> tuple[str, ...]:
    """The values that say something, as CSV would write them; nulls and the usual words for nothing are left out."""
    return tuple(text for text in _as_text(column) if text.lower() not in MISSING)


def family(kind: pa.DataType) -> str:
    """The family of an Arrow type: text, binary, boolean, integer, float, date or other."""
    types = pa.types
    groups = (
        ("text", (types.is_string, types.is_large_string, types.is_string_view)),
        ("binary", (types.is_binary, types.is_large_binary)),
        ("boolean", (types.is_boolean,)),
        ("integer", (types.is_integer,)),
        ("float", (types.is_floating, types.is_decimal)),
        ("date", (types.is_date, types.is_timestamp)),
    )
    return next((group for group, tests in groups if any(test(kind) for test in tests)), "other")


def as_text(column: pa.ChunkedArray, *, keep_nulls: bool = False) -> list[str | None]:
    """Read values as CSV would write them, row by row; nulls are None, or left out."""
    if not keep_nulls:
        return list(_as_text(column))
    filled = iter(_as_text(column.drop_null() if family(column.type) != "float" else _finite(column).drop_null()))
    present = (column if family(column.type) != "float" else _finite(column)).is_valid().to_pylist()
    return [next(filled) if there else None for there in present]


def _finite(column: pa.ChunkedArray) -> pa.ChunkedArray:
    numbers = column.cast(pa.float64())
    return pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))


def _as_text(column: pa.ChunkedArray) -> list[str]:
    if family(column.type) == "float":
        numbers = [value for value in column.to_pylist() if value is not None and value == value]  # noqa: PLR0124 - not NaN
        return [
            str(int(value)) if value == int(value) and abs(value) < 1e18 else repr(float(value))
            for value in numbers
            if abs(value) != float("inf")
        ]
    if family(column.type) == "binary":
        return [b64encode(value[:60]).decode() for value in column.to_pylist() if value is not None]
    return [str(value)[:20_000].strip() for value in texts_of(column) if value is not None]


def texts_of(column: pa.ChunkedArray) -> list[Any]:
    """Python values of a column; bytes that are no UTF-8 are replaced, not refused."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return [
            None if value is None else value.decode("utf-8", "replace")
            for value in column.cast(pa.binary()).to_pylist()
        ]


def _all_differ(column: pa.ChunkedArray) -> bool:
    # A repeated value mostly shows in the first rows already, at a fifth of the cost.
    if len(column) > 5 * _FIRST_ROWS and not _all_differ(column.slice(0, _FIRST_ROWS)):
        return False
    try:
        return bool(pc.count_distinct(column, mode="only_valid").as_py() >= (len(column) - column.null_count) * 0.999)
    except pa.ArrowNotImplementedError:
        return False


def counts_up(first_value: str, last_value: str, rows: int) -> bool:
    """Whether the first and the last of so many different values are those of 1, 2, 3... or 0, 1, 2...

    Example:
        >>> counts_up("1", "500", 500), counts_up("80012", "80511", 500)
        (True, False)
    """
    try:
        first, last = int(first_value), int(last_value)
    except ValueError:
        return False
    return first in {0, 1} and abs(last - first - (rows - 1)) <= rows * 0.01
