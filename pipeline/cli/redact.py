"""`douane redact`: find and replace every identifier in clinical notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 500


def redact_command(
    notes: Annotated[
        Path, typer.Argument(help="NDJSON: {id, text, patient or null} a line; - reads stdin.", allow_dash=True)
    ],
) -> None:
    """Print {id, text, spans} a line: the redacted note, and where each identifier stood in the note that came in."""
    from transforms import redact_notes

    for batch in _batches(notes):
        found = redact_notes([note["text"] for note in batch], patients=[note.get("patient") for note in batch])
        for note, text, spans in zip(batch, found.texts, found.spans, strict=True):
            marks = [{"start": span.start, "end": span.end, "label": span.label} for span in spans]
            typer.echo(json.dumps({"id": note.get("id"), "text": text, "spans": marks}, ensure_ascii=False))


def _batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with typer.open_file(str(path), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                batch.append(_note(line, number, path))
            if len(batch) == _AT_ONCE:
                yield batch
                batch = []
    if batch:
        yield batch


def _note(line: str, number: int, path: Path) -> dict[str, Any]:
    try:
        note = json.loads(line)
    except ValueError:
        note = None
    if not isinstance(note, dict) or not isinstance(note.get("text"), str):
        raise InvalidInput(
            f"{path}: line {number} is no note", hint='Write {"id": ..., "text": "...", "patient": null}.'
        )
    return note
