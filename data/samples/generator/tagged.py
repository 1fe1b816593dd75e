"""How does a letter know where its identifiers stand? They are written with a mark, which is taken off and becomes a span."""

from __future__ import annotations

import re

MARK = re.compile("\x01([A-Z_]+)\x02(.*?)\x03", re.DOTALL)


def tag(label: str, value: str) -> str:
    """`value`, marked as an identifier of kind `label` (the labels of French clinical work: NOM PRENOM DATE ...)."""
    return f"\x01{label}\x02{value}\x03"


def untag(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The plain text and its spans (start, end, label), in characters."""
    spans, parts, length, last = [], [], 0, 0
    for match in MARK.finditer(text):
        before = text[last : match.start()]
        parts += [before, match[2]]
        length += len(before)
        spans.append((length, length + len(match[2]), match[1]))
        length += len(match[2])
        last = match.end()
    return "".join([*parts, text[last:]]), spans


def outside(text: str) -> str:
    """What the marked text says apart from its identifiers."""
    return MARK.sub(" ", text)
