"""Door 2: may this task run, as it stands rendered in its own process? What is allowed is opened for it, and nothing else."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException

from pipeline.airflow.doors import code_sql, confinement
from pipeline.airflow.doors.journaling import journal
from pipeline.airflow.doors.looking import as_rendered
from pipeline.airflow.doors.operators import read_task
from pipeline.airflow.doors.own import is_own
from pipeline.airflow.doors.parse_door import unseen
from pipeline.airflow.doors.reading import Fault, Reading
from pipeline.airflow.doors.ruling import law, rule
from pipeline.airflow.doors.task_class import class_of
from pipeline.airflow.settings import doors

if TYPE_CHECKING:
    from airflow.sdk import Context

    from pipeline.airflow.doors.ruling import Ruling
    from pipeline.airflow.settings import Doors
    from pipeline.guard.decision import DataClass

_LOG = logging.getLogger("airflow.task")


def hold_before_execute(context: Context) -> None:
    """Let a task pass, or fail it at once and without a retry.

    Raises:
        AirflowFailException: It may not run; one line says why.
    """
    modes = doors()
    code_sql.leave()
    confinement.begin()
    if modes.execute == "off":
        return
    operator = context["task"]
    ruling = _ruled(operator, context)
    if ruling is not None:
        _hold(ruling, context, modes)
    _require_confinement(modes)
    confinement.fail_on_violation(context)
    if ruling is None:
        return
    confinement.open_for(ruling.opened)
    from pipeline.airflow.doors.growing import grow_with

    grow_with(ruling.data_class)
    code_sql.watch(_of_code(context, modes, ruling.data_class))


def _of_code(context: Context, modes: Doors, data_class: DataClass) -> code_sql.Hold:
    """Hold what the task's own code hands to a database, by the same law as what its arguments say."""
    passed: set[tuple[object, ...]] = set()

    def hold(reading: Reading) -> None:
        # A hook, its cursor and the driver's show the same text, one after the other.
        same = (
            *((address.uri, address.optional) for address in reading.addresses),
            *(f.message for f in reading.faults),
        )
        if same in passed:
            return
        ruling = rule(reading, data_class=data_class, guard=law().guard)
        try:
            _hold(ruling, context, modes)
        except AirflowFailException as stop:
            confinement.fail_on_refusal(context, str(stop))
            raise
        passed.add(same)
        confinement.open_for(ruling.opened)

    return hold


def _hold(ruling: Ruling, context: Context, modes: Doors) -> None:
    for words in ruling.unread:
        _LOG.info("not readable, so nothing is opened for it: %s", words)
    journal(ruling, context, mode=modes.execute)
    if not ruling.allowed:
        line = ruling.line(_name(context))
        if modes.execute == "enforce":
            _LOG.error("%s", line)
            raise AirflowFailException(line)
        _LOG.warning("%s", line)


def _ruled(operator: Any, context: Context) -> Ruling | None:
    if is_own(operator):
        return None
    of = law()
    ti = context["ti"]
    data_class = class_of(of.tasks, dag_id=ti.dag_id, task_id=ti.task_id, tags=_tags(context))
    try:
        reading = Reading(faults=tuple(unseen(operator))) + read_task(as_rendered(operator))
    except AirflowFailException:
        raise
    except Exception as error:  # noqa: BLE001 - what can't be read isn't let through; its message could quote a value
        message = f"its arguments can't be read ({type(error).__name__}). Correct them, or report it with the operator's name."
        reading = Reading(faults=(Fault(rule="destination.malformed", message=message, where=type(operator).__name__),))
    return rule(reading, data_class=data_class, guard=of.guard)


def _tags(context: Context) -> tuple[str, ...]:
    return tuple(map(str, getattr(context["dag"], "tags", None) or ()))


def _name(context: Context) -> str:
    ti = context["ti"]
    return f"{ti.dag_id}.{ti.task_id}"


def _require_confinement(modes: Doors) -> None:
    """Refuse, or warn, where the kernel's door should stand and doesn't."""
    if modes.run == "off" or confinement.standing() or _within_dag_test():
        return
    line = "the kernel's door (seccomp) doesn't stand in this process, so the task isn't confined"
    if modes.run == "enforce" and modes.run_missing == "refuse":
        mend = "Run it on Linux with seccomp user notification, or set [douane] door_run_missing = warn."
        _LOG.error("%s. %s", line, mend)
        raise AirflowFailException(f"{line}. {mend}")
    _LOG.warning("%s", line)


def _within_dag_test() -> bool:
    """Whether this is `dag.test()`: no process of its own that could be confined."""
    from airflow.sdk.execution_time import task_runner

    comms = getattr(task_runner, "SUPERVISOR_COMMS", None)
    return type(comms).__name__.startswith("InProcess")
