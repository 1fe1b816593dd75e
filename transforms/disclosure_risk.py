"""How easily is a person of this table singled out, and what would be learned of them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.class_counts import Tally, add_up, read_columns
from transforms.closeness import equal_distances, ordered_distances
from transforms.coarse_numbers import is_number
from transforms.errors import InvalidOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


@dataclass(frozen=True)
class Risk:
    """Figures of a table's disclosure risk; numbers only, no value of a person.

    Attributes:
        k: Size of the smallest class of records that share all quasi-identifiers (Sweeney 2002); 0 for an empty table.
        l: Fewest distinct sensitive values in a class (distinct l-diversity, Machanavajjhala 2007); None if none is
            named.
        t: Greatest distance of a class's sensitive values from the whole table's (t-closeness, Li 2007), to six
            decimals; None if none is named.
        unique: Number of records (or persons) that are alone in their class.
        classes: Number of classes.
        records: Number of records, or of persons summed over classes.
        sizes: Pairs of a class size and the number of classes of that size, from small to large.
    """

    k: int
    l: int | None  # noqa: E741 - the letter of l-diversity
    t: float | None
    unique: int
    classes: int
    records: int
    sizes: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form, with the histogram as an object from size to number of classes.

        Example:
            >>> Risk(k=2, l=None, t=None, unique=0, classes=1, records=2, sizes=((2, 1),)).to_dict()["sizes"]
            {'2': 1}
        """
        return {
            "k": self.k,
            "l": self.l,
            "t": self.t,
            "unique": self.unique,
            "classes": self.classes,
            "records": self.records,
            "sizes": {str(size): number for size, number in self.sizes},
        }


class ClassCounts:
    """Collects what `risk` needs, batch by batch, for a table that is streamed or larger than memory.

    Args:
        quasi: Names of the quasi-identifiers.
        sensitive: Name or names of the sensitive columns.
        person: Name of the person's column; then distinct persons are counted, and the state holds them.

    Example:
        >>> counts = ClassCounts(quasi=["age"])
        >>> counts.add(pa.table({"age": [40, 41]}))
        >>> counts.add(pa.table({"age": [40]}))
        >>> counts.risk().sizes
        ((1, 1), (2, 1))
    """

    def __init__(
        self, *, quasi: Sequence[str], sensitive: str | Sequence[str] | None = None, person: str | None = None
    ) -> None:
        if isinstance(quasi, str):
            raise InvalidOption("quasi is a list of names, not one name", hint=f"Write [{quasi!r}].")
        named = [sensitive] if isinstance(sensitive, str) else list(sensitive or [])
        self._quasi = list(quasi)
        self._sensitive = named
        self._person = [] if person is None else [person]
        # One tally a sensitive column: all of them in one would have a row for each record.
        self._tallies = [Tally([*self._quasi, *self._person, name]) for name in named]
        if not named:
            self._tallies = [Tally([*self._quasi, *self._person])]

    def add(self, table: object) -> None:
        """Count the records of a table.

        Args:
            table: pandas or polars DataFrame, pyarrow Table or RecordBatch, or anything with `__arrow_c_stream__`.

        Raises:
            UnknownColumn: It lacks one of the columns.
            InvalidColumn: It is no table, or a column has a type that can't be counted by its values.
        """
        read = read_columns(table, [*self._quasi, *self._person, *self._sensitive])
        for tally in self._tallies:
            tally.add(read)

    def risk(self) -> Risk:
        """Compute the figures of all that was added; more may be added afterwards."""
        first = self._tallies[0]
        classes = first.keys[: len(self._quasi)]
        sizes = self._sizes(first.counts(), classes)
        if not sizes.any():
            l, t = (0, 0.0) if self._sensitive else (None, None)  # noqa: E741 - the letter of l-diversity
            return Risk(k=0, l=l, t=t, unique=0, classes=0, records=0, sizes=())
        diversity = [self._diversity(tally) for tally in self._tallies] if self._sensitive else []
        size, number = np.unique(sizes, return_counts=True)
        return Risk(
            k=int(size[0]),
            l=min((l for l, _ in diversity), default=None),  # noqa: E741 - the letter of l-diversity
            t=max((t for _, t in diversity), default=None),
            unique=int(number[0]) if size[0] == 1 else 0,
            classes=len(sizes),
            records=int(sizes.sum()),
            sizes=tuple(zip(size.tolist(), number.tolist(), strict=True)),
        )

    def _sizes(self, counts: pa.Table, classes: list[str]) -> npt.NDArray[np.int64]:
        if self._person:
            counts = _ones(add_up(counts, [*classes, str(len(classes))]))
        sizes: npt.NDArray[np.int64] = add_up(counts, classes).column("count").to_numpy()
        return sizes

    def _diversity(self, tally: Tally) -> tuple[int, float]:
        """Give the fewest distinct values in a class and the greatest distance from the whole."""
        classes, value = tally.keys[: len(self._quasi)], tally.keys[-1]
        counts = tally.counts()
        ordered = is_number(counts.column(value).type)
        codes = _codes(counts.column(value), ordered=ordered)
        entries = counts.select([*classes, "count"]).append_column("code", codes)
        if self._person:
            entries = add_up(_ones(entries), [*classes, "code"])
        # Without quasi-identifiers all is one class, but lists need a key. One thread keeps both lists in step.
        entries = entries.append_column("all", pa.nulls(len(entries)))
        grouped = entries.group_by([*classes, "all"], use_threads=False).aggregate(
            [("code", "list"), ("count", "list")]
        )
        lists = grouped.column("code_list").combine_chunks()
        starts = lists.offsets.to_numpy()[:-1].astype(np.int64)
        distances = (ordered_distances if ordered else equal_distances)(
            starts,
            lists.flatten().to_numpy().astype(np.int64),
            grouped.column("count_list").combine_chunks().flatten().to_numpy(),
        )
        return int(pc.min(pc.list_value_length(lists)).as_py()), round(max(float(distances.max()), 0.0), 6)


