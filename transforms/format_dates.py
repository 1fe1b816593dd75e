"""How does a date become another real date that the key turns back?

The days of the years 0001 to 9999 number 3,652,059, more than the million that SP 800-38G rev. 1 asks for; FF1 on seven
digits walks on (cycle walking) until it lands among them, which is still a permutation. A smaller range, as the last
century, would be too small for it: whoever wants plausible dates shifts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from transforms.civil_days import FIRST_DAY, LAST_DAY
from transforms.crypto.ff1 import ColumnFf1
from transforms.date_columns import day_of, plain_dates, restored, rewrite_text
from transforms.date_text import iso_layouts
from transforms.errors import InvalidColumn
from transforms.recode import is_text, refuse

if TYPE_CHECKING:
    from transforms.column import ArrowColumn
    from transforms.date_columns import Days, Flags

_DAYS: Final = LAST_DAY - FIRST_DAY + 1
_HALF: Final = 10_000
_TWEAK: Final = b"date"


def encipher_dates(values: ArrowColumn, key: bytes, *, decrypt: bool) -> pa.Array:
    """Put another date of the years 0001 to 9999 in the place of each; time of day, zone and writing stay.

    Args:
        values: n dates: date32, date64, timestamps down to microseconds, or ISO 8601 text.
        key: 16 bytes.
        decrypt: Whether to turn back.

    Returns:
        n dates of the same type; null for null.

    Raises:
        InvalidColumn: No dates, or timestamps in nanoseconds, which hold six centuries only.
        InvalidValue: Text that is no whole date, or dates outside the years 0001 to 9999; names their rows.

    Example:
        >>> there = encipher_dates(pa.array(["1970-05-17", None]), bytes(16), decrypt=False)
        >>> encipher_dates(there, bytes(16), decrypt=True).to_pylist()
        ['1970-05-17', None]
    """
    ff1 = ColumnFf1(key, 10, _TWEAK)
    dates = plain_dates(values)
    if is_text(dates.type):
        result, refused = rewrite_text(
            dates,
            iso_layouts(),
            lambda days, _, whole: np.where(whole, _walked(ff1, days, decrypt), days),
            partial=False,
        )
        if refused.unreadable.any():
            refuse(
                refused.unreadable, what="can't be read as a whole date in ISO 8601", hint="Cast them to dates first."
            )
        return restored(result, values.type)
    if pa.types.is_timestamp(dates.type) and dates.type.unit == "ns":
        raise InvalidColumn(
            "a column of nanoseconds can't hold the dates of 9,999 years", hint="Cast it to microseconds."
        )
    valid: Flags = dates.is_valid().to_numpy(zero_copy_only=False)
    unit = day_of(dates.type)
    numbers = dates.view(pa.int32() if pa.types.is_date32(dates.type) else pa.int64()).fill_null(0)
    numbers = numbers.to_numpy().astype(np.int64)
    days = numbers // unit
    outside = valid & ((days < FIRST_DAY) | (days > LAST_DAY))
    if outside.any():
        refuse(outside, what="can't lie outside the years 0001 to 9999", hint="Correct them first.")
    moved = (_walked(ff1, days, decrypt) * unit + numbers % unit).astype(np.int32 if unit == 1 else np.int64)
    moved[~valid] = 0
    return restored(pa.array(moved, mask=~valid).view(dates.type), values.type)


def _walked(ff1: ColumnFf1, days: Days, decrypt: bool) -> Days:  # noqa: FBT001 - private, named by its caller
    number = (days - FIRST_DAY).astype(np.uint64)
    todo = np.arange(len(number))
    while len(todo):
        # FF1's halves of seven digits: three and four.
        left, right = number[todo] // np.uint64(_HALF), number[todo] % np.uint64(_HALF)
        left, right = ff1.many(left, right, 7, decrypt=decrypt)
        number[todo] = left * np.uint64(_HALF) + right
        todo = todo[number[todo] >= _DAYS]
    walked: Days = number.astype(np.int64) + FIRST_DAY
    return walked
