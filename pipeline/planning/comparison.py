"""Is the extract what the approved plan knows, and what changed from one plan to the next?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.errors import Stopped
from pipeline.making.steps import words_of
from transforms.kinds import CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.plan import Plan, PlannedField
    from transforms.detection import Finding

# Below it a finding is a guess; a nightly run must not stop because a small table made detection waver.
CERTAIN = 0.7
_SENSITIVITY: dict[str, int] = {category: rank for rank, category in enumerate(reversed(CATEGORIES))}


@dataclass(frozen=True)
class Difference:
    """A field that is new, gone or changed, and what the difference is, in words."""

    sort: Literal["new", "gone", "changed"]
    table: str
    field: str
    words: str

    def __str__(self) -> str:
        sign = {"new": "+", "gone": "-", "changed": "~"}[self.sort]
        return f"{sign} {self.table}.{self.field}: {self.words}"


class PlanMismatch(Stopped):
    """The extract is not the one that was approved; carries the differences, and the draft of the lines to add."""

    def __init__(self, message: str, *, hint: str, differences: Sequence[Difference] = (), draft: str = "") -> None:
        super().__init__(message, hint=hint)
        self.differences = tuple(differences)
        self.draft = draft


def compare_columns(plan: Plan, columns: Mapping[str, Sequence[str]]) -> list[Difference]:
    """Compare the names of an extract's tables and columns with the plan's: what is new, what is gone."""
    differences = []
    for table, names in columns.items():
        planned = plan.tables[table].fields if table in plan.tables else {}
        differences += [
            Difference("new", table, name, "the plan doesn't know it") for name in names if name not in planned
        ]
    for table, name, _ in plan.each_field():
        if table not in columns:
            differences.append(Difference("gone", table, name, "the extract has no such table"))
        elif name not in columns[table]:
            differences.append(Difference("gone", table, name, "the table has no such column any more"))
    return differences


def compare_findings(plan: Plan, findings: Mapping[str, Sequence[Finding]]) -> list[Difference]:
    """Compare what detection finds now with what the plan took each field for: what became more sensitive.

    What a person decided isn't questioned again: that is what they were asked for.
    """
    return [
        Difference("changed", table, finding.name, f"planned as {planned.kind}, now it looks like {finding.kind}")
        for table, found in findings.items()
        for finding in found
        if (planned := plan.tables[table].fields[finding.name]).decided_by == "policy" and _worse(planned, finding)
    ]


def _worse(planned: PlannedField, finding: Finding) -> bool:
    return finding.confidence >= CERTAIN and _SENSITIVITY[finding.category] > _SENSITIVITY[planned.category]


def compare_plans(earlier: Plan, later: Plan) -> list[Difference]:
    """Compare two plans, field by field, as the person who approves reads it."""
    before = {(table, name): field for table, name, field in earlier.each_field()}
    after = {(table, name): field for table, name, field in later.each_field()}
    differences = [
        Difference("new", table, name, _decision(after[table, name]))
        for table, name in after
        if (table, name) not in before
    ]
    differences += [
        Difference("gone", table, name, "no longer planned") for table, name in before if (table, name) not in after
    ]
    differences += [
        Difference("changed", table, name, f"{_decision(before[table, name])} -> {_decision(field)}")
        for (table, name), field in after.items()
        if (table, name) in before and _decision(before[table, name]) != _decision(field)
    ]
    return differences


def _decision(field: PlannedField) -> str:
    return f"{field.kind}, {'a person decides' if field.steps == 'stop' else words_of(field.steps)}"
