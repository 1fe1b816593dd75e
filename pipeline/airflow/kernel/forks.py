"""When does the door close in the children that parse DAG files, or run triggers? At their fork.

The DAG processor and the triggerer have no hook in the process that runs an author's code. The policy module is imported
by both, and watches who is forked. It loads nothing before one of them is.
"""

from __future__ import annotations

import os
import sys
from typing import Any

CONFINED_CHILDREN = ("DagFileProcessorProcess", "TriggerRunnerSupervisor")
"""Airflow's classes: airflow.dag_processing.processor and airflow.jobs.triggerer_job_runner."""

_watched: list[bool] = []


def watch_forks() -> None:
    """Watch from now on, once a process."""
    if not _watched:
        _watched.append(True)
        os.register_at_fork(after_in_child=_forked)


def _forked() -> None:
    """Look who forked: the frame above is Airflow's `WatchedSubprocess.start`, a class method."""
    frame: Any = sys._getframe(1)  # noqa: SLF001 - there is no hook in that process
    if frame.f_code.co_name != "start":
        return
    made = frame.f_locals.get("cls")
    if any(parent.__name__ in CONFINED_CHILDREN for parent in getattr(made, "__mro__", ())):
        from pipeline.airflow.kernel.shutting import shut_or_end

        shut_or_end()
