"""What does Airflow ask of every task of every DAG? (the entry point `airflow.policy`: the doors at parse and before execute).

Every process of Airflow imports this, so that nothing is loaded before a task comes; and an error in here is told as
one line of the task it belongs to, never as a command line that doesn't start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.policies import hookimpl

from pipeline.airflow.kernel.forks import watch_forks

if TYPE_CHECKING:
    from collections.abc import Generator

    from airflow.sdk import Context

# The children of the DAG processor and of the triggerer have no other hook.
watch_forks()


@hookimpl(tryfirst=True)
def task_policy(task: Any) -> None:
    """Door 1: refuse a DAG whose task is forbidden as it stands in its file.

    Raises:
        AirflowClusterPolicyViolation: It is; says why, and what would be allowed.
    """
    import logging

    from pipeline.airflow.settings import parse_mode

    try:
        mode = parse_mode()
        if mode == "off":
            return
        from pipeline.airflow.doors.parse_door import look_at_parse

        ruling = look_at_parse(task)
    except Exception as error:  # noqa: BLE001 - a file that can't be read here is read, and held, before its tasks execute
        logging.getLogger(__name__).warning(
            "Douane's door at parse could not read %s: %s", task.task_id, type(error).__name__
        )
        return
    if ruling is None or ruling.allowed:
        return
    line = ruling.line(_name(task))
    if mode == "warn":
        logging.getLogger(__name__).warning("%s", line)
        return
    from airflow.exceptions import AirflowClusterPolicyViolation

    raise AirflowClusterPolicyViolation(line)


def _name(task: Any) -> str:
    from pipeline.airflow.doors.parse_door import dag_id

    return ".".join(part for part in (dag_id(task), task.task_id) if part)


@hookimpl(hookwrapper=True)
def get_airflow_context_vars(context: Context) -> Generator[None, Any, None]:
    """Door 2: hold the task before any code of its author runs. A wrapper: a local settings file can't replace it.

    Raises:
        AirflowFailException: The task may not run; it isn't tried again.
    """
    _hold(context)
    yield


def _hold(context: Context) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    try:
        from pipeline.airflow.doors.execute_door import hold_before_execute

        hold_before_execute(context)
    except AirflowFailException:
        raise
    except Exception as error:  # noqa: BLE001 - closed by default; an unforeseen message could quote a value
        import logging

        from pipeline.airflow.failures import _place
        from transforms.errors import DouaneError

        known = str(error) if isinstance(error, DouaneError) else f"{type(error).__name__} at {_place(error)}"
        line = f"Douane's door before execute failed, so the task doesn't run: {known}"
        logging.getLogger("airflow.task").error("%s", line)  # noqa: TRY400 - one line, no traceback that quotes a value
        raise AirflowFailException(line) from None
