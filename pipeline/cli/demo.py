"""`douane demo`: see the whole way on a hospital that doesn't exist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import console, print_table

if TYPE_CHECKING:
    from pipeline.guard import Decision


def demo(
    home: Annotated[Path, typer.Option(help="The folder in which everything happens.")] = Path(".douane/demo"),
) -> None:
    """Run the sample hospital's export to three destinations, and ask the guard about two more.

    Nothing outside this machine is contacted. Exit 0 only if all went as it must.
    """
    from pipeline.cli.run import print_tables
    from pipeline.demo import demonstrate
    from pipeline.progress import shown_progress
    from pipeline.report import REPORT

    with shown_progress() as progress:
        shown = demonstrate(home.absolute(), progress)
    print_tables(shown.result)
    print_table(
        "destinations",
        ("destination", "where", "decision", "why, and the law"),
        [(name, _place(decision), decision.decision, _why(decision)) for name, decision in shown.decisions.items()],
    )
    release = shown.result.made.release
    terminal = console()
    terminal.print(f"release  {release.folder}")
    terminal.print(f"report   {release.folder / REPORT}")
    terminal.print(f"journal  {shown.home.journal_file}")
    terminal.print(f"verify   douane verify {release.folder} --public-key {shown.public_key}")
    if shown.surprises:
        terminal.print(f"These did not go as they must: {', '.join(shown.surprises)}")
        raise typer.Exit(1)


def _place(decision: Decision) -> str:
    target = decision.destination
    return ", ".join(part for part in (target.provider, target.region, target.country) if part) or "?"


def _why(decision: Decision) -> str:
    verdict = "pass" if decision.allowed else "block"
    return "\n".join(
        f"{reason.message} [{reason.source}]" if reason.source else reason.message
        for reason in decision.reasons
        if reason.verdict == verdict
    )
