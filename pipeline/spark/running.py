"""What is the whole way of an extract on Spark, from DataFrames to a sealed release and its destinations?

The guard first (a release that may go nowhere is not begun), then as on one machine: compare with the approved plan,
pseudonymize, assess, seal, guard, sink. Executors write the tables; driver and executors share the folder of releases.
"""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline.destinations import destination_at
from pipeline.digests import content_digest
from pipeline.errors import InvalidInput, Stopped
from pipeline.files.durable import make_private_folder, storage_named
from pipeline.files.partial import PartialFolder
from pipeline.making.made_table import MadeTable
from pipeline.making.release_papers import Ledger
from pipeline.making.residual import ResidualScan
from pipeline.order import Order
from pipeline.planning.approval import find, require_obeyable, require_planned, require_unchanged
from pipeline.planning.approvers import journal_approval
from pipeline.release import ReleaseBuilder
from pipeline.run import Made, Result, assess, export, release_id, risk_of, seal
from pipeline.spark.frames import FrameSource, Samples, sampled
from pipeline.spark.joining import prepare
from pipeline.spark.key_desk import Held
from pipeline.spark.made_frames import known_names
from pipeline.spark.release_risk import table_risk
from pipeline.spark.session import SparkFailed, collected, open_desk, require_private, require_workers
from pipeline.spark.writing import FACTS, Part, write_share
from pipeline.stopping import told_when_stopped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from pipeline.destinations import Destination
    from pipeline.order import TableFormat
    from pipeline.plan import Plan
    from pipeline.policy import Policy
    from pipeline.run import Rooms
    from pipeline.spark.key_desk import Ticket
    from pipeline.spark.session import Unencrypted
    from transforms import Key


def pseudonymize_tables(
    spark: SparkSession,
    plan: Plan,
    frames: Mapping[str, DataFrame],
    rooms: Rooms,
    *,
    policy: Policy,
    key: Key,
    approved_by: str,
    to: Sequence[Destination | str] = (),
    export_id: str = "spark",
    interval: str | None = None,
    tables: TableFormat = "parquet",
    on: date | None = None,
    unencrypted: Unencrypted = "refuse",
) -> Result:
    """Go the whole way once: what `douane run` does to files, done to DataFrames by a cluster.

    Pseudonyms are those of the one machine, byte for byte. Nothing is written, and no executor gets the key, before the
    guard has allowed every destination; it decides again on the sealed release before that leaves.

    Args:
        spark: A session of this cluster (no Spark Connect client).
        plan: The approved plan.
        frames: Table to DataFrame; the plan's tables and columns, nested ones by their path.
        rooms: The installation; its folder of releases is one that driver and executors share.
        policy: The policy of the plan.
        key: A key of the plan's domain.
        approved_by: Who approved the plan; journaled.
        to: Where the release shall go, as `douane run --to`.
        export_id: What the journal and the manifest call the export.
        interval: The end of the data interval (ISO 8601), for scheduled runs.
        tables: The format of the release's tables.
        on: The day for which the guard decides; today if None.
        unencrypted: What to do with a session whose shuffle files or network are in the clear.

    Returns:
        The release, its rows and risk figures, and what became of each destination.

    Raises:
        Stopped: A destination is blocked, the plan says no, an identifier would stay, or the session is not private.
        PlanMismatch: The frames have a field that the plan doesn't know, lack one, or one became more sensitive.
        InvalidInput, InvalidValue: The data; names table, field and how many rows.
        SparkFailed: Executors were lost, lack Douane, or don't see the folder of releases.
    """
    order = Order(
        source=FrameSource(frames),
        plan=plan,
        policy=policy,
        key=key,
        destinations=[destination_at(one, rooms.home) if isinstance(one, str) else one for one in to],
        approved_by=approved_by,
        export=export_id,
        interval=interval,
        releases=rooms.home.releases,
        tables=tables,
        on=on or datetime.now().astimezone().date(),
    )
    with told_when_stopped(rooms.journal, export=order.export, interval=order.interval):
        return _run(spark, order, frames, rooms, unencrypted)


def _run(
    spark: SparkSession, order: Order, frames: Mapping[str, DataFrame], rooms: Rooms, unencrypted: Unencrypted
) -> Result:
    plan_sha256 = require_obeyable(order)
    journal_approval(rooms.journal, order, by=order.approved_by)
    columns = {table.name: table.schema.names for table in order.source.tables()}
    require_planned(order, order.source.tables())
    require_cleared(order, rooms)
    require_private(spark, unencrypted=unencrypted)
    samples = Samples(sampled(frames))
    require_unchanged(order, samples, columns, find(order, columns, samples))
    with storage_named(f"begin a release in {order.releases}"):
        shared = PartialFolder(make_private_folder(order.releases) / f"spark-{secrets.token_hex(8)}")
    with shared:
        require_workers(spark, shared.path)
        with open_desk(spark, Held(order.key, known_names(order.plan, frames))) as desk:
            written = [_write(order, table, frames, desk.ticket, shared.path) for table in order.plan.tables]
        made = _seal(order, rooms, written, shared.path, plan_sha256)
    return Result(made, made.rows, export(order, rooms, made))


