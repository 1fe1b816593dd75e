"""How does a notebook get DataFrames as an approved plan makes them, when no release is wanted?

The same engine as a release; what is missing is what makes one: detection, the last look, risk figures, seal, journal
and the guard. So it is for looking at, and for writing nowhere that a release may not stand.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from pipeline.making.person_index import PersonIndex
from pipeline.making.pseudonymizing import Workshop, pseudonymize_table, release_schema
from pipeline.spark.frames import DistinctValues
from pipeline.spark.joining import prepare
from pipeline.spark.key_desk import Held
from pipeline.spark.session import open_desk, require_private
from pipeline.spark.task import Share, TaskPersons, made_batches, told_plainly
from transforms import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyspark.sql import DataFrame, SparkSession

    from pipeline.plan import Plan
    from pipeline.policy import Policy
    from pipeline.spark.key_desk import Ticket
    from pipeline.spark.session import Unencrypted
    from pipeline.spark.task import TableJob


@contextmanager
def pseudonymized(
    spark: SparkSession,
    plan: Plan,
    frames: Mapping[str, DataFrame],
    *,
    policy: Policy,
    key: Key,
    unencrypted: Unencrypted = "refuse",
) -> Iterator[Mapping[str, DataFrame]]:
    """Give the plan's tables as DataFrames that are made when they are looked at, and only inside the `with`.

    Executors ask this driver for the key while a task runs; when the block is left, nobody answers them any more.

    Args:
        spark: A session of this cluster (no Spark Connect client).
        plan: Decided in every field.
        frames: Table to DataFrame, with the columns that the plan names.
        policy: The policy of the plan.
        key: A key of the plan's domain.
        unencrypted: What to do with a session whose shuffle files or network are in the clear.

    Returns:
        Table to DataFrame: the plan's fields in its order.

    Raises:
        Stopped: The session would leave pieces of the extract in the clear, or one key leads to several persons.
        UnknownColumn: A column that the plan names is not there.

    Example:
        with pseudonymized(spark, plan, {"stays": stays}, policy=policy, key=key) as made:
            made["stays"].groupBy("ward").count().show()
    """
    require_private(spark, unencrypted=unencrypted)
    with open_desk(spark, Held(key, known_names(plan, frames))) as desk:
        yield {table: _made(*prepare(table, plan, policy, frames), desk.ticket) for table in plan.tables}


def known_names(plan: Plan, frames: Mapping[str, DataFrame]) -> tuple[str, ...]:
    """The names of people who are nobody's patient, if a step asks for them: the redaction of notes does."""
    if not any(step.transform == "redact_notes" for _, _, field in plan.each_field() for step in field.decided):
        return ()
    return PersonIndex(plan, DistinctValues(frames)).known_names()


def made_schema(job: TableJob) -> pa.Schema:
    """What the release has of a table, told from no rows and a key of the moment."""
    nobody = Share(job, iter(()), digest=None)
    workshop = Workshop(job.plan, job.policy, Key.generate(domain=job.plan.domain), nobody, TaskPersons(job, ()))
    made = list(pseudonymize_table(job.table, workshop))
    return release_schema(job.table, made[0].batch, workshop)


def fitted(batch: pa.RecordBatch, target: pa.Schema) -> pa.RecordBatch:
    """The same values in the types that Spark was told of: no dictionaries, no wide texts."""
    columns = [
        column if column.type == field.type else column.cast(field.type)
        for column, field in zip(batch.columns, target, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=target.names)


def _made(rows: DataFrame, job: TableJob, ticket: Ticket) -> DataFrame:
    schema = from_arrow_schema(made_schema(job), prefer_timestamp_ntz=True)
    return rows.mapInArrow(_making(job, ticket, to_arrow_schema(schema, timezone="UTC")), schema)


def _making(
    job: TableJob, ticket: Ticket, target: pa.Schema
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def make(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        with told_plainly(job.table):
            for made in made_batches(Share(job, batches, digest=None), ticket.show()):
                yield fitted(made.batch, target)

    return make
