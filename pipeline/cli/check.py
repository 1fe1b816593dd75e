"""`douane check`: may data of this class go to this destination?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date

    from pipeline.guard import Guard


def check(
    destination: Annotated[str | None, typer.Argument(help="URI, path or connection string.")] = None,
    data_class: Annotated[str | None, typer.Option("--class", help="Data class of what would go there.")] = None,
    connection: Annotated[
        str | None, typer.Option(help="Airflow connection as JSON (conn_type, host, extra...).")
    ] = None,
    register: Annotated[Path | None, typer.Option(help="Folder of the register.")] = None,
    policy: Annotated[Path | None, typer.Option(help="Policy of the DPO.")] = None,
    on: Annotated[str | None, typer.Option(help="Day to decide for (YYYY-MM-DD); default today.")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="JSONL file of requests, one decision a line; - reads stdin.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the reasons: en or fr.")] = "en",
    explain: Annotated[bool, typer.Option("--explain", help="Say every reason, also those that passed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Decide whether data may go to a destination, and say why (exit 0: allowed, 3: blocked).

    With --batch, every line is decided and the exit code is 0 even where lines are blocked; 1 if a line can't be read.
    """
    from pipeline.cli.register_choice import register_folder
    from pipeline.guard import Guard
    from pipeline.guard.messages import LANGUAGES

    if lang not in LANGUAGES:
        raise typer.BadParameter(f"one of {', '.join(LANGUAGES)}", param_hint="--lang")
    if (batch is None) == (destination is None):
        raise typer.BadParameter("name one destination, or a file with --batch", param_hint="DESTINATION")
    guard = Guard.load(register_folder(register), policy)
    if guard.problem:
        typer.echo(f"Everything is blocked: {guard.problem}", err=True)
    if batch is not None:
        raise typer.Exit(_decide_batch(guard, batch, lang))
    decision = guard.decide(
        destination or "", data_class=_class(data_class), on=_day(on), declared=_declared(connection)
    )
    if as_json:
        typer.echo(json.dumps(decision.to_dict(lang=lang), ensure_ascii=False))
    else:
        typer.echo(decision.explain(lang=lang, short=not explain))
    raise typer.Exit(0 if decision.allowed else 3)


def _class(name: str | None) -> str:
    from pipeline.guard.decision import DATA_CLASSES

    if name not in DATA_CLASSES:
        raise typer.BadParameter(f"one of {', '.join(DATA_CLASSES)}", param_hint="--class")
    return name


def _day(text: str | None) -> date | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day is written YYYY-MM-DD", param_hint="--on") from None


def _declared(connection: str | None) -> dict[str, Any] | None:
    from pipeline.guard import facts_of_connection

    if connection is None:
        return None
    try:
        content = json.loads(connection)
        if isinstance(content, dict):
            return facts_of_connection(content)
    except ValueError:
        pass
    raise typer.BadParameter("the connection is no JSON object, or its extra is none", param_hint="--connection")


def _decide_batch(guard: Guard, batch: Path, lang: str) -> int:
    from pipeline.guard.batch import decide_lines

    try:
        stream = sys.stdin.buffer if str(batch) == "-" else batch.open("rb")
    except OSError as error:
        typer.echo(f"{batch} can't be read: {error.strerror}. Check the path.", err=True)
        return 1
    all_read = True
    out = sys.stdout.buffer  # UTF-8 whatever the locale
    with stream:
        for answer, read in decide_lines(guard, (line for line in stream if line.strip()), lang=lang):
            out.write(answer.encode() + b"\n")
            all_read = all_read and read
    out.flush()
    return 0 if all_read and not guard.problem else 1
