"""What do a column's texts mean: numbers, dates, yes and no; and how are they read as that?

A CSV file holds only text. Reading everything as numbers would eat the leading zero of a postal code or a patient's
number, so types are told per field, when the plan is drafted, from the kind and from values that all agree.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import InvalidValue

if TYPE_CHECKING:
    from pipeline.plan import FieldType

_NUMBERS = frozenset({"quantity", "amount", "lab_result", "vital_sign", "age"})
_DATES = frozenset({"birth_date", "death_date", "event_date", "date_technical"})
_INTEGER = r"^[+-]?(0|[1-9][0-9]{0,17})$"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
# Day first: where both readings are possible (03/04/2021), the European one is meant. The last is that of the PMSI.
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d%m%Y")
_TIMES = ("T%H:%M:%S", " %H:%M:%S", " %H:%M")
_WORTH_ENCODING = 1_000
_HINT = "Correct the source, plan the field as type text, or say on_invalid: null or pseudonymize."


@dataclass(frozen=True)
class ColumnType:
    """A field's type, and the format of its dates (None: ISO 8601)."""

    type: FieldType
    format: str | None = None


def infer_type(column: pa.ChunkedArray, kind: str) -> ColumnType | None:
    """Tell a text column's type from its kind and values; None where it stays what it is."""
    values = _texts(column)
    if values is None or len(values) == 0:
        return None
    if kind in _NUMBERS:
        if _all_match(values, _INTEGER):
            return ColumnType("integer")
        return ColumnType("number") if _all_match(values, _NUMBER) else None
    return _date_type(values) if kind in _DATES else None


def read_as(column: pa.Array, wanted: FieldType | None, date_format: str | None) -> pa.Array:
    """Read a text column of n values as its planned type; other columns and nulls come back as they are.

    Raises:
        InvalidValue: Values that don't read as that type; says in which rows.
    """
    if wanted in (None, "text") or not _is_text(column.type):
        return column
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.dictionary_encode() if len(column) > _WORTH_ENCODING else None
    if encoded is not None and len(encoded.dictionary) < len(column) // 2:
        # A date or a result repeats: a pattern and a parse for each of them, not for each row.
        with contextlib.suppress(InvalidValue):  # it named entries: the rows are found below
            return _read(encoded.dictionary, wanted, date_format).take(encoded.indices)
    return _read(column, wanted, date_format)


def _read(column: pa.Array, wanted: FieldType | None, date_format: str | None) -> pa.Array:
    if wanted == "integer":
        return _cast(column, _INTEGER, pa.int64(), "are no whole number")
    if wanted == "number":
        return _cast(column, _NUMBER, pa.float64(), "are no number")
    if wanted == "boolean":
        return _cast(column, "^(?i:true|false|0|1)$", pa.bool_(), "are neither true nor false")
    default = "%Y-%m-%d" if wanted == "date" else "%Y-%m-%dT%H:%M:%S"
    moments = _parse(column, date_format or default)
    _refuse(pc.and_(pc.is_valid(column), pc.is_null(moments)), f"are no {wanted} written as {date_format or default}")
    return moments.cast(pa.date32()) if wanted == "date" else moments


def _texts(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array | None:
    if not _is_text(column.type):
        return None
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.drop_null()


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _all_match(values: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())


def _date_type(values: pa.ChunkedArray) -> ColumnType | None:
    for date_format in _DATE_FORMATS:
        if _reads(values, date_format):
            return ColumnType("date", None if date_format == "%Y-%m-%d" else date_format)
        for time in _TIMES:
            if _reads(values, date_format + time):
                whole = date_format + time
                return ColumnType("datetime", None if whole == "%Y-%m-%dT%H:%M:%S" else whole)
    return None


_DIGITS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}


def _shape(date_format: str) -> str:
    """Hold texts to the width that the format writes: strptime takes `1/2/2021` as well as `01/02/2021`."""
    pattern = re.escape(date_format)
    for code, digits in _DIGITS.items():
        pattern = pattern.replace(code, rf"[0-9]{{{digits}}}")
    return f"^{pattern}$"


def _reads(values: pa.ChunkedArray, date_format: str) -> bool:
    return _all_match(values, _shape(date_format)) and _parse(values, date_format).null_count == 0


def _parse(values: pa.ChunkedArray | pa.Array, date_format: str) -> pa.ChunkedArray | pa.Array:
    """Parse texts of exactly this format; null where there is no such day (strptime makes 2 March of 30 February)."""
    nothing = pa.scalar(None, values.type)
    shaped = pc.if_else(pc.match_substring_regex(values, _shape(date_format)), values, nothing)
    moments = pc.strptime(shaped, format=date_format, unit="s", error_is_null=True)
    at = sum(_DIGITS.get(code, 1) for code in re.findall("%.|.", date_format.partition("%d")[0]))
    written = pc.utf8_slice_codeunits(shaped, at, at + 2).cast(pa.int64())
    return pc.if_else(pc.equal(pc.day(moments), written), moments, pa.scalar(None, moments.type))


def _cast(column: pa.Array, pattern: str, target: pa.DataType, what: str) -> pa.Array:
    _refuse(pc.and_(pc.is_valid(column), pc.invert(pc.match_substring_regex(column, pattern))), what)
    return column.cast(target)


def _refuse(bad: pa.Array, what: str) -> None:
    rows = pc.indices_nonzero(bad.fill_null(False))
    if len(rows):
        raise InvalidValue.at(rows[: InvalidValue.ROWS_NAMED].to_pylist(), total=len(rows), what=what, hint=_HINT)
