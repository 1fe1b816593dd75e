"""How is a whole column of dates written as text read, and written again in the same form?

Every field of a date has its place in the text, so numpy reads two digits of all rows at once and writes them in place:
what isn't part of the date (a time of day, a zone) stays as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from transforms.civil_days import MONTH_START, spell
from transforms.errors import InvalidOption

if TYPE_CHECKING:
    import numpy.typing as npt

    Days = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Cells = npt.NDArray[np.uint8]

_WIDTHS: Final = MappingProxyType({"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 6})
_LIMITS: Final = MappingProxyType({"H": 23, "M": 59, "S": 59})
_LONGEST: Final = 64

_NO_NUMBER: Final = -30_000
"""What stands for two characters that are no digits: no sum with another pair gets over 0."""


def _read_pairs() -> npt.NDArray[np.int32]:
    pairs = np.full(1 << 16, _NO_NUMBER, np.int32)
    numbers = np.arange(100)
    pairs[(48 + numbers // 10) | (48 + numbers % 10) << 8] = numbers
    return pairs


_NUMBER_OF: Final = _read_pairs()

Part: TypeAlias = "tuple[str, str | int]"


@dataclass(frozen=True)
class Layout:
    """Where each field stands in the text of a date.

    Attributes:
        width: Bytes of the text.
        places: Field (Y m d H M S) to where it begins.
        literals: Position and the bytes that may stand there.
        digits: Positions of other digits: of a fraction, of a zone.
        fraction: Those of them that belong to the fraction.
    """

    width: int
    places: tuple[tuple[str, int], ...]
    literals: tuple[tuple[int, bytes], ...]
    digits: tuple[int, ...]
    fraction: tuple[int, ...]

    @classmethod
    def of(cls, parts: list[Part]) -> Layout:
        """Lay out parts: ("field", letter), ("literal", characters allowed), ("fraction" or "zone", digits)."""
        at, places, literals = 0, [], []
        digits: dict[str, list[int]] = {"fraction": [], "zone": []}
        for kind, what in parts:
            if kind == "field":
                places.append((str(what), at))
                at += _WIDTHS[str(what)]
            elif kind == "literal":
                literals.append((at, str(what).encode()))
                at += 1
            else:
                digits[kind] += range(at, at + int(what))
                at += int(what)
        return cls(
            at, tuple(places), tuple(literals), (*digits["fraction"], *digits["zone"]), tuple(digits["fraction"])
        )

    @cached_property
    def place(self) -> dict[str, int]:
        """Field to where it begins."""
        return dict(self.places)

    def read(self, cells: Cells) -> tuple[Days, Flags]:
        """Read n texts, shape (n, width): days from 1970 and whether the text is a date in this layout."""
        good = np.ones(len(cells), np.bool_)
        for at, allowed in self.literals:
            good &= (
                np.isin(cells[:, at], np.frombuffer(allowed, np.uint8))
                if len(allowed) > 1
                else (cells[:, at] == allowed[0])
            )
        for at in self.digits:
            good &= (cells[:, at] - np.uint8(48)) <= 9
        for field, limit in _LIMITS.items():
            if field in self.place:
                number = self._pair(cells, self.place[field])
                good &= (number >= 0) & (number <= limit)
        years = self._pair(cells, self.place["Y"]) * 100 + self._pair(cells, self.place["Y"] + 2)
        months = self._pair(cells, self.place["m"]) if "m" in self.place else np.int32(1)
        dates = self._pair(cells, self.place["d"]) if "d" in self.place else np.int32(1)
        good &= (years >= 1) & (months >= 1) & (months <= 12) & (dates >= 1)
        month = np.where(good, years * 12 + (months - 1), 12)
        days = np.take(MONTH_START, month) + (dates - 1)
        good &= days < np.take(MONTH_START, month + 1)
        return days, good

    def write(self, cells: Cells, days: Days, *, midnight: bool) -> None:
        """Write n days into n texts; at midnight if asked, else the time of day stays."""
        texts = spell(days)
        for field, digits, kind in (("Y", texts.year, "<u4"), ("m", texts.month, "<u2"), ("d", texts.day, "<u2")):
            if field in self.place:
                _view(cells, self.place[field], kind)[:] = digits
        if midnight:
            for field in _LIMITS:
                if field in self.place:
                    cells[:, self.place[field] : self.place[field] + 2] = 48
            cells[:, self.fraction] = 48

    def _pair(self, cells: Cells, at: int) -> npt.NDArray[np.int32]:
        return np.take(_NUMBER_OF, _view(cells, at, "<u2"))


def _view(cells: Cells, at: int, kind: str) -> npt.NDArray[np.unsignedinteger[Any]]:
    """See the bytes from `at` on in each text as one number."""
    return np.ndarray((len(cells),), kind, cells.data, at, (cells.strides[0],)) if len(cells) else np.zeros(0, kind)


_DATE: Final[list[Part]] = [
    ("field", "Y"),
    ("literal", "-"),
    ("field", "m"),
    ("literal", "-"),
    ("field", "d"),
]
_HOUR: Final[list[Part]] = [("literal", "T t"), ("field", "H"), ("literal", ":"), ("field", "M")]
_ZONES: Final[tuple[list[Part], ...]] = (
    [],
    [("literal", "Zz")],
    [("literal", "+-"), ("zone", 2), ("literal", ":"), ("zone", 2)],
    [("literal", "+-"), ("zone", 4)],
    [("literal", "+-"), ("zone", 2)],
)


@cache
def iso_layouts() -> MappingProxyType[int, tuple[Layout, ...]]:
    """Every form of an ISO 8601 calendar date, with or without a time and a zone, by width; and FHIR's partial dates."""
    seconds: list[list[Part]] = [[], [("literal", ":"), ("field", "S")]]
    seconds += [[*seconds[1], ("literal", ".,"), ("fraction", length)] for length in range(1, 10)]
    forms = [_DATE[:1], _DATE[:3], _DATE, *([*_DATE, *_HOUR, *second, *zone] for second in seconds for zone in _ZONES)]
    layouts = [Layout.of(form) for form in forms]
    widths = sorted({layout.width for layout in layouts})
    return MappingProxyType({width: tuple(each for each in layouts if each.width == width) for width in widths})