def require_cleared(order: Order, rooms: Rooms) -> None:
    """Ask the guard about every destination before anything is begun; journaled.

    Raises:
        Stopped: One of them is blocked; says which rule, and why.
    """
    data_class = order.plan.data_class(order.policy.data_class)
    for destination in order.destinations:
        decision = rooms.guard.decide(
            destination.uri, data_class=data_class, on=order.on, declared=destination.declared
        )
        name = destination.id or decision.destination.uri
        rooms.journal.append("decision", release_id=None, name=name, **decision.to_dict())
        if not decision.allowed:
            reason = decision.blocks[0]
            raise Stopped(
                f"{name} is blocked for {data_class}, so nothing was begun: {reason.rule}: {reason.message}",
                hint="Correct the destination, or leave it out.",
            )


@dataclass(frozen=True)
class _Written:
    """A table that executors wrote: its parts in order, what is known of it, and the digest of what was read."""

    parts: tuple[Part, ...]
    made: MadeTable
    digest: str


def _write(order: Order, table: str, frames: Mapping[str, DataFrame], ticket: Ticket, folder: Path) -> _Written:
    rows, job = prepare(table, order.plan, order.policy, frames)

    def write(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return write_share(batches, job, ticket, str(folder), suffix)

    suffix = f".{order.tables}"
    facts = collected(rows.mapInArrow(write, FACTS), f"write {table}")
    parts = sorted((Part.from_json(fact) for (fact,) in facts), key=lambda part: part.number)
    _refuse_faults(table, parts, order)
    full = tuple(part for part in parts if part.file)
    if not full:
        raise InvalidInput(f"the DataFrame {table} has no rows", hint="Check what it was read from.")
    risk = table_risk(table, order, frames, ticket)
    made = dataclasses.replace(_together(table, full), risk=risk)
    return _Written(full, made, content_digest(sorted(part.digest for part in full)))


def _refuse_faults(table: str, parts: Sequence[Part], order: Order) -> None:
    """Refuse what is wrong with the data: the first field of the plan that has a fault, over all shares.

    Raises:
        InvalidValue, InvalidInput, Stopped: As the tasks said, with what they counted added up.
    """
    faults = [part.fault for part in parts if part.fault]
    if not faults:
        return
    fields = [f"{table}.{name}" for name in order.plan.tables[table].fields]
    first = min(faults, key=lambda fault: fields.index(fault.message) if fault.message in fields else len(fields))
    same = [fault for fault in faults if (fault.message, fault.what) == (first.message, first.what)]
    raise first.error(sum(fault.total for fault in same), f"in {len(same)} of {len(parts)} partitions")


def _together(table: str, parts: Sequence[Part]) -> MadeTable:
    """What is known of a table, from what is known of its parts."""
    tables = [part.made for part in parts if part.made]
    scan = ResidualScan()
    for one in tables:
        scan.rows += one.scan.rows
        scan.fields |= one.scan.fields
        for place, (_, total) in one.scan.hits.items():
            scan.hits[place] = ([], total + scan.hits.get(place, ([], 0))[1])
    return MadeTable(
        table,
        Ledger.merged(one.ledger for one in tables),
        scan,
        risk=None,
        seconds=round(sum(one.seconds for one in tables), 3),
    )


def _seal(order: Order, rooms: Rooms, written: Sequence[_Written], folder: Path, plan_sha256: str) -> Made:
    tables = [one.made for one in written]
    assess(order, tables)
    digests = {one.made.table: one.digest for one in written}
    with ReleaseBuilder(order.releases, release_id(order, digests), tables=order.tables) as builder:
        for one in written:
            for number, part in enumerate(one.parts):
                path = folder / part.file
                if not path.is_file() or path.stat().st_size != part.size:
                    raise SparkFailed(
                        f"{path} is not what an executor wrote there", hint="Check the file system that they share."
                    )
                rows = part.made.rows if part.made else 0
                builder.adopt(one.made.table, path, rows=rows, part=number if len(one.parts) > 1 else None)
        release = seal(order, rooms, builder, tables, plan_sha256=plan_sha256)
    return Made(
        release,
        risk_of(tables),
        {table.table: table.rows for table in tables},
        {table.table: table.seconds for table in tables},
    )
