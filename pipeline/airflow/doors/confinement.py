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


def fail_on_violation(context: Mapping[str, Any]) -> None:
    """From now on the task can only fail once it has tried a shut door."""
    if kernel.standing():
        kernel.fail_on_violation(context)
