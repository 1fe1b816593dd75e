"""How often must the entries of a dictionary be worked on, when every batch of a row group comes with the same one?

Once. A surname column of 20,000 names and 5 million rows is 40 dictionaries, whatever its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


class LastDictionary:
    """Remembers what the entries of a column's last dictionary became. Several threads may ask: two may do it twice.

    Example:
        >>> import pyarrow.compute as pc
        >>> column = pa.array(["b", "a", "b"]).dictionary_encode()
        >>> LastDictionary().through(column, pc.utf8_upper).to_pylist()
        ['B', 'A', 'B']
    """

    def __init__(self) -> None:
        self._last: tuple[pa.Array, pa.DictionaryArray] | None = None

    def through(self, column: pa.DictionaryArray, change: Callable[[pa.Array], pa.Array]) -> pa.DictionaryArray:
        """Change every entry of the dictionary, also what no row uses: writing the column leaves that out.

        Args:
            column: n values.
            change: One value's change, which depends on no row; raises `InvalidValue` as ever, for entries.
        """
        entries, last = column.dictionary, self._last
        # A reader copies the dictionary for each batch: it is known by its entries, which are read faster than changed.
        if last is None or not last[0].equals(entries):
            # Two spellings may have become one pseudonym: an entry stands once.
            last = self._last = (entries, change(entries).dictionary_encode())
        became = last[1]
        all_differ = len(became.dictionary) == len(entries)
        indices = column.indices if all_differ else became.indices.take(column.indices)
        return pa.DictionaryArray.from_arrays(indices, became.dictionary)
