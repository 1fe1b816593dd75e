"""How does an export's own task reach what the guard allows it, behind the kernel's door? The decision opens it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors import confinement
from pipeline.guard import Guard
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from pipeline.export_order import PreparedExport
    from pipeline.guard import Decision

_LOG = logging.getLogger("airflow.task")


class OpeningGuard(Guard):
    """The same guard; what it allows is open from then on, and what it blocks stays shut."""

    def decide(self, destination: str, **asked: Any) -> Decision:
        """Decide as `Guard.decide`, and open what is allowed."""
        decision = super().decide(destination, **asked)
        try:
            confinement.open_for([decision])
        except DouaneError as error:  # allowed, but nobody can say at which port: it stays shut
            _LOG.warning("%s", error)
        return decision


def opening(prepared: PreparedExport) -> PreparedExport:
    """The same export, with a guard that opens."""
    guard = prepared.rooms.guard
    return replace(
        prepared,
        rooms=replace(prepared.rooms, guard=OpeningGuard(guard.register, guard.needs, problem=guard.problem)),
    )
