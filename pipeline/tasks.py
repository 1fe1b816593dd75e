"""What does each task of a run do, when the stages of the way are processes apart?

`douane run` walks the same stages in one process. Here each opens the run's staging anew; what one stage has to tell
the next waits there, enciphered, and only names and hashes pass through the scheduler.
"""

from __future__ import annotations

import json
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from pipeline.delivering import deliver, facts_of
from pipeline.digests import document_digest
from pipeline.errors import Stopped
from pipeline.files.durable import file_name, make_private_folder
from pipeline.making.extracting import stage
from pipeline.making.made_table import MadeTable, make_table
from pipeline.making.person_index import PersonIndex
from pipeline.making.pseudonymizing import Workshop
from pipeline.manifest import read_release
from pipeline.planning.approval import find, require_obeyable, require_planned, require_unchanged
from pipeline.planning.approvers import require_approver
from pipeline.progress import Silent
from pipeline.release import ReleaseBuilder, release_table
from pipeline.run import assess, release_id, seal
from pipeline.staging import Staging
from pipeline.stopping import told_when_stopped
from transforms.detection import ExtractFindings, Finding, Link, TableFindings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    import pyarrow as pa

    from pipeline.delivering import Outcome
    from pipeline.destinations import Destination
    from pipeline.export_order import PreparedExport
    from pipeline.release import Release, ReleaseTable


@dataclass(frozen=True)
class TaskRun:
    """One run of an export, as each of its tasks sees it.

    Attributes:
        export: The export, its order and its rooms, read by this task itself.
        id: The same for every task of the run, and for no other run.
    """

    export: PreparedExport
    id: str

    @property
    def unsealed(self) -> Path:
        """Where finished tables wait for the seal: beside the releases, so that sealing them is a link and no copy."""
        return self.export.order.releases / ".unsealed" / self.id


Given = ParamSpec("Given")
Made = TypeVar("Made")


def _told(stage: Callable[Concatenate[TaskRun, Given], Made]) -> Callable[Concatenate[TaskRun, Given], Made]:
    """Journal `run.stopped` when a stage ends by an error."""

    @wraps(stage)
    def told(run: TaskRun, /, *given: Given.args, **more: Given.kwargs) -> Made:
        with told_when_stopped(run.export.rooms.journal, run=run.id, stage=stage.__name__):
            return stage(run, *given, **more)

    return told


@_told
def extract(run: TaskRun) -> list[str]:
    """Stage every table; gives their names. What it half staged is purged, unless the process was killed.

    Raises:
        Stopped: The plan is undecided, not approved by an approver, or doesn't know the source's columns.
        InvalidInput: The source is not there, or is not what it claims to be.
    """
    order, rooms = run.export.order, run.export.rooms
    require_obeyable(order)
    require_approver(order, rooms.journal)
    tables = order.source.tables()
    require_planned(order, tables)
    staging = Staging.open(rooms.home, rooms.keyring, run.id, keep=True)
    try:
        staged = stage(tables, staging, Silent())
        columns = {table.name: table.schema.names for table in tables}
        begun = {"digests": dict(staged.digests), "columns": columns, "obeyed": _obeyed(run)}
        staging.keep_note("begun", json.dumps(begun).encode())
    except BaseException:
        staging.purge()
        raise
    finally:
        staging.close()
    return list(columns)


def rows_staged(run: TaskRun) -> dict[str, int]:
    """Rows of each staged table."""
    with _staging(run) as (staging, begun):
        return {table: staging.rows(table) for table in begun["columns"]}


@_told
def detect(run: TaskRun) -> int:
    """Find out what each field of the extract holds; gives the number of fields."""
    with _staging(run) as (staging, begun):
        findings = find(run.export.order, begun["columns"], staging)
        staging.keep_note("findings", json.dumps(asdict(findings)).encode())  # type: ignore[call-overload]
        return sum(len(found) for found in findings.values())


@_told
def compare(run: TaskRun) -> None:
    """Stop if the extract is not the one that the plan was approved for.

    Raises:
        PlanMismatch: With the differences, and a draft of the lines to add.
    """
    with _staging(run) as (staging, begun):
        findings = _findings(json.loads(staging.note("findings")))
        require_unchanged(run.export.order, staging, begun["columns"], findings)


@_told
def pseudonymize(run: TaskRun, table: str) -> MadeTable:
    """Make one table of the release."""
    order = run.export.order
    with _staging(run) as (staging, _):
        workshop = Workshop(order.plan, order.policy, order.key, staging, PersonIndex(order.plan, staging))
        made = make_table(table, workshop, _UnsealedTables(run), Silent())
        staging.keep_note(f"made {table}", json.dumps(made.to_dict()).encode())
    return made


