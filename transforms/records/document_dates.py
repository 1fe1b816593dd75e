"""How does a date of a document move or get cut short, and stay written as its format writes it?

FHIR writes 1970-05-17, HL7 v2 and DICOM write 19700517; all three know dates that end after the year or the month, and
such a date says no more afterwards than before. What follows the day (time, zone) is left as it is: a shift is whole days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from transforms.dates import shift_dates

if TYPE_CHECKING:
    from transforms.keys import Key

DateStyle: TypeAlias = Literal["iso", "compact", "whole"]
"""`iso`: 1970-05-17, may end early. `compact`: 19700517, may end early. `whole`: 19700517, never ends early."""

_FORM: Final[dict[DateStyle, str]] = {
    "iso": r"^(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?P<rest>T.*)?)?)?$",
    "compact": r"^(?P<year>\d{4})(?:(?P<month>\d\d)(?:(?P<day>\d\d)(?P<rest>.*)?)?)?$",
    "whole": r"^(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<rest>.*)?$",
}
_LENGTH: Final = {"year": 4, "month": 7, "day": 10}


def move_dates(
    values: pa.Array, key: Key | None, *, by: pa.Array | None, style: DateStyle, to: str | None = None, days: int = 365
) -> pa.Array:
    """Move dates of documents by their patients' shifts, cut them short, or both.

    A date without a day is moved from the middle of what it names, and is written as short as it was.

    Args:
        values: n dates as their format writes them.
        key: The domain's key; None: nothing is moved.
        by: The n patients; a date without one becomes null.
        style: How the format writes dates.
        to: year, month or day, after which nothing is told; `whole` writes the first day of it instead.
        days: Greatest shift.

    Returns:
        n strings, null where the text is no date, has no patient, or would leave the calendar.

    Example:
        >>> move_dates(pa.array(["1970-05-17T08:30:00+01:00", "1970", "x"]), None, by=None, style="iso", to="month").to_pylist()
        ['1970-05', '1970', None]
        >>> move_dates(pa.array(["19700517"]), None, by=None, style="whole", to="year").to_pylist()
        ['19700101']
    """
    parts = pc.extract_regex(values.cast(pa.string()), _FORM[style])
    year, month, day, rest = (pc.struct_field(parts, name) for name in ("year", "month", "day", "rest"))
    month, day, rest = (pc.fill_null(part, "") for part in (month, day, rest))
    has_month, has_day = pc.not_equal(month, ""), pc.not_equal(day, "")
    whole = pc.binary_join_element_wise(
        year,
        pc.if_else(has_month, month, "07"),
        pc.if_else(has_day, day, pc.if_else(has_month, "15", "02")),
        "-",
    )
    if key is not None:
        whole = shift_dates(_where(whole, by), key, by=pc.fill_null(by, ""), days=days, invalid="suppress")
    else:
        whole = _real(whole)
    length = pc.if_else(has_day, 10, pc.if_else(has_month, 7, 4)).cast(pa.int64())
    if to is not None:
        length = pc.min_element_wise(length, pa.scalar(_LENGTH[to], pa.int64()))
    return _written(whole, length, rest, style, to=to)


def _where(whole: pa.Array, by: pa.Array | None) -> pa.Array:
    known = pc.and_(pc.is_valid(by), pc.not_equal(pc.fill_null(by, ""), ""))
    return pc.if_else(known, whole, pa.scalar(None, pa.string()))


def _real(whole: pa.Array) -> pa.Array:
    """Null where the text names no day that there is."""
    days = pc.strptime(whole, "%Y-%m-%d", unit="s", error_is_null=True)
    return pc.if_else(pc.is_valid(days), whole, pa.scalar(None, pa.string()))


def _written(whole: pa.Array, length: pa.Array, rest: pa.Array, style: DateStyle, *, to: str | None) -> pa.Array:
    def cut(at: int) -> Any:  # noqa: ANN401 - Arrow is untyped
        text = pc.utf8_slice_codeunits(whole, 0, at)
        if style == "whole":
            text = pc.binary_join_element_wise(text, pa.scalar({4: "-01-01", 7: "-01", 10: ""}[at]), "")
        return text if style == "iso" else pc.replace_substring(text, "-", "")

    # A date that was cut says no time of day.
    full = pc.binary_join_element_wise(cut(10), rest, "") if to is None else cut(10)
    return pc.if_else(pc.equal(length, 10), full, pc.if_else(pc.equal(length, 7), cut(7), cut(4)))
