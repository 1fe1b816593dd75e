"""A date becomes another date that the key turns back, of the same type and in the same writing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import Key, format_preserving
from transforms.errors import InvalidColumn, InvalidValue

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")


def there(column):
    return format_preserving(column, KEY, field="birth", kind="date")


def back(column):
    return format_preserving(column, KEY, field="birth", kind="date", decrypt=True)


@given(st.lists(st.none() | st.dates(), max_size=30))
def test_dates_become_dates_and_turn_back(days):
    for kind in (pa.date32(), pa.date64()):
        sealed = there(pa.array(days, kind))
        assert sealed.type == kind
        assert back(sealed).to_pylist() == days


@given(st.lists(st.dates(), unique=True, max_size=50))
def test_different_dates_become_different_ones(days):
    assert len(set(there(pa.array(days, pa.date32())).to_pylist())) == len(days)


def test_text_stays_text_and_says_the_same_date_as_a_date_column():
    sealed = there(pa.array(["1970-05-17", None, "1970-05-17T08:30:00Z"]))
    day = there(pa.array([date(1970, 5, 17)])).to_pylist()[0].isoformat()
    assert sealed.to_pylist() == [day, None, f"{day}T08:30:00Z"]
    assert back(sealed).to_pylist() == ["1970-05-17", None, "1970-05-17T08:30:00Z"]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_a_timestamp_keeps_its_time_of_day(unit):
    moments = [datetime(1969, 12, 31, 23, 59, 58, tzinfo=UTC), None]
    sealed = there(pa.array(moments, pa.timestamp(unit, "UTC")))
    assert sealed.to_pylist()[0].time() == moments[0].time()
    assert back(sealed).to_pylist() == moments


def test_the_first_and_the_last_day_have_their_place():
    days = [date.min, date.max, date.min + timedelta(1)]
    assert back(there(pa.array(days))).to_pylist() == days


def test_a_dictionary_comes_back_as_one(container, as_list, key):
    days = [date(2026, 1, 2), None, date(2026, 1, 2)]
    column = format_preserving(container(days, pa.date32()), key, field="birth", kind="date")
    expected = there(pa.array(days)).to_pylist()
    assert [getattr(day, "date", lambda day=day: day)() for day in as_list(column)] == expected


def test_what_is_no_date_is_named_by_row():
    with pytest.raises(InvalidValue, match=r"2 values can't be read as a whole date in ISO 8601 \(row 1, 2"):
        there(pa.array(["1970-05-17", "17/05/1970", "1970-05"]))
    with pytest.raises(InvalidValue, match=r"1 value can't lie outside the years 0001 to 9999 \(row 0"):
        there(pa.array([-800_000], pa.int32()).view(pa.date32()))
    with pytest.raises(InvalidColumn, match="nanoseconds"):
        there(pa.array([0], pa.timestamp("ns")))
    with pytest.raises(InvalidColumn, match="holds no dates"):
        there(pa.array([1]))
