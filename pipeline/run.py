"""What is the whole way of an extract, from a source to a sealed release and its destinations?

source -> staging -> detect -> compare with the approved plan -> pseudonymize -> assess -> seal -> guard -> sink

Local files are read in place and not staged: a copy of them, however well enciphered, protects nobody.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.delivering import Outcome, deliver, facts_of
from pipeline.digests import content_digest, document_digest
from pipeline.errors import Stopped
from pipeline.making.extracting import stage
from pipeline.making.in_place import InPlace
from pipeline.making.made_table import make_tables
from pipeline.making.person_index import PersonIndex
from pipeline.making.pseudonymizing import Workshop
from pipeline.making.release_papers import Ledger, papers_of
from pipeline.making.residual import ResidualScan
from pipeline.planning.approval import find, require_obeyable, require_planned, require_unchanged
from pipeline.planning.approvers import journal_approval
from pipeline.progress import Progress, Silent
from pipeline.records.making import make_records, require_source
from pipeline.release import ReleaseBuilder
from pipeline.staging import Staging, purge_abandoned
from pipeline.stopping import told_when_stopped
from transforms._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.guard import Guard
    from pipeline.home import Home
    from pipeline.journal import Journal
    from pipeline.keyring import FolderKeyring
    from pipeline.making.assessing import TableRisk
    from pipeline.making.extracting import Holding
    from pipeline.making.made_table import MadeTable
    from pipeline.order import Order
    from pipeline.release import Release
    from pipeline.sources import SourceTable
    from transforms.records.tally import Tally


@dataclass(frozen=True)
class Rooms:
    """What a run works with: the places, keyring, journal and guard of an installation."""

    home: Home
    keyring: FolderKeyring
    journal: Journal
    guard: Guard


@dataclass(frozen=True)
class Made:
    """A sealed release, its risk figures, and the rows and seconds of each table; of documents, what became of them."""

    release: Release
    risk: tuple[TableRisk, ...]
    rows: Mapping[str, int]
    seconds: Mapping[str, float]
    documents: Tally | None = None


@dataclass(frozen=True)
class Result:
    """What a run made, from how many rows, and what became of it."""

    made: Made
    rows: Mapping[str, int]
    outcomes: tuple[Outcome, ...]

    @property
    def exit_code(self) -> int:
        """3 when a destination was blocked, else 1 when a delivery failed, else 0."""
        if any(outcome.blocked for outcome in self.outcomes):
            return Stopped.exit_code
        return 1 if any(outcome.failure for outcome in self.outcomes) else 0

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON content."""
        release = self.made.release
        return {
            "release": {
                "id": release.id,
                "folder": str(release.folder),
                "manifest_sha256": release.manifest_sha256,
                "data_class": release.manifest["data_class"],
            },
            "tables": [
                {"table": table, "rows": rows, "seconds": self.made.seconds[table]} for table, rows in self.rows.items()
            ],
            "risk": [figures.to_dict() for figures in self.made.risk],
            "destinations": [outcome.to_dict() for outcome in self.outcomes],
        } | ({} if self.made.documents is None else {"documents": _documents(self.made.documents)})


def _documents(tally: Tally) -> dict[str, Any]:
    return {
        "sorts": dict(sorted(tally.records.items())),
        "left_out": dict(sorted(tally.left_out.items())),
        "paths": dict(tally.paths()),
    }


def run(order: Order, rooms: Rooms, progress: Progress | None = None) -> Result:
    """Go the whole way once.

    Killed at any moment it can be run again: staging of dead runs is purged, a release is visible only when it is
    whole, and the same input, plan, policy and key give the same release.

    Raises:
        PlanMismatch: The extract has a field that the plan doesn't know, lacks one, or one became more sensitive.
        Stopped: The plan is undecided, of another policy or domain, or an identifier would stay in the release.
        InvalidInput, InvalidValue: The source's data; table, field and row are named.
    """
    with told_when_stopped(rooms.journal, export=order.export, interval=order.interval):
        return _run(order, rooms, progress or Silent())


def _run(order: Order, rooms: Rooms, progress: Progress) -> Result:
    plan_sha256 = require_obeyable(order)
    journal_approval(rooms.journal, order, by=order.approved_by)
    if order.plan.records is not None:
        made = make_record_release(order, rooms, plan_sha256=plan_sha256, progress=progress)
        return Result(made, made.rows, export(order, rooms, made))
    tables = order.source.tables()
    require_planned(order, tables)
    columns = {table.name: table.schema.names for table in tables}
    with _held(order, rooms, tables, progress) as (extract, digests):
        require_unchanged(order, extract, columns, find(order, columns, extract))
        made = make_release(order, rooms, extract, digests, plan_sha256=plan_sha256, progress=progress)
    # Also of a run that staged nothing: whoever audits sees that nothing of the extract was left behind.
    rooms.journal.append("purge", release_id=made.release.id)
    return Result(made, made.rows, export(order, rooms, made))


def make_record_release(order: Order, rooms: Rooms, *, plan_sha256: str, progress: Progress) -> Made:
    """Change every document as the plan's rules say, and seal.

    Raises:
        InvalidInput: A document that can't be read, or a source that is not of the plan's format.
        Stopped: An identifier would stay in a kept text, or the installed rules are not the plan's.
    """
    with require_source(order).opened(rooms.home, rooms.keyring, progress) as source:
        identity = release_id(order, source.digests())
        made = make_records(order, rooms, identity, source, plan_sha256=plan_sha256, progress=progress)
    rooms.journal.append("purge", release_id=made.release.id)
    name, documents = source.form.name, made.account
    return Made(made.release, (), {name: documents.documents}, {name: made.seconds}, documents.tally)


