"""What may the notifier open at all for this task, whatever the code in the task's process asks for?

The task's own code asks the guard and hands on what it allows: an author who rewrites that code could hand on anything. So
the notifier, which stands before the DAG file is read, looks again. It knows the task's names, not its tags and not what a
connection declares beside a host, so that it can't repeat the decision. What it can tell: whether anybody on file knows
the host, and whether it lies outside the zone. Neither is opened to a task whose class has a zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.airflow.doors.cloud import CREDENTIAL_HOSTS
from pipeline.airflow.doors.task_class import DEFAULT, possible_classes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.doors.ruling import Law
    from pipeline.airflow.kernel.openings import Opening
    from pipeline.guard.decision import Decision

    Vet = Callable[[Opening], str]
    """Gives why not, or ""."""

_TLS = 443
_MEND = "Have the DPO verify it in destinations.yaml, or give this DAG its class in the policy's `tasks`."


def vet_for(of: Law, *, dag_id: str, task_id: str) -> Vet | None:
    """Who vets what a task opens; None where its class may be one that goes anywhere (`zone: any`).

    Args:
        of: The guard and the policy's classes of tasks, read in the process that the task can't reach.
        dag_id: The task's DAG; empty for a process that runs no task: it opens nothing.
        task_id: The task.
    """
    if not dag_id:
        return lambda _: "a process that runs no task opens nothing. Name what it needs in [douane] door_open."
    if of.guard.problem:
        problem = of.guard.problem
        return lambda _: f"{problem} Until then nothing is opened."
    classes = possible_classes(of.tasks, dag_id=dag_id, task_id=task_id)
    if any(of.guard.needs[name].zone == "any" for name in classes):
        return None

    def vet(opening: Opening) -> str:
        host, port, path = opening
        if CREDENTIAL_HOSTS.fullmatch(host) and port == _TLS:
            return ""
        place = path or (f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}")
        return _why_not(of.guard.decide(place, data_class=DEFAULT), path or f"{host}:{port}")

    return vet


def _why_not(decision: Decision, place: str) -> str:
    rules = {reason.rule for reason in decision.blocks}
    if "location.outside_zone" in rules:
        return f"{place} lies outside the zone. {_MEND}"
    # A provider's frontend that serves every region (Google's) is known; that its region isn't proven was decided before.
    if "location.unknown" in rules and decision.destination.provider is None:
        return f"nobody on file knows {place}. {_MEND}"
    return ""
