"""How easily is a person of a DataFrame singled out, counted by Spark SQL: the figures of `transforms.risk`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from pyspark.sql import Window
from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's documentation names it
from pyspark.sql.pandas.types import to_arrow_type
from pyspark.sql.types import DoubleType, FloatType

from pipeline.spark.frames import column_at, positional
from pipeline.spark.session import collected
from transforms.closeness import equal_distances, ordered_distances
from transforms.coarse_numbers import is_number
from transforms.disclosure_risk import Risk
from transforms.errors import InvalidOption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyspark.sql import Column, DataFrame

_DOING: Final = "count the classes"


def risk(
    frame: DataFrame,
    *,
    quasi: Sequence[str],
    sensitive: str | Sequence[str] | None = None,
    person: str | None = None,
) -> Risk:
    """Measure a DataFrame's disclosure risk where it lies; only counts come to the driver.

    What the figures mean, and what null, NaN and several sensitive columns do: see `transforms.risk`, whose figures they
    are on the same rows.

    Args:
        frame: n records; nested fields are named by their path.
        quasi: Names of the quasi-identifiers. With none, all records are one class.
        sensitive: Name or names of the sensitive columns.
        person: Name of the column that says whose record it is: then classes count distinct persons.

    Returns:
        The figures; `to_dict()` is their JSON form.

    Raises:
        UnknownColumn: The frame lacks one of the columns.
        InvalidOption: A column is named twice, or `quasi` is text.
        SparkFailed: The job failed.
    """
    named = [sensitive] if isinstance(sensitive, str) else list(sensitive or [])
    asked = [*quasi, *([person] if person else []), *named]
    if isinstance(quasi, str) or len(set(asked)) != len(asked):
        raise InvalidOption(
            "quasi is a list of names, each named once", hint="Quasi-identifiers, sensitive and person differ."
        )
    classes = [f"q{at}" for at in range(len(quasi))]
    rows = _comparable(
        positional(frame).select(*(column_at("given", frame, name).alias(f"x{at}") for at, name in enumerate(asked)))
    )
    rows = rows.toDF(*classes, *(["person"] if person else []), *(f"s{at}" for at in range(len(named))))
    records = rows.select(*classes, "person").distinct() if person else rows
    histogram = collected(records.groupBy(*classes).count().groupBy("count").agg(F.count("*")), _DOING)
    sizes = tuple(sorted((int(size), int(number)) for size, number in histogram if size))
    if not sizes:
        return Risk(k=0, l=0 if named else None, t=0.0 if named else None, unique=0, classes=0, records=0, sizes=())
    told = [_diversity(rows, classes, f"s{at}", by_person=person is not None) for at in range(len(named))]
    return Risk(
        k=sizes[0][0],
        l=min((found for found, _ in told), default=None),
        t=max((distance for _, distance in told), default=None),
        unique=sizes[0][1] if sizes[0][0] == 1 else 0,
        classes=sum(number for _, number in sizes),
        records=sum(size * number for size, number in sizes),
        sizes=sizes,
    )


def _comparable(rows: DataFrame) -> DataFrame:
    """NaN is no value, and 0.0 and -0.0 are one: as where the one machine counts."""

    def plain(name: str, kind: object) -> Column:
        column = F.col(name)
        if isinstance(kind, FloatType | DoubleType):
            return F.when(~F.isnan(column), column + F.lit(0.0).cast(kind)).alias(name)
        return column

    return rows.select(*(plain(field.name, field.dataType) for field in rows.schema.fields))


def _diversity(rows: DataFrame, classes: list[str], value: str, *, by_person: bool) -> tuple[int, float]:
    """The fewest distinct values in a class, and the greatest distance of a class from the whole."""
    kind = to_arrow_type(rows.schema[value].dataType)
    wanted = [*classes, *(["person"] if by_person else []), value]
    counted = rows.select(*wanted).distinct() if by_person else rows
    entries = counted.groupBy(*classes, value).agg(F.count("*").alias("weight"))
    # A value's code is its rank, null the lowest: tasks see codes and counts, never values.
    by_rank = Window.orderBy(F.col(value).asc_nulls_first())
    table = entries.groupBy(value).agg(F.sum("weight").alias("total"))
    coded = table.select(F.col(value).alias("value"), "total", (F.row_number().over(by_rank) - 1).alias("code"))
    totals = dict(collected(coded.select("code", "total"), _DOING))
    joined = entries.join(coded.drop("total"), entries[value].eqNullSafe(coded["value"]))
    lists = joined.groupBy(*classes).agg(
        F.collect_list(F.col("code").cast("long")).alias("codes"), F.collect_list("weight").alias("weights")
    )
    whole = np.array([totals[code] for code in range(len(totals))], np.int64)
    measure = partial(ordered_distances if is_number(kind) else equal_distances, totals=whole)
    found = lists.select("codes", "weights").mapInArrow(_measuring(measure), "l long, t double")
    ((fewest, distance),) = collected(found.agg(F.min("l"), F.max("t")), _DOING)
    return int(fewest), round(max(float(distance), 0.0), 6)


def _measuring(measure: Callable[..., np.ndarray]) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def measured(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if not batch.num_rows:
                continue
            codes, weights = batch.columns
            lengths = codes.value_lengths().to_numpy().astype(np.int64)
            starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
            distances = measure(starts, codes.flatten().to_numpy(), weights.flatten().to_numpy())
            yield pa.record_batch({"l": [int(lengths.min())], "t": [float(distances.max())]})

    return measured
