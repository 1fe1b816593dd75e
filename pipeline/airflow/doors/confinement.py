"""The one seam to the kernel's door: what a decision opened is handed on, and a task that tried more can only fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.airflow import kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.guard.decision import Decision


def open_for(decisions: Iterable[Decision]) -> None:
    """Open what these decisions allow, where the kernel's door stands; a block opens nothing."""
    if not kernel.standing():
        return
    from pipeline.guard.egress import openings

    kernel.allow(
        [kernel.Opening(*opening) for decision in decisions if decision.allowed for opening in openings(decision)]
    )


def standing() -> bool:
    """Whether the kernel's door stands in this process."""
    return kernel.standing()


def leads_to(host: str, port: object) -> bool:
    """Whether an address is open at a port already (by `door_open`, a decision, or a name that has it)."""
    from pipeline.airflow.kernel.addresses import spelled
    from pipeline.airflow.kernel.install import is_open

    address = spelled(host.partition("%")[0])
    return address is not None and isinstance(port, int) and is_open(address, port)


def knows(host: str) -> bool:
    """Whether a name was opened, at any port."""
    from pipeline.airflow.kernel.install import is_open

    return bool(host) and is_open(host, 0)


def fail_on_violation(context: Mapping[str, Any]) -> None:
    """From now on the task can only fail once it has tried a shut door."""
    if kernel.standing():
        kernel.fail_on_violation(context)


def begin() -> None:
    """Forget what an earlier task of this process was refused (`dag.test()` runs many in one)."""
    from pipeline.airflow.kernel.outcome import forget

    forget()


def fail_on_refusal(context: Mapping[str, Any], line: str) -> None:
    """From now on the task can only fail: it asked for what the guard blocks, whatever its code makes of the error."""
    from pipeline.airflow.kernel.outcome import refuse

    refuse(context, line)
