"""Which commands does `douane` have?"""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.check import check
from pipeline.cli.demo import demo
from pipeline.cli.detect import detect_command
from pipeline.cli.export import export_app
from pipeline.cli.journal import journal_app
from pipeline.cli.keys import keys_app
from pipeline.cli.plan import plan_command
from pipeline.cli.redact import redact_command
from pipeline.cli.register import register_app
from pipeline.cli.reidentify import reidentify_command
from pipeline.cli.risk import risk_command
from pipeline.cli.run import run_command
from pipeline.cli.verify import verify_command
from transforms._version import __version__

app = typer.Typer(
    name="douane",
    help="Customs for health data: detect, pseudonymize, seal, and stop what may not leave.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("detect")(detect_command)
app.command("plan")(plan_command)
app.command("run")(run_command)
app.command("redact")(redact_command)
app.command("check")(check)
app.command("verify")(verify_command)
app.command("reidentify")(reidentify_command)
app.command("risk")(risk_command)
app.command("demo")(demo)
app.add_typer(export_app, name="export")
app.add_typer(keys_app, name="keys")
app.add_typer(register_app, name="register")
app.add_typer(journal_app, name="journal")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Customs for health data: detect, pseudonymize, seal, and stop what may not leave."""
