"""A dictionary is changed entry by entry, and the result tells neither order nor absent persons."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dictionary import through_dictionary
from transforms.errors import InvalidValue


def test_each_entry_is_changed_once():
    seen = []

    def change(entries):
        seen.append(len(entries))
        return pc.utf8_upper(entries)

    column = pa.array(["b", "a", None, "b"] * 100).dictionary_encode()
    assert through_dictionary(column, change).to_pylist() == ["B", "A", None, "B"] * 100
    assert seen == [2]


def test_entries_that_no_row_uses_are_gone():
    column = pa.array(["a", "b", "c"]).dictionary_encode().slice(1, 1)
    assert through_dictionary(column, pc.utf8_upper).dictionary.to_pylist() == ["B"]


def test_entries_stand_in_the_order_of_the_result():
    column = pa.array(["ab", "ca", "bc"]).dictionary_encode()
    assert through_dictionary(column, pc.utf8_reverse).dictionary.to_pylist() == ["ac", "ba", "cb"]


def test_an_order_among_categories_is_not_claimed_any_more():
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["a", "b"]), ordered=True)
    assert not through_dictionary(column, pc.utf8_upper).type.ordered


def test_entries_that_become_one_are_one():
    result = through_dictionary(pa.array(["a", "A", "b"]).dictionary_encode(), pc.utf8_upper)
    assert result.dictionary.to_pylist() == ["A", "B"]
    assert result.to_pylist() == ["A", "A", "B"]


def test_null_entries_make_null_rows():
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array(["a", None]))
    result = through_dictionary(column, pc.utf8_upper)
    assert result.to_pylist() == ["A", None, None]
    assert result.null_count == 2


@pytest.mark.parametrize("index", [pa.int8(), pa.uint16(), pa.int64()])
def test_the_index_type_is_kept(index):
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0], index), pa.array(["a"]))
    assert through_dictionary(column, pc.utf8_upper).type == pa.dictionary(index, pa.string())


@given(st.lists(st.lists(st.none() | st.sampled_from("abcABC"), max_size=5), max_size=5))
def test_chunks_with_dictionaries_of_their_own(chunks):
    arrays = [pa.array(chunk, pa.string()).dictionary_encode() for chunk in chunks]
    column = pa.chunked_array(arrays, pa.dictionary(pa.int32(), pa.string()))
    result = through_dictionary(column, pc.utf8_upper)
    assert result.to_pylist() == [None if value is None else value.upper() for chunk in chunks for value in chunk]
    assert [len(chunk) for chunk in result.chunks] == [len(chunk) for chunk in chunks]


def test_refused_values_are_named_by_row_and_not_by_entry():
    def change(values):
        bad = pc.equal(values, "b").to_pylist()
        if any(bad):
            raise InvalidValue.at([row for row, flag in enumerate(bad) if flag], total=sum(bad), what="are bad")
        return values

    column = pa.chunked_array([pa.array(["a", "a", "b"]).dictionary_encode(), pa.array(["b"]).dictionary_encode()])
    with pytest.raises(InvalidValue, match="row 2, 3"):
        through_dictionary(column, change)


@pytest.mark.parametrize("distinct", [3, 50_000])
def test_once_each_gives_what_the_change_gives_whether_values_repeat_or_not(distinct):
    from transforms.dictionary import once_each

    values = [None if row % 11 == 0 else f"v{row % distinct}" for row in range(100_000)]
    for column in (pa.array(values), pa.chunked_array([values[:10], [], values[10:]])):
        result = once_each(column, pc.utf8_upper)
        assert result.equals(pc.utf8_upper(column))


def test_once_each_sees_a_repeated_value_once():
    from transforms.dictionary import once_each

    seen = []

    def change(entries):
        seen.extend(entries.to_pylist())
        return entries

    once_each(pa.array(["a", "b"] * 50_000), change)
    assert seen == ["a", "b"]
