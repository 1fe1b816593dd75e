"""How often is a finding of a given sureness right?

The scores' own sureness is mapped to what was measured on labelled tables (words/confidence.txt), so that of a hundred findings
with confidence 0.8 about eighty have the right category.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from transforms.detection import lexicons


@cache
def _map() -> tuple[list[float], list[float]]:
    points = [(0.0, 0.0), *lexicons.reliability(), (1.0, 1.0)]
    return [raw for raw, _ in points], [share for _, share in points]


def calibrate(sureness: float) -> float:
    """The share of findings of this sureness that were right; monotone, between 0 and 1.

    Example:
        >>> calibrate(0.2) < calibrate(0.6) < calibrate(0.95) <= 1.0
        True
    """
    return float(np.interp(sureness, *_map()))
