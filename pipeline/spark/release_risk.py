"""How easily is one person singled out in the release, counted by Spark: the figures that the one machine has.

Tasks give the quasi-identifiers as the release will have them and, for the person, a keyed fingerprint: what Spark
shuffles to count names nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's documentation names it
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import DoubleType, FloatType

from pipeline.making.assessing import RiskAccount, TableRisk
from pipeline.spark.joining import prepare
from pipeline.spark.made_frames import fitted, made_schema
from pipeline.spark.session import collected
from pipeline.spark.task import Share, made_batches, told_plainly
from transforms.crypto.cmac import cmac_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyspark.sql import Column, DataFrame

    from pipeline.order import Order
    from pipeline.spark.key_desk import Ticket
    from pipeline.spark.task import TableJob

_TAG: Final = "tag"


def table_risk(table: str, order: Order, frames: Mapping[str, DataFrame], ticket: Ticket) -> TableRisk | None:
    """Count the distinct persons of each class of equal quasi-identifiers in a table of the release.

    Returns:
        The figures; None where the table keeps no quasi-identifier of a person.

    Raises:
        SparkFailed: A task failed.
    """
    quasi = RiskAccount(table, order.plan.tables[table], order.key).quasi
    if not quasi:
        return None
    rows, job = prepare(table, order.plan, order.policy, frames, only=quasi)
    arrow = made_schema(job)
    spark_schema = from_arrow_schema(arrow.append(pa.field(_TAG, pa.int64())))
    tagged = rows.mapInArrow(_tagging(job, ticket, to_arrow_schema(spark_schema, timezone="UTC")), spark_schema)
    plain = tagged.toDF(*(f"q{at}" for at in range(len(quasi))), _TAG)
    classes = [
        _comparable(F.col(f"q{at}"), field.dataType).alias(f"q{at}")
        for at, field in enumerate(spark_schema.fields[:-1])
    ]
    persons = plain.select(*classes, _TAG).distinct()
    sizes = persons.groupBy(*(f"q{at}" for at in range(len(quasi)))).count().groupBy("count").agg(F.count("*"))
    histogram = tuple(
        sorted((int(size), int(number)) for size, number in collected(sizes, f"count the classes of {table}"))
    )
    k = histogram[0][0] if histogram else 0
    return TableRisk(
        table,
        quasi,
        k,
        unique=histogram[0][1] if k == 1 else 0,
        classes=sum(number for _, number in histogram),
        persons=sum(size * number for size, number in histogram),
        histogram=histogram,
    )


def _comparable(column: Column, kind: object) -> Column:
    """NaN is no value; 0.0 and -0.0 are one to Spark, too."""
    if isinstance(kind, FloatType | DoubleType):
        return F.when(~F.isnan(column), column)
    return column


def _tagging(
    job: TableJob, ticket: Ticket, target: pa.Schema
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def tag(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        with told_plainly(job.table):
            held = ticket.show()
            secret = held.key.derive("risk", job.table)
            for made in made_batches(Share(job, batches, digest=None), held):
                tags = np.ascontiguousarray(cmac_column(made.persons, secret)[:, :8]).view(np.int64).ravel()
                names = [str(at) for at in range(made.batch.num_columns + 1)]
                whole = pa.Table.from_batches([fitted(made.batch, pa.schema(list(target)[:-1]))])
                rows = whole.append_column(_TAG, pa.array(tags)).rename_columns(names)
                # Most rows of a batch repeat another one: what is left is a tenth of what Spark would shuffle.
                few = rows.group_by(names, use_threads=False).aggregate([]).select(names).rename_columns(target.names)
                yield from few.cast(target).to_batches()

    return tag
