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


_EDGES: Final = frozenset(" \t\n\r\u00a0.,;:/-–|«»\"'’")


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
    kept: dict[int, Span] = {}
    taken = bytearray(len(text))
    free, covered = taken.find, b"\1"

    def keep(start: int, end: int, label: Label) -> None:
        taken[start:end] = b"\1" * (end - start)
        kept[end] = (start, end, label)

    for start, end, label, _ in sorted(dict.fromkeys(finds), key=_by_weight):
        if free(1, start, end) < 0:
            taken[start:end] = covered * (end - start)
            kept[end] = (start, end, label)
            continue
        if free(0, start, end) < 0:
            continue
        for left, right in _free(taken, start, end):
            before = kept.get(left)
            if before and before[2] == label and before[0] <= start < left:
                # A surer find of the same label ends inside this one: it grows to its end.
                del kept[left]
                keep(before[0], right, label)
            else:
                first, last = _trim(text, left, right)
                if sum(map(str.isalnum, text[first:last])) >= 2:
                    keep(first, last, label)
    return [(*bounds, label) for start, end, label in sorted(kept.values()) if (bounds := _bare(text, start, end))]


def _by_weight(find: Find) -> tuple[int, int, int]:
    start, end, _, weight = find
    return -weight, start - end, start


def _free(taken: bytearray, start: int, end: int) -> list[tuple[int, int]]:
    runs = []
    at = start
    while (left := taken.find(0, at, end)) >= 0:
        right = taken.find(1, left, end)
        at = end if right < 0 else right
        runs.append((left, at))
    return runs


def _bare(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Leave out the punctuation at both ends, and a bracket that nothing within closes."""
    if start < end and text[start].isalnum() and text[end - 1].isalnum():
        return start, end
    while start < end:
        if text[end - 1] in _EDGES or (text[end - 1] in ")]" and not _balanced(text, start, end)):
            end -= 1
        elif text[start] in _EDGES or (text[start] in "([" and not _balanced(text, start, end)):
            start += 1
        else:
            return start, end
    return None


def _balanced(text: str, start: int, end: int) -> bool:
    return all(text.count(first, start, end) == text.count(last, start, end) for first, last in ("()", "[]"))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end
