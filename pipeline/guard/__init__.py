"""The guard: may data of this class go to this destination on this day, and by which law?

Names load on first use, and pydantic and YAML only when a register is read: a DAG file imports this.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.guard.decision import Clearance, Decision, Destination, Reason, require_clearance
    from pipeline.guard.egress import Opening, openings
    from pipeline.guard.facts import facts_of_connection
    from pipeline.guard.guard import Guard
    from pipeline.guard.release_facts import ReleaseFacts
    from pipeline.guard.requirements import ClassRule, DestinationRules

__all__ = [
    "ClassRule",
    "Clearance",
    "Decision",
    "Destination",
    "DestinationRules",
    "Guard",
    "Opening",
    "Reason",
    "ReleaseFacts",
    "facts_of_connection",
    "openings",
    "require_clearance",
]

_HOME = {
    "ClassRule": "requirements",
    "Clearance": "decision",
    "Decision": "decision",
    "Destination": "decision",
    "DestinationRules": "requirements",
    "Guard": "guard",
    "Opening": "egress",
    "Reason": "decision",
    "ReleaseFacts": "release_facts",
    "facts_of_connection": "facts",
    "openings": "egress",
    "require_clearance": "decision",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
