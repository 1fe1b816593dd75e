"""When does the door close in the children that parse DAG files, or run triggers? At their fork.

The DAG processor and the triggerer have no hook in the process that runs an author's code. The policy module is imported
by both, and watches who is forked. It loads nothing before one of them is.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CONFINED_CHILDREN = ("DagFileProcessorProcess", "TriggerRunnerSupervisor")
"""Airflow's classes: airflow.dag_processing.processor and airflow.jobs.triggerer_job_runner."""

_REFUSED = 124  # as Airflow's own child that ends before it began
_watched: list[bool] = []


def watch_forks() -> None:
    """Watch from now on, once a process."""
    if not _watched:
        _watched.append(True)
        os.register_at_fork(after_in_child=_forked)


def _forked() -> None:
    """Look who forked: the frame above is Airflow's `WatchedSubprocess.start`, a class method.

    The door itself closes when the child's work begins: closing forks, and a fork within a fork's own hooks can wait for
    a lock that the hooks after this one let go of.
    """
    frame: Any = sys._getframe(1)  # noqa: SLF001 - there is no hook in that process
    if frame.f_code.co_name != "start":
        return
    made = frame.f_locals.get("cls")
    if not any(parent.__name__ in CONFINED_CHILDREN for parent in getattr(made, "__mro__", ())):
        return
    try:
        _shut_first(sys.modules[frame.f_globals["__name__"]])
    except BaseException:  # noqa: BLE001 - Python prints what a hook raises, and goes on
        os._exit(_REFUSED)


def _shut_first(supervisor: Any) -> None:
    """Close the door before the child's work, in this child only."""
    plain = supervisor._fork_main  # noqa: SLF001 - see above

    def confined(requests: Any, stdout: Any, stderr: Any, log: int, target: Callable[[], None]) -> None:
        def shut_then_work() -> None:
            from pipeline.airflow.kernel.shutting import shut_or_end

            shut_or_end()
            target()

        plain(requests, stdout, stderr, log, shut_then_work)

    supervisor._fork_main = confined  # noqa: SLF001 - see above
