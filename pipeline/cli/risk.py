"""`douane risk`: how easily is a person singled out in a table?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import AsJson, print_json


def risk_command(
    path: Annotated[Path, typer.Argument(help="A table: CSV, Parquet or NDJSON.")],
    quasi: Annotated[str, typer.Option(help="The quasi-identifiers, with commas.")],
    sensitive: Annotated[str | None, typer.Option(help="The field that must not be guessed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print k-anonymity, l-diversity, t-closeness, how many records are alone in their class, and the classes."""
    import pyarrow as pa

    from pipeline.sources.folder import FolderSource
    from transforms import risk

    source = FolderSource([path]).tables()[0]
    table = pa.Table.from_batches(list(source.batches()), schema=source.schema)
    found = risk(table, quasi=[name.strip() for name in quasi.split(",")], sensitive=sensitive).to_dict()
    if as_json:
        print_json(found)
        return
    for name in ("k", "l", "t", "unique"):
        typer.echo(f"{name}: {found[name]}")
    typer.echo(f"classes: {found['classes']}")
