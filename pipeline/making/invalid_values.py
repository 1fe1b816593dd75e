"""What becomes of values that a field's type or steps can't take, when the plan doesn't want the run to stop?

A transform refuses a whole column and names the first ten of its bad rows. Which all of them are is found by asking it
about parts of the column that have about five bad rows each: no transform needs to know of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical import canonical_text
from transforms.errors import InvalidValue
from transforms.pseudonymization import pseudonymize

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from transforms import Key

Make: TypeAlias = "Callable[[pa.Array, int], pa.Array]"
"""n values that start at a row of the batch, to what the plan makes of them; raises `InvalidValue`."""

_PER_PART: Final = 5


def emptied(column: pa.Array, make: Make) -> tuple[pa.Array, NDArray[np.int64]]:
    """Make what the plan says of a batch's column of n values, without the values that it can't be made of.

    Returns:
        n values, null where a value was invalid; and the rows of these, rising.

    Raises:
        InvalidValue: One that names no rows.

    Example:
        >>> def digits(column, first):
        ...     bad = [row for row, value in enumerate(column.to_pylist()) if value and not value.isdigit()]
        ...     if bad:
        ...         raise InvalidValue.at(bad[:10], total=len(bad), what="are no digits")
        ...     return column
        >>> made, rows = emptied(pa.array(["1", "x", None]), digits)
        >>> made.to_pylist(), rows.tolist()
        (['1', None, None], [1])
    """
    invalid = np.zeros(len(column), np.bool_)
    while True:
        try:
            made = make(column, 0)
        except InvalidValue as error:
            invalid[_rows_of(error, column, make)] = True
            column = pc.if_else(pa.array(invalid), pa.scalar(None, column.type), column)
        else:
            return made, np.flatnonzero(invalid)


def pseudonyms_instead(made: pa.Array, raw: pa.Array, rows: NDArray[np.int64], key: Key, *, link: str) -> pa.Array:
    """Put a keyed pseudonym of the value as it came where it was invalid; the column is text, also where none was.

    Args:
        made: n values.
        raw: The n values as they came.
        rows: The invalid ones.
        key: The domain's key.
        link: The field's linking label.
    """
    texts = canonical_text(made.cast(made.type.value_type) if pa.types.is_dictionary(made.type) else made)
    texts = texts.cast(pa.string())
    if not len(rows):
        return texts
    mask = np.zeros(len(made), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), pseudonymize(raw.take(pa.array(rows)), key, field=link))


def _rows_of(error: InvalidValue, column: pa.Array, make: Make) -> NDArray[np.int64]:
    if not error.rows:
        raise error
    if error.total <= len(error.rows):
        return np.array(error.rows, np.int64)
    found = []
    parts = min(-(-error.total // _PER_PART), len(column))
    edges = np.linspace(0, len(column), parts + 1).astype(np.int64)
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = column.slice(start, stop - start)
        try:
            make(part, start)
        except InvalidValue as within:
            found.append(start + _rows_of(within, part, _from(make, start)))
    return np.concatenate(found)


def _from(make: Make, start: int) -> Make:
    """The same of a part that starts at this row."""
    return lambda values, first: make(values, start + first)
