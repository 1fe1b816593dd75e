"""What may a find be called, and which find wins where two overlap?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

Label: TypeAlias = Literal[
    "NOM",
    "PRENOM",
    "DATE",
    "DATE_NAISSANCE",
    "ADRESSE",
    "ZIP",
    "VILLE",
    "HOPITAL",
    "TEL",
    "MAIL",
    "SECU",
    "IPP",
    "NDA",
    "RPPS",
    "FINESS",
    "URL",
    "IBAN",
]
LABELS: Final[tuple[Label, ...]] = get_args(Label)

# How sure a layer is: where two finds overlap, the surer one keeps its place and the other what is left of it.
LEXICON: Final = 1
REPEATED: Final = 2
CONTEXT: Final = 3
PATTERN: Final = 4
FIELD: Final = 5
KNOWN: Final = 6
WHOLE: Final = 7
"""An address, a mail or a URL as a whole: a name inside it is part of it, even the patient's."""


class Find(NamedTuple):
    """Characters `start` to `end` (end excluded) of a note identify a person, as `label` says, as surely as `weight`."""

    start: int
    end: int
    label: Label
    weight: int


Span: TypeAlias = "tuple[int, int, Label]"


def resolve(finds: Iterable[Find], text: str) -> list[Span]:
    """Order the finds by place and let no two overlap: the surer wins, then the longer; leftovers that still say something stay.

    Args:
        finds: Finds in any order, overlapping or not.
        text: The note that they were found in.

    Example:
        >>> resolve([Find(0, 4, "DATE", PATTERN), Find(0, 10, "DATE", PATTERN)], "03/03/2021")
        [(0, 10, 'DATE')]
    """
    kept: list[Span] = []
    taken = bytearray(len(text))
    for start, end, label, _ in sorted(finds, key=lambda find: (-find.weight, find.start - find.end, find.start)):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, label))
            continue
        if _widen(kept, taken, start, end, label):
            continue
        for left, right in _free(taken, start, end):
            first, last = _trim(text, left, right)
            if sum(map(str.isalnum, text[first:last])) >= 2:
                taken[first:last] = b"\1" * (last - first)
                kept.append((first, last, label))
    return sorted(kept)


def _widen(kept: list[Span], taken: bytearray, start: int, end: int, label: Label) -> bool:
    """Let a span of the same label grow to the end of a find that begins in it, if nothing else stands there."""
    for place, (first, last, known) in enumerate(kept):
        if known == label and first <= start < last < end and not any(taken[last:end]):
            kept[place] = (first, end, label)
            taken[last:end] = b"\1" * (end - last)
            return True
    return False


def _free(taken: bytearray, start: int, end: int) -> list[tuple[int, int]]:
    runs = []
    at = start
    while (left := taken.find(0, at, end)) >= 0:
        right = taken.find(1, left, end)
        at = end if right < 0 else right
        runs.append((left, at))
    return runs


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end
