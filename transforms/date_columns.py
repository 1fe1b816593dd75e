"""How does one change reach every date of a column, be it an Arrow date, a timestamp or text?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.civil_days import FIRST_DAY, LAST_DAY
from transforms.date_text import DateText, iso_layouts
from transforms.errors import InvalidColumn
from transforms.recode import is_text, like_dictionary, one_array, refuse, value_type

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import MappingProxyType

    import numpy.typing as npt

    from transforms.column import ArrowColumn
    from transforms.date_text import Layout

    Days: TypeAlias = npt.NDArray[np.int64]
    Flags: TypeAlias = npt.NDArray[np.bool_]
    Change: TypeAlias = "Callable[[Days, npt.NDArray[np.intp], Flags], Days]"

_DAY_IN: Final = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_ROWS: Final = 1 << 16


@dataclass(frozen=True)
class Refused:
    """The rows of a column that a change could not take.

    Attributes:
        unreadable: n booleans: text that is no date in the form declared.
        too_far: n booleans: a date whose change leaves the range of its type.
    """

    unreadable: Flags
    too_far: Flags


def plain_dates(values: ArrowColumn) -> pa.Array:
    """Give dates as one array: a date or timestamp type as it is, any text as large_string, a dictionary decoded.

    Raises:
        InvalidColumn: The type holds no dates.
    """
    held = value_type(values.type)
    if not (is_text(held) or pa.types.is_date(held) or pa.types.is_timestamp(held) or pa.types.is_null(held)):
        raise InvalidColumn(f"a column of {held} holds no dates", hint="Cast it to a date, a timestamp or text.")
    array = one_array(values)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.large_string()) if is_text(held) or pa.types.is_null(held) else array


def restored(dates: pa.Array, type_: pa.DataType) -> pa.Array:
    """Bring plain dates back to the type they came from, a dictionary included."""
    if pa.types.is_null(type_):
        return pa.nulls(len(dates))
    dates = dates.cast(value_type(type_))
    return like_dictionary(dates, type_) if pa.types.is_dictionary(type_) else dates


def day_of(type_: pa.DataType) -> int:
    """Count a day in the units of a date or timestamp type."""
    if pa.types.is_date32(type_):
        return 1
    return _DAY_IN["ms" if pa.types.is_date(type_) else type_.unit]


def shift_instants(dates: pa.Array, shifts: npt.NDArray[np.int32]) -> tuple[pa.Array, Refused]:
    """Add days of 24 hours to dates or timestamps; what would overflow becomes null and is told."""
    narrow = pa.types.is_date32(dates.type)
    kind: Any = np.int32 if narrow else np.int64
    day = day_of(dates.type)
    valid = dates.is_valid().to_numpy(zero_copy_only=False)
    numbers: npt.NDArray[Any] = np.zeros(0, kind)
    if len(dates):
        numbers = np.frombuffer(dates.buffers()[1], kind, len(dates), dates.offset * np.dtype(kind).itemsize)
    moves = shifts.astype(kind) * kind(day)
    moved = numbers + moves
    # A sum wraps around exactly where it ends on the other side than the move went.
    too_far = valid & ((moved < numbers) != (moves < 0))
    held = valid & ~too_far
    moved = np.where(held, moved, kind(0))
    unreadable = np.zeros(len(dates), np.bool_)
    return pa.array(moved, mask=~held).view(dates.type), Refused(unreadable, too_far)


def cut_instants(dates: pa.Array, to: str) -> pa.Array:
    """Cut dates or timestamps, in their own zone, to the start of their year, quarter, month, week or day.

    Where summer time leaves no midnight, the day starts with its first instant.

    Raises:
        InvalidValue: Dates outside the years 0001 to 9999, which Arrow's calendar miscounts; names their rows.
    """
    days, known = local_days(dates)
    outside = known & ((days < FIRST_DAY) | (days > LAST_DAY))
    if outside.any():
        refuse(outside, what="can't be cut outside the years 0001 to 9999", hint="Correct them first.")
    zone = dates.type.tz if pa.types.is_timestamp(dates.type) else None
    floor = pc.floor_temporal(_local(dates), unit=to)
    wrapped = pc.fill_null(pc.greater(floor, _local(dates)), False)
    if pc.any(wrapped).as_py():
        refuse(
            wrapped.to_numpy(zero_copy_only=False),
            what="would leave the range of their type",
            hint="Correct them first.",
        )
    return floor if zone is None else pc.assume_timezone(floor, zone, ambiguous="earliest", nonexistent="latest")


def _local(dates: pa.Array) -> pa.Array:
    if not pa.types.is_timestamp(dates.type) or dates.type.tz is None:
        return dates
    try:
        return pc.local_timestamp(dates)
    except pa.ArrowInvalid:
        raise InvalidColumn(f"the time zone {dates.type.tz} is unknown", hint="Name one of the IANA's.") from None


def rewrite_text(
    text: pa.Array,
    layouts: MappingProxyType[int, tuple[Layout, ...]],
    change: Change,
    *,
    partial: bool,
    midnight: bool = False,
) -> tuple[pa.Array, Refused]:
    """Read text as dates, change the dates and write them in the same form.

    Args:
        text: n large_strings.
        layouts: The forms that a date may have.
        change: Takes days from 1970-01-01, the numbers of their rows, and whether each text names its day; gives days.
        partial: Whether a text without a day (1970-05) may be changed.
        midnight: Whether the time of day becomes 00:00.

    Returns:
        n large_strings, null where the text could not be taken, and the rows of these.
    """
    refused = Refused(np.zeros(len(text), np.bool_), np.zeros(len(text), np.bool_))
    written = []
    # Pieces that stay in the cache: 3 times faster than whole columns at 5 million rows.
    for low in range(0, len(text), _ROWS):
        piece = text.slice(low, _ROWS)
        dense = piece.drop_null()
        rows = low + np.flatnonzero(piece.is_valid().to_numpy(zero_copy_only=False))
        parsed = DateText.read(dense, layouts)
        readable = parsed.good if partial else parsed.good & parsed.whole
        changed = change(parsed.days, rows, parsed.whole)
        inside = (changed >= FIRST_DAY) & (changed <= LAST_DAY)
        held = readable & inside
        refused.unreadable[rows] = ~readable
        refused.too_far[rows] = readable & ~inside
        result = parsed.write(np.where(held, changed, 0), midnight=midnight)
        if len(dense) < len(piece) or not held.all():
            # Taking leaves nothing under a null: what was refused doesn't stay in the buffer.
            places = np.full(len(piece), -1)
            places[rows[held] - low] = np.flatnonzero(held)
            result = result.take(pa.array(places, mask=places < 0))
        written.append(result)
    return pa.chunked_array(written, pa.large_string()).combine_chunks(), refused


def local_days(dates: pa.Array) -> tuple[Days, Flags]:
    """Give days from 1970-01-01 and whether each is known; a timestamp with a zone counts by its local date.

    Raises:
        InvalidValue: Text that is no whole ISO 8601 date; names the rows.
    """
    known = dates.is_valid().to_numpy(zero_copy_only=False)
    days = np.zeros(len(dates), np.int64)
    if is_text(dates.type):
        parsed = DateText.read(dates.drop_null(), iso_layouts())
        bad = known.copy()
        bad[known] = ~(parsed.good & parsed.whole)
        if bad.any():
            refuse(bad, what="can't be read as a date in ISO 8601", hint="Cast them to dates first.")
        days[known] = parsed.days
        return days, known
    local = _local(dates)
    number = pa.int32() if pa.types.is_date32(local.type) else pa.int64()
    days[:] = pc.fill_null(local.cast(number), 0).to_numpy() // day_of(local.type)
    return days, known
