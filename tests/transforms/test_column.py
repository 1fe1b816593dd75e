from __future__ import annotations

from datetime import date

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from transforms.column import read_column
from transforms.errors import InvalidColumn


def test_every_container_comes_back_as_it_was(container, as_list):
    values = ["Dupont", None, "Zoé", "Dupont"]
    column = container(values)
    read = read_column(column)
    assert len(read.values) == 4
    assert as_list(read.like(read.values)) == values


def test_every_container_of_dates_comes_back_as_it_was(container, as_list):
    values = [date(2026, 1, 2), None, date(1969, 12, 31)]
    read = read_column(container(values, pa.date32()))
    assert as_list(read.like(read.values)) == values


@pytest.mark.parametrize("build", [pa.array, lambda values: pa.chunked_array([values]), pl.Series, pd.Series])
def test_the_callers_kind_comes_back(build):
    column = build(["a", "b"])
    read = read_column(column)
    assert type(read.like(pa.array(["x", "y"]))) is type(column)
    assert type(read.like(pa.chunked_array([["x"], ["y"]]))) is type(column)


def test_a_pandas_series_keeps_its_name_and_index():
    series = pd.Series(["a", "b"], index=[7, 3], name="nip")
    back = read_column(series).like(pa.array([1, 2]))
    assert back.index.tolist() == [7, 3]
    assert back.name == "nip"


def test_a_pandas_series_on_arrow_stays_on_arrow():
    series = pd.Series(pd.array(["a", None], dtype=pd.ArrowDtype(pa.string())))
    back = read_column(series).like(pa.array([1, None]))
    assert back.dtype == pd.ArrowDtype(pa.int64())


def test_a_column_that_only_speaks_the_capsule_protocol_is_read():
    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.chunked_array([[1, 2], [3]]).__arrow_c_stream__(requested_schema)

    class One:
        def __arrow_c_array__(self, requested_schema=None):
            return pa.array([1, 2, 3]).__arrow_c_array__(requested_schema)

    for column in (Stream(), One()):
        read = read_column(column)
        assert read.like(read.values).to_pylist() == [1, 2, 3]


def test_the_callers_column_is_not_changed(container, as_list):
    values = ["a", None]
    column = container(values)
    read_column(column).like(pa.array(["x", "y"]))
    assert as_list(read_column(column).values) == values


@pytest.mark.parametrize("column", [["a"], "a", None, 3, pa.table({"a": [1]}).schema])
def test_what_is_no_column_is_refused(column):
    with pytest.raises(InvalidColumn, match="is no column"):
        read_column(column)


def test_mixed_python_objects_are_refused_without_quoting_one():
    with pytest.raises(InvalidColumn) as caught:
        read_column(pd.Series(["Dupont", 3], dtype=object))
    assert "Dupont" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
