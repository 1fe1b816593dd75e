"""How many records share their quasi-identifiers, and what do they share with them? Counted batch by batch.

The state has one row for each combination seen, never one for each record (unless persons are counted), so a run counts
what it streams without keeping it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import InvalidColumn, InvalidOption, UnknownColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNT: Final = "count"
_PENDING_ROWS: Final = 1_000_000


class Tally:
    """How often each combination of values of some columns occurs, added up over any number of tables.

    Args:
        names: The columns, without repetition; none at all counts records.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names: Final = tuple(names)
        # Positions stand for names, so that a column may be called "count".
        self.keys: Final = [str(position) for position in range(len(names))]
        self._pending: list[pa.Table] = []
        self._merged_rows = 0

    def add(self, table: pa.Table) -> None:
        """Count the rows of a table that has the columns."""
        columns = [_comparable(table.column(name)) for name in self.names]
        counted = pa.table(columns, self.keys) if columns else table.select([])
        # One thread: merging two threads' groups costs 4 times the counting where groups are many, gains nothing where
        # they are few (2026-11-24), and the order of groups stays that of the rows.
        grouped = counted.group_by(self.keys, use_threads=False).aggregate([([], "count_all")])
        self._pending.append(grouped.rename_columns([*self.keys, _COUNT]))
        # Merging only when the news outweigh what is merged keeps the whole linear in the number of rows.
        if sum(map(len, self._pending)) > _PENDING_ROWS + 2 * self._merged_rows:
            self.counts()

    def counts(self) -> pa.Table:
        """Give one row for each combination: columns "0", "1"... for the names in order, and "count" (int64)."""
        if not self._pending:
            return pa.table({key: pa.array([], pa.null()) for key in self.keys} | {_COUNT: pa.array([], pa.int64())})
        if len(self._pending) > 1:
            together = pa.concat_tables(self._pending, promote_options="permissive")
            self._pending = [add_up(together, self.keys)]
            self._merged_rows = len(self._pending[0])
        return self._pending[0]


def add_up(counts: pa.Table, keys: list[str]) -> pa.Table:
    """Add the counts of rows that agree in `keys`; the other columns go."""
    grouped = counts.group_by(keys, use_threads=False).aggregate([(_COUNT, "sum")])
    return grouped.select([*keys, f"{_COUNT}_sum"]).rename_columns([*keys, _COUNT])


def read_columns(table: object, names: Sequence[str]) -> pa.Table:
    """Read some columns of any dataframe as an Arrow table.

    Args:
        table: pandas or polars DataFrame, pyarrow Table or RecordBatch, or anything with `__arrow_c_stream__`.
        names: The columns, each once.

    Raises:
        InvalidColumn: It is no dataframe, or one of the columns mixes Python objects.
        InvalidOption: A name occurs twice.
        UnknownColumn: The table lacks a column.
    """
    if len(set(names)) != len(names):
        raise InvalidOption("a column is named twice", hint="Quasi-identifiers, sensitive and person differ.")
    if nw.dependencies.is_into_dataframe(table):
        frame = nw.from_native(table, eager_only=True)
        _check_names(names, frame.columns)
        try:
            return frame.select(names).to_arrow() if names else pa.table({"row": pa.nulls(len(frame))})
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            # Arrow's message quotes the value that it stumbled over: it must not be chained.
            raise InvalidColumn(
                "a column mixes Python types", hint="Cast it to one type first, as with .astype(str)."
            ) from None
    if not isinstance(table, pa.RecordBatch) and not hasattr(table, "__arrow_c_stream__"):
        raise InvalidColumn(
            f"{type(table).__name__} is no table", hint="Pass a pandas or polars DataFrame, or a pyarrow Table."
        )
    whole = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else pa.table(table)
    _check_names(names, whole.column_names)
    return whole.select(list(names)) if names else pa.table({"row": pa.nulls(len(whole))})


def _check_names(names: Sequence[str], held: Sequence[str]) -> None:
    for name in names:
        if name not in held:
            raise UnknownColumn(f"the table has no column {name}", hint=f"It has {', '.join(map(str, held))}.")


def _comparable(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Bring a column to a type that can be grouped and that is the same in every batch."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_string_view(values.type):
        return values.cast(pa.string())
    if pa.types.is_binary_view(values.type):
        return values.cast(pa.binary())
    if pa.types.is_floating(values.type):
        # 0.0 and -0.0 are equal, but not the same to a hash; NaN is no value.
        return pc.if_else(pc.is_nan(values), None, pc.add(values, pa.scalar(0.0, values.type)))
    if pa.types.is_nested(values.type):
        raise InvalidColumn(f"a column of {values.type} can't be counted by its values")
    return values
