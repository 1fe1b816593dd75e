"""How does each row find its person, and what is known of that person, when the tables are spread over a cluster?

By joins, on the one spelling that the one machine links by. What is joined is shuffled, and shuffles are files on the
executors' disks: a session whose files are not enciphered is refused (pipeline.spark.session).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's documentation names it
from pyspark.sql.types import StringType, StructField, StructType

from pipeline.making.person_index import columns_of_a_record, doubtful_persons, spelled
from pipeline.spark.frames import column_at, positional, source_schema
from pipeline.spark.task import PERSON, RecordColumns, TableJob, plain_batch, told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pyspark.sql import DataFrame

    from pipeline.plan import Plan, PlannedTable
    from pipeline.policy import Policy

_PERSON: Final = "person"


def prepare(
    table: str, plan: Plan, policy: Policy, frames: Mapping[str, DataFrame], *, only: Collection[str] | None = None
) -> tuple[DataFrame, TableJob]:
    """Put beside each row what the plan's steps ask for, and leave out the columns of which nothing is kept.

    Args:
        table: The table.
        plan: The plan of all tables.
        policy: Its policy.
        frames: Table to DataFrame.
        only: The fields that are wanted; all of the plan's if None.

    Returns:
        A frame of positional columns, and what tasks have to know of it.

    Raises:
        Stopped: One key leads to several persons.
        UnknownColumn: A column that leads to the person is not there.
    """
    frame, planned = frames[table], _only(plan.tables[table], only)
    kept = [at for at, name in enumerate(frame.columns) if _is_needed(name, planned)]
    rows, person, records = positional(frame), planned.person, _Records()
    leads_away = person is not None and person.via is not None
    if person is not None and (leads_away or _reads_notes(planned)):
        rows = _with_person(table, rows, plan, frames)
    if person is not None and _reads_notes(planned):
        rows, records = _with_records(rows, plan, frames)
    beside = [PERSON] if leads_away else []
    job = TableJob(
        table=table,
        plan=plan.model_copy(
            update={"tables": {one.table: plan.tables[one.table] for one in records.tables} | {table: planned}}
        ),
        whole=plan.tables[table],
        policy=policy,
        columns=(*(frame.columns[at] for at in kept), *beside, *records.names),
        beside=(*beside, *records.names),
        schema=source_schema(table, frame),
        records=tuple(records.tables),
    )
    wanted = [*(f"c{at}" for at in kept), *([_PERSON] if leads_away else []), *records.columns]
    return positional(rows.select(*wanted)), job


def _only(planned: PlannedTable, only: Collection[str] | None) -> PlannedTable:
    if only is None:
        return planned
    return planned.model_copy(update={"fields": {name: planned.fields[name] for name in only}})


def _is_needed(column: str, planned: PlannedTable) -> bool:
    """Whether anything of a frame's column, or of what is nested in it, is kept or leads to the person."""
    person = planned.person
    leads = {person.column if person.via is None else person.on} if person else set()
    wanted = leads | {name for name, field in planned.fields.items() if not field.suppressed}
    return any(name == column or str(name).startswith(f"{column}.") for name in wanted)


def _reads_notes(planned: PlannedTable) -> bool:
    return any(step.transform == "redact_notes" for field in planned.fields.values() for step in field.decided)


def _with_person(table: str, rows: DataFrame, plan: Plan, frames: Mapping[str, DataFrame]) -> DataFrame:
    """Add the column `person`: each row's person in the spelling that links, null where none can be found."""
    planned, frame = plan.tables[table], frames[table]
    if planned.person is None:
        raise AssertionError("only asked for where there is one")
    person = planned.person
    path = person.column if person.on is None else person.on
    key = column_at(table, frame, path)
    # Each value is spelled once: a table of results has millions of rows and thousands of stays.
    raw = rows.select(key.alias("raw")).distinct()
    schema = StructType([StructField("raw", raw.schema[0].dataType), StructField("key", StringType())])
    spelled_keys = raw.mapInArrow(_spelling(table, planned, [path], keep=True), schema)
    if person.via is None or person.on is None:
        found = spelled_keys.withColumnRenamed("key", _PERSON)
    else:
        bridge = _bridge(person.via, person.on, person.column, plan, frames)
        found = spelled_keys.join(bridge, "key", "left").select("raw", _PERSON)
    return rows.join(found, key == found["raw"], "left").drop("raw")


def _bridge(table: str, key: str, person: str, plan: Plan, frames: Mapping[str, DataFrame]) -> DataFrame:
    rows, frame = positional(frames[table]), frames[table]
    both = rows.select(column_at(table, frame, key).alias("key"), column_at(table, frame, person).alias(_PERSON))
    spelling = _spelling(table, plan.tables[table], [key, person])
    pairs = both.mapInArrow(spelling, f"key string, {_PERSON} string").dropna().distinct()
    doubtful = pairs.groupBy("key").count().where(F.col("count") > 1).count()
    if doubtful:
        raise doubtful_persons(table, key, person, doubtful)
    return pairs


class _Records:
    """The columns about persons that were put beside the rows: of which tables, and what Spark calls them."""

    def __init__(self) -> None:
        self.tables: list[RecordColumns] = []
        self.columns: list[str] = []

    @property
    def names(self) -> list[str]:
        return [name for one in self.tables for name in one.columns]


def _with_records(rows: DataFrame, plan: Plan, frames: Mapping[str, DataFrame]) -> tuple[DataFrame, _Records]:
    """Add what the tables that have one row a person know of each row's `person`."""
    records = _Records()
    for number, (table, planned) in enumerate(plan.tables.items()):
        person = planned.person
        if person is None or person.via is not None:
            continue
        names = columns_of_a_record(planned)
        if names == [person.column]:
            continue
        frame = frames[table]
        plain = positional(frame)
        columns = [f"r{number}_{at}" for at in range(len(names))]
        values = plain.select(
            column_at(table, frame, person.column).alias("raw"),
            *(column_at(table, frame, name).alias(column) for name, column in zip(names, columns, strict=True)),
        )
        schema = StructType([*values.schema.fields, StructField(f"p{number}", StringType())])
        people = values.mapInArrow(_spelling(table, planned, [person.column], keep=True), schema).drop("raw")
        if people.select(f"p{number}").distinct().count() != people.count():
            continue
        people = people.withColumn(f"f{number}", F.expr("true"))
        rows = rows.join(people, rows[_PERSON].eqNullSafe(people[f"p{number}"]), "left")
        records.tables.append(RecordColumns(table, tuple(names)))
        records.columns += [f"f{number}", *columns]
    return rows, records


def _spelling(
    table: str, planned: PlannedTable, names: list[str], *, keep: bool = False
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Makes texts of a batch's first columns, in the spelling by which their kinds link; `keep`: beside all columns."""

    def spell(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        with told_plainly(table):
            for batch in batches:
                first = plain_batch(pa.RecordBatch.from_arrays(batch.columns[: len(names)], names=names))
                texts = [spelled(planned, name, first.column(name)).cast(pa.string()) for name in names]
                kept = list(zip(batch.schema.names, batch.columns, strict=True)) if keep else []
                added = list(zip(["key", _PERSON], texts, strict=False))
                yield pa.RecordBatch.from_arrays(
                    [column for _, column in kept + added], names=[name for name, _ in kept + added]
                )

    return spell
