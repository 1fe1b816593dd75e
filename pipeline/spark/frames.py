"""What are Spark's DataFrames to an extract: its tables, their columns as a file would give them, and a sample of rows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's documentation names it
from pyspark.sql.pandas.types import to_arrow_schema

from pipeline.errors import InvalidInput
from pipeline.making.extracting import SAMPLE_ROWS
from pipeline.sources import SourceTable
from pipeline.spark.task import plain_batch
from transforms.errors import UnknownColumn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyspark.sql import Column, DataFrame

_SEED: Final = 20_260


def sampled(frames: Mapping[str, DataFrame], *, rows: int = SAMPLE_ROWS, seed: int = _SEED) -> dict[str, pa.Table]:
    """Fetch about `rows` rows of each table from all over the cluster, for `detect` and for drafting a plan.

    The rows come to the driver's memory as Arrow and nowhere else. They are chosen by the seed, partition by partition:
    the same data in the same partitions gives the same sample. A table of fewer rows comes whole.

    Args:
        frames: Table to DataFrame.
        rows: About how many of each.
        seed: Of the choice.

    Returns:
        Table to rows; nested fields flattened to `name.family`, moments in UTC, as a source of files gives them.

    Raises:
        InvalidInput: A table has no rows, or a column of a type that Arrow has not.
    """
    return {name: _sample(name, frame, rows, seed) for name, frame in frames.items()}


def _sample(table: str, frame: DataFrame, rows: int, seed: int) -> pa.Table:
    schema = source_schema(table, frame)
    # A source that only counts is seldom read whole: Parquet's footers know it.
    total = frame.count()
    if not total:
        raise InvalidInput(f"the DataFrame {table} has no rows", hint="Check what it was read from.")
    plain = positional(frame)
    chosen = plain.sample(fraction=rows / total, seed=seed) if total > rows else plain
    found = chosen.toArrow().rename_columns(frame.columns)
    if not len(found):
        found = plain.limit(rows).toArrow().rename_columns(frame.columns)
    return pa.Table.from_batches([plain_batch(batch) for batch in found.to_batches()], schema)


def source_schema(table: str, frame: DataFrame) -> pa.Schema:
    """The columns of a DataFrame as a file of the same would have them: flattened, moments in UTC.

    Raises:
        InvalidInput: Two columns of one name, or of a type that Arrow has not.
    """
    try:
        arrow = to_arrow_schema(frame.schema, timezone="UTC")
    except PySparkException:
        raise InvalidInput(
            f"the DataFrame {table} has a column of a type that Arrow has not", hint="Cast it, or leave it out."
        ) from None
    flat = plain_batch(pa.RecordBatch.from_pylist([], schema=arrow)).schema
    for name in flat.names:
        if flat.names.count(name) > 1:
            raise InvalidInput(f"the DataFrame {table} has two columns {name}", hint="Rename one of them.")
    return flat


def positional(frame: DataFrame) -> DataFrame:
    """The same rows, columns named c0, c1...: a name with a dot in it means something else to Spark."""
    return frame.toDF(*(f"c{at}" for at in range(len(frame.columns))))


def column_at(table: str, frame: DataFrame, path: str) -> Column:
    """The column of a positional frame at a flattened path of the original `frame`.

    Raises:
        UnknownColumn: It has none of that path.
    """
    names = frame.columns
    top = path if path in names else max((name for name in names if path.startswith(f"{name}.")), key=len, default=None)
    if top is None:
        raise UnknownColumn(f"the DataFrame {table} has no column {path}", hint=f"It has {', '.join(names)}.")
    column = F.col(f"c{names.index(top)}")
    for part in filter(None, path[len(top) + 1 :].split(".")):
        column = column.getField(part)
    return column


@dataclass(frozen=True)
class FrameSource:
    """DataFrames as a source: what a plan is compared with. Their rows are read by the cluster, not through here."""

    frames: Mapping[str, DataFrame]

    def tables(self) -> Sequence[SourceTable]:
        """The extract's tables."""
        return [
            SourceTable(
                name=name,
                schema=source_schema(name, frame),
                batches=lambda frame=frame: _batches(frame),  # type: ignore[misc]
                digest=None,
                origin=f"the DataFrame {name}",
            )
            for name, frame in self.frames.items()
        ]


def _batches(frame: DataFrame) -> Iterator[pa.RecordBatch]:
    found = positional(frame).toArrow().rename_columns(frame.columns)
    yield from (plain_batch(batch) for batch in found.to_batches())


@dataclass(frozen=True)
class Samples:
    """Sampled tables, as something that can be read as often as detection must."""

    tables: Mapping[str, pa.Table]

    def rows(self, table: str) -> int:
        """Rows of the sample."""
        return int(self.tables[table].num_rows)

    def schema(self, table: str) -> pa.Schema:
        """The columns of a table."""
        return self.tables[table].schema

    def reader(
        self, table: str, *, columns: Sequence[str] | None = None, dictionary: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        """Stream a table's sample."""
        del dictionary
        found = self.tables[table]
        yield from (found if columns is None else found.select(list(columns))).to_batches()


@dataclass(frozen=True)
class DistinctValues:
    """Tables of which only some columns are asked for, once each: the names of people who are nobody's patient."""

    frames: Mapping[str, DataFrame]

    def rows(self, _table: str) -> None:
        """Nobody asks."""

    def schema(self, table: str) -> pa.Schema:
        """The columns of a table."""
        return source_schema(table, self.frames[table])

    def reader(
        self, table: str, *, columns: Sequence[str] | None = None, dictionary: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        """The distinct rows of these columns, gathered in the driver's memory."""
        del dictionary
        frame, names = self.frames[table], list(columns or ())
        plain = positional(frame)
        wanted = plain.select(*(column_at(table, frame, name).alias(f"n{at}") for at, name in enumerate(names)))
        found = wanted.distinct().toArrow().rename_columns(names)
        yield from (plain_batch(batch) for batch in found.to_batches())
