"""Tokens turn back with the key, and only with the key, domain, version and field that made them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from transforms import Key
from transforms.errors import InvalidColumn, InvalidValue
from transforms.pseudonyms import detokenize, tokenize

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
DUPONT = "e1af7920eadff2931e9d531be8ad29e9e47320783799"
ZOE = "937e64515957288518070ba61369923337b182ca"


def token(value: str, key: Key = KEY, *, field: str = "last_name") -> str:
    return tokenize(pa.array([value]), key, field=field)[0].as_py()


def test_tokens_turn_back_in_every_container(container, as_list, key):
    column = container(["Dupont", None, "Zoé", "", " spaced ", "Dupont"])
    tokens = tokenize(column, key, field="last_name")
    assert as_list(tokens)[:3] == [DUPONT, None, ZOE]
    back = detokenize(tokens, key, field="last_name")
    assert as_list(back) == ["Dupont", None, "Zoé", "", " spaced ", "Dupont"]
    if not hasattr(column, "_column"):
        assert type(back) is type(tokens)


def test_a_token_is_aes_siv_in_hex():
    scalar = AESSIV(KEY.derive("tokenize", "nir", length=32))
    assert token("285057512345612", field="nir") == scalar.encrypt(b"285057512345612", None).hex()


def test_ids_of_every_type_turn_back_to_their_canonical_text(container, as_list, key):
    for values, kind, texts in (
        ([12345, None], pa.int64(), ["12345", None]),
        ([12345.0, None], pa.float64(), ["12345", None]),
        ([date(2026, 11, 24), None], pa.date32(), ["2026-11-24", None]),
    ):
        tokens = tokenize(container(values, kind), key, field="id")
        assert as_list(detokenize(tokens, key, field="id")) == texts


def test_bytes_turn_back_as_bytes():
    tokens = tokenize(pa.array([b"\xff\x00", None], pa.binary()), KEY, field="id")
    assert detokenize(tokens, KEY, field="id", binary=True).to_pylist() == [b"\xff\x00", None]
    with pytest.raises(InvalidColumn, match="binary=True") as caught:
        detokenize(tokens, KEY, field="id")
    assert caught.value.__cause__ is None


def test_normalization_is_off_unless_asked():
    assert token(" Dupont") != DUPONT
    tokens = tokenize(pa.array([" Dupont"]), KEY, field="last_name", normalize=True)
    assert tokens.to_pylist() == [DUPONT]


OTHERS = {
    "secret": (Key(bytes(32), domain="eds-cardio", id="k1"), "last_name"),
    "domain": (Key(bytes(range(32)), domain="eds-neuro", id="k1"), "last_name"),
    "version": (Key(bytes(range(32)), domain="eds-cardio", id="k1", version=2), "last_name"),
    "field": (KEY, "first_name"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_key_is_refused_in_words(other):
    key, field = OTHERS[other]
    with pytest.raises(InvalidValue, match="No token opens: the key, domain, version or field is another"):
        detokenize(pa.array([DUPONT, None, ZOE]), key, field=field)


@pytest.mark.parametrize("place", [0, 15, 31, 32, 43])
def test_a_changed_token_refuses_the_whole_column_and_names_its_rows(place):
    changed = DUPONT[:place] + ("0" if DUPONT[place] != "0" else "1") + DUPONT[place + 1 :]
    column = pa.chunked_array([[DUPONT, None], [changed, ZOE], [changed]])
    with pytest.raises(InvalidValue, match=r"2 values with a wrong tag \(row 2, 4, counted from 0\)") as caught:
        detokenize(column, KEY, field="last_name")
    assert "Dupont" not in str(caught.value)
    assert changed not in str(caught.value)
    with pytest.raises(InvalidValue, match="row 2, 4"):
        detokenize(pd.Series(column.to_pylist(), dtype="category"), KEY, field="last_name")


@pytest.mark.parametrize("bad", ["", "Dupont", "ab", DUPONT[:30], DUPONT[:-1], DUPONT[:-1] + "g", DUPONT + " "])
def test_what_is_no_token_is_named_by_row(bad):
    with pytest.raises(InvalidValue, match=r"1 value in another form than a token's \(row 2"):
        detokenize(pa.array([DUPONT, None, bad]), KEY, field="last_name")


def test_a_token_moved_to_another_field_is_refused():
    with pytest.raises(InvalidValue):
        detokenize(pa.array([token("Dupont", field="a"), token("Dupont", field="b")]), KEY, field="a")


@pytest.mark.parametrize("column", [pa.array([1, 2]), pa.array([[DUPONT]])])
def test_a_column_that_is_no_text_holds_no_tokens(column):
    with pytest.raises(InvalidColumn):
        detokenize(column, KEY, field="last_name")


@pytest.mark.parametrize(
    "column", [pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.nulls(3), pa.nulls(2, pa.string())]
)
def test_columns_of_nothing(column):
    tokens = tokenize(column, KEY, field="f")
    assert tokens.to_pylist() == column.to_pylist()
    assert detokenize(tokens, KEY, field="f").to_pylist() == column.to_pylist()


values = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=30)


@given(values)
def test_every_text_turns_back(column):
    tokens = tokenize(pa.array(column, pa.string()), KEY, field="f")
    assert detokenize(tokens, KEY, field="f").to_pylist() == column


@given(values, st.integers(0, 30), st.integers(0, 30))
def test_a_slice_s_tokens_are_the_tokens_slice(column, one, other):
    begin, end = sorted((one, other))
    whole = pa.array(column, pa.string())
    sliced = tokenize(whole.slice(begin, end - begin), KEY, field="f").to_pylist()
    assert sliced == tokenize(whole, KEY, field="f").to_pylist()[begin:end]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), unique=True, max_size=30))
def test_different_values_have_different_tokens(column):
    assert len(set(tokenize(pa.array(column, pa.string()), KEY, field="f").to_pylist())) == len(column)
