"""Which real names, cities and streets may stand in for a person's own?

Each file is one value a line under `#` lines with source, licence and the day it was read. `make.py` wrote them; a
line that is added, dropped or moved changes every surrogate, so they change only with a new version.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pyarrow as pa

LOCALES = ("fr_FR",)


@cache
def pool(locale: str, name: str) -> pa.Array:
    """Read the values of a pool, as strings in the order of the file."""
    text = (files(__package__) / locale / f"{name}.txt").read_text("utf-8")
    return pa.array([line for line in text.splitlines() if line and not line.startswith("#")], pa.string())
