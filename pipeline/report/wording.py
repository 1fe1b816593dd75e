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
        ('0', '<10', '1,204')
    """
    return "<10" if 0 < count < SMALLEST_SHOWN else f"{count:,}"


def rounded(count: int) -> int:
    """Round a count to tens, a half up; what is under 10 and not 0 becomes 5, whatever it was.

    Example:
        >>> rounded(0), rounded(1), rounded(9), rounded(1204)
        (0, 5, 5, 1200)
    """
    return SMALLEST_SHOWN // 2 if 0 < count < SMALLEST_SHOWN else (count + 5) // 10 * 10


def rounded_in_words(count: int) -> str:
    """Say a count rounded to tens, for where an exact one would give a small one away by subtraction.

    Example:
        >>> rounded_in_words(0), rounded_in_words(4), rounded_in_words(1204)
        ('0', '<10', '1,200')
    """
    return "<10" if 0 < count < SMALLEST_SHOWN else f"{rounded(count):,}"
