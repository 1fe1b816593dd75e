"""`pseudonymize` links what the plan links, in every container, and shows nothing of the value."""

from __future__ import annotations

import base64
import itertools
from datetime import date
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from transforms import Key, pseudonymize
from transforms.errors import InvalidColumn, InvalidKey, InvalidValue

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
DUPONT, ZOE, EMPTY, ID = (
    "61e3c437c95c9b2d7f8cb13c1aa29440",
    "b89f61cf0ce2e6cbb4d1a93c91d7d562",
    "400a7069323ab104ae8963ad68c016b5",
    "ef68c2bb0f68b8b3afd7f7c2dda449d4",
)


def one(value, key=KEY, *, field="last_name", **options):
    return pseudonymize(pa.array([value]), key, field=field, **options)[0].as_py()


def test_same_pseudonym_in_every_container(container, as_list, key):
    column = container(["Dupont", None, "Zoé", "", "Dupont"])
    result = pseudonymize(column, key, field="last_name")
    assert as_list(result) == [DUPONT, None, ZOE, EMPTY, DUPONT]


def test_the_caller_s_kind_of_column_comes_back(container, key):
    column = container(["Dupont", None, "Zoé"])
    result = pseudonymize(column, key, field="last_name")
    if (
        hasattr(column, "__arrow_c_stream__")
        and not hasattr(column, "dtype")
        and not isinstance(column, pa.ChunkedArray)
    ):
        assert isinstance(result, pa.ChunkedArray)
    elif isinstance(column, pa.Array | pa.ChunkedArray):
        assert isinstance(result, pa.Array) == isinstance(column, pa.Array)
        assert pa.types.is_dictionary(result.type) == pa.types.is_dictionary(column.type)
    else:
        assert type(result) is type(column)
        assert result.name == column.name
        if isinstance(column, pd.Series):
            assert result.index.equals(column.index)
            assert isinstance(result.dtype, pd.CategoricalDtype) == isinstance(column.dtype, pd.CategoricalDtype)
            assert isinstance(result.dtype, pd.ArrowDtype) == isinstance(column.dtype, pd.ArrowDtype)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([12345, None], pa.int64()),
        ([12345.0, None], pa.float64()),
        ([Decimal("12345.00"), None], pa.decimal128(20, 2)),
        (["12345", None], pa.string()),
        ([" 12345 ", None], pa.string()),
    ],
    ids=str,
)
def test_an_id_has_one_pseudonym_however_it_is_typed(container, as_list, key, values, kind):
    assert as_list(pseudonymize(container(values, kind), key, field="last_name")) == [ID, None]


def test_dates_have_the_pseudonym_of_their_iso_text(container, as_list, key):
    column = container([date(2026, 11, 24), None], pa.date32())
    assert as_list(pseudonymize(column, key, field="last_name")) == [one("2026-11-24"), None]


def test_missing_numbers_of_pandas_are_nulls(key):
    result = pseudonymize(pd.Series([12345, None]), key, field="last_name")
    assert result.tolist()[0] == ID
    assert result.isna().tolist() == [False, True]


def test_the_pseudonym_is_the_cmac_of_the_text_under_the_derived_key():
    cmac = CMAC(algorithms.AES(KEY.derive("pseudonymize", "nir")))
    cmac.update(b"285057512345612")
    tag = cmac.finalize()
    assert one("285057512345612", field="nir") == tag.hex()
    assert one("285057512345612", field="nir", encoding="base32") == base64.b32encode(tag).decode().rstrip("=")


def test_what_separates_pseudonyms():
    keys = {
        "as it is": KEY,
        "domain": Key(KEY.reveal_secret(), domain="eds-neuro", id="k1"),
        "version": Key(KEY.reveal_secret(), domain="eds-cardio", id="k1", version=2),
        "secret": Key(KEY.reveal_secret()[::-1], domain="eds-cardio", id="k1"),
    }
    results = [one("Dupont", key) for key in keys.values()] + [one("Dupont", field="person_name")]
    assert all(first != second for first, second in itertools.combinations(results, 2))
    assert one("Dupont", Key(KEY.reveal_secret(), domain="eds-cardio", id="renamed")) == DUPONT


