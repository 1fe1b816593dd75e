"""How does a rule about one value reach a whole column? Through the column's distinct values, each seen once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import InvalidColumn, InvalidOption, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from transforms.column import ArrowColumn

Invalid = Literal["stop", "suppress"]
"""What becomes of values that a transform can't take: an error that names their rows, or null."""

Rule: TypeAlias = "Callable[[pa.Array], pa.Array]"
"""Distinct values, none null, to their replacements; null for a value that the rule can't take."""


def check_invalid(invalid: str) -> None:
    """Refuse a word that isn't one of `Invalid`."""
    if invalid not in get_args(Invalid):
        raise InvalidOption(f"invalid is {' or '.join(get_args(Invalid))}, not {invalid!r}")


def refuse(bad: npt.NDArray[np.bool_], *, what: str, hint: str = "") -> NoReturn:
    """Raise the error that names the rows where `bad` is true."""
    rows = np.flatnonzero(bad)
    raise InvalidValue.at(rows[: InvalidValue.ROWS_NAMED].tolist(), total=len(rows), what=what, hint=hint)


def is_text(type_: pa.DataType) -> bool:
    """Whether values of this Arrow type are text: string, large_string or string_view."""
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def value_type(type_: pa.DataType) -> pa.DataType:
    """Type of the values themselves, also where a dictionary stands between."""
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def one_array(values: ArrowColumn) -> pa.Array:
    """Make a chunked array one array; dictionaries that differ from chunk to chunk are unified."""
    if not isinstance(values, pa.ChunkedArray):
        return values
    if pa.types.is_dictionary(values.type):
        values = values.unify_dictionaries()
    return values.combine_chunks()


def as_text(distinct: pa.Array) -> pa.Array:
    """Write identifiers and codes as text: 1000, 1000.0 and "1000" alike; null where a number isn't whole.

    Raises:
        InvalidColumn: The type holds no codes (dates, booleans, bytes, lists...).
    """
    type_ = distinct.type
    if is_text(type_):
        return distinct.cast(pa.string())
    if pa.types.is_integer(type_):
        return distinct.cast(pa.string())
    if pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        numbers = distinct.cast(pa.float64())
        whole = pc.and_(pc.equal(numbers, pc.floor(numbers)), pc.less(pc.abs(numbers), 2.0**53))
        return pc.if_else(whole, numbers, None).cast(pa.int64()).cast(pa.string())
    raise InvalidColumn(f"a column of {type_} holds no codes", hint="Pass text or whole numbers.")


def look_up(keys: pa.Array, table: dict[str, str]) -> pa.Array:
    """Replace each key by what the table says of it, null where it says nothing."""
    found = pc.index_in(keys, value_set=pa.array(list(table), pa.string()))
    return pa.array(list(table.values()), pa.string()).take(found)


def recode(values: ArrowColumn, rule: Rule, *, what: str, hint: str = "", invalid: Invalid = "stop") -> pa.Array:
    """Apply a rule to a column through its distinct values, so that a rule may cost more than a column could bear.

    Args:
        values: A column of n values. Nulls stay null and no rule sees them.
        rule: Called once, with the distinct values that occur in a row (not with what a dictionary merely holds).
        what: What is wrong with a value that the rule answers with null, as "can't be read as a postal code".
        hint: What to do about it.
        invalid: "stop" raises, "suppress" leaves null.

    Returns:
        n values of the rule's type, or of `values`' own kind of text if both are text; a dictionary for a dictionary;
        strings for a column without a type, all null.

    Raises:
        InvalidValue: With invalid="stop", values that the rule answered with null; names their rows.
    """
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), pa.string())
    encoded = _encode(one_array(values))
    distinct, indices = encoded.dictionary, encoded.indices
    replaced = rule(distinct)
    lost = pc.and_(pc.is_null(replaced), pc.is_valid(distinct))
    if invalid == "stop" and pc.any(lost).as_py():
        refuse(pc.fill_null(lost.take(indices), False).to_numpy(zero_copy_only=False), what=what, hint=hint)
    coarse = replaced.take(indices)
    if is_text(value_type(values.type)) and is_text(replaced.type):
        coarse = coarse.cast(value_type(values.type))
    return like_dictionary(coarse, values.type) if pa.types.is_dictionary(values.type) else coarse


def like_dictionary(result: pa.Array, type_: pa.DictionaryType) -> pa.DictionaryArray:
    """Encode a result as a dictionary with the index type of another, wider if there are more values than it counts.

    The entries stand in the order of the rows, without doubles: the old entries' order would tell more than the rows.
    """
    encoded = result.dictionary_encode()
    if len(encoded.dictionary) > np.iinfo(type_.index_type.to_pandas_dtype()).max:
        return encoded
    return pa.DictionaryArray.from_arrays(encoded.indices.cast(type_.index_type), encoded.dictionary)


def _encode(values: pa.Array) -> pa.DictionaryArray:
    """Dictionary-encode, without NaN and without the entries of a given dictionary that no row uses."""
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)
    if not pa.types.is_dictionary(values.type):
        try:
            return values.dictionary_encode()
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            raise InvalidColumn(f"a column of {values.type} has no values to recode") from None
    used = pc.unique(values.indices).drop_null()
    # Arrow has no take for views.
    held = values.dictionary.cast(pa.string()) if pa.types.is_string_view(values.type.value_type) else values.dictionary
    return pa.DictionaryArray.from_arrays(pc.index_in(values.indices, value_set=used), held.take(used))
