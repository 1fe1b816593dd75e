"""As which type of PostgreSQL does a column of a release stand, and which of Arrow's does it come back as?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.sinks import DeliveryRefused

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGERS = {8: "smallint", 16: "smallint", 32: "integer", 64: "bigint"}

_UNSIGNED = {8: pa.int16(), 16: pa.int32(), 32: pa.int64(), 64: pa.int64()}
_FITTED: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.DataType], pa.DataType]], ...] = (
    (pa.types.is_string, lambda _: pa.string()),
    (pa.types.is_large_string, lambda _: pa.string()),
    (pa.types.is_string_view, lambda _: pa.string()),
    (pa.types.is_unsigned_integer, lambda kind: _UNSIGNED[kind.bit_width]),
    (pa.types.is_int8, lambda _: pa.int16()),
    (pa.types.is_integer, lambda kind: kind),
    (pa.types.is_float64, lambda kind: kind),
    (pa.types.is_floating, lambda _: pa.float32()),
    (pa.types.is_timestamp, lambda kind: pa.timestamp("us", "UTC" if kind.tz else None)),
    (pa.types.is_time, lambda _: pa.time64("us")),
    (pa.types.is_date, lambda _: pa.date32()),
    (pa.types.is_binary, lambda _: pa.binary()),
    (pa.types.is_large_binary, lambda _: pa.binary()),
    (pa.types.is_boolean, lambda kind: kind),
    (pa.types.is_decimal128, lambda kind: kind),
)
"""What is held of a type, by the first line that knows it."""


def fitted(schema: pa.Schema, table: str) -> pa.Schema:
    """The schema that a table's rows are sent and compared in: what PostgreSQL holds of each column, exactly.

    Raises:
        DeliveryRefused: A column of a type that no column of PostgreSQL holds as it is.

    Example:
        >>> fitted(pa.schema({"a": pa.uint8(), "at": pa.timestamp("s"), "n": pa.large_string()}), "t").types
        [DataType(int16), TimestampType(timestamp[us]), DataType(string)]
    """
    return pa.schema([(field.name, _fitted(field.type, f"{table}.{field.name}")) for field in schema])


def _fitted(kind: pa.DataType, where: str) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    for is_one, become in _FITTED:
        if is_one(kind):
            return become(kind)
    raise DeliveryRefused(
        f"{where} is of the type {kind}, which no column of PostgreSQL holds", hint="Plan it as text."
    )


def column_type(kind: pa.DataType) -> str:
    """PostgreSQL's name of a fitted type.

    Example:
        >>> column_type(pa.timestamp("us", "UTC")), column_type(pa.decimal128(8, 2))
        ('timestamp with time zone', 'numeric(8, 2)')
    """
    if pa.types.is_integer(kind):
        return _INTEGERS[kind.bit_width]
    if pa.types.is_decimal128(kind):
        return f"numeric({kind.precision}, {kind.scale})"
    if pa.types.is_timestamp(kind):
        return "timestamp with time zone" if kind.tz else "timestamp"
    return {
        pa.string(): "text",
        pa.float64(): "double precision",
        pa.float32(): "real",
        pa.bool_(): "boolean",
        pa.date32(): "date",
        pa.time64("us"): "time",
        pa.binary(): "bytea",
    }[kind]