def test_spellings_link_only_as_the_plan_says():
    assert one("Dupont ") == one("Dupont") == DUPONT
    assert one("Zoe\u0301") == ZOE
    assert one("DUPONT") != DUPONT
    assert one("Le Goff", normalize="name") == one("LE-GOFF", normalize="name")
    assert one("Dupont ", normalize=False) != DUPONT
    assert one("06 12 34 56 78", normalize="phone") == one("+33612345678", normalize="phone")


def test_a_dictionary_tells_neither_order_nor_absent_persons(key):
    column = pd.Series(["Zoé", "Anne", "Bob"], dtype="category")[:2]
    result = pseudonymize(column, key, field="first_name")
    assert len(result.cat.categories) == 2
    assert list(result.cat.categories) == sorted(result.cat.categories)
    assert not result.cat.ordered


def test_categories_that_normalize_to_one_become_one(key):
    result = pseudonymize(pd.Series(["Dupont", "Dupont "], dtype="category"), key, field="last_name")
    assert result.tolist() == [DUPONT, DUPONT]
    assert len(result.cat.categories) == 1


@pytest.mark.parametrize(
    "column", [pa.array([], pa.string()), pa.nulls(0), pd.Series([], dtype=str), pl.Series([], dtype=pl.String)]
)
def test_an_empty_column_stays_empty(column):
    assert len(pseudonymize(column, KEY, field="f")) == 0


def test_a_column_of_nulls_stays_null():
    assert pseudonymize(pa.nulls(3), KEY, field="f").to_pylist() == [None] * 3
    assert pseudonymize(pd.Series([None, None]), KEY, field="f").isna().all()


@pytest.mark.parametrize(
    ("column", "options"),
    [
        (pa.array([[1]]), {}),
        ("Dupont", {}),
        (pa.array(["a"]), {"encoding": "base64"}),
        (pa.array(["a"]), {"normalize": "upper"}),
        (pd.Series(["Dupont", 3], dtype=object), {}),
    ],
)
def test_what_cannot_be_taken_is_refused_without_a_value(column, options):
    with pytest.raises(InvalidColumn) as caught:
        pseudonymize(column, KEY, field="f", **options)
    assert "Dupont" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_an_empty_linking_label_is_refused():
    with pytest.raises(InvalidKey):
        pseudonymize(pa.array(["a"]), KEY, field="")


def test_floats_that_lost_digits_are_refused_by_row():
    column = pd.Series([1.0, 9007199254740993.0, None])
    with pytest.raises(InvalidValue, match="row 1"):
        pseudonymize(column, KEY, field="f")
    with pytest.raises(InvalidValue, match="row 1"):
        pseudonymize(column.astype("category"), KEY, field="f")


values = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=30)


@given(values, values)
def test_the_result_of_a_concatenation_is_the_concatenation_of_results(left, right):
    whole = pseudonymize(pa.array(left + right, pa.string()), KEY, field="f").to_pylist()
    parts = [pseudonymize(pa.array(part, pa.string()), KEY, field="f").to_pylist() for part in (left, right)]
    assert whole == parts[0] + parts[1]


@given(values, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(column, chance):
    order = list(range(len(column)))
    chance.shuffle(order)
    straight = pseudonymize(pa.array(column, pa.string()), KEY, field="f").to_pylist()
    shuffled = pseudonymize(pa.array([column[row] for row in order], pa.string()), KEY, field="f").to_pylist()
    assert shuffled == [straight[row] for row in order]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), unique=True, max_size=30))
def test_different_values_have_different_pseudonyms_and_none_is_the_value(column):
    result = pseudonymize(pa.array(column, pa.string()), KEY, field="f", normalize=False).to_pylist()
    assert len(set(result)) == len(column)
    assert not set(result) & set(column)
