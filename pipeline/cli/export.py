"""`douane export`: check an export's YAML file before Airflow ever sees it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from pipeline.export_order import PreparedExport

export_app = typer.Typer(help="Check the YAML files of exports.", no_args_is_help=True)


@export_app.callback()
def _group() -> None:
    """Check the YAML files of exports."""


@export_app.command()
def validate(
    path: Annotated[Path, typer.Argument(help="The export's YAML file.")],
    as_json: AsJson = False,
) -> None:
    """Check an export: its file, plan, policy, key, source, and what the guard says of each destination.

    Needs no Airflow; an Airflow connection is not looked up. Exit 3 when a person has to decide something: the plan is
    undecided or not approved, or a destination would be blocked.
    """
    from pipeline.errors import Stopped
    from pipeline.export_order import prepare_export
    from pipeline.home import Home
    from pipeline.planning.approval import require_obeyable, require_planned
    from pipeline.planning.approvers import approver_of

    prepared = prepare_export(path, Home.from_environment())
    order = prepared.order
    digest = require_obeyable(order)
    require_planned(order, order.source.tables())
    approver = approver_of(digest, prepared.rooms.journal, order.policy)
    decisions = _decisions(prepared)
    if as_json:
        print_json({"export": order.export, "plan_sha256": digest, "approved_by": approver, "destinations": decisions})
    else:
        typer.echo(f"{path}: the export {order.export} is well-formed; its plan is {digest[:12]}")
        typer.echo(f"approved by {approver}" if approver else "not approved yet: the DAG will ask")
        print_table(
            "destinations",
            ("destination", "decision", "why"),
            [(found["id"], found["decision"], _why(found)) for found in decisions],
        )
    if approver is None or any(found["decision"] == "block" for found in decisions):
        raise typer.Exit(Stopped.exit_code)


def _decisions(prepared: PreparedExport) -> list[dict[str, Any]]:
    order = prepared.order
    data_class = order.plan.data_class(order.policy.data_class)
    return [
        {
            "id": destination.id,
            **prepared.rooms.guard.decide(
                destination.uri, data_class=data_class, on=order.on, declared=destination.declared
            ).to_dict(),
        }
        for destination in order.destinations
    ]


def _why(decision: dict[str, Any]) -> str:
    wanted = "pass" if decision["decision"] == "allow" else "block"
    return "\n".join(
        f"{reason['rule']}: {reason['message']}" for reason in decision["reasons"] if reason["verdict"] == wanted
    )
