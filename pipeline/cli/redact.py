"""`douane redact`: find and replace every identifier in clinical notes."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import InvalidInput
from transforms.errors import InvalidColumn


def redact_command(
    notes: Annotated[
        Path, typer.Argument(help="NDJSON: {id, text, patient or null} a line; - reads stdin.", allow_dash=True)
    ],
) -> None:
    """Print {id, text, spans} a line: the redacted note, and where each identifier stood in the note that came in."""
    from transforms.notes import redact_note

    with nullcontext(sys.stdin) if str(notes) == "-" else notes.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    redacted = redact_note(_object(line))
                except (InvalidColumn, ValueError):
                    raise InvalidInput(
                        f"{notes}: line {number} is no note", hint='Write {"id": ..., "text": "...", "patient": null}.'
                    ) from None
                typer.echo(json.dumps(redacted, ensure_ascii=False))


def _object(line: str) -> dict[str, Any]:
    note = json.loads(line)
    if not isinstance(note, dict):
        raise InvalidColumn("a note is an object")
    return note
