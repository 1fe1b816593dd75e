"""Which Arrow column do a database's Python values become, and how is one spelled that Arrow has no plain type for?

Decimals, times, UUIDs and binaries become the text that a CSV file of the same data would hold, so that a pseudonym is the
same from either.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOMENT = pa.timestamp("us")
_PLAIN: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.date32(),
    datetime: _MOMENT,
}


def arrow_type(declared: Any, system: str) -> pa.DataType:  # noqa: ANN401 - SQLAlchemy's
    """The type of a column by what the database declares; what has no plain one is text.

    SQLite stores anything under any declaration and has no dates: only whole and floating numbers are taken at its word.
    """
    try:
        plain = _PLAIN.get(declared.python_type, pa.string())
    except NotImplementedError:  # a type that SQLAlchemy doesn't know
        return pa.string()
    if system == "sqlite" and plain not in {pa.int64(), pa.float64()}:
        return pa.string()
    return pa.timestamp("us", "UTC") if plain == _MOMENT and getattr(declared, "timezone", False) else plain


def array_of(values: Sequence[Any], kind: pa.DataType | None, *, where: str = "", first: int = 0) -> pa.Array:
    """Make an Arrow array of some values.

    Args:
        values: As the driver gave them.
        kind: Of which type; None: by the values, text where they differ.
        where: Table and field, for the error.
        first: The number of the first row.

    Raises:
        InvalidInput: A value that is not of that type; names table, field and row.

    Example:
        >>> array_of([1, None], pa.string()).to_pylist(), array_of([Decimal("1.50")], None).to_pylist()
        (['1', None], ['1.50'])
        >>> array_of([1, "Dupont"], pa.int64(), where="patients.id", first=40)
        Traceback (most recent call last):
        ...
        pipeline.errors.InvalidInput: patients.id: row 41 (counted from 0) is no int64. Read it by a query that casts it to text.
    """
    if kind is None:
        kinds = {_PLAIN.get(type(value), pa.string()) for value in values if value is not None}
        kind = kinds.pop() if len(kinds) == 1 else pa.string()
    if pa.types.is_string(kind):
        return pa.array([value if value is None or type(value) is str else spelled(value) for value in values], kind)
    if pa.types.is_timestamp(kind) and kind.tz is None:
        values = [
            value.astimezone(UTC).replace(tzinfo=None) if getattr(value, "tzinfo", None) else value for value in values
        ]
    try:
        return pa.array(values, kind)
    except (pa.ArrowException, TypeError, OverflowError):
        row = next(at for at, value in enumerate(values) if not _is_of(value, kind))
        raise InvalidInput(
            f"{where}: row {first + row} (counted from 0) is no {kind}",
            hint="Read it by a query that casts it to text.",
        ) from None


def _is_of(value: object, kind: pa.DataType) -> bool:
    try:
        pa.array([value], kind)
    except (pa.ArrowException, TypeError, OverflowError):
        return False
    return True


def spelled(value: object) -> str:
    r"""Spell a value as a CSV file would hold it.

    Example:
        >>> spelled(Decimal("1E+2")), spelled(b"\x00\xff"), spelled(True), spelled(datetime(2024, 2, 29, 10))
        ('100', '\\x00ff', 'true', '2024-02-29 10:00:00')
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "\\x" + bytes(value).hex()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def fitted(batch: pa.RecordBatch, schema: pa.Schema, name: str) -> pa.RecordBatch:
    """Give the columns that a driver handed over as Arrow the types that the schema says.

    Raises:
        InvalidInput: A column that can't be; names table and field.
    """
    columns = []
    for column, field in zip(batch.columns, schema, strict=True):
        try:
            columns.append(pc.cast(column, field.type))
        except pa.ArrowException:
            raise InvalidInput(
                f"{name}.{field.name} holds what is no {field.type}", hint="Read it by a query that casts it to text."
            ) from None
    return pa.RecordBatch.from_arrays(columns, schema=schema)
