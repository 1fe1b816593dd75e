"""Which rows of a source belong to an interval, told by each table's watermark column?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import InvalidInput
from pipeline.making.column_types import read_as
from transforms.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pipeline.plan import Plan
    from pipeline.sources import Source, SourceTable


_MARGIN = timedelta(days=2)


@dataclass(frozen=True)
class Interval:
    """From `start` (included) to `end` (not included), both with a time zone."""

    start: datetime
    end: datetime


class IntervalSource:
    """A source of which only an interval is taken. Tables without a watermark are taken whole.

    Args:
        source: The source.
        interval: Which rows.
        watermark: Table to the column that says when a row came.
        plan: How dates that are text are written.
        timezone: The zone of dates that have none, such as `Europe/Paris`.
    """

    def __init__(
        self, source: Source, interval: Interval, *, watermark: Mapping[str, str], plan: Plan, timezone: str
    ) -> None:
        self.source = source
        self.interval = interval
        self.watermark = watermark
        self.plan = plan
        self.timezone = timezone

    def tables(self) -> list[SourceTable]:
        """The source's tables; those that have a watermark give the interval's rows only.

        Raises:
            InvalidInput: A table with a watermark is gone, or has no such column.
        """
        tables = {table.name: table for table in self.source.tables()}
        for name, column in self.watermark.items():
            if name not in tables or column not in tables[name].schema.names:
                raise InvalidInput(
                    f"the source has no {name}.{column}, which is the export's watermark",
                    hint="Correct `watermark`, or the source.",
                )
        return [self._within(table) if name in self.watermark else table for name, table in tables.items()]

    def _within(self, table: SourceTable) -> SourceTable:
        column = self.watermark[table.name]
        planned = self.plan.tables[table.name].fields.get(column) if table.name in self.plan.tables else None
        kind, written = (planned.type, planned.format) if planned else (None, None)

        # Two days more on each side: no time zone is further off, and every row is compared below.
        nearby = self.interval.start - _MARGIN, self.interval.end + _MARGIN
        opened = (table.narrow(column, *nearby) if table.narrow else None) or table.batches

        def batches() -> Iterator[pa.RecordBatch]:
            first = 0
            for batch in opened():
                try:
                    moments = self._moments(read_as(batch.column(column), kind, written))
                except InvalidValue as error:
                    raise error.within(f"{table.name}.{column}", first) from None
                first += batch.num_rows
                kept = batch.filter(self._in_interval(moments))
                if kept.num_rows:
                    yield kept

        return replace(table, batches=batches, digest=None, file=None, narrow=None)

    def _moments(self, column: pa.Array) -> pa.Array:
        """Dates and times as UTC; one without a zone is of the export's."""
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_timestamp(column.type) and column.type.tz:
            return column.cast(pa.timestamp("us", "UTC"))
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = read_as(column, "datetime", None)
        # A clock that is put back says 2:30 twice: the earlier is meant, so that no row is left out of every interval.
        return pc.assume_timezone(
            column.cast(pa.timestamp("us")), self.timezone, ambiguous="earliest", nonexistent="earliest"
        ).cast(pa.timestamp("us", "UTC"))

    def _in_interval(self, moments: pa.Array) -> pa.Array:
        start, end = (
            pa.scalar(moment.astimezone(ZoneInfo("UTC")), pa.timestamp("us", "UTC"))
            for moment in (self.interval.start, self.interval.end)
        )
        return pc.and_(pc.greater_equal(moments, start), pc.less(moments, end)).fill_null(False)
