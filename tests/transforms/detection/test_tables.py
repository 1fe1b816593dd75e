from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from transforms.detection.tables import NotATable, read_fields


def names(table):
    return [field.name for field in read_fields(table, "")]


def test_structs_and_lists_become_paths():
    table = pa.table({"a": [{"b": [{"c": 1}], "d": 2}], "e": [1]})
    assert names(table) == ["a.b.c", "a.d", "e"]


def test_equal_pandas_names_are_kept_apart():
    assert len(set(names(pd.DataFrame([[1, 2]], columns=["x", "x"])))) == 2


def test_dictionaries_and_views_read_as_their_values():
    table = pa.table({"a": pa.array(["x"]).dictionary_encode(), "b": pa.array(["y"], pa.string_view())})
    assert [field.column.to_pylist() for field in read_fields(table, "")] == [["x"], ["y"]]


def test_a_list_of_tables_is_no_table():
    with pytest.raises(NotATable, match="list is no table"):
        read_fields([1], "")