@_told
def assess_tables(run: TaskRun) -> list[MadeTable]:
    """Refuse what still holds identifiers or singles persons out; gives the figures of all tables."""
    with _staging(run) as (staging, begun):
        made = _made(staging, begun)
        assess(run.export.order, made)
        return made


@_told
def seal_release(run: TaskRun) -> Release:
    """Seal the tables into a release, if the plan's approval still stands."""
    order, rooms = run.export.order, run.export.rooms
    require_approver(order, rooms.journal)
    with (
        _staging(run) as (staging, begun),
        ReleaseBuilder(order.releases, release_id(order, begun["digests"]), tables=order.tables) as builder,
    ):
        made = _made(staging, begun)
        assess(order, made)
        for table in made:
            builder.adopt(table.table, run.unsealed / file_name(table.table, builder.suffix), rows=table.rows)
        return seal(order, rooms, builder, made, plan_sha256=document_digest(order.plan))


def deliver_release(
    run: TaskRun, release: str, manifest_sha256: str, destination: Destination, *, dry_run: bool = False
) -> Outcome:
    """Decide on one destination in this process, and deliver there what was cleared.

    Raises:
        Stopped: The release is not the one that was sealed in this run.
    """
    order, rooms = run.export.order, run.export.rooms
    found = read_release(order.releases / release)
    if found.manifest_sha256 != manifest_sha256:
        raise Stopped(
            f"{found.folder} is not what this run has sealed", hint="Run `douane verify` on it, then run again."
        )
    facts = facts_of(
        found,
        rooms.keyring.public_key_path,
        rooms.journal,
        k_wanted=order.policy.risk.k_block,
        approvers=order.policy,
    )
    return deliver(
        found, destination, guard=rooms.guard, facts=facts, journal=rooms.journal, on=order.on, dry_run=dry_run
    )


def purge(run: TaskRun) -> bool:
    """Destroy the run's staging key, then its files; false if there was nothing (left) to purge."""
    rooms = run.export.rooms
    shutil.rmtree(run.unsealed, ignore_errors=True)
    if not (rooms.home.private / f"{run.id}.kept").exists():
        return False
    Staging.reopen(rooms.home, rooms.keyring, run.id).purge()
    rooms.journal.append("purge", run=run.id)
    return True


class _UnsealedTables:
    """Opens the files in which a run's tables wait for the seal."""

    def __init__(self, run: TaskRun) -> None:
        self._folder = make_private_folder(run.unsealed)
        self._suffix = f".{run.export.order.tables}"

    @contextmanager
    def __call__(
        self, table: str, schema: pa.Schema, *, high_cardinality: Collection[str] = ()
    ) -> Iterator[ReleaseTable]:
        path = self._folder / file_name(table, self._suffix)
        # A try that was killed may still be writing: each has a file of its own, and the last to finish is taken.
        aside = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
        with release_table(
            aside, schema, high_cardinality=high_cardinality, doing=f"write {table} into {path}"
        ) as rows:
            yield rows
        aside.replace(path)


@contextmanager
def _staging(run: TaskRun) -> Iterator[tuple[Staging, dict[str, Any]]]:
    """The run's staging and what `extract` noted there, if plan, policy and key are still those that it began with."""
    rooms = run.export.rooms
    with Staging.reopen(rooms.home, rooms.keyring, run.id) as staging:
        begun = json.loads(staging.note("begun"))
        changed = [name for name, value in _obeyed(run).items() if begun["obeyed"][name] != value]
        if changed:
            raise Stopped(
                f"the {' and the '.join(changed)} of {run.export.order.export} changed since this run began",
                hint="Run again from the source (clear the whole run).",
            )
        yield staging, begun


def _obeyed(run: TaskRun) -> dict[str, Any]:
    order = run.export.order
    return {
        "plan": document_digest(order.plan),
        "policy": document_digest(order.policy),
        "key": [order.key.id, order.key.version],
    }


def _made(staging: Staging, begun: dict[str, Any]) -> list[MadeTable]:
    return [MadeTable.from_dict(json.loads(staging.note(f"made {table}"))) for table in begun["columns"]]


def _findings(content: dict[str, Any]) -> ExtractFindings:
    return ExtractFindings(
        tables=tuple(
            TableFindings(table["table"], tuple(_finding(field) for field in table["fields"]), table["person"])
            for table in content["tables"]
        ),
        links=tuple(Link(**link) for link in content["links"]),
    )


def _finding(content: dict[str, Any]) -> Finding:
    return Finding(**{**content, "evidence": tuple(content["evidence"])})
