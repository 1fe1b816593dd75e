"""What is the whole way of an extract, from a source to a sealed release and its destinations?

source -> staging -> detect -> compare with the approved plan -> pseudonymize -> assess -> seal -> guard -> sink
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipeline.assessing import RiskAccount, TableRisk
from pipeline.comparison import PlanMismatch, compare_columns, compare_findings
from pipeline.delivering import Outcome, deliver
from pipeline.digests import content_digest, document_digest
from pipeline.drafting import draft_field
from pipeline.errors import Stopped
from pipeline.extracting import Extract, sample, stage
from pipeline.guard import ReleaseFacts
from pipeline.person_index import PersonIndex
from pipeline.progress import Progress, Silent
from pipeline.pseudonymizing import Workshop, pseudonymize_table
from pipeline.release import Release, ReleaseBuilder
from pipeline.release_papers import papers_of
from pipeline.residual import ResidualScan
from pipeline.staging import Staging
from transforms import detect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.delivering import Destination
    from pipeline.guard import Guard
    from pipeline.home import Home
    from pipeline.journal import Journal
    from pipeline.keyring import FolderKeyring
    from pipeline.plan import Plan
    from pipeline.policy import Policy
    from pipeline.sources import Source, SourceTable
    from transforms import Key


@dataclass(frozen=True)
class Rooms:
    """What a run works with: the places, keyring, journal and guard of an installation."""

    home: Home
    keyring: FolderKeyring
    journal: Journal
    guard: Guard


@dataclass(frozen=True)
class Result:
    """What a run made and what became of it."""

    release: Release
    rows: dict[str, int]
    seconds: dict[str, float]
    risk: tuple[TableRisk, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def exit_code(self) -> int:
        """3 when a destination was blocked, else 1 when a delivery failed, else 0."""
        if any(outcome.blocked for outcome in self.outcomes):
            return 3
        return 1 if any(outcome.failure for outcome in self.outcomes) else 0

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON content."""
        return {
            "release": {
                "id": self.release.id,
                "folder": str(self.release.folder),
                "manifest_sha256": self.release.manifest_sha256,
            },
            "tables": [
                {"table": table, "rows": rows, "seconds": self.seconds[table]} for table, rows in self.rows.items()
            ],
            "risk": [figures.to_dict() for figures in self.risk],
            "destinations": [outcome.to_dict() for outcome in self.outcomes],
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
    progress = progress or Silent()
    plan_sha256 = require_approved(order, rooms.journal)
    tables = order.source.tables()
    require_planned(order, tables)
    with Staging.open(rooms.home, rooms.keyring, run_id=_run_id()) as staging:
        extract = stage(tables, staging, progress)
        require_unchanged(order, staging, tables)
        release, risk, seconds = make_release(order, rooms, extract, staging, plan_sha256, progress)
    rooms.journal.append("purge", release=release.id)
    k = min((figures.k for figures in risk), default=None)
    facts = ReleaseFacts(
        sealed=True,
        approved=True,
        domain=order.plan.domain,
        data_class=order.plan.data_class(order.policy.data_class),
        k=k,
    )
    outcomes = tuple(
        deliver(
            release,
            destination,
            guard=rooms.guard,
            data_class=facts.data_class,
            facts=facts,
            journal=rooms.journal,
            on=order.on,
        )
        for destination in order.destinations
    )
    return Result(release, dict(extract.rows), seconds, risk, outcomes)


def make_release(
    order: Order, rooms: Rooms, extract: Extract, staging: Staging, plan_sha256: str, progress: Progress
) -> tuple[Release, tuple[TableRisk, ...], dict[str, float]]:
    """Pseudonymize every table, assess, and seal.

    Raises:
        Stopped: An identifier still stands in a kept field, or k is under the policy's bar.
    """
    workshop = Workshop(order.plan, order.policy, order.key, staging, PersonIndex(order.plan, staging), ResidualScan())
    seconds, risk = {}, []
    with ReleaseBuilder(order.releases, release_id(order, extract.digests)) as builder:
        for table in extract.rows:
            started = time.monotonic()
            risk.append(_make_table(table, workshop, builder, progress))
            seconds[table] = round(time.monotonic() - started, 3)
        figures = tuple(found for found in risk if found)
        _refuse_identifiers(workshop.scan)
        _refuse_risk(order, figures)
        papers = papers_of(order, extract, figures, workshop.scan, plan_sha256, builder)
        for name, content in papers.files.items():
            builder.add_bytes(name, content)
        release = builder.seal(papers.manifest, rooms.keyring.signing_key())
    rooms.journal.append(
        "release.sealed", release=release.id, manifest_sha256=release.manifest_sha256, plan_sha256=plan_sha256
    )
    return release, figures, seconds


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
    )[:32]


def _make_table(table: str, workshop: Workshop, builder: ReleaseBuilder, progress: Progress) -> TableRisk | None:
    account = RiskAccount(table, workshop.plan.tables[table])
    writer, rows = None, 0
    for batch in pseudonymize_table(table, workshop, account):
        writer = writer or builder.table_writer(table, batch.schema)
        writer.write_batch(batch)
        rows += batch.num_rows
        progress.advance(f"pseudonymize {table}", rows)
    if writer:
        writer.close()
    return account.figures()


def _refuse_identifiers(scan: ResidualScan) -> None:
    if not scan.found:
        return
    (field, what), (rows, total) = next(iter(scan.hits.items()))
    others = f" (and {len(scan.hits) - 1} more findings)" if len(scan.hits) > 1 else ""
    raise Stopped(
        f"{field} would keep {what} in {total} rows, the first in row {rows[0]} (counted from 0){others}",
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
