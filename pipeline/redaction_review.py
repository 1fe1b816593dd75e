"""On which page does a person check what was found in notes? It holds the notes, so it stands in the private folder only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import InvalidInput
from pipeline.home import Home
from transforms.notes.labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST: Final = 500
"""Notes a page shows at most: a sample to judge by, and a browser that stays quick."""


def review_file(named: Path, home: Home | None = None) -> Path:
    """Say where the page is written; a name alone stands in the private folder.

    Raises:
        InvalidInput: Elsewhere: the page shows what identifies people.
    """
    private = (home or Home.from_environment()).private
    file = (private / named).resolve()
    if not file.is_relative_to(private.resolve()):
        raise InvalidInput(
            "--review: the page shows the notes as they are, and that is not in the private folder",
            hint=f"Give a name alone; it is written to {private}.",
        )
    return file


class ReviewPage:
    """Collects the first notes and their finds, and writes the page that only its owner can read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._notes: list[dict[str, Any]] = []

    @property
    def shown(self) -> int:
        """How many notes the page shows."""
        return len(self._notes)

    def add(self, name: object, text: str, spans: Iterable[Mapping[str, Any]]) -> None:
        """Take a note, if the page is not full."""
        if len(self._notes) < MOST:
            self._notes.append({"id": name, "text": text, "spans": list(spans)})

    def write(self) -> Path:
        """Write the page, readable by its owner alone."""
        template = Path(__file__).with_name("redaction_review.html").read_text(encoding="utf-8")
        # A note must not end the script that carries it.
        data = json.dumps({"labels": LABELS, "notes": self._notes}, ensure_ascii=True).replace("<", "\\u003c")
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.touch(mode=0o600)
        self._file.chmod(0o600)
        self._file.write_text(template.replace("{{data}}", data), encoding="utf-8")
        return self._file
