"""`douane demo`: see the whole way on a hospital that doesn't exist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.output import console, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.airflow.demo import ShownByAirflow


def demo(
    home: Annotated[Path, typer.Option(help="The folder in which everything happens.")] = Path(".douane/demo"),
    airflow: Annotated[
        bool, typer.Option("--airflow", help="Let Airflow's scheduler run it, and stop Airflow afterwards.")
    ] = False,
    ui: Annotated[
        bool, typer.Option("--ui", help="Start Airflow with the export, and keep it up until Ctrl-C.")
    ] = False,
) -> None:
    """Run the sample hospital's export to three destinations, and ask the guard about two more.

    Nothing outside this machine is contacted. Exit 0 only if all went as it must.
    """
    if ui:
        _keep_up(home.absolute())
    elif airflow:
        _by_airflow(home.absolute())
    else:
        _by_hand(home.absolute())


def _by_hand(home: Path) -> None:
    from pipeline.cli.run import print_tables
    from pipeline.demo import demonstrate
    from pipeline.progress import shown_progress

    with shown_progress() as progress:
        shown = demonstrate(home, progress)
    print_tables(shown.result)
    decisions = {name: decision.to_dict() for name, decision in shown.decisions.items()}
    _finish(decisions, shown.result.made.release.folder, shown.home.journal_file, shown.public_key, shown.surprises)


def _by_airflow(home: Path) -> None:
    from pipeline.airflow.demo import demonstrate_with_airflow

    shown = demonstrate_with_airflow(home, say=typer.echo)
    _print_manifest(shown)
    print_table(
        "tasks, as Airflow ran them",
        ("task", "for", "state", "tries", "seconds"),
        [(task.task, task.mapped, task.state, str(task.tries), f"{task.seconds:.1f}") for task in shown.tasks],
    )
    _finish(shown.decisions, shown.release.folder, shown.journal, shown.public_key, shown.surprises)


def _print_manifest(shown: ShownByAirflow) -> None:
    seconds = {task.mapped: task.seconds for task in shown.tasks if task.task == "pseudonymize"}
    files = [entry for entry in shown.release.manifest["files"] if "rows" in entry]
    names = [Path(entry["name"]).stem for entry in files]
    print_table(
        "tables",
        ("table", "rows", "seconds (as a task)"),
        [(name, f"{entry['rows']:,}", f"{seconds.get(name, 0):.2f}") for name, entry in zip(names, files, strict=True)],
    )
    for risk in shown.release.manifest["risk"]:
        quasi = ", ".join(risk["quasi"])
        console().print(
            f"{risk['table']}: k = {risk['k']} over {quasi}; persons alone in their class: {risk['unique']:,}"
        )


def _keep_up(home: Path) -> None:
    import signal

    from pipeline.airflow.demo import demo_instance
    from pipeline.demo import prepare

    prepare(home)
    typer.echo("Starting Airflow ...")
    with demo_instance(home) as instance:
        typer.echo(f"Airflow   {instance.address}")
        for user, password in instance.passwords.items():
            typer.echo(f"sign in   {user}  {password}")
        typer.echo("Ctrl-C stops it.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            typer.echo("Stopping ...")


def _finish(
    decisions: Mapping[str, dict[str, Any]], release: Path, journal: Path, public_key: Path, surprises: list[str]
) -> None:
    from pipeline.report import REPORT

    print_table(
        "destinations",
        ("destination", "where", "decision", "why, and the law"),
        [(name, _place(decision), decision["decision"], _why(decision)) for name, decision in decisions.items()],
    )
    terminal = console()
    terminal.print(f"release  {release}")
    terminal.print(f"report   {release / REPORT}")
    terminal.print(f"journal  {journal}")
    terminal.print(f"verify   douane verify {release} --public-key {public_key}")
    if surprises:
        terminal.print(f"These did not go as they must: {', '.join(surprises)}")
        raise typer.Exit(1)


def _place(decision: dict[str, Any]) -> str:
    target = decision["destination"]
    return ", ".join(part for part in (target["provider"], target["region"], target["country"]) if part) or "?"


def _why(decision: dict[str, Any]) -> str:
    verdict = "pass" if decision["decision"] == "allow" else "block"
    return "\n".join(
        f"{reason['message']} [{reason['source']}]" if reason["source"] else reason["message"]
        for reason in decision["reasons"]
        if reason["verdict"] == verdict
    )
