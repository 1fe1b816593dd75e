from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import InvalidColumn, InvalidValue
from transforms.recode import as_text, recode


def shout(distinct):
    """Upper case, and null for what is empty."""
    return pc.if_else(pc.equal(distinct.cast(pa.string()), ""), None, pc.utf8_upper(distinct.cast(pa.string())))


VALUES = st.lists(st.sampled_from([None, "a", "b", "é"]), max_size=20)


@given(VALUES, st.data())
def test_a_rule_reaches_every_row_of_every_form(values, data):
    expected = [None if value is None else value.upper() for value in values]
    low = data.draw(st.integers(0, len(values)))
    array = pa.array(values, pa.string())
    for column in (
        array,
        array.cast(pa.large_string()),
        array.cast(pa.string_view()),
        array.dictionary_encode(),
        pa.chunked_array([array.slice(0, low), array.slice(low)]),
        pa.chunked_array([array.slice(0, low).dictionary_encode(), array.slice(low).dictionary_encode()]),
    ):
        result = recode(column, shout, what="")
        assert result.to_pylist() == expected
        assert result.type == column.type
        assert recode(column.slice(low), shout, what="").to_pylist() == expected[low:]


def test_a_rule_sees_each_value_once_and_no_null():
    seen = []

    def watch(distinct):
        seen.extend(distinct.to_pylist())
        return distinct

    recode(pa.array(["a", None, "b", "a"]), watch, what="")
    recode(pa.array(["unused", "c"]).dictionary_encode().slice(1), watch, what="")
    assert seen == ["a", "b", "c"]


def test_what_the_rule_leaves_null_is_told_by_row_or_suppressed():
    column = pa.array(["a", "", None, ""])
    with pytest.raises(InvalidValue, match=r"2 values are silent \(row 1, 3, counted from 0\)"):
        recode(column, shout, what="are silent")
    assert recode(column, shout, what="", invalid="suppress").to_pylist() == ["A", None, None, None]


def test_entries_of_the_result_stand_in_the_order_of_the_rows():
    column = pa.DictionaryArray.from_arrays(pa.array([2, 0], pa.int8()), ["a", "b", "c"])
    assert recode(column, shout, what="").dictionary.to_pylist() == ["C", "A"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array([1000, None]), ["1000", None]),
        (pa.array([1000.0, 0.5, float("inf"), None]), ["1000", None, None, None]),
        (pa.array(["01", None], pa.string_view()), ["01", None]),
    ],
)
def test_codes_have_one_text_however_typed(values, text):
    assert as_text(values).to_pylist() == text


def test_dates_are_no_codes():
    with pytest.raises(InvalidColumn, match=r"a column of date32\[day\] holds no codes"):
        as_text(pa.array([1], pa.date32()))
