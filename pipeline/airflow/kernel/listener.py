"""When does the door close in Airflow? Before a task's DAG is read; and in the children that parse DAGs or run triggers.

`on_starting` is a listener of the plugin. The DAG processor and the triggerer have no hook in the process that runs the
author's code: there the fork itself is watched, from the policy that each of Airflow's processes imports.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.listeners import hookimpl

from pipeline.airflow.kernel import audit, install
from pipeline.airflow.kernel.mode import Mode, mode
from pipeline.airflow.kernel.notifier import Order
from pipeline.airflow.kernel.outcome import failed
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.kernel.board import Violation

_LOG = logging.getLogger("airflow.task")
CONFINED_CHILDREN = ("DagFileProcessorProcess", "TriggerRunnerSupervisor")
"""Airflow's classes whose child runs an author's code: airflow.dag_processing.processor, airflow.jobs.triggerer_job_runner."""
_REFUSED = 124  # as Airflow's own child that ends before it began


@hookimpl
def on_starting(component: object) -> None:
    """Close the door in a task's process; in the supervisors of the other components there is nothing to close.

    Airflow logs what a listener raises and goes on, so this raises nothing: it ends the process that can't be confined.
    """
    if type(component).__name__ == "TaskRunnerMarker":
        shut()


def shut() -> None:
    """Close the door as the settings say, or end this process where they say that it may not run without."""
    try:
        wanted = mode()
    except DouaneError as error:
        _end(str(error))
    if wanted.run == "off":
        return
    try:
        install.close(order(wanted))
    except DouaneError as error:
        if wanted.missing == "refuse":
            _end(str(error))
        _LOG.warning("Douane: %s The task runs without the kernel's door ([douane] door_run_missing = warn).", error)
        return
    prepare_names()
    audit.explain()


def order(wanted: Mode) -> Order:
    """What the notifier is told."""
    return Order(
        enforce=wanted.run == "enforce",
        openings=wanted.openings,
        loopback=wanted.loopback,
        record=_recorder(enforce=wanted.run == "enforce"),
    )


def _recorder(*, enforce: bool) -> Callable[[Violation], None] | None:
    """Append each violation to the journal, from the notifier: a task can't keep it from being written."""
    from structlog.contextvars import get_contextvars

    from pipeline.airflow.settings import home
    from pipeline.journal import Journal

    told = get_contextvars()
    place = {
        name: str(told[name]) for name in ("dag_id", "task_id", "run_id", "try_number", "map_index") if name in told
    }
    journal = Journal(home().journal_file)

    def record(violation: Violation) -> None:
        journal.append(
            "door.violated" if enforce else "door.would_refuse",
            what=violation.what,
            host=violation.host,
            port=violation.port,
            **place,
        )

    return record


def prepare_names() -> None:
    """Have C libraries ask for names in a way that the notifier can answer: by TCP, and glibc's own resolver in gRPC.

    Over UDP some (glibc before 2.36) drop an answer that doesn't come from the name server's own address.
    """
    options = os.environ.get("RES_OPTIONS", "").split()
    if "use-vc" not in options:
        os.environ["RES_OPTIONS"] = " ".join([*options, "use-vc"])
    os.environ.setdefault("GRPC_DNS_RESOLVER", "native")
    from pipeline.airflow.kernel import calls

    calls.renew_resolver()


def watch_forks() -> None:
    """Close the door also in the children of the DAG processor and of the triggerer. For the policy module."""
    if not _watched:
        _watched.append(True)
        os.register_at_fork(after_in_child=_forked)


_watched: list[bool] = []


def _forked() -> None:
    """Look who forked: the frame above is Airflow's `WatchedSubprocess.start`."""
    frame: Any = sys._getframe(1)  # noqa: SLF001 - there is no hook in that process
    if frame.f_code.co_name != "start" or "cls" not in frame.f_locals:
        return
    made = frame.f_locals["cls"]
    if any(parent.__name__ in CONFINED_CHILDREN for parent in getattr(made, "__mro__", ())):
        try:
            shut()
        except BaseException as error:  # noqa: BLE001 - what is raised here Python only prints, and goes on
            _end(f"{type(error).__name__} while the kernel door closed")


def _end(line: str) -> NoReturn:
    """End this process at once, and say why where the supervisor reads it; a task has failed for good."""
    code = _REFUSED
    try:
        _LOG.error("Douane: %s", line)
        print(f"Douane: {line}", file=sys.stderr, flush=True)  # noqa: T201 - logging may not be set up yet
        supervisor = getattr(sys.modules.get("airflow.sdk.execution_time.task_runner"), "SUPERVISOR_COMMS", None)
        if supervisor is not None:
            supervisor.send(msg=failed())
            code = 0  # what was sent counts only if the process then ends well
    finally:
        os._exit(code)


__all__ = ["CONFINED_CHILDREN", "on_starting", "order", "prepare_names", "shut", "watch_forks"]
