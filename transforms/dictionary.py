"""How does a transform work once on a dictionary's entries, and hand back a dictionary that tells nothing else?

Entries usually stand in the order of the alphabet or of first appearance, and may name persons who are in no row any
more. A result that kept that order would tell a pseudonym's rank among the names; so the entries of a result are those
in use, without doubles (pandas refuses them), in the order of the result itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import InvalidValue
from transforms.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from transforms.column import ArrowColumn

_ROWS: Final = 1 << 16
_SAMPLE: Final = 4096


def through_dictionary(values: ArrowColumn, change: Callable[[ArrowColumn], ArrowColumn]) -> ArrowColumn:
    """Change a dictionary column by changing each entry in use once.

    Args:
        values: A dictionary array, or a chunked array of them; n rows.
        change: Takes the entries in use and gives as many changed ones, of a sortable type; null where it will.

    Returns:
        n rows in the same chunks; index type kept, no order among the entries claimed.

    Raises:
        InvalidValue: `change` refused values; names their rows.

    Example:
        >>> column = pa.array(["b", "a", None, "b"]).dictionary_encode()
        >>> through_dictionary(column, pc.utf8_upper).to_pylist()
        ['B', 'A', None, 'B']
    """
    whole = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    whole = whole.unify_dictionaries()
    index_type = whole.type.index_type
    entries = whole.chunk(0).dictionary if whole.num_chunks else pa.array([], whole.type.value_type)
    in_use = np.zeros(len(entries), np.bool_)
    for chunk in whole.chunks:
        in_use[chunk.indices.drop_null().to_numpy(zero_copy_only=False)] = True
    mask = pa.array(in_use)
    try:
        changed = change(entries.filter(mask))
    except InvalidValue:
        # Once more on the rows, since the error named entries.
        change(whole.cast(whole.type.value_type))
        raise
    distinct = changed.unique().drop_null()
    distinct = distinct.take(pc.sort_indices(distinct))
    # Old entry to new entry; an entry that is null, or became null, makes its rows null.
    place = pc.replace_with_mask(pa.nulls(len(entries), pa.int32()), mask, pc.index_in(changed, distinct))
    chunks = [
        pa.DictionaryArray.from_arrays(place.take(chunk.indices).cast(index_type), distinct) for chunk in whole.chunks
    ]
    result = pa.chunked_array(chunks, pa.dictionary(index_type, distinct.type))
    return result if isinstance(values, pa.ChunkedArray) else result.combine_chunks()


def on_column(values: ArrowColumn, change: Callable[[ArrowColumn], ArrowColumn]) -> ArrowColumn:
    """Change a column, through its dictionary if it is one."""
    return through_dictionary(values, change) if pa.types.is_dictionary(values.type) else change(values)


def once_each(values: ArrowColumn, change: Callable[[pa.Array], pa.Array]) -> ArrowColumn:
    """Change a column of strings through its distinct values where values repeat, and piece by piece where they don't.

    Args:
        values: n strings in any chunks.
        change: Takes strings and gives as many; what it gives for a string depends on that string alone.

    Returns:
        n changed values in the same chunks.

    Example:
        >>> once_each(pa.array(["b", "a", "b"]), pc.utf8_upper).to_pylist()
        ['B', 'A', 'B']
    """
    if isinstance(values, pa.ChunkedArray):
        chunks = [once_each(chunk, change) for chunk in values.chunks]
        return pa.chunked_array(chunks, chunks[0].type if chunks else values.type)
    if not _repeat(values):
        return in_pieces(values, change)
    encoded = values.dictionary_encode()
    return in_pieces(encoded.dictionary, change).take(encoded.indices)


def in_pieces(values: ArrowColumn, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Change an array in pieces, whose intermediate results stay in the cache, on as many threads as there are.

    Example:
        >>> in_pieces(pa.array(["b", "a"]), pc.utf8_upper).to_pylist()
        ['B', 'A']
    """
    if len(values) <= _ROWS:
        return change(values)
    return pa.concat_arrays(in_threads(change, [values.slice(low, _ROWS) for low in range(0, len(values), _ROWS)]))


def _repeat(values: pa.Array) -> bool:
    """Guess from rows all over an array whether a table of its distinct values is shorter than half of it."""
    if len(values) <= _SAMPLE:
        return True
    sample = values.take(pa.array(np.linspace(0, len(values) - 1, _SAMPLE).astype(np.int64)))
    return 2 * len(sample.unique()) < _SAMPLE
