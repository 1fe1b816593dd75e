"""`douane journal`: read the record of what was done, and check that nobody changed it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import AsJson, print_json

if TYPE_CHECKING:
    from pipeline.journal import Journal

journal_app = typer.Typer(help="Read and verify the journal.", no_args_is_help=True)
_FRAME = {"seq", "time", "event", "prev", "digest"}
File = Annotated[Path | None, typer.Argument(help="The journal; this installation's if not given.")]


@journal_app.command()
def verify(file: File = None, as_json: AsJson = False) -> None:
    """Check that every line is what was written, in the order it was written; names the first broken one."""
    state = _journal(file).verify()
    if as_json:
        print_json({"whole": state.whole} | asdict(state))
    elif state.whole:
        typer.echo(f"Lines: {state.lines}. The chain is whole; its head is {state.head}.")
    if not state.whole:
        if not as_json:
            typer.echo(f"douane: line {state.broken_line} {state.problem}", err=True)
        raise typer.Exit(1)


@journal_app.command()
def show(
    file: File = None,
    last: Annotated[int, typer.Option(help="How many lines, the newest.", min=1)] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the newest lines."""
    from collections import deque

    lines = list(deque(_journal(file).lines(), maxlen=last))
    if as_json:
        print_json({"lines": lines})
        return
    for line in lines:
        facts = ", ".join(f"{name}: {_text(fact)}" for name, fact in line.items() if name not in _FRAME)
        typer.echo(f"{line['seq']:>6}  {line['time']}  {line['event']:<18} {facts}")


def _text(fact: object) -> str:
    return fact if isinstance(fact, str) else json.dumps(fact, ensure_ascii=False)


def _journal(file: Path | None) -> Journal:
    from pipeline.home import Home
    from pipeline.journal import Journal

    return Journal(file or Home.from_environment().journal_file)
