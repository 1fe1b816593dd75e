"""How is a caller's table read: which fields has it, and as which Arrow columns?

A struct's members and a list's items are fields of their own, named by their path; nothing is ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import DouaneError


class NotATable(DouaneError, TypeError):
    """What was given to `detect` is no table that it can read."""


@dataclass(frozen=True)
class Field:
    """A field of a table: its name or path, and its values (for a list, of all rows, one after the other)."""

    name: str
    column: pa.ChunkedArray


def read_fields(table: Any, name: str) -> tuple[Field, ...]:  # noqa: ANN401 - any dataframe library's table
    """Read the fields of a pandas, polars, pyarrow or PyCapsule table.

    Raises:
        NotATable: It is none of these.
    """
    if isinstance(table, pa.Table):
        found = list(zip(table.column_names, table.columns, strict=True))
    elif isinstance(table, pa.RecordBatch):
        return read_fields(pa.Table.from_batches([table]), name)
    elif nw.dependencies.is_into_dataframe(table):
        frame = nw.from_native(_with_text_names(table), eager_only=True)
        found = [(each, _read_series(frame.get_column(each))) for each in frame.columns]
    elif hasattr(table, "__arrow_c_stream__"):
        return read_fields(pa.table(table), name)
    else:
        where = f"table {name}: " if name else ""
        raise NotATable(
            f"{where}{type(table).__name__} is no table",
            hint="Pass a pandas or polars DataFrame, a pyarrow Table, or a dict of them.",
        )
    return tuple(field for path, column in found for field in _unnest(str(path), column))


def _with_text_names(table: Any) -> Any:  # noqa: ANN401 - a native frame in, the same kind out
    """Give pandas columns names that are text and occur once; polars and pyarrow insist on that themselves."""
    if not nw.dependencies.is_pandas_dataframe(table):
        return table
    names: list[str] = []
    for each in map(str, table.columns):
        names.append(each if each not in names else f"{each}.{names.count(each)}.{len(names)}")
    return table if names == list(table.columns) else table.set_axis(names, axis=1)


def _read_series(series: Any) -> pa.ChunkedArray:  # noqa: ANN401 - a narwhals series of any backend
    try:
        column = series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        # A column of mixed Python objects: what counts is how they read.
        column = pa.array([None if value is None else str(value) for value in series.to_list()], pa.string())
    return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])


def _unnest(path: str, column: pa.ChunkedArray) -> list[Field]:
    kind = column.type
    types = pa.types
    if types.is_dictionary(kind):
        return _unnest(path, column.cast(kind.value_type))
    if types.is_struct(kind):
        return [
            field
            for number in range(kind.num_fields)
            for field in _unnest(f"{path}.{kind.field(number).name}", pc.struct_field(column, number))
        ]
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _unnest(path, pc.list_flatten(column))
    if types.is_string_view(kind):
        column = column.cast(pa.string())
    if types.is_null(kind):
        column = column.cast(pa.string())
    return [Field(path, column)]
