"""Each type has one declared text, so that ids link however a column was typed and never by accident."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.canonical import canonical_string, canonical_text
from transforms.errors import InvalidColumn, InvalidValue

CASES = [
    (pa.array(["a", "", None]), ["a", "", None]),
    (pa.array([b"\xff", None], pa.binary()), [b"\xff", None]),
    (pa.array([12345, -7, 0, None], pa.int16()), ["12345", "-7", "0", None]),
    (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
    (pa.array([12345.0, -7.0, -0.0, float("nan"), None]), ["12345", "-7", "0", None, None]),
    (pa.array([285057512345612.0]), ["285057512345612"]),
    (pa.array([0.1, 2.0, None]), ["0.1", "2", None]),
    (pa.array([0.1, 16777215.0], pa.float32()), ["0.1", "16777215"]),
    (pa.array([0.5, 2047.0], pa.float16()), ["0.5", "2047"]),
    (pa.array([Decimal("12.50"), Decimal("12.00"), Decimal("-3.10"), None]), ["12.5", "12", "-3.1", None]),
    (pa.array([Decimal("0.00000010")], pa.decimal128(20, 8)), ["0.0000001"]),
    (pa.array([Decimal(1200)], pa.decimal128(5, -2)), ["1200"]),
    (pa.array([Decimal(100), Decimal(0)], pa.decimal128(5, 0)), ["100", "0"]),
    (pa.array([Decimal("100.0")], pa.decimal256(50, 1)), ["100"]),
    (pa.array([True, False, None]), ["true", "false", None]),
    (pa.array([date(2026, 11, 24), date(1899, 1, 2), None]), ["2026-11-24", "1899-01-02", None]),
    (pa.array([date(2026, 11, 24)], pa.date64()), ["2026-11-24"]),
    (pa.array([time(8, 30), time(8, 30, 0, 500000)]), ["08:30:00", "08:30:00.5"]),
    (pa.nulls(2), [None, None]),
    (pa.array([1, 1, None], pa.int64()).dictionary_encode(), ["1", "1", None]),
    (pa.chunked_array([[1], [], [2]], pa.int8()), ["1", "2"]),
    (pa.chunked_array([], pa.int8()), []),
]


@pytest.mark.parametrize(("column", "texts"), CASES, ids=lambda case: str(getattr(case, "type", "")))
def test_the_text_of_each_type(column, texts):
    assert canonical_text(column).to_pylist() == texts


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_have_one_text_in_every_unit(unit):
    moments = pa.array(["2026-11-24T00:00:00", "2026-11-24T08:30:00", None]).cast(pa.timestamp(unit))
    assert canonical_text(moments).to_pylist() == [
        "2026-11-24",
        "2026-11-24T08:30:00",
        None,
    ]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "+02:00"])
def test_a_moment_has_one_text_in_every_zone(zone):
    utc = pa.array(["2026-11-24T00:00:00", "2026-11-24T08:30:00.250"]).cast(pa.timestamp("us"))
    moment = utc.cast(pa.timestamp("us", zone))
    assert canonical_text(moment).to_pylist() == ["2026-11-24T00:00:00Z", "2026-11-24T08:30:00.25Z"]


def test_integer_float_decimal_and_text_of_one_id_have_one_text():
    columns = [
        pa.array([12345]),
        pa.array([12345.0]),
        pa.array([12345.0], pa.float32()),
        pa.array([Decimal("12345.000")]),
        pa.array(["12345"]),
    ]
    assert {canonical_text(column).to_pylist()[0] for column in columns} == {"12345"}


@pytest.mark.parametrize(("kind", "limit"), [(pa.float64(), 2.0**53), (pa.float32(), 2.0**24), (pa.float16(), 2.0**11)])
def test_floats_that_cannot_hold_every_digit_are_refused_by_row(kind, limit):
    # pyarrow makes 16-bit floats of numpy's only.
    number = kind.to_pandas_dtype()
    good = pa.array(np.array([1, limit - 1, -(limit - 1)], number), kind)
    assert canonical_text(good).to_pylist()[1] == str(int(limit) - 1)
    for bad in (limit, -limit, float("inf")):
        column = pa.chunked_array([good, pa.array(np.array([0, bad], number), kind)])
        with pytest.raises(InvalidValue, match=r"1 value .*\(row 4, counted from 0\)") as caught:
            canonical_text(column)
        assert str(int(limit)) not in str(caught.value)


@pytest.mark.parametrize("column", [pa.array([[1]]), pa.array([{"a": 1}]), pa.array([1], pa.duration("s"))])
def test_types_without_a_text_are_refused(column):
    with pytest.raises(InvalidColumn):
        canonical_text(column)


@given(st.lists(st.integers(-(2**53) + 1, 2**53 - 1), max_size=30))
def test_whole_floats_read_as_their_integers(numbers):
    floats = pa.array([float(number) for number in numbers], pa.float64())
    assert canonical_text(floats).to_pylist() == [str(number) for number in numbers]


@given(st.lists(st.decimals(-(10**9), 10**9, places=8), max_size=30))
def test_decimals_read_back_and_end_in_no_idle_zero(numbers):
    texts = canonical_text(pa.array(numbers, pa.decimal128(30, 8))).to_pylist()
    assert [Decimal(text) for text in texts] == numbers
    assert not any("." in text and text.endswith(("0", ".")) for text in texts)


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(2)])
def test_bytes_are_read_as_utf8_where_text_is_needed(kind):
    assert canonical_string(pa.array([b"ab", None], kind)).to_pylist() == ["ab", None]
    with pytest.raises(InvalidColumn, match="UTF-8") as caught:
        canonical_string(pa.array([b"\xffa"], kind))
    assert caught.value.__cause__ is None
