"""Values that a step can't take: emptied and counted, or replaced by a pseudonym; all of them, and no others."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.making.invalid_values import emptied, pseudonyms_instead
from transforms import Key, pseudonymize
from transforms.errors import InvalidValue

KEY = Key(bytes(range(32)), domain="eds", id="k1")


def whole_numbers(column: pa.Array, _first: int) -> pa.Array:
    """Refuse as transforms do: the first ten rows and the count of all."""
    bad = pc.indices_nonzero(pc.invert(pc.match_substring_regex(column, "^[0-9]+$")).fill_null(False))
    if len(bad):
        raise InvalidValue.at(bad[:10].to_pylist(), total=len(bad), what="are no numbers")
    return column.cast(pa.int64())


@given(st.lists(st.sampled_from(["1", "22", "x", None]), max_size=400))
def test_what_can_be_taken_stays_and_nothing_else(values):
    made, rows = emptied(pa.array(values, pa.string()), whole_numbers)
    assert made.to_pylist() == [int(value) if value and value != "x" else None for value in values]
    assert rows.tolist() == [row for row, value in enumerate(values) if value == "x"]


def test_a_second_step_may_refuse_what_the_first_took():
    def small(column: pa.Array, first: int) -> pa.Array:
        numbers = whole_numbers(column, first)
        bad = pc.indices_nonzero(pc.greater(numbers, 10).fill_null(False))
        if len(bad):
            raise InvalidValue.at(bad[:10].to_pylist(), total=len(bad), what="are too large")
        return numbers

    made, rows = emptied(pa.array(["x", "5", "50"]), small)
    assert made.to_pylist() == [None, 5, None]
    assert rows.tolist() == [0, 2]


def test_a_part_is_asked_about_with_the_row_that_it_starts_at():
    persons = list(range(100))

    def of_odd_persons(column: pa.Array, first: int) -> pa.Array:
        bad = [row for row in range(len(column)) if persons[first + row] % 2]
        bad = [row for row in bad if column[row].is_valid]
        if bad:
            raise InvalidValue.at(bad[:10], total=len(bad), what="are odd")
        return column

    assert emptied(pa.array(["a"] * 100), of_odd_persons)[1].tolist() == list(range(1, 100, 2))


def test_an_error_without_rows_is_no_value_to_be_emptied():
    def refuse(_column: pa.Array, _first: int) -> pa.Array:
        raise InvalidValue("everything is wrong")

    with pytest.raises(InvalidValue, match="everything"):
        emptied(pa.array(["a"]), refuse)


def test_a_pseudonym_stands_for_the_value_as_it_came():
    raw = pa.array(["7", "sept", None])
    made, rows = emptied(raw, whole_numbers)
    expected = pseudonymize(pa.array(["sept"]), KEY, field="t.c")[0].as_py()
    assert pseudonyms_instead(made, raw, rows, KEY, link="t.c").to_pylist() == ["7", expected, None]
    assert pseudonyms_instead(made[:1], raw[:1], rows[:0], KEY, link="t.c").type == pa.string()
