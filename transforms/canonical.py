"""Which text stands for a value that is no text, so that an id links however its column was typed?

A pseudonym is made of text, so every type has one declared text, the same in every tool and every run:

| type | text |
| --- | --- |
| string, binary | itself |
| integer | decimal digits: `12345`, `-7` |
| float that holds whole numbers | the same digits: `12345` for 12345.0, `0` for -0.0; NaN is a null |
| other float | the shortest decimal that reads back: `0.1` |
| decimal | digits without zeros at the end of the fraction: `12.5` for 12.50, `12` for 12.00 |
| boolean | `true`, `false` |
| date | `2026-11-24` |
| timestamp without zone | `2026-11-24T08:30:00`, fraction without zeros at its end; at midnight the date alone |
| timestamp with a zone | the same in UTC and with a Z: `2026-11-24T07:30:00Z` |
| time of day | `08:30:00` |

12345, 12345.0 and "12345" have one text, and so one pseudonym under one linking label. Floats from 2^53 up are
refused: their last digits are gone, and two persons' ids may have become one number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.crypto.blocks import is_text
from transforms.errors import InvalidColumn, InvalidValue

if TYPE_CHECKING:
    from transforms.column import ArrowColumn

_EXACT_BELOW: Final = {16: 2**11, 32: 2**24, 64: 2**53}


def canonical_text(values: ArrowColumn) -> ArrowColumn:
    """Write every value of a column as its canonical text.

    Args:
        values: n values of any type in the table of this module, or a dictionary of these.

    Returns:
        n strings (or the bytes of a binary column), in the same chunks, a dictionary for a dictionary; null for null
        and for NaN.

    Raises:
        InvalidColumn: A type without a canonical text, as lists and structs.
        InvalidValue: Floats that hold no exact id; names their rows.

    Example:
        >>> canonical_text(pa.array([12345.0, None])).to_pylist()
        ['12345', None]
    """
    if isinstance(values, pa.Array):
        return _text(values)
    if pa.types.is_floating(values.type):
        _check_exact(values)
    chunks = [_text(chunk) for chunk in values.chunks]
    if chunks:
        return pa.chunked_array(chunks)
    return pa.chunked_array([], _text(pa.array([], values.type)).type)


def canonical_string(values: ArrowColumn) -> ArrowColumn:
    """Write every value as its canonical text, as `canonical_text` does, and bytes as the UTF-8 that they must be.

    Raises:
        InvalidColumn: Also for bytes that are no UTF-8.

    Example:
        >>> canonical_string(pa.array([b"a"])).type
        DataType(string)
    """
    text = canonical_text(values)
    kind = text.type
    wide = pa.types.is_large_string(kind) or pa.types.is_large_binary(kind) or pa.types.is_string_view(kind)
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return text
    try:
        return text.cast(pa.large_string() if wide else pa.string())
    except pa.ArrowInvalid:
        # Arrow's message may quote a value: it must not be chained.
        raise InvalidColumn("the column holds bytes that are no UTF-8", hint="Cast it to string first.") from None


def _text(array: pa.Array) -> pa.Array:  # noqa: C901, PLR0911 - one line a type, as in the table above
    kind = array.type
    if is_text(kind):
        return array
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(array.indices, _text(array.dictionary))
    if isinstance(kind, pa.BaseExtensionType):
        return _text(array.storage)
    if pa.types.is_run_end_encoded(kind):
        return _text(pc.run_end_decode(array))
    if pa.types.is_null(kind) or pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return array.cast(pa.string())
    if pa.types.is_floating(kind):
        return _float(array)
    if pa.types.is_decimal(kind):
        return _decimal(array)
    if pa.types.is_date(kind):
        return array.cast(pa.date32()).cast(pa.string())
    if pa.types.is_timestamp(kind):
        return _timestamp(array)
    if pa.types.is_time(kind):
        return _without_idle_zeros(array.cast(pa.string()))
    raise InvalidColumn(f"a column of {kind} has no canonical text", hint="Take a field of it, or cast it to string.")


def _check_exact(values: ArrowColumn) -> None:
    large = pc.greater_equal(pc.abs(values.cast(pa.float64())), float(_EXACT_BELOW[values.type.bit_width]))
    inexact = pc.fill_null(pc.and_(large, pc.invert(pc.is_nan(values))), False)
    if pc.any(inexact).as_py():
        rows = np.flatnonzero(inexact.to_numpy(zero_copy_only=False) if isinstance(inexact, pa.Array) else inexact)
        raise InvalidValue.at(
            rows[: InvalidValue.ROWS_NAMED].tolist(),
            total=len(rows),
            what=f"too large for a {values.type} to hold every digit",
            hint="Read the column as text or integers from its source.",
        )


def _float(array: pa.Array) -> pa.Array:
    _check_exact(array)
    numbers = array.cast(pa.float64())
    numbers = pc.if_else(pc.is_nan(numbers), None, numbers)
    whole = pc.equal(numbers, pc.trunc(numbers))
    digits = pc.if_else(whole, numbers, 0.0).cast(pa.int64()).cast(pa.string())
    if pc.all(whole).as_py() in {True, None}:
        return digits
    # The shortest decimal of the float as it was typed: 0.1 in 32 bits is 0.1, not 0.10000000149.
    shortest = array.cast(pa.string()) if array.type.bit_width > 16 else array.cast(pa.float32()).cast(pa.string())
    return pc.if_else(whole, digits, shortest)


def _decimal(array: pa.Array) -> pa.Array:
    kind = array.type
    if kind.scale <= 0:
        return array.cast(pa.decimal256(min(76, kind.precision - kind.scale), 0)).cast(pa.string())
    text = _without_idle_zeros(array.cast(pa.string()))
    small = pc.match_substring(text, "E")
    if not pc.any(small).as_py():
        return text
    # Arrow writes decimals under 10^-6 with an exponent; they are no ids, so a loop over them may be slow.
    written = [None if value is None else format(value.normalize(), "f") for value in array.filter(small).to_pylist()]
    return pc.replace_with_mask(text, small, pa.array(written, pa.string()))


def _timestamp(array: pa.Array) -> pa.Array:
    unit, zone = array.type.unit, array.type.tz
    text = _without_idle_zeros(array.cast(pa.timestamp(unit)).cast(pa.string()))
    if zone is None:
        text = pc.replace_substring_regex(text, r" 00:00:00$", "")
    text = pc.replace_substring(text, " ", "T")
    return text if zone is None else pc.binary_join_element_wise(text, "Z", "")


def _without_idle_zeros(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.replace_substring_regex(text, r"(\.\d*[1-9])0+$", r"\1"), r"\.0+$", "")