def risk(
    table: object,
    *,
    quasi: Sequence[str],
    sensitive: str | Sequence[str] | None = None,
    person: str | None = None,
) -> Risk:
    """Measure how easily a table's persons are singled out, and what would be learned of them.

    Records that agree in all quasi-identifiers form a class (ISO/IEC 20889:2018, equivalence class); a null is a value
    like another. k is the size of the smallest class. l is the fewest distinct sensitive values in a class (distinct
    l-diversity). t is the greatest Earth Mover's Distance between a class's sensitive values and the table's: by rank
    for numbers, where null ranks below all, equal between categories. With several sensitive columns l is the least and
    t the greatest of them, each taken by itself.

    Args:
        table: pandas or polars DataFrame, pyarrow Table or RecordBatch, or anything with `__arrow_c_stream__`; never
            changed.
        quasi: Names of the quasi-identifiers. With none, all records are one class.
        sensitive: Name or names of the sensitive columns.
        person: Name of the column that says whose record it is. Then classes count distinct persons, not records:
            ten stays of one person hide nobody. Records without a person count as one person's.

    Returns:
        The figures; `to_dict()` is their JSON form.

    Raises:
        UnknownColumn: The table lacks one of the columns.
        InvalidColumn: It is no table, or a column has a type that can't be counted by its values.
        InvalidOption: A column is named twice, or `quasi` is text.

    Example:
        >>> table = pa.table({"age": [40, 40, 50], "sex": ["F", "F", "M"], "diagnosis": ["I50", "C50", "I50"]})
        >>> figures = risk(table, quasi=["age", "sex"], sensitive="diagnosis")
        >>> figures.k, figures.l, figures.t, figures.unique, figures.classes
        (1, 1, 0.333333, 1, 2)
    """
    counts = ClassCounts(quasi=quasi, sensitive=sensitive, person=person)
    counts.add(table)
    return counts.risk()


def _ones(counts: pa.Table) -> pa.Table:
    """Count each combination once, however often it occurs: a person's second record adds nobody."""
    position = counts.column_names.index("count")
    return counts.set_column(position, "count", pa.array(np.ones(len(counts), np.int64)))


def _codes(values: pa.ChunkedArray, *, ordered: bool) -> pa.Array:
    """Number the distinct values from 0, by rank if they are ordered; null is one of them, the lowest."""
    encoded = values.combine_chunks().dictionary_encode(null_encoding="encode")
    if not ordered:
        return encoded.indices
    # Sorting puts the null, if there is one, at the end.
    rising = np.roll(pc.sort_indices(encoded.dictionary).to_numpy(), encoded.dictionary.null_count)
    rank = np.empty(len(rising), np.int64)
    rank[rising] = np.arange(len(rising))
    return pa.array(rank).take(encoded.indices)
