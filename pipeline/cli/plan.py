"""`douane plan`: draft what is done with each field, for a person to review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import AsJson, print_json


def plan_command(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files (CSV, Parquet, NDJSON), folders of them, or postgresql://HOST/DATABASE?tables=A,B."),
    ],
    policy: Annotated[Path | None, typer.Option(help="The DPO's policy; the shipped default if not given.")] = None,
    out: Annotated[Path, typer.Option(help="Where the plan is written; an earlier plan there is compared.")] = Path(
        "plan.yaml"
    ),
    domain: Annotated[str, typer.Option(help="The pseudonymization domain.")] = "default",
    decide: Annotated[
        list[str] | None,
        typer.Option(
            help="Decide on fields: TABLE.FIELD=TRANSFORM, or TABLE.FIELD:KIND=TRANSFORM to correct the kind too; * for any part."
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who decides, with --decide; your login if not given.")] = None,
    lexicon: Annotated[
        Path | None, typer.Option(help="The site's own words in names of fields, with their kinds.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draft a plan from what detection finds and the policy; show what differs from an earlier one.

    What persons decided in the earlier plan stays. Fields that the policy leaves to a person stand as `steps: stop`.
    """
    from pipeline.cli.settings import policy_or_default, who
    from pipeline.errors import InvalidInput
    from pipeline.lexicon import lexicon_or_none
    from pipeline.making.extracting import read_samples
    from pipeline.plan import read_plan, write_plan
    from pipeline.planning.comparison import compare_plans
    from pipeline.planning.drafting import draft_plan, read_ruling
    from pipeline.sources.opening import open_paths
    from transforms import detect

    own_words = lexicon_or_none(lexicon)
    earlier = read_plan(out) if out.exists() else None
    tables = open_paths(paths).tables()
    for table in tables:
        if table.guessed:
            raise InvalidInput(
                f"{table.name} seems to have no header row", hint="Write the names of its fields in the first line."
            )
    samples = read_samples(tables)
    rulings = [read_ruling(text, by=by or who()) for text in decide or ()]
    plan = draft_plan(
        detect(samples, lexicon=own_words),
        samples,
        policy=policy_or_default(policy),
        domain=earlier.domain if earlier and domain == "default" else domain,
        earlier=earlier,
        rulings=rulings,
    )
    write_plan(plan, out)
    differences = compare_plans(earlier, plan) if earlier else []
    if as_json:
        print_json(
            {
                "plan": str(out),
                "domain": plan.domain,
                "fields": sum(1 for _ in plan.each_field()),
                "undecided": plan.undecided,
                "differences": [
                    {"sort": d.sort, "table": d.table, "field": d.field, "words": d.words} for d in differences
                ],
            }
        )
        return
    typer.echo(f"{out}: {sum(1 for _ in plan.each_field())} fields in {len(plan.tables)} tables, domain {plan.domain}")
    for difference in differences:
        typer.echo(str(difference))
    if earlier and not differences:
        typer.echo("No difference from the earlier plan.")
    if plan.undecided:
        typer.echo(f"{len(plan.undecided)} fields wait for a person (steps: stop):")
        for name in plan.undecided:
            typer.echo(f"  {name}")
