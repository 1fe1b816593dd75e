"""What is left of JSON content when nothing stands where something stood?"""

from __future__ import annotations

from typing import Any


def pruned(value: Any) -> Any:  # noqa: ANN401 - JSON content
    """JSON content without nulls, and without the objects and lists that are empty then: FHIR has neither.

    Example:
        >>> pruned({"period": {"start": None}, "event": [None, "2026"]})
        {'event': ['2026']}
    """
    if isinstance(value, dict):
        parts = {name: part for name, one in value.items() if not _is_empty(part := pruned(one))}
        # A list and its primitives' extensions stand side by side: without one of them they would no longer agree.
        return {
            name: part
            for name, part in parts.items()
            if not (name[:1] == "_" and name[1:] not in parts and name[1:] in value)
        }
    if isinstance(value, list):
        return [part for one in value if not _is_empty(part := pruned(one))]
    return value


def _is_empty(value: object) -> bool:
    return value is None or value in ({}, [])
