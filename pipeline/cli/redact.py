"""`douane redact`: find and replace every identifier in clinical notes."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.errors import InvalidInput
from transforms.errors import InvalidColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def redact_command(
    notes: Annotated[
        Path, typer.Argument(help="NDJSON: {id, text, patient or null} a line; - reads stdin.", allow_dash=True)
    ],
    report: Annotated[
        Path | None, typer.Option(help="Write the counts of each label to this JSON file; it holds no text.")
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option(help="Write a page on which a person checks the finds; only under DOUANE_HOME's private folder."),
    ] = None,
) -> None:
    """Print {id, text, spans} a line: the redacted note, and where each identifier stood in the note that came in.

    Line by line, so that a file of any size passes. On a terminal, the notes done so far are shown on stderr.
    """
    from pipeline.redaction_review import ReviewPage, review_file
    from transforms.notes import RedactionCounts, redact_note

    page = ReviewPage(review_file(review)) if review else None
    counts = RedactionCounts()
    with ExitStack() as stack:
        lines: Any = stack.enter_context(
            nullcontext(sys.stdin) if str(notes) == "-" else notes.open(encoding="utf-8-sig")
        )
        for number, line in _watched(lines):
            if not line.strip():
                continue
            try:
                note = _object(line)
                redacted = redact_note(note)
            except (InvalidColumn, ValueError):
                raise InvalidInput(
                    f"{notes}: line {number} is no note", hint='Write {"id": ..., "text": "...", "patient": null}.'
                ) from None
            typer.echo(json.dumps(redacted, ensure_ascii=False))
            counts.add(note["text"], redacted["spans"])
            if page:
                page.add(note.get("id", number), note["text"], redacted["spans"])
    if report:
        report.write_text(json.dumps(counts.to_dict(), indent=2) + "\n", encoding="utf-8")
    if page:
        typer.echo(f"{page.write()}: {page.shown} notes to check; open it in a browser.", err=True)


def _object(line: str) -> dict[str, Any]:
    note = json.loads(line)
    if not isinstance(note, dict):
        raise InvalidColumn("a note is an object")
    return note


def _watched(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Number the lines; on a terminal, show how many passed and how fast."""
    numbered = enumerate(lines, 1)
    if not sys.stderr.isatty():
        yield from numbered
        return
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.completed:,} notes"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, completed=0)
        for number, line in numbered:
            yield number, line
            progress.advance(task)
