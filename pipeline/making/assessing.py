"""How easily is one person singled out in the release: k over the quasi-identifiers, table by table?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.making.person_classes import PersonClasses

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.plan import PlannedTable
    from transforms import Key

# What stays with a person and can be known from outside. The date of an event is left out: it differs in every row
# and has moved by a secret number of days; so are wards and facilities, which describe the stay.
STABLE = frozenset(
    [
        "birth_date",
        "death_date",
        "age",
        "sex",
        "postal_code",
        "city",
        "country",
        "geo",
        "nationality",
        "occupation",
        "marital_status",
        "ethnicity",
    ]
)


@dataclass(frozen=True)
class TableRisk:
    """The risk figures of one table.

    Attributes:
        table: The table.
        quasi: The quasi-identifiers that the release keeps in it.
        k: Persons in the smallest class of equal quasi-identifiers.
        unique: Persons alone in their class.
        classes: How many classes there are.
        persons: How many persons there are.
        histogram: (class size, how many classes have it), by size.
    """

    table: str
    quasi: tuple[str, ...]
    k: int
    unique: int
    classes: int
    persons: int
    histogram: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """The figures for the manifest; the histogram stays in the report."""
        return {
            "table": self.table,
            "quasi": list(self.quasi),
            "k": self.k,
            "unique": self.unique,
            "classes": self.classes,
            "persons": self.persons,
        }


class RiskAccount:
    """Counts the classes of one table while its batches pass."""

    def __init__(self, table: str, planned: PlannedTable, key: Key) -> None:
        self.table = table
        self.quasi = tuple(
            name
            for name, field in planned.fields.items()
            if field.kind in STABLE and not field.suppressed and planned.person is not None
        )
        self._counts = PersonClasses(key.derive("risk", table), columns=len(self.quasi)) if self.quasi else None

    def add(self, batch: pa.RecordBatch, persons: pa.Array) -> None:
        """Take a batch of the release, and the person of each of its rows."""
        if self._counts is not None:
            self._counts.add([batch.column(name) for name in self.quasi], persons)

    def figures(self) -> TableRisk | None:
        """The table's figures; None where it keeps no quasi-identifier of a person."""
        if self._counts is None:
            return None
        sizes = self._counts.sizes()
        size, number = np.unique(sizes, return_counts=True)
        histogram = tuple(zip(size.tolist(), number.tolist(), strict=True))
        k = histogram[0][0] if histogram else 0
        unique = histogram[0][1] if k == 1 else 0
        return TableRisk(self.table, self.quasi, k, unique, len(sizes), int(sizes.sum()), histogram)
