"""Bytes are left out, and runs of separators become one space, as a pattern would do it, row by row."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.compaction import rows_with_two_spaces, with_single_spaces, without
from transforms.crypto.blocks import run_of

DASHES = np.isin(np.arange(256), np.frombuffer(b" -'", np.uint8))
texts = st.lists(st.none() | st.text("AB -'7", max_size=9), max_size=20)


@given(texts, st.integers(0, 5))
def test_what_is_marked_is_left_out(values, begin):
    column = pa.array(values, pa.string()).slice(begin)
    result = without(column, DASHES)
    result.validate(full=True)
    assert result.to_pylist() == [value and re.sub("[ '-]", "", value) for value in values[begin:]]


@given(texts, st.sampled_from([pa.string(), pa.large_string()]))
def test_a_run_of_separators_is_one_space(values, kind):
    inner = [value and value.strip(" -'") for value in values]
    result = with_single_spaces(pa.array(inner, kind), DASHES)
    result.validate(full=True)
    assert result.type == kind
    assert result.to_pylist() == [value and re.sub("[ '-]+", " ", value) for value in inner]


@given(texts)
def test_two_spaces_in_a_row_are_found(values):
    rows = rows_with_two_spaces(run_of(pa.array([value and value.strip() for value in values], pa.string())))
    assert rows.tolist() == ["  " in (value or "").strip() for value in values]


@pytest.mark.parametrize("column", [pa.array([], pa.string()), pa.nulls(2, pa.string()), pa.array(["", ""])])
def test_columns_of_nothing(column):
    assert without(column, DASHES).to_pylist() == with_single_spaces(column, DASHES).to_pylist() == column.to_pylist()
