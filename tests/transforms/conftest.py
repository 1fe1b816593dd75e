"""One column in every container that a caller may bring, so that each transform is tested on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import settings

from transforms import Key

if TYPE_CHECKING:
    from collections.abc import Callable


# A deadline would make a busy machine a failing test.
settings.register_profile("transforms", deadline=None)
settings.load_profile("transforms")


class Capsule:
    """A column of a library that we have never heard of: nothing but the Arrow PyCapsule protocol."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._column.__arrow_c_stream__(requested_schema)


def _labels(values: list) -> list[int]:
    return [10 * row + 7 for row in range(len(values))]


def _pandas(values: list, kind: pa.DataType) -> pd.Series:
    series = pa.array(values, kind).to_pandas().rename("column")
    series.index = _labels(values)
    return series


def _pandas_arrow(values: list, kind: pa.DataType) -> pd.Series:
    return pd.Series(pd.array(values, dtype=pd.ArrowDtype(kind)), index=_labels(values), name="column")


def _pandas_object(values: list, kind: pa.DataType) -> pd.Series:
    return pd.Series(pa.array(values, kind).to_pylist(), index=_labels(values), name="column", dtype=object)


def _pandas_category(values: list, kind: pa.DataType) -> pd.Series:
    return _pandas(values, kind).astype("category")


def _chunked(values: list, kind: pa.DataType) -> pa.ChunkedArray:
    middle = len(values) // 2
    return pa.chunked_array([values[:middle], [], values[middle:]], kind)


def _sliced(values: list, kind: pa.DataType) -> pa.Array:
    around = [value for value in values if value is not None][:1] or [None]
    return pa.array(around * 3 + values + around * 2, kind).slice(3, len(values))


def _dictionary(values: list, kind: pa.DataType) -> pa.DictionaryArray:
    return pa.array(values, kind).dictionary_encode()


def _large(values: list, kind: pa.DataType) -> pa.Array:
    return pa.array(values, pa.large_string() if pa.types.is_string(kind) else kind)


def _view(values: list, kind: pa.DataType) -> pa.Array:
    return pa.array(values, pa.string_view() if pa.types.is_string(kind) else kind)


def _polars(values: list, kind: pa.DataType) -> pl.Series:
    return pl.Series("column", pa.array(values, kind))


def _polars_categorical(values: list, kind: pa.DataType) -> pl.Series:
    series = _polars(values, kind)
    return series.cast(pl.Categorical) if pa.types.is_string(kind) else series


CONTAINERS: dict[str, Callable[[list, pa.DataType], Any]] = {
    "pandas": _pandas,
    "pandas-arrow": _pandas_arrow,
    "pandas-object": _pandas_object,
    "pandas-category": _pandas_category,
    "polars": _polars,
    "polars-categorical": _polars_categorical,
    "array": pa.array,
    "chunked": _chunked,
    "sliced": _sliced,
    "dictionary": _dictionary,
    "large": _large,
    "view": _view,
    "capsule": lambda values, kind: Capsule(pa.chunked_array([values], kind)),
}


@pytest.fixture(params=CONTAINERS)
def container(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Build a column of values (None for a null) in one of the containers: `container(["a", None])`.

    `container([date(2026, 1, 2)], pa.date32())` gives the values an Arrow type; text is the default.
    """
    build = CONTAINERS[request.param]
    return lambda values, kind=None: build(values, kind or pa.string())


@pytest.fixture
def as_list() -> Callable[[Any], list]:
    """Turn any container's column into a list with None for a null."""

    def convert(column: Any) -> list:
        if isinstance(column, pd.Series):
            return [None if null else value for value, null in zip(column.tolist(), column.isna(), strict=True)]
        if isinstance(column, pl.Series):
            return column.to_list()
        return (column if isinstance(column, pa.Array) else pa.chunked_array(column)).to_pylist()

    return convert


@pytest.fixture
def key() -> Key:
    return Key(bytes(range(32)), domain="eds-cardio", id="k1")