@cache
def declared_layouts(declared: str) -> MappingProxyType[int, tuple[Layout, ...]]:
    """Lay out a format in the words of strptime, as "%d/%m/%Y %H:%M".

    Raises:
        InvalidOption: A directive without a fixed width, one that occurs twice, or no whole date.
    """
    parts: list[Part] = []
    for directive, literal in re.findall(
        r"%(.)|(.)", declared.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S"), re.DOTALL
    ):
        if directive == "f":
            parts.append(("fraction", 6))
        elif directive in _WIDTHS:
            parts.append(("field", directive))
        elif directive not in ("", "%") or not (directive or literal).isascii():
            raise InvalidOption(
                f"the format {declared!r} has no fixed places",
                hint="Write it with %Y %m %d %H %M %S %f and ASCII marks.",
            )
        else:
            parts.append(("literal", directive or literal))
    fields = [what for kind, what in parts if kind == "field"]
    if len(set(fields)) != len(fields) or not {"Y", "m", "d"} <= set(fields):
        raise InvalidOption(f"the format {declared!r} needs %Y, %m and %d once each")
    layout = Layout.of(parts)
    return MappingProxyType({layout.width: (layout,)})


@dataclass(frozen=True)
class DateText:
    """Texts that were read as dates, and their way back.

    Attributes:
        days: n days from 1970-01-01; 0 where the text is no date.
        good: n booleans: whether the text is a date in one of the layouts.
        whole: n booleans: whether it names its day; FHIR's 1970-05 doesn't.
    """

    days: Days
    good: Flags
    whole: Flags
    _offsets: npt.NDArray[np.int64]
    _data: Cells
    _groups: tuple[tuple[Layout, npt.NDArray[np.intp] | None], ...]

    @classmethod
    def read(cls, text: pa.Array, layouts: MappingProxyType[int, tuple[Layout, ...]]) -> DateText:
        """Read n texts (large_string, no nulls)."""
        offsets = (
            np.frombuffer(text.buffers()[1], np.int64, len(text) + 1, text.offset * 8)
            if len(text)
            else np.zeros(1, np.int64)
        )
        data = (
            np.frombuffer(text.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
            if offsets[-1] > offsets[0]
            else np.zeros(0, np.uint8)
        )
        offsets = offsets - offsets[0]
        days, good, whole = np.zeros(len(text), np.int64), np.zeros(len(text), np.bool_), np.zeros(len(text), np.bool_)
        groups: list[tuple[Layout, npt.NDArray[np.intp] | None]] = []
        lengths = np.diff(offsets)
        for width in np.flatnonzero(np.bincount(np.minimum(lengths, _LONGEST))).tolist():
            rest = (
                None
                if len(lengths) * width == len(data) and (lengths == width).all()
                else np.flatnonzero(lengths == width)
            )
            for layout in layouts.get(width, ()):
                cells = _cells(data, offsets, rest, width)
                found, fits = layout.read(cells)
                if rest is None and fits.all():
                    groups.append((layout, None))
                    days, good, whole = found, fits, np.full(len(text), "d" in layout.place)
                    break
                rows = np.arange(len(text)) if rest is None else rest
                here = rows[fits]
                if len(here):
                    groups.append((layout, here))
                    days[here], good[here], whole[here] = found[fits], True, "d" in layout.place
                rest = rows[~fits]
                if not len(rest):
                    break
        return cls(days, good, whole, offsets, data, tuple(groups))

    def write(self, days: Days, *, midnight: bool) -> pa.Array:
        """Write n days in the forms that were read, as n large_strings; what was no date comes back empty."""
        data = self._data.copy()
        for layout, rows in self._groups:
            cells = _cells(data, self._offsets, rows, layout.width)
            layout.write(cells, days if rows is None else days[rows], midnight=midnight)
            if rows is not None:
                data[self._offsets[rows, None] + np.arange(layout.width)] = cells
        return pa.LargeStringArray.from_buffers(len(days), pa.py_buffer(self._offsets), pa.py_buffer(data))


def _cells(data: Cells, offsets: Days, rows: npt.NDArray[np.intp] | None, width: int) -> Cells:
    """See texts of one width as (n, width) bytes: in place for all rows, a copy for some."""
    if rows is None:
        return data.reshape(-1, width)
    cells: Cells = data[offsets[rows, None] + np.arange(width)]
    return cells
