"""`douane run`: the whole way of an extract, from files to a sealed release and its destinations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.output import AsJson, console, print_json, print_table
from transforms.records.tally import OUTCOMES

if TYPE_CHECKING:
    from pipeline.delivering import Outcome
    from pipeline.run import Result
    from transforms.records.tally import Tally

SHOWN = 20


def run_command(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files (CSV, Parquet, NDJSON, Excel; FHIR, HL7 v2, DICOM, VCF), folders of them, postgresql://HOST/DATABASE?tables=A,B or fhir+https://HOST/BASE."
        ),
    ],
    plan: Annotated[Path, typer.Option(help="The approved plan; naming it here is your approval, and is journaled.")],
    to: Annotated[list[str] | None, typer.Option(help="A destination; may be given several times.")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="The policy of the plan; the shipped default if not given.")
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(help="The site's own words in names of fields, with their kinds, as for the plan.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="The key's name; the one of the plan's domain if not given.")] = None,
    register: Annotated[
        Path | None, typer.Option(help="The register's folder; $DOUANE_HOME/register if not given.")
    ] = None,
    journal: Annotated[Path | None, typer.Option(help="The journal's file; $DOUANE_HOME/journal if not given.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder in which the release is made; $DOUANE_HOME/releases if not given.")
    ] = None,
    table_format: Annotated[
        Literal["parquet", "csv", "ndjson"], typer.Option("--format", help="The format of the release's tables.")
    ] = "parquet",
    staged: Annotated[
        bool,
        typer.Option(
            "--staged", help="Copy the files into the encrypted staging first, instead of reading them in place."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Detect, compare with the plan, pseudonymize, assess, seal, and deliver where the guard allows it.

    Exit 3 when the plan stops the run or the guard blocks a destination (the others are served), 1 on any other error.
    """
    from pipeline.cli.process import leave_pandas_unloaded
    from pipeline.cli.register_choice import register_folder
    from pipeline.cli.settings import key_for, policy_or_default, who
    from pipeline.destinations import destination_at
    from pipeline.guard import Guard
    from pipeline.home import Home
    from pipeline.journal import Journal
    from pipeline.keyring import FolderKeyring
    from pipeline.lexicon import lexicon_or_none
    from pipeline.order import Order
    from pipeline.plan import read_plan
    from pipeline.planning.comparison import PlanMismatch
    from pipeline.progress import shown_progress
    from pipeline.records.opening import open_records
    from pipeline.run import Rooms, run
    from pipeline.sources.opening import open_paths

    leave_pandas_unloaded()
    home = Home.from_environment()
    keyring = FolderKeyring(home.keys)
    approved = read_plan(plan)
    order = Order(
        source=(open_records(paths) if approved.records else None) or open_paths(paths),
        plan=approved,
        policy=policy_or_default(policy),
        key=key_for(approved, key, keyring),
        destinations=[destination_at(uri, home) for uri in to or ()],
        approved_by=who(),
        releases=out or home.releases,
        tables=table_format,
        lexicon=lexicon_or_none(lexicon),
        staged=staged,
    )
    rooms = Rooms(home, keyring, Journal(journal or home.journal_file), Guard.load(register_folder(register), policy))
    try:
        with shown_progress() as progress:
            result = run(order, rooms, progress)
    except PlanMismatch as stop:
        if not as_json:
            for difference in stop.differences:
                typer.echo(str(difference))
            if stop.draft:
                typer.echo(f"Draft of the lines to add:\n{stop.draft}")
        raise
    if as_json:
        print_json(result.to_dict())
    else:
        show(result)
    for outcome in result.outcomes:
        if outcome.blocked or outcome.failure:
            typer.echo(f"douane: {_trouble(outcome)}", err=True)
    raise typer.Exit(result.exit_code)


def show(result: Result) -> None:
    """Print tables, risk, and what became of each destination, with every reason for a block."""
    print_tables(result)
    if result.made.documents is not None:
        print_documents(result.made.documents)
    if result.outcomes:
        print_table("destinations", ("destination", "decision", "why"), [_destination_row(o) for o in result.outcomes])
    from pipeline.report import REPORT

    release = result.made.release.folder
    console().print(f"release  {release}")
    console().print(f"report   {release / REPORT}")


def print_tables(result: Result) -> None:
    """Print each table's rows and seconds, and the risk figures."""
    print_table(
        "tables",
        ("table", "rows", "seconds"),
        [(table, f"{rows:,}", f"{result.made.seconds[table]:.2f}") for table, rows in result.rows.items()],
    )
    for figures in result.made.risk:
        quasi = ", ".join(figures.quasi)
        console().print(
            f"{figures.table}: k = {figures.k} over {quasi}; persons alone in their class: {figures.unique:,}"
        )


def print_documents(tally: Tally) -> None:
    """Print what became of the elements of documents, and each path that no rule knows."""
    totals = ", ".join(f"{tally.total(outcome):,} {outcome}" for outcome in OUTCOMES)
    console().print(f"elements: {totals}")
    for why, count in sorted(tally.left_out.items()):
        console().print(f"left out: {count:,} documents, {why}")
    unknown = [(path, counts["unknown"]) for path, counts in tally.paths() if "unknown" in counts]
    if unknown:
        rows = [(path, f"{count:,}") for path, count in unknown[:SHOWN]]
        print_table("unknown, so dropped", ("path", "elements"), rows)
    if len(unknown) > SHOWN:
        console().print(f"... and {len(unknown) - SHOWN} more paths; the manifest names them")


def _trouble(outcome: Outcome) -> str:
    """Say in one line why a destination was not served: the first reason that blocks, or why the delivery failed."""
    if outcome.failure:
        return f"the release was not delivered: {outcome.failure}"
    reason = outcome.decision.blocks[0]
    return f"{outcome.destination} is blocked: {reason.rule}: {reason.message}"


def _destination_row(outcome: Outcome) -> tuple[str, str, str]:
    decision = outcome.decision
    if outcome.failure:
        return outcome.destination, "allowed, not delivered", outcome.failure
    wanted = "pass" if decision.allowed else "block"
    why = "\n".join(f"{reason.rule}: {reason.message}" for reason in decision.reasons if reason.verdict == wanted)
    return outcome.destination, "delivered" if decision.allowed else "blocked", why
