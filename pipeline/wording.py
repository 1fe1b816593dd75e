"""How is a count of persons said, so that a small one points at nobody?

A count of 3 in a small town is three people who can be looked for: counts under 10 are "<10".
"""

from __future__ import annotations

from typing import Final

SMALLEST_SHOWN: Final = 10


def count_in_words(count: int) -> str:
    """Say a count: "0", "<10", or the number as it is.

    Example:
        >>> count_in_words(0), count_in_words(1), count_in_words(1204)
        ('0', '<10', '1204')
    """
    return "<10" if 0 < count < SMALLEST_SHOWN else str(count)
