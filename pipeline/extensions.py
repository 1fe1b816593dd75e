"""Which sources, sinks, recognizers and keyrings are installed? Entry points, Douane's own and others'."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any


def load_extension(group: str, name: str) -> Any:  # noqa: ANN401 - a class of the group's Protocol
    """Load the extension `name` of an entry point group such as `douane.sinks`; None where none is installed."""
    found = entry_points(group=group, name=name)
    return next(iter(found)).load() if found else None
