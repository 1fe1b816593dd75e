"""How does Airflow's process close its door: as the settings say, and what becomes of it where the door can't stand?"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from pipeline.airflow.kernel import audit, install
from pipeline.airflow.kernel.mode import Mode, mode
from pipeline.airflow.kernel.notifier import Order
from pipeline.airflow.kernel.outcome import failed
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.kernel.board import Violation
    from pipeline.airflow.kernel.openings import Opening

_LOG = logging.getLogger("airflow.task")
_REFUSED = 124  # as Airflow's own child that ends before it began


def shut() -> None:
    """Close the door as the settings say, or end this process where they say that it may not run without."""
    try:
        wanted = mode()
    except DouaneError as error:
        end(str(error))
    if wanted.run == "off":
        return
    try:
        install.close(order(wanted))
    except DouaneError as error:
        if wanted.missing == "refuse":
            end(str(error))
        _LOG.warning("Douane: %s The task runs without the kernel's door ([douane] door_run_missing = warn).", error)
        return
    prepare_names()
    audit.explain()


def shut_or_end() -> None:
    """The same, and whatever else goes wrong ends the process too: who calls would only log it, and go on."""
    try:
        shut()
    except BaseException as error:  # noqa: BLE001 - see above
        end(f"{type(error).__name__} while the kernel's door closed")


def order(wanted: Mode) -> Order:
    """What the notifier is told."""
    return Order(
        enforce=wanted.run == "enforce",
        openings=wanted.openings,
        loopback=wanted.loopback,
        record=_recorder(wanted.run),
        vet=_vet() if wanted.run == "enforce" else None,
    )


def _vet() -> Callable[[Opening], str] | None:
    """Who looks again at what this task opens, by what the supervisor said of it before any code of its author ran."""
    from structlog.contextvars import get_contextvars

    from pipeline.airflow.doors.ruling import law
    from pipeline.airflow.doors.vetting import vet_for

    told = get_contextvars()
    return vet_for(law(), dag_id=str(told.get("dag_id") or ""), task_id=str(told.get("task_id") or ""))


def _recorder(run: str) -> Callable[[Violation], None] | None:
    """Append each violation to the journal, from the notifier: a task can't keep it from being written."""
    from structlog.contextvars import get_contextvars

    from pipeline.airflow.settings import home
    from pipeline.journal import Journal

    told = {name: str(value) for name, value in get_contextvars().items()}
    # As every line that Douane writes under Airflow; a process that runs no task (the DAG processor) names none.
    place: dict[str, str | int] = {
        fact: told[name] for fact, name in (("dag", "dag_id"), ("run", "run_id"), ("task", "task_id")) if told.get(name)
    }
    index = int(told.get("map_index") or -1)
    place |= {"map_index": index} if index >= 0 else {}
    place |= {"try": int(told.get("try_number") or 1), "door": "run", "mode": run}
    journal = Journal(home().journal_file)

    def record(violation: Violation) -> None:
        what, host, port, _ = violation
        journal.append("task.violation", what=what, host=host, port=port, **place)

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


def end(line: str) -> NoReturn:
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
