"""Any dataframe's column in, the same kind of column out; Arrow in between.

pandas and polars are asked through narwhals, which never imports them: a caller who has one has imported it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import pyarrow as pa

from transforms.errors import InvalidColumn

if TYPE_CHECKING:
    from collections.abc import Callable

ColumnT = TypeVar("ColumnT")
ArrowColumn: TypeAlias = "pa.Array | pa.ChunkedArray"


@dataclass(frozen=True)
class Column:
    """A caller's column as Arrow, and the way back to the caller's kind.

    Attributes:
        values: The column's values, n of them, as an Arrow array or chunked array.
        like: Takes an Arrow result of n values and gives it back as the caller's kind (with its name and index).
    """

    values: ArrowColumn
    like: Callable[[ArrowColumn], Any]


def read_column(column: object) -> Column:
    """Read a pandas, polars, pyarrow or PyCapsule column as Arrow and remember how to hand a result back.

    Args:
        column: pandas Series, polars Series, pyarrow Array or ChunkedArray, or any object with `__arrow_c_array__` or
            `__arrow_c_stream__` (handed back as pyarrow). Never changed.

    Raises:
        InvalidColumn: It is none of these, or a column of mixed Python objects.

    Example:
        >>> column = read_column(pa.array(["a", None]))
        >>> column.like(column.values).null_count
        1
    """
    if isinstance(column, pa.Array):
        return Column(_typed(column), _as_array)
    if isinstance(column, pa.ChunkedArray):
        return Column(_typed(column), _as_chunked)
    if (series := _series(column)) is not None:
        return series
    if hasattr(column, "__arrow_c_stream__"):
        return Column(_typed(pa.chunked_array(column)), _as_chunked)
    if hasattr(column, "__arrow_c_array__"):
        return Column(_typed(pa.array(column)), _as_array)
    raise InvalidColumn(
        f"{type(column).__name__} is no column", hint="Pass a pandas or polars Series, or a pyarrow Array."
    )


def _typed(values: ArrowColumn) -> ArrowColumn:
    """Give a dictionary of nothing, as pandas makes of a category without values, as plain nulls."""
    if pa.types.is_dictionary(values.type) and pa.types.is_null(values.type.value_type):
        nulls = pa.nulls(len(values))
        return nulls if isinstance(values, pa.Array) else pa.chunked_array([nulls])
    return values


def _as_array(result: ArrowColumn) -> pa.Array:
    return result.combine_chunks() if isinstance(result, pa.ChunkedArray) else result


def _as_chunked(result: ArrowColumn) -> pa.ChunkedArray:
    return result if isinstance(result, pa.ChunkedArray) else pa.chunked_array([result], type=result.type)


def _series(column: Any) -> Column | None:  # noqa: ANN401 - a Series of a library that may not be installed
    import narwhals as nw  # noqa: PLC0415 - 60 to 100 ms, and an Arrow column needs none of it

    if not nw.dependencies.is_into_series(column):
        return None
    series = nw.from_native(column, series_only=True)
    try:
        values = series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        # Arrow's message quotes the value that it stumbled over: it must not be chained.
        raise InvalidColumn(
            "the column mixes Python types", hint="Cast it to one type first, as with .astype(str)."
        ) from None

    def like(result: ArrowColumn) -> Any:  # noqa: ANN401 - the caller's own kind of Series
        if nw.dependencies.is_pandas_series(column) and type(column.dtype).__name__ == "ArrowDtype":
            # narwhals would make numpy-backed pandas of it.
            return type(column)(type(column.array)(result), index=column.index, name=column.name)
        frame = nw.from_arrow(pa.table({"column": result}), backend=series.implementation)
        back = frame.get_column("column").alias(series.name).to_native()
        if nw.dependencies.is_pandas_series(column):
            back.index = column.index
        return back

    return Column(_typed(values), like)
