"""How does a plan come about: the policy's steps for what detection found, and what people decided before."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pipeline.digests import document_digest
from pipeline.making.column_types import infer_type
from pipeline.making.steps import KEYED, NEEDS_PERSON, OPTIONS, Step
from pipeline.plan import Plan, PlannedField, PlannedTable
from pipeline.planning.persons import find_persons
from pipeline.planning.trial import objection
from transforms.errors import DouaneError
from transforms.kinds import CATEGORY_OF
from transforms.normalization import NORMALIZATION_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from pipeline.plan import Person
    from pipeline.policy import Policy
    from transforms.detection import Finding

_IDENTIFIERS = frozenset(
    [
        "nir",
        "ins",
        "national_id",
        "patient_id",
        "encounter_id",
        "practitioner_id",
        "insurance_id",
        "study_uid",
        "device_id",
        "facility_id",
    ]
)


class InvalidRuling(DouaneError, ValueError):
    """A decision on the command line that can't be read."""


@dataclass(frozen=True)
class Ruling:
    """What a person decides for the fields that a pattern names (`table.field`, `*` for any part).

    A field named in full may be decided against the policy; a pattern only speaks for what the policy leaves open, so
    that no `*` ever keeps a name.
    """

    pattern: str
    step: Step
    by: str
    kind: str | None = None

    def speaks_for(self, name: str, *, open_to_patterns: bool) -> bool:
        """Whether it decides the field `table.field`."""
        return self.pattern == name or (open_to_patterns and fnmatchcase(name, self.pattern))


def read_ruling(text: str, *, by: str) -> Ruling:
    """Read `TABLE.FIELD=TRANSFORM`, or `TABLE.FIELD:KIND=TRANSFORM` where detection took the field for something else.

    Example:
        >>> ruling = read_ruling("labs.low:quantity=keep", by="dpo")
        >>> ruling.pattern, ruling.kind, ruling.step.words
        ('labs.low', 'quantity', 'keep')
    """
    field, equals, transform = text.rpartition("=")
    pattern, _, kind = field.partition(":")
    if not equals or "." not in pattern or transform not in OPTIONS or (kind and kind not in CATEGORY_OF):
        raise InvalidRuling(
            f"{text!r} is no decision",
            hint=f"Write TABLE.FIELD=TRANSFORM or TABLE.FIELD:KIND=TRANSFORM, with one of {', '.join(OPTIONS)}.",
        )
    return Ruling(pattern, Step.model_validate({"transform": transform}), by, kind or None)


def draft_plan(
    findings: Mapping[str, Sequence[Finding]],
    samples: Mapping[str, pa.Table],
    *,
    policy: Policy,
    domain: str,
    earlier: Plan | None = None,
    rulings: Sequence[Ruling] = (),
) -> Plan:
    """Draft the plan of an extract.

    Args:
        findings: Table to findings, as `detect` gives them.
        samples: Table to rows of it, from which the types of text columns are told.
        policy: The DPO's policy; what it doesn't decide is `stop` in the draft.
        domain: The pseudonymization domain.
        earlier: The plan before this one: what persons decided in it stays.
        rulings: What a person decides now; the last one that names a field holds.
    """
    persons = find_persons(findings, getattr(findings, "links", ()))
    tables = {}
    for name, table in findings.items():
        desk = Desk(name, samples[name], policy, persons.get(name), rulings)
        fields = {finding.name: _kept(earlier, name, finding.name) or desk.decide(finding) for finding in table}
        known = earlier.tables[name].person if earlier and name in earlier.tables else None
        tables[name] = PlannedTable(person=known or persons.get(name), fields=fields)
    return Plan(domain=domain, policy_sha256=document_digest(policy), tables=tables)


def _kept(earlier: Plan | None, table: str, field: str) -> PlannedField | None:
    if earlier is None or table not in earlier.tables:
        return None
    planned = earlier.tables[table].fields.get(field)
    return planned if planned and planned.decided_by != "policy" else None


@dataclass(frozen=True)
class Desk:
    """Where one table's fields are decided on.

    Attributes:
        table: The table.
        sample: Rows of it, from which the types of text columns are told.
        policy: The DPO's policy.
        person: The table's person, if it has one.
        rulings: What a person decides.
    """

    table: str
    sample: pa.Table
    policy: Policy
    person: Person | None = None
    rulings: Sequence[Ruling] = ()

    def decide(self, finding: Finding) -> PlannedField:
        """Draft the line of one field."""
        name = f"{self.table}.{finding.name}"
        steps, why = self._by_policy(finding)
        rulings = (r for r in reversed(self.rulings) if r.speaks_for(name, open_to_patterns=steps is None))
        ruling = next(rulings, None)
        kind = finding.kind
        if ruling:
            steps, kind = (ruling.step,), ruling.kind or kind
        read = infer_type(self.sample[finding.name], kind)
        return PlannedField(
            kind=kind,
            category=CATEGORY_OF[kind],
            link=_link(name, kind, steps or ()),
            type=read.type if read else None,
            format=read.format if read else None,
            steps=_normalized(kind, steps) if steps else "stop",
            on_invalid=self.policy.on_invalid.get(kind, "stop"),
            decided_by=ruling.by if ruling else "policy",
            why=why,
        )

    def _by_policy(self, finding: Finding) -> tuple[tuple[Step, ...] | None, str]:
        """The policy's steps, or None where a person has to decide; and why."""
        steps, why = self.policy.decide(finding.kind), "; ".join(finding.evidence)
        if steps is None:
            return None, f"the policy leaves kind {finding.kind} to a person ({why})"
        if self.person is None and any(step.transform in NEEDS_PERSON for step in steps):
            return None, f"its dates go by the person, and no column of this table leads to one ({why})"
        if self.person is None and any(step.options.get("replace") == "surrogate" for step in steps):
            steps = tuple(_by_labels(step) for step in steps)
            why = f"labels, not false values: no column of this table leads to a person; {why}"
        column = self.sample[finding.name]
        refused = objection(steps, column, infer_type(column, finding.kind))
        if refused and self.policy.on_invalid.get(finding.kind, "stop") == "stop":
            return None, f"the policy's steps for {finding.kind} can't take it: {refused} ({why})"
        return steps, why


def _by_labels(step: Step) -> Step:
    """Redact by labels where false values can't go by the person: a label says less, so no one has to decide."""
    return (
        Step(transform=step.transform, **(step.options | {"replace": "label"})) if "replace" in step.options else step
    )


def _link(name: str, kind: str, steps: tuple[Step, ...]) -> str | None:
    """Identifiers link by their kind across tables; a row's number only within its own field, unless a plan says so."""
    if not any(step.transform in KEYED for step in steps):
        return None
    return kind if kind in _IDENTIFIERS else name


def _normalized(kind: str, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Say how values are written the same way before they are keyed, where the kind is written in many ways."""
    spelling = NORMALIZATION_OF.get(kind)
    if spelling is None:
        return steps
    return tuple(
        Step(transform=step.transform, **({"normalize": spelling} | step.options))
        if step.transform == "pseudonymize"
        else step
        for step in steps
    )
