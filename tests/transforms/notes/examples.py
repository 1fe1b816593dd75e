"""Reads a note with the truth in it: "Vu le <DATE>3 mars</DATE>" is a text and its spans; `<none>` says what must stay."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)([A-Z_]+|none)>")


def read_example(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Give the note without its tags, and the spans that the tags mark (not those marked none)."""
    text, spans, opened, at = "", [], (0, ""), 0
    for tag in _TAG.finditer(marked):
        text += marked[at : tag.start()]
        at = tag.end()
        if not tag[1]:
            opened = (len(text), tag[2])
        elif tag[2] != "none":
            spans.append((opened[0], len(text), opened[1]))
    return text + marked[at:], spans


def write_example(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Mark a note with spans, so that a difference reads like a note."""
    marked, at = "", 0
    for start, end, label in spans:
        marked += f"{text[at:start]}<{label}>{text[start:end]}</{label}>"
        at = end
    return marked + text[at:]


def as_found(marked: str) -> str:
    """Give the example without its `<none>` tags: what finding must give back, written the same way."""
    return marked.replace("<none>", "").replace("</none>", "")
