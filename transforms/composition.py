"""Which values could Unicode composition (NFC) change?

A text is its own NFC when each of its characters is a starter that has no other form and that never composes with one
before it (UAX 15, quick check). UTF-8 writes all characters under U+0300, the first combining mark, with bytes under
0xCC, and all of these are so: French text never leaves them but for ’ and –. The others are looked up one by one.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from transforms.crypto.blocks import Bools, Run

FIRST_TO_COMPOSE: Final = 0xCC
"""Values whose bytes are all lower are their own NFC."""

_PLANE: Final = 0x10000
_JAMO: Final = ((0x1160, 0x1200),)


def rows_to_compose(run: Run) -> Bools:
    """Say which values hold a character that composition could touch; the others are their own NFC.

    Args:
        run: n values of valid UTF-8.
    """
    first, last = int(run.offsets[0]), int(run.offsets[-1])
    data = run.data[first:last]
    # Continuation bytes are under 0xC0, so these begin a character.
    places = np.flatnonzero(data >= FIRST_TO_COMPOSE)
    places = places[~_stable()[_code_points(data, places)]]
    rows = np.zeros(len(run), np.bool_)
    rows[np.searchsorted(run.offsets, first + places, side="right") - 1] = True
    return rows


def _code_points(data: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Read the characters that begin at some places; 0xFFFF, which is none, for those past the first plane."""
    top = len(data) - 1
    lead = data[places].astype(np.intp)
    second = data[np.minimum(places + 1, top)].astype(np.intp) & 0x3F
    third = data[np.minimum(places + 2, top)].astype(np.intp) & 0x3F
    two, three = (lead & 0x1F) << 6 | second, (lead & 0x0F) << 12 | second << 6 | third
    return np.where(lead < 0xE0, two, np.where(lead < 0xF0, three, 0xFFFF))


@cache
def _stable() -> Bools:
    """Mark the characters of the first plane that composition leaves alone, whatever stands beside them."""
    stable = np.zeros(_PLANE, np.bool_)
    seconds = set()
    for point in range(_PLANE):
        character = chr(point)
        parts = unicodedata.decomposition(character).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(int(parts[1], 16))
        stable[point] = (
            unicodedata.category(character) not in {"Cn", "Cs"}
            and unicodedata.combining(character) == 0
            and unicodedata.is_normalized("NFC", character)
        )
    stable[list(seconds)] = False
    for low, high in _JAMO:
        stable[low:high] = False
    return stable