@contextmanager
def _held(
    order: Order, rooms: Rooms, tables: Sequence[SourceTable], progress: Progress
) -> Iterator[tuple[Holding, Mapping[str, str]]]:
    """The extract for as long as the run needs it, and its digests: in place if it can be, else in staging."""
    if InPlace.can_hold(tables) and not order.staged:
        purge_abandoned(rooms.home)
        extract = InPlace(tables)
        extract.require_rows()
        yield extract, extract.digests
        return
    with Staging.open(rooms.home, rooms.keyring, secrets.token_hex(8)) as staging:
        yield staging, stage(tables, staging, progress).digests


def export(order: Order, rooms: Rooms, made: Made) -> tuple[Outcome, ...]:
    """Ask the guard about each destination, and deliver where it says yes."""
    if not order.destinations:
        return ()
    facts = facts_of(made.release, rooms.keyring.public_key_path, rooms.journal, k_wanted=order.policy.risk.k_block)
    return tuple(
        deliver(made.release, destination, guard=rooms.guard, facts=facts, journal=rooms.journal, on=order.on)
        for destination in order.destinations
    )


def make_release(
    order: Order,
    rooms: Rooms,
    extract: Holding,
    digests: Mapping[str, str],
    *,
    plan_sha256: str,
    progress: Progress,
) -> Made:
    """Pseudonymize every table, assess, and seal.

    Raises:
        InvalidInput: A file that was read in place changed meanwhile.
        Stopped: An identifier still stands in a kept field, or k is under the policy's bar.
    """
    workshop = Workshop(order.plan, order.policy, order.key, extract, PersonIndex(order.plan, extract))
    with ReleaseBuilder(order.releases, release_id(order, digests), tables=order.tables) as builder:
        made = make_tables(list(digests), workshop, builder.table_writer, progress)
        if isinstance(extract, InPlace):
            extract.require_unchanged()
        assess(order, made)
        release = seal(order, rooms, builder, made, plan_sha256=plan_sha256)
    return Made(
        release,
        risk_of(made),
        {table.table: table.rows for table in made},
        {table.table: table.seconds for table in made},
    )


def assess(order: Order, made: Sequence[MadeTable]) -> None:
    """Refuse a release that still holds identifiers, or whose k is under the policy's bar.

    Raises:
        Stopped: Names the field and the first row, or the table and its k.
    """
    refuse_identifiers(ResidualScan.merged(table.scan for table in made))
    _refuse_risk(order, risk_of(made))


def seal(
    order: Order, rooms: Rooms, builder: ReleaseBuilder, made: Sequence[MadeTable], *, plan_sha256: str
) -> Release:
    """Write the papers beside the tables, sign, give the release its name, and journal it."""
    ledger = Ledger.merged(table.ledger for table in made)
    scan = ResidualScan.merged(table.scan for table in made)
    papers = papers_of(order, builder.id, ledger, risk_of(made), scan)
    for name, content in papers.files.items():
        builder.add_bytes(name, content)
    release = builder.seal(papers.manifest, rooms.keyring.signing_key())
    rooms.journal.append(
        "release.sealed", release_id=release.id, manifest_sha256=release.manifest_sha256, plan_sha256=plan_sha256
    )
    return release


def risk_of(made: Sequence[MadeTable]) -> tuple[TableRisk, ...]:
    """The risk figures of the tables that have any."""
    return tuple(table.risk for table in made if table.risk)


def release_id(order: Order, digests: Mapping[str, str]) -> str:
    """The release's id: equal for equal export, interval, domain, plan, policy, key and input, and for nothing else."""
    return content_digest(
        {
            "export": order.export,
            "interval": order.interval,
            "domain": order.plan.domain,
            "plan": document_digest(order.plan),
            "policy": document_digest(order.policy),
            "key": [order.key.id, order.key.version],
            "software": __version__,
            "inputs": dict(digests),
        }
        | ({} if order.tables == "parquet" else {"tables": order.tables})
    )[:32]


def refuse_identifiers(scan: ResidualScan) -> None:
    """Refuse tables that still hold identifiers.

    Raises:
        Stopped: Names the field and the first row.
    """
    if not scan.found:
        return
    (field, what), (rows, total) = next(iter(scan.hits.items()))
    others = f" (and {len(scan.hits) - 1} more findings)" if len(scan.hits) > 1 else ""
    # Rows that a cluster has made have no number.
    first = f", the first in row {rows[0]} (counted from 0)" if rows else ""
    raise Stopped(
        f"{field} would keep {what} in {total} rows{first}{others}",
        hint="Plan the field as redact_notes or suppress.",
    )


def _refuse_risk(order: Order, figures: Sequence[TableRisk]) -> None:
    bar = order.policy.risk.k_block
    low = [found for found in figures if bar is not None and found.k < bar]
    if low:
        raise Stopped(
            f"{low[0].table} has k = {low[0].k} over {', '.join(low[0].quasi)}; the policy blocks below {bar}",
            hint="Generalize or suppress one of these fields.",
        )
