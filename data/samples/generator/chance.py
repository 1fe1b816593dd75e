"""Where does the sample's chance come from? A stream for each purpose, so that a change in one table leaves the others' draws alone."""

from __future__ import annotations

import random


def chance(seed: int, purpose: str) -> random.Random:
    """The stream of `purpose` under `seed`."""
    return random.Random(f"{seed}:{purpose}")  # noqa: S311  a sample needs to repeat, not to be secret
