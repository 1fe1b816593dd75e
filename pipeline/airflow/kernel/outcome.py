"""How does a task that tried a shut door end? Failed, without another try, also when its code swallowed the error.

Airflow has no public hook for it. Everything of its private parts that Douane leans on stands here, and a test fails
when a release of Airflow moves one: `RuntimeTaskInstance._ti_context_from_server`, `BaseOperator._post_execute_hook`,
`CommsDecoder.send` with the messages that end a task.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.airflow.kernel.errors import DoorViolated
from pipeline.airflow.kernel.install import enforced, violations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.airflow.kernel.board import Violation

_LOG = logging.getLogger("airflow.task")
_MEND = (
    "Name the destination in the operator or its connection, so that the guard can decide on it; what every task needs"
    " belongs in [douane] door_open."
)


def reason(found: tuple[Violation, ...]) -> str:
    """The one line: what was tried, each once, at most five."""
    tried = list(dict.fromkeys(str(violation) for violation in found))
    more = "" if len(tried) <= 5 else f" and {len(tried) - 5} more"
    return f"this task tried what no decision opened: {', '.join(tried[:5])}{more}"


def fail_on_violation(context: Mapping[str, Any]) -> None:
    """From now on this task can only fail once it has tried a shut door: no success, no skip, no defer, no retry.

    Args:
        context: The task's context, as `get_airflow_context_vars` receives it: rendered, before any author's code.
    """
    instance = context["ti"]
    _without_retry(instance)
    _fail_at_the_end(instance.task)
    report_failed()


_refused: list[str] = []


def refuse(context: Mapping[str, Any], line: str) -> None:
    """From now on this task can only fail, with this line: a door that isn't the kernel's held back what it tried."""
    _refused.append(line)
    fail_on_violation(context)


def forget() -> None:
    """Begin with another task in the same process: what the last one was refused is not this one's."""
    _refused.clear()


def _line() -> str:
    """Why the task can only fail; empty while it may end as it likes."""
    found = violations() if enforced() else ()
    return str(DoorViolated(reason(found), hint=_MEND)) if found else next(iter(_refused), "")


class _WithoutRetry:
    """What the server said of this try, but without another one after a violation."""

    def __init__(self, said: Any) -> None:
        self._said = said

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._said, name)
        return bool(value) and not _line() if name == "should_retry" else value


def _without_retry(instance: Any) -> None:
    said = instance._ti_context_from_server  # noqa: SLF001 - see above
    if said is not None and not isinstance(said, _WithoutRetry):
        instance._ti_context_from_server = _WithoutRetry(said)  # noqa: SLF001 - see above


def _fail_at_the_end(task: Any) -> None:
    """Raise after the author's `execute`: the usual way to fail, with its callbacks and its line in the log."""
    authors = task._post_execute_hook  # noqa: SLF001 - see above
    if getattr(authors, "douane", False):
        return

    def check(context: Any, result: Any = None) -> None:
        _refuse_violations()
        if authors is not None:
            authors(context, result)
            _refuse_violations()

    check.douane = True  # type: ignore[attr-defined]
    task._post_execute_hook = check  # noqa: SLF001 - see above


def _refuse_violations() -> None:
    from airflow.sdk.exceptions import AirflowFailException

    if line := _line():
        _LOG.error("%s", line)
        raise AirflowFailException(line)


def report_failed() -> None:
    """Whatever end the task would report: after a violation it is "failed"; also where it ends before door 2 (a macro)."""
    from airflow.sdk.execution_time import comms, task_runner

    supervisor = getattr(task_runner, "SUPERVISOR_COMMS", None)
    if supervisor is None or getattr(type(supervisor).send, "douane", False):
        return
    decoder: Any = type(supervisor)
    send: Callable[..., Any] = decoder.send
    ends = (comms.SucceedTask, comms.DeferTask, comms.AwaitInputTask, comms.RetryTask, comms.RescheduleTask)

    def checked(self: Any, msg: Any) -> Any:
        ended = isinstance(msg, ends) or (isinstance(msg, comms.TaskState) and msg.state.value != "failed")
        if ended and (line := _line()):
            _LOG.error("%s", line)
            msg = failed(getattr(msg, "rendered_map_index", None))
        return send(self, msg)

    checked.douane = True  # type: ignore[attr-defined]
    decoder.send = checked


def failed(map_index: str | None = None) -> Any:
    """The message by which a task says that it failed for good."""
    from airflow.sdk import TaskInstanceState
    from airflow.sdk.execution_time.comms import TaskState

    return TaskState(state=TaskInstanceState.FAILED, end_date=datetime.now(tz=UTC), rendered_map_index=map_index)
