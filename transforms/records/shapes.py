"""Does a value that a rule keeps look like what belongs there? A name in the place of a status is no status.

A rule says it with `keep` (`{keep: code}`): a value of another shape is dropped, and counted as unknown.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

EXACT: Final = ("\ue0f0", "\ue0f1")
"""Two letters of the private use area that stand around a decimal whose digits must come out as they went in."""

SHAPES: Final = MappingProxyType(
    {
        # Small words with hyphens (in-progress), short capitals (MORN, EUR), types of media, languages (fr-FR).
        "code": re.compile(
            r"[a-z0-9][a-z0-9+./-]{0,63}|[A-Z0-9][A-Z0-9_-]{0,9}|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})+|[<>]=?"
        ),
        "number": re.compile(rf"{EXACT[0]}?[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?{EXACT[1]}?"),
        "time": re.compile(r"\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?"),
        "uri": re.compile(r"(?:https?://|urn:)[^\s]{1,500}"),
        "boolean": re.compile(r"true|false"),
    }
)


def has_shape(value: object, shape: str) -> bool:
    """Whether a value is of a shape; numbers and booleans of JSON are it by their type.

    Example:
        >>> has_shape("final", "code"), has_shape("Jean Dupont", "code"), has_shape(True, "boolean"), has_shape(3, "number")
        (True, False, True, True)
    """
    if isinstance(value, bool):
        return shape == "boolean"
    if isinstance(value, int | float):
        return shape == "number"
    if shape == "boolean":
        return False
    return isinstance(value, str) and SHAPES[shape].fullmatch(value) is not None
