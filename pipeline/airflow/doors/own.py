"""Is this one of Douane's own tasks? They ask the guard themselves, one destination at a time, when they run."""

from __future__ import annotations

import sys
from typing import Any

ROOMS = ("pipeline.airflow.operators", "pipeline.airflow.approval", "pipeline.airflow.broken")


def is_own(operator: Any) -> bool:
    """Whether an operator is of a class that stands in Douane's own rooms, and does what that class does."""
    one = getattr(operator, "operator_class", None) if getattr(operator, "is_mapped", False) is True else type(operator)
    if one is None or one.__module__ not in ROOMS:
        return False
    room = sys.modules.get(one.__module__)
    return getattr(room, one.__name__, None) is one and "execute" not in getattr(operator, "__dict__", {})
