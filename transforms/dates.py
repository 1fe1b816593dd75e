"""How do dates keep what research needs, and lose the day that names a person? By a shift, or by being cut short."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np
import pyarrow as pa

from transforms.civil_days import first_of_month, months_of
from transforms.column import ColumnT, read_column
from transforms.date_columns import cut_instants, local_days, plain_dates, restored, rewrite_text, shift_instants
from transforms.date_text import declared_layouts, iso_layouts
from transforms.errors import InvalidColumn, InvalidOption
from transforms.patient_shift import patient_shifts
from transforms.recode import Invalid, check_invalid, is_text, refuse

if TYPE_CHECKING:
    from types import MappingProxyType

    from transforms.date_columns import Days, Flags, Refused
    from transforms.date_text import Layout
    from transforms.keys import Key
    from transforms.normalization import Normalization

Unit = Literal["year", "quarter", "month", "week", "day"]
"""What a date may be cut to."""


def shift_dates(
    column: ColumnT,
    key: Key,
    *,
    by: object,
    days: int = 365,
    format: str | None = None,  # noqa: A002 - the word of plans and policies
    keep_weekday: bool = False,
    field: str = "patient",
    normalize: bool | Normalization = True,
    invalid: Invalid = "stop",
) -> ColumnT:
    """Move all dates of a patient by the same number of days, which only the key knows.

    Intervals between dates of a patient stay true to the second, and so does their order; between patients they say
    nothing. The shift is the AES-CMAC of the patient under a key of this purpose and linking label, drawn evenly from
    -days to days without 0: equal keys, labels and `days` give a patient equal shifts in every table, note and run.

    Args:
        column: n dates: date32, date64, timestamp (any unit, with or without zone), or text.
        key: The domain's key.
        by: The n patients, any kind of column: text, numbers... An id counts the same however it is typed.
        days: Greatest shift, in days of 24 hours; 1 to 36525.
        format: How text is written, in strptime's words of fixed width ("%d/%m/%Y"); None for ISO 8601. The text's
            time of day and zone stay as they are.
        keep_weekday: Shift by whole weeks, so that a Monday stays a Monday. In a zone with summer time, an instant
            within an hour of midnight may change its date.
        field: The linking label of the patient. Tables whose shifts must agree say the same.
        normalize: How spellings of a patient are evened out, as for `pseudonymize`.
        invalid: What becomes of a text that is no whole date, or a date that would leave the range of its type:
            "stop" (an error) or "suppress" (null).

    Returns:
        n dates of the same type, or texts in the same form, in the caller's kind of column. Null stays null.

    Raises:
        InvalidValue: A date without a patient, or see `invalid`; names the rows.
        InvalidColumn: The column holds no dates, or `by` has another length.
        InvalidOption: `days` or `format` is out of range.

    Example:
        >>> from transforms import Key
        >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
        >>> visits = pa.array([date(2026, 1, 2), date(2026, 1, 9), None])
        >>> first, second, none = shift_dates(visits, key, by=pa.array(["p1", "p1", "p2"])).to_pylist()
        >>> (second - first).days, none
        (7, None)
    """
    check_invalid(invalid)
    read = read_column(column)
    patients = read_column(by).values
    if len(patients) != len(read.values):
        raise InvalidColumn(
            f"the column has {len(read.values)} values, by has {len(patients)}", hint="Pass each row's patient."
        )
    dates = plain_dates(read.values)
    shifts, known = patient_shifts(
        patients, key, days=days, field=field, keep_weekday=keep_weekday, normalize=normalize
    )
    if not known.all():
        lost = ~known & dates.is_valid().to_numpy(zero_copy_only=False)
        if lost.any():
            refuse(lost, what="can't be shifted without a patient", hint="Fill in the patient, or drop these rows.")
    if is_text(dates.type):
        result, refused = rewrite_text(
            dates, _layouts(format), lambda found, rows, _: found + shifts[rows], partial=False
        )
    else:
        result, refused = shift_instants(dates, shifts)
    if invalid == "stop":
        _refuse(refused, format)
    back: ColumnT = read.like(restored(result, read.values.type))
    return back


def truncate_dates(
    column: ColumnT,
    *,
    to: Unit = "month",
    format: str | None = None,  # noqa: A002 - the word of plans and policies
    invalid: Invalid = "stop",
) -> ColumnT:
    """Cut each date to the first day of its month (or year, quarter, week) and each time to midnight.

    Args:
        column: n dates: date32, date64, timestamp (cut in its own zone), or text.
        to: year, quarter, month, week (its Monday, ISO 8601) or day.
        format: How text is written, as for `shift_dates`; None for ISO 8601, partial dates such as 1970-05 included.
        invalid: What becomes of a text that is no date: "stop" (an error) or "suppress" (null).

    Returns:
        n dates of the same type, or texts in the same form, in the caller's kind of column. Null stays null.

    Raises:
        InvalidValue: See `invalid`; names the rows.
        InvalidColumn: The column holds no dates.
        InvalidOption: `to` or `format` is unknown.

    Example:
        >>> truncate_dates(pa.array(["1970-05-17", None]), to="month").to_pylist()
        ['1970-05-01', None]
    """
    check_invalid(invalid)
    if to not in get_args(Unit):
        raise InvalidOption(f"dates can't be cut to {to!r}", hint=f"Choose one of {', '.join(get_args(Unit))}.")
    read = read_column(column)
    dates = plain_dates(read.values)

    def cut(days: Days, _: object, whole: Flags) -> Days:
        # A text without a day is as coarse as a month already: its week would be that of a day it doesn't name.
        return np.where(whole, _first_day(days, to), _first_day(days, to) if to in ("year", "quarter") else days)

    if is_text(dates.type):
        result, refused = rewrite_text(dates, _layouts(format), cut, partial=True, midnight=True)
        if invalid == "stop":
            _refuse(refused, format)
    else:
        result = cut_instants(dates, to)
    back: ColumnT = read.like(restored(result, read.values.type))
    return back


def age_from(birth: ColumnT, at: object) -> ColumnT:
    """Count the whole years between birth and another date, as an age is counted: it changes on the birthday.

    Who was born on 29 February is a year older on 1 March in other years.

    Args:
        birth: n dates of birth: date32, date64, timestamp (its local date counts), or ISO 8601 text.
        at: n dates of the same sorts, or one `datetime.date` for all.

    Returns:
        n ages in years (int32) in `birth`'s kind of column; null where either date is null.

    Raises:
        InvalidValue: A text that is no whole date, or a date before birth; names the rows.
        InvalidColumn: A column holds no dates, or the lengths differ.

    Example:
        >>> age_from(pa.array([date(1970, 5, 17), None]), date(2026, 5, 16)).to_pylist()
        [55, None]
    """
    read = read_column(birth)
    born, known = local_days(plain_dates(read.values))
    if isinstance(at, date):
        then, also = np.full(len(born), at.toordinal() - _EPOCH), np.ones(len(born), np.bool_)
    else:
        then, also = local_days(plain_dates(read_column(at).values))
    if len(then) != len(born):
        raise InvalidColumn(
            f"birth has {len(born)} values, at has {len(then)}", hint="Pass one date a row, or one for all."
        )
    known = known & also
    if (early := known & (then < born)).any():
        refuse(early, what="can't lie before birth", hint="Check both columns.")
    months = months_of(then) - months_of(born)
    months -= then - first_of_month(then) < born - first_of_month(born)
    ages = pa.array((months // 12).astype(np.int32), mask=~known)
    back: ColumnT = read.like(ages)
    return back


def _refuse(refused: Refused, declared: str | None) -> None:
    if refused.unreadable.any():
        form = "ISO 8601" if declared is None else f"the format {declared}"
        mend = "Declare their format, or say invalid: suppress."
        refuse(refused.unreadable, what=f"can't be read as a whole date in {form}", hint=mend)
    if refused.too_far.any():
        mend = "Correct them, or say invalid: suppress."
        refuse(refused.too_far, what="would leave the range of dates that the type holds", hint=mend)


def _layouts(declared: str | None) -> MappingProxyType[int, tuple[Layout, ...]]:
    return iso_layouts() if declared is None else declared_layouts(declared)


def _first_day(days: Days, to: Unit) -> Days:
    if to == "day":
        return days
    if to == "week":
        return days - (days + _MONDAY) % 7
    return first_of_month(days, months={"month": 1, "quarter": 3, "year": 12}[to])


_EPOCH: Final = date(1970, 1, 1).toordinal()

_MONDAY: Final = 3
"""1970-01-01 was a Thursday, three days after a Monday."""
