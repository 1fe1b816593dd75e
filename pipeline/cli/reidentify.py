"""`douane reidentify`: who is behind these pseudonyms or tokens? For a named person, with a reason, journaled."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import AsJson, print_json


def reidentify_command(
    pseudonyms: Annotated[list[str], typer.Argument(help="Pseudonyms or tokens; - reads them from stdin, one a line.")],
    plan: Annotated[Path, typer.Option(help="The plan of the release that they stand in.")],
    field: Annotated[str, typer.Option(help="Where they stand: TABLE.FIELD of the plan.")],
    by: Annotated[str, typer.Option(help="The person who asks.")],
    reason: Annotated[str, typer.Option(help="Why. It is journaled: name nobody in it.")],
    originals: Annotated[
        list[Path] | None,
        typer.Option("--in", help="Files that still hold the identifiers; pseudonyms need them, tokens don't."),
    ] = None,
    key: Annotated[str | None, typer.Option(help="The key's name; the one of the plan's domain if not given.")] = None,
    version: Annotated[int | None, typer.Option(help="The key's version; the newest if not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the values behind pseudonyms or tokens into a file that only you can read, and journal who asked and why.

    No value is printed. Exit 1 if a token is not one of this key and field (then nothing is given out), or if nothing
    can be turned back.
    """
    from pipeline.cli.settings import key_for, who
    from pipeline.home import Home
    from pipeline.journal import Journal
    from pipeline.keyring import FolderKeyring
    from pipeline.plan import read_plan
    from pipeline.reidentification import Question, reidentify
    from pipeline.sources.folder import FolderSource

    home = Home.from_environment()
    keyring = FolderKeyring(home.keys)
    approved = read_plan(plan)
    words = [line.strip() for line in sys.stdin] if pseudonyms == ["-"] else pseudonyms
    found = reidentify(
        Question([word for word in words if word], field, by, reason),
        plan=approved,
        key=key_for(approved, key, keyring, version=version),
        private=home.private,
        journal=Journal(home.journal_file),
        login=who(),
        originals=FolderSource(originals).tables() if originals else (),
    )
    if as_json:
        print_json(found.to_dict())
        return
    typer.echo(f"{found.found} of {found.asked} found, in {found.file}")
