"""`douane plan`: draft what is done with each field, for a person to review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import AsJson, print_json

if TYPE_CHECKING:
    from pipeline.plan import Plan
    from pipeline.policy import Policy
    from pipeline.records.bulk import BulkSource
    from pipeline.records.source import RecordSource


def plan_command(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files (CSV, Parquet, NDJSON, Excel; FHIR, HL7 v2, DICOM, VCF), folders of them, postgresql://HOST/DATABASE?tables=A,B or fhir+https://HOST/BASE."
        ),
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
    as_tables: Annotated[
        bool, typer.Option("--tables", help="Read FHIR NDJSON as tables, where it would be released as documents.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Draft a plan from what detection finds and the policy; show what differs from an earlier one.

    A folder of health documents (FHIR, HL7 v2, DICOM, VCF) gets a plan that keeps their format.

    What persons decided in the earlier plan stays. Fields that the policy leaves to a person stand as `steps: stop`.
    """
    from pipeline.cli.settings import policy_or_default, who
    from pipeline.errors import InvalidInput
    from pipeline.lexicon import lexicon_or_none
    from pipeline.making.extracting import read_samples
    from pipeline.plan import read_plan, write_plan
    from pipeline.planning.comparison import compare_plans
    from pipeline.planning.drafting import draft_plan, read_ruling
    from pipeline.records.opening import open_records
    from pipeline.sources.opening import open_paths
    from transforms import detect

    own_words = lexicon_or_none(lexicon)
    earlier = read_plan(out) if out.exists() else None
    records = None if as_tables or (earlier and earlier.tables) else open_records(paths)
    if records is not None:
        plan_records(records, policy_or_default(policy), out, domain, earlier, as_json=as_json)
        return
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


def plan_records(
    source: RecordSource | BulkSource, policy: Policy, out: Path, domain: str, earlier: Plan | None, *, as_json: bool
) -> None:
    """Draft the plan of a folder of documents, and show what it would do with the first of them."""
    from pipeline.cli.run import print_documents
    from pipeline.home import Home
    from pipeline.keyring import FolderKeyring
    from pipeline.plan import write_plan
    from pipeline.progress import shown_progress
    from pipeline.records.drafting import draft_records_plan, try_records

    named = earlier.domain if earlier and domain == "default" else domain
    plan = draft_records_plan(source, policy=policy, domain=named, earlier=earlier)
    home = Home.from_environment()
    with shown_progress() as progress, source.opened(home, FolderKeyring(home.keys), progress) as opened:
        tally, files, left = try_records(opened, plan, policy), len(opened.files), opened.left
    write_plan(plan, out)
    if as_json:
        print_json(
            {
                "plan": str(out),
                "domain": plan.domain,
                "format": source.form.name,
                "files": files,
                "other_files": left,
                "sorts": dict(sorted(tally.records.items())),
                "paths": dict(tally.paths()),
            }
        )
        return
    typer.echo(f"{out}: {files} files of {source.form.title}, domain {plan.domain}")
    if left:
        typer.echo(f"{left} other files there are of no format that is released, and stay behind.")
    print_documents(tally)
