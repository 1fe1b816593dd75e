"""What does Douane do when Airflow runs it? The demonstration's export, by Airflow's own scheduler and API server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.airflow.instance import ADMIN, AirflowFailed, Instance
from pipeline.airflow.runs import TaskState, trigger
from pipeline.data_files import data_folder
from pipeline.demo import ask, prepare, unexpected
from pipeline.manifest import read_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.release import Release

APPROVER = "dpo"
_EXPECTED = {"premises": "success", "virginia": "failed", "gravelines": "failed"}


@dataclass(frozen=True)
class ShownByAirflow:
    """What the demonstration did.

    Attributes:
        release: The sealed release.
        decisions: Every decision of this run by the name of its destination, as JSON content.
        tasks: Every task's state.
        journal: The journal's file.
        public_key: What `douane verify` needs.
        surprises: Destinations that were not decided, or tasks that did not end, as they must.
    """

    release: Release
    decisions: dict[str, dict[str, Any]]
    tasks: list[TaskState]
    journal: Path
    public_key: Path
    surprises: list[str]


def demo_instance(home: Path) -> Instance:
    """The demonstration's Airflow: its AIRFLOW_HOME stands beside `home`, its DAGs are the clone's.

    Raises:
        AirflowFailed: There is no `dags/` beside `data/`: an installed package has none.
    """
    dags = data_folder().parent / "dags"
    if not (dags / "clinical_export.py").is_file():
        raise AirflowFailed("there is no dags/ here", hint="Run the demonstration with Airflow from a clone.")
    return Instance(home.parent / "airflow", dags, home, users={ADMIN: "admin", APPROVER: "op"})


def demonstrate_with_airflow(home: Path, *, say: Callable[[str], None]) -> ShownByAirflow:
    """Start Airflow, trigger the export through its API, approve the plan as the DPO, wait, and stop Airflow."""
    rooms = prepare(home)
    before = sum(1 for _ in rooms.journal.lines())
    instance = demo_instance(home)
    say(f"Starting Airflow at {instance.address} (its log: {instance.log}) ...")
    with instance:
        run = trigger(instance, "demo")
        say(f"Triggered {run.id}; the plan is approved as {APPROVER} if nobody has yet ...")
        run.wait(approver=APPROVER)
        tasks = run.tasks()
    lines = list(rooms.journal.lines())[before:]
    sealed = [line["release_id"] for line in lines if line["event"] == "release.sealed"]
    if not sealed:
        failed = ", ".join(task.task for task in tasks if task.state == "failed")
        raise AirflowFailed(f"no release was sealed; failed: {failed}", hint=f"See {instance.folder / 'logs'}.")
    release = read_release(rooms.home.releases / sealed[-1])
    decisions = {
        line["name"]: {part: line[part] for part in ("decision", "destination", "reasons")}
        for line in lines
        if line["event"] == "decision"
    }
    decisions = {name: decisions[name] for name in _EXPECTED if name in decisions}
    asked = ask(rooms, release.manifest["data_class"], on=datetime.now(UTC).date())
    decisions |= {name: decision.to_dict() for name, decision in asked.items()}
    surprises = unexpected(decisions) + [
        f"{task.task} {task.mapped}".strip() for task in tasks if task.state != _EXPECTED.get(task.mapped, "success")
    ]
    public_key = rooms.keyring.public_key_path
    return ShownByAirflow(release, decisions, tasks, rooms.home.journal_file, public_key, surprises)
