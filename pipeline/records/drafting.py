"""How does the plan of a folder of documents come about, and what would it do with them?"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from pipeline.digests import document_digest
from pipeline.plan import Plan, PlannedRecords
from pipeline.records.formats import shipped_rules
from pipeline.records.rules import rules_digest, rules_for
from transforms.keys import Key
from transforms.records.tally import Tally

if TYPE_CHECKING:
    from pipeline.policy import Policy
    from pipeline.records.bulk import BulkSource
    from pipeline.records.source import RecordSource

_FILES: Final = 50
_BATCHES: Final = 4
"""A draft tries the rules on this much: enough to meet every sort of document of an export."""


def draft_records_plan(
    source: RecordSource | BulkSource, *, policy: Policy, domain: str, earlier: Plan | None = None
) -> Plan:
    """Draft the plan of a folder of documents: the shipped rules of its format, with what persons changed before.

    Args:
        source: The documents.
        policy: The DPO's policy.
        domain: The pseudonymization domain.
        earlier: The plan before this one: its changes stay.
    """
    rules = shipped_rules(source.form)
    before = earlier.records if earlier and earlier.records and earlier.records.format == source.form.name else None
    planned = PlannedRecords(
        format=source.form.name,
        rules=rules.name,
        rules_sha256=rules_digest(rules),
        changes=before.changes if before else {},
        person=before.person if before else None,
        decided_by=before.decided_by if before else "policy",
        why=before.why if before else "",
    )
    return Plan(domain=domain, policy_sha256=document_digest(policy), records=planned)


def try_records(source: RecordSource, plan: Plan, policy: Policy) -> Tally:
    """Count what the plan would do with the first documents of the first files; nothing is written.

    Raises:
        InvalidInput: A document that can't be read.
    """
    assert plan.records is not None  # noqa: S101 - draft_records_plan made it
    # Which key it is does not matter to what is counted.
    key = Key(bytes(32), domain=plan.domain, id="trial")
    work = source.form.prepare(rules_for(plan.records, source.form, policy), key)
    source.learn(work)
    tally = Tally()
    for file in source.files[:_FILES]:
        for batch in islice(source.batches(file), _BATCHES):
            tally.add(work.change(batch).tally)
    return tally
