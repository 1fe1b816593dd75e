"""`douane verify`: is this release whole, unchanged, and signed by whom it should be?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import AsJson, print_json


def verify_command(
    release: Annotated[Path, typer.Argument(help="The release's folder.")],
    public_key: Annotated[
        Path, typer.Option(help="The signer's public key (PEM), got from the signer and not from the release.")
    ],
    journal: Annotated[
        Path | None, typer.Option(help="Also check that it is the release that this journal names.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check signature, manifest and every file of a release; exit 1 names the first file that is not as sealed."""
    from pipeline.journal import Journal
    from pipeline.release import verify_release

    found = verify_release(release, public_key, Journal(journal) if journal else None)
    if as_json:
        print_json(
            {
                "ok": found.ok,
                "release": str(release),
                "files": found.files,
                "file": found.file or None,
                "problem": found.problem or None,
            }
        )
    elif found.ok:
        typer.echo(f"{release} is whole, as sealed, and signed by that key: {found.files} files.")
    if not found.ok:
        if not as_json:
            typer.echo(f"douane: {found.problem}", err=True)
        raise typer.Exit(1)
