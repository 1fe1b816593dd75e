"""Was the first row of a table's values taken for the names of its fields?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.detection.headers import read_header

if TYPE_CHECKING:
    from collections.abc import Sequence

_VALUE = re.compile(
    r"\d{6,}|[+-]?\d+[.,]\d+|(?:19|20)\d\d-\d\d-\d\d.*|\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}.*|[^@\s]+@[^@\s]+\.[a-z]{2,}",
    re.IGNORECASE,
)
"""What names of fields hardly ever are and values often: long numbers, decimals, days, addresses of mail."""


def looks_headerless(names: Sequence[str]) -> bool:
    """Whether the names can only be values: two at least, or a third, look like it, and detection understands no other.

    Example:
        >>> looks_headerless(["80012345", "1961-02-11", "2"]), looks_headerless(["ipp", "1961-02-11", "1962-02-11"])
        (True, False)
    """
    values = [name for name in names if _VALUE.fullmatch(name.strip())]
    others = [name for name in names if name not in values]
    if not values or len(values) < min(2, len(names)) or len(values) < len(names) / 3:
        return False
    return all(read_header(name).opaque for name in others)
