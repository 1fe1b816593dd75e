"""Door 1: is this task forbidden already as it stands in its file? Then its DAG doesn't load, and says why."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.looking import as_written
from pipeline.airflow.doors.operators import read_task
from pipeline.airflow.doors.own import is_own
from pipeline.airflow.doors.reading import Fault, Reading
from pipeline.airflow.moment import for_a_moment

if TYPE_CHECKING:
    from pipeline.airflow.doors.ruling import Law, Ruling


def look_at_parse(operator: Any) -> Ruling | None:
    """Rule on what can be read without templates and connections; None where nothing can."""
    if is_own(operator):
        return None
    reading = Reading(faults=tuple(unseen(operator))) + read_task(as_written(operator))
    addresses = tuple(address for address in reading.addresses if not address.optional and not address.needs)
    if not addresses and not reading.faults:
        return None
    from pipeline.airflow.doors.ruling import rule
    from pipeline.airflow.doors.task_class import class_of

    of = _law_now()
    if of.guard.problem:
        return None  # the file is not to blame: its tasks are blocked when they run, with the same line
    data_class = class_of(of.tasks, dag_id=dag_id(operator), task_id=operator.task_id, tags=tags(operator))
    return rule(Reading(addresses=addresses, faults=reading.faults), data_class=data_class, guard=of.guard)


@for_a_moment
def _law_now() -> Law:
    from pipeline.airflow.doors.ruling import law

    return law()


def unseen(operator: Any) -> list[Fault]:
    """What would run where no door sees it."""
    found = []
    if getattr(operator, "start_from_trigger", False) is True:
        found.append(
            Fault(
                rule="task.unconfined",
                message="it would run in the triggerer before any door could look at it. Take start_from_trigger out.",
                where="start_from_trigger",
            )
        )
    if getattr(operator, "run_as_user", None):
        found.append(
            Fault(
                rule="task.unconfined",
                message="it would run as another user, outside the process that the doors confine. Take run_as_user out.",
                where="run_as_user",
            )
        )
    if coordinated():
        found.append(
            Fault(
                rule="task.unconfined",
                message="[sdk] coordinators hand tasks to another runtime, where no door stands. Take them out of airflow.cfg.",
                where="[sdk] coordinators",
            )
        )
    return found


@lru_cache(maxsize=1)
def coordinated() -> bool:
    """Whether tasks are handed to another runtime; airflow.cfg is read once a process."""
    from airflow.sdk.configuration import conf

    return str(conf.get("sdk", "coordinators", fallback="") or "").strip() not in {"", "{}", "None"}


def dag_id(operator: Any) -> str:
    """The DAG's id; empty for a task that has none yet."""
    dag = getattr(operator, "dag", None) if operator.has_dag() else None
    return str(dag.dag_id) if dag is not None else ""


def tags(operator: Any) -> tuple[str, ...]:
    """The DAG's tags."""
    dag = getattr(operator, "dag", None) if operator.has_dag() else None
    return tuple(map(str, getattr(dag, "tags", None) or ()))
