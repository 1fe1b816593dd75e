"""The one seam to the kernel's door: what a decision opened is handed on, and what was tried is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.guard.decision import Decision


def openings_of(decision: Decision) -> tuple[Any, ...]:
    """The host, port and path that an allow opens; none of a block."""
    egress = _module("pipeline.guard.egress")
    if egress is None or not decision.allowed:
        return ()
    return tuple(egress.openings(decision))


def allow(openings: Iterable[Any]) -> None:
    """Open addresses for this process, where the kernel's door stands."""
    kernel = _module("pipeline.airflow.kernel")
    if kernel is not None and kernel.standing():
        kernel.allow(tuple(openings))


def built() -> bool:
    """Whether this Douane has a kernel door at all."""
    return _module("pipeline.airflow.kernel") is not None


def standing() -> bool:
    """Whether the kernel's door stands in this process."""
    kernel = _module("pipeline.airflow.kernel")
    return kernel is not None and bool(kernel.standing())


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        return None
