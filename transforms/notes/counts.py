"""What was found in a column of notes, in numbers alone?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from transforms.notes.markup import is_marked_up
from transforms.notes.mojibake import is_broken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class RedactionCounts:
    """Counts of notes and finds that hold no text, for a report.

    Example:
        >>> counts = RedactionCounts()
        >>> counts.add("Dr Le Goff", [{"start": 3, "end": 10, "label": "NOM"}])
        >>> counts.to_dict()["labels"]
        {'NOM': 1}
    """

    def __init__(self) -> None:
        self._labels: Counter[str] = Counter()
        self._notes: Counter[str] = Counter()

    def add(self, text: str, spans: Iterable[Mapping[str, Any]]) -> None:
        """Count one note and what was found in it."""
        found = Counter(str(span["label"]) for span in spans)
        self._labels += found
        self._notes.update(
            notes=1,
            characters=len(text),
            without_finds=not found,
            broken_accents=is_broken(text),
            marked_up=is_marked_up(text),
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the counts: of notes, of their characters, of notes of each sort, and of finds by label."""
        names = ("notes", "characters", "without_finds", "broken_accents", "marked_up")
        return {name: self._notes[name] for name in names} | {"labels": dict(sorted(self._labels.items()))}
