"""How does a command answer: a table for people, or exactly one JSON document on stdout?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, and nothing else there.")]


def print_json(content: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Print one JSON document."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table for people."""
    table = Table(*columns, title=title, title_justify="left", title_style="bold", show_lines=False)
    for row in rows:
        table.add_row(*row)
    console().print(table)


def console() -> Console:
    """The terminal; piped output is wide enough that no cell is cut, and has no colours."""
    found = Console(highlight=False, markup=False)
    return found if found.is_terminal else Console(highlight=False, markup=False, width=200)
