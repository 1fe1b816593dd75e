"""Format-preserving encipherment keeps length and alphabet, turns back, and refuses what it can't hide."""

from __future__ import annotations

import random

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import Key
from transforms.errors import InvalidColumn, InvalidValue
from transforms.pseudonyms import format_preserving

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
CODE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_phones_in_every_container(container, as_list, key):
    column = container(["0612345678", None, "123456", "", "0612345678"])
    sealed = format_preserving(column, key, field="phone")
    assert as_list(sealed) == ["3210383283", None, "828358", "", "3210383283"]
    assert as_list(format_preserving(sealed, key, field="phone", decrypt=True)) == as_list(column)


def test_integers_are_taken_as_their_digits(container, as_list, key):
    sealed = format_preserving(container([123456, None], pa.int64()), key, field="phone")
    assert as_list(sealed) == ["828358", None]


ALPHABETS = {
    "digits": "0123456789",
    "code": CODE,
    "bits": "01",
    "unordered": "zyxcba",
    "accents": "àéèùçôîâêûëïü",
    "greek": "αβγδεζηθ",
    "both": "aé€🏥bcdefgh",
}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
@pytest.mark.parametrize("shape", ["one length", "many lengths", "past 64 bits"])
def test_length_and_alphabet_are_kept_and_it_turns_back(alphabet, shape):
    chance = random.Random(shape)
    lengths = {"one length": [21], "many lengths": [0, 20, 21, 22, 25], "past 64 bits": [22, 60, 120]}[shape]
    values = ["".join(chance.choices(alphabet, k=chance.choice(lengths))) for _ in range(150)] + [None]
    chance.shuffle(values)
    column = pa.array(["x" * 3, *values]).slice(1)
    sealed = format_preserving(column, KEY, field="code", alphabet=alphabet)
    sealed.validate(full=True)
    for value, other in zip(values, sealed.to_pylist(), strict=True):
        assert (value is None) == (other is None)
        assert len(value or "") == len(other or "")
        assert set(other or "") <= set(alphabet)
        assert value != other or not value
    assert format_preserving(sealed, KEY, field="code", alphabet=alphabet, decrypt=True).to_pylist() == values


def test_many_rows_of_many_lengths_agree_with_each_alone():
    chance = random.Random(1)
    values = ["".join(chance.choices("0123456789", k=chance.choice([6, 7, 13, 14]))) for _ in range(20_000)]
    whole = format_preserving(pa.array(values), KEY, field="f").to_pylist()
    for row in (0, 1, 8191, 8192, 19_999, *chance.sample(range(20_000), 40)):
        assert format_preserving(pa.array([values[row]]), KEY, field="f").to_pylist() == [whole[row]]


def test_a_million_values_are_permuted():
    column = pa.array([f"{number:06}" for number in range(0, 10**6, 7)])
    assert len(set(format_preserving(column, KEY, field="f").to_pylist())) == len(column)


def test_what_separates_results():
    column = pa.array(["0612345678"])
    keys = [
        KEY,
        Key(bytes(32), domain="eds-cardio", id="k1"),
        Key(bytes(range(32)), domain="eds-neuro", id="k1"),
        Key(bytes(range(32)), domain="eds-cardio", id="k1", version=2),
    ]
    results = {format_preserving(column, key, field="phone")[0].as_py() for key in keys}
    assert len(results | {format_preserving(column, KEY, field="fax")[0].as_py()}) == 5


@pytest.mark.parametrize("bad", ["12345", "1"])
def test_values_of_a_domain_under_a_million_are_refused_by_row(bad):
    column = pa.chunked_array([["123456", None], [bad, "1234567"]])
    with pytest.raises(InvalidValue, match=r"1 value shorter than 6 characters \(row 2, counted from 0\)") as caught:
        format_preserving(column, KEY, field="f")
    assert "million" in str(caught.value)


@pytest.mark.parametrize("bad", ["123 456", "12345é", "é23456", "１２３４５６", "abcdef"])
def test_characters_outside_the_alphabet_are_refused_by_row(bad):
    for column in (pa.array(["123456", None, bad]), pd.Series(["123456", None, bad], dtype="category")):
        with pytest.raises(InvalidValue, match=r"1 value with characters outside the alphabet \(row 2") as caught:
            format_preserving(column, KEY, field="f")
        assert bad not in str(caught.value)


@pytest.mark.parametrize("alphabet", ["", "0", "00", "0120"])
def test_a_bad_alphabet_is_refused(alphabet):
    with pytest.raises(InvalidColumn):
        format_preserving(pa.array(["0000000"]), KEY, field="f", alphabet=alphabet)


def test_nothing_of_what_stands_under_a_null_comes_out():
    offsets = pa.py_buffer(b"".join(number.to_bytes(4, "little") for number in (0, 6, 12)))
    column = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\x01"), offsets, pa.py_buffer(b"123456987654")])
    result = format_preserving(column, KEY, field="f")
    assert result.to_pylist() == [format_preserving(pa.array(["123456"]), KEY, field="f")[0].as_py(), None]
    assert result.buffers()[2].to_pybytes()[6:12] == bytes(6)


@pytest.mark.parametrize("column", [pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.nulls(3)])
def test_columns_of_nothing(column):
    assert format_preserving(column, KEY, field="f").to_pylist() == column.to_pylist()


@given(st.lists(st.none() | st.text("0123456789", min_size=6, max_size=30), max_size=20), st.integers(0, 20))
@settings(max_examples=50)
def test_slices_and_turning_back(values, cut):
    column = pa.array(values, pa.string())
    sealed = format_preserving(column, KEY, field="f")
    assert format_preserving(column.slice(cut), KEY, field="f").to_pylist() == sealed.to_pylist()[cut:]
    assert format_preserving(sealed, KEY, field="f", decrypt=True).to_pylist() == values
