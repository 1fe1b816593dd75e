"""Is this extract what a person approved the plan for? If not, the run stops, with the lines to add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.digests import document_digest
from pipeline.errors import Stopped
from pipeline.making.extracting import sample
from pipeline.plan import PlannedTable, tables_yaml
from pipeline.planning.comparison import PlanMismatch, compare_columns, compare_findings
from pipeline.planning.drafting import Desk
from pipeline.planning.persons import find_persons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from pipeline.making.extracting import Holding
    from pipeline.order import Order
    from pipeline.planning.comparison import Difference
    from pipeline.sources import SourceTable
    from transforms.detection import Finding


def require_obeyable(order: Order) -> str:
    """Check that the plan can be obeyed: decided, drafted by this policy, for the key's domain. Gives its digest."""
    plan, policy = order.plan, order.policy
    if plan.undecided:
        waiting = ", ".join(plan.undecided[:5]) + (", ..." if len(plan.undecided) > 5 else "")
        raise Stopped(
            f"{len(plan.undecided)} fields of the plan wait for a person's decision: {waiting}",
            hint="Replace `steps: stop` by steps and put your name in decided_by, or use `douane plan --decide`.",
        )
    if plan.policy_sha256 != document_digest(policy):
        raise Stopped(
            "the plan was drafted by another policy than the one given", hint="Draft it again with `douane plan`."
        )
    if order.key.domain != plan.domain:
        raise Stopped(
            f"the plan is for domain {plan.domain}, the key {order.key.id} for domain {order.key.domain}",
            hint=f"Name a key of that domain, or make one: douane keys new NAME --domain {plan.domain}",
        )
    return document_digest(plan)


def require_planned(order: Order, tables: Sequence[SourceTable]) -> None:
    """Stop before anything is read when the extract's columns are not the plan's."""
    differences = compare_columns(order.plan, {table.name: table.schema.names for table in tables})
    gone = [difference for difference in differences if difference.sort == "gone"]
    if gone and len(gone) == len(differences):
        raise _mismatch(differences, draft="")


def require_all_planned(order: Order, tables: Sequence[SourceTable]) -> None:
    """Stop when the extract's columns are not the plan's, without a draft of what is new."""
    differences = compare_columns(order.plan, {table.name: table.schema.names for table in tables})
    if differences:
        raise _mismatch(differences, draft="")


def find(order: Order, columns: Mapping[str, Sequence[str]], extract: Holding) -> Mapping[str, Sequence[Finding]]:
    """Detect what the fields of the extract's tables hold, with the site's own words if the order has any."""
    from transforms import detect  # noqa: PLC0415 - lexicons that a run without detection has no use for

    return detect(sample(list(columns), extract), lexicon=order.lexicon)


def require_unchanged(
    order: Order, extract: Holding, columns: Mapping[str, Sequence[str]], findings: Mapping[str, Sequence[Finding]]
) -> None:
    """Stop when a field is new, gone, or more sensitive than the plan took it for; drafts the lines to add.

    Args:
        order: With the approved plan.
        extract: The extract.
        columns: The source's tables and their columns.
        findings: What `find` found in them.
    """
    differences = compare_columns(order.plan, columns)
    if differences:
        new = {(difference.table, difference.field) for difference in differences if difference.sort == "new"}
        samples = sample([table for table in columns if any(table == t for t, _ in new)], extract)
        raise _mismatch(differences, draft=_draft_lines(order, new, findings, samples))
    changed = compare_findings(order.plan, findings)
    if changed:
        raise _mismatch(changed, draft="")


def _draft_lines(
    order: Order, new: set[tuple[str, str]], findings: Mapping[str, Sequence[Finding]], samples: Mapping[str, pa.Table]
) -> str:
    persons = find_persons(findings, getattr(findings, "links", ()))
    tables: dict[str, PlannedTable] = {}
    for table in samples:
        found = findings[table]
        desk = Desk(table, samples[table], order.policy, persons.get(table))
        fields = {finding.name: desk.decide(finding) for finding in found if (table, finding.name) in new}
        if fields:
            tables[table] = PlannedTable(
                person=None if table in order.plan.tables else persons.get(table), fields=fields
            )
    return tables_yaml(tables) if tables else ""


def _mismatch(differences: Sequence[Difference], *, draft: str) -> PlanMismatch:
    first = differences[0]
    more = f" (and {len(differences) - 1} more)" if len(differences) > 1 else ""
    return PlanMismatch(
        f"{first.table}.{first.field} is {first.sort}: {first.words}, so nothing was written{more}",
        hint="Review the draft, then run `douane plan` and have the plan approved."
        if draft
        else "Run `douane plan` and have the plan approved.",
        differences=differences,
        draft=draft,
    )
