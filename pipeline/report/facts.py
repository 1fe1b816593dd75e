"""Everything that a report says, before it is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REPORT: Final = "report.html"
"""The name of its file."""


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """A table of the release and its rows."""

    name: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ReportField:
    """A field of the extract and what became of it.

    Attributes:
        table: Its table.
        name: Its name.
        kind: What it holds, such as `birth_date`.
        category: direct, quasi, health, text or other.
        steps: What was done, in order, in words: "shifted by the person's days", "cut to the month". Empty: kept.
        why: The reason the plan gives.
        decided_by: Who or what decided.
    """

    table: str
    name: str
    kind: str
    category: str
    steps: tuple[str, ...] = ()
    why: str = ""
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportRisk:
    """How far the persons of one table hide among each other.

    Attributes:
        table: The table.
        quasi: Its fields that together may point at a person.
        k: Persons in the smallest class of equal traits; None for a table without persons.
        unique: Persons who are alone in their class.
        classes: Classes of equal traits.
        histogram: For each size of class: (size, persons in classes of that size).
    """

    table: str
    quasi: tuple[str, ...]
    k: int | None
    unique: int
    classes: int
    histogram: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportScan:
    """The last look for identifiers, in the fields that the release keeps."""

    fields: int
    rows: int
    found: int


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """Everything that the report says.

    Attributes:
        title: What the release is called, such as the export's id.
        release_id: Its id.
        domain: Its pseudonymization domain.
        data_class: Such as `pseudonymized-health`.
        tables: Its tables.
        fields: Every field of the extract, in the order of the tables.
        risk: The risk figures, a table each.
        scan: What the residual scan found.
        interval: First and last day of the data, if the export has one.
        k_warn: Classes smaller than this deserve a look (the policy's `risk.k_warn`); None for no such threshold.
        plan_sha256: Hash of the plan that was obeyed.
        policy_sha256: Hash of the policy behind it.
        keys: Ids and versions of the keys, such as "cardio-1f0c version 1".
        software: What made it, such as "douane 0.1.0".
    """

    title: str
    release_id: str
    domain: str
    data_class: str
    tables: tuple[ReportTable, ...]
    fields: tuple[ReportField, ...]
    risk: tuple[ReportRisk, ...]
    scan: ReportScan
    interval: tuple[str, str] | None = None
    k_warn: int | None = 5
    plan_sha256: str = ""
    policy_sha256: str = ""
    keys: tuple[str, ...] = ()
    software: str = ""
