"""The third door: while a task runs, its process reaches only what a decision opened. The boundary is the kernel's.

`close()` puts a seccomp filter on the task's process; a notifier beside it answers every connect and every addressed
send, on the task's own socket. `allow` opens more. See docs/explanation/kernel-door.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.airflow.kernel.board import Violation
    from pipeline.airflow.kernel.errors import DoorCannotStand, DoorViolated
    from pipeline.airflow.kernel.install import allow, close, standing, violations
    from pipeline.airflow.kernel.notifier import Order
    from pipeline.airflow.kernel.openings import Opening
    from pipeline.airflow.kernel.outcome import fail_on_violation

_ROOMS = {
    "Violation": "board",
    "DoorCannotStand": "errors",
    "DoorViolated": "errors",
    "allow": "install",
    "close": "install",
    "standing": "install",
    "violations": "install",
    "Order": "notifier",
    "Opening": "openings",
    "fail_on_violation": "outcome",
}

__all__ = [
    "DoorCannotStand",
    "DoorViolated",
    "Opening",
    "Order",
    "Violation",
    "allow",
    "close",
    "fail_on_violation",
    "standing",
    "violations",
]


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"pipeline.airflow.kernel.{_ROOMS[name]}"), name)
