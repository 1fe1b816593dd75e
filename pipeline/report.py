"""What does a data protection officer have to see of a release before it may leave?

One HTML file that needs neither network nor script, holds no person's value, and is the same bytes for the same facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from pipeline.histogram import Histogram
from pipeline.wording import SMALLEST_SHOWN, count_in_words, rounded_in_words

REPORT: Final = "report.html"

Level = Literal["clear", "look", "stop"]

_CLASSES: Final = {
    "identified-health": "identified health data",
    "pseudonymized-health": "pseudonymized health data",
    "state-sensitive-health": "state-sensitive health data",
    "anonymous": "data that the plan holds for anonymous",
    "technical": "technical data",
}


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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The first sentence of the report, and what follows from it."""

    level: Level
    sentence: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One of the four figures on top."""

    value: str
    label: str
    note: str
    level: Level = "clear"


def render_report(facts: ReportFacts) -> str:
    """Render the report of a release as one HTML file.

    Args:
        facts: What it says. Counts of persons under 10 are shown as "<10", and those beside them rounded to tens.

    Returns:
        HTML with its style and pictures inside; it loads nothing and runs no script.

    Example:
        >>> facts = ReportFacts(
        ...     title="cardio-registry", release_id="r1", domain="eds-cardio", data_class="pseudonymized-health",
        ...     tables=(ReportTable(name="stays", rows=1204),),
        ...     fields=(ReportField(table="stays", name="nda", kind="encounter_id", category="direct"),),
        ...     risk=(), scan=ReportScan(fields=1, rows=1204, found=0),
        ... )
        >>> "cardio-registry" in render_report(facts)
        True
    """
    text = _template().render(
        facts=facts,
        data_class=_CLASSES.get(facts.data_class, facts.data_class),
        verdict=judge(facts),
        figures=_figures(facts),
        groups=[(table, tuple(fields)) for table, fields in groupby(facts.fields, key=lambda field: field.table)],
        rows={table.name: table.rows for table in facts.tables},
        histograms=[(risk, Histogram.of(risk.histogram, k_warn=facts.k_warn)) for risk in facts.risk],
    )
    return text.rstrip() + "\n"


def judge(facts: ReportFacts) -> Verdict:
    """Say in one sentence whether the release may leave as far as its content goes.

    Identifiers that are left stop it; persons who stand nearly alone ask for a look; else the way is clear.
    """
    if facts.scan.found:
        return Verdict(
            level="stop",
            sentence="Identifiers are left in the kept fields: this release should not leave.",
            advice="Correct the plan for the fields that the run names, and run again.",
        )
    measured = [risk for risk in facts.risk if risk.k]
    if not measured:
        return Verdict(
            level="look",
            sentence="No identifier was found in the kept fields, and there were no traits to compare persons by.",
            advice="Check that the plan names the quasi-identifiers, if the tables have any.",
        )
    worst = min(measured, key=lambda risk: risk.k or 0)
    others = f"{(worst.k or 1) - 1} other{'' if worst.k == 2 else 's'}"
    if (worst.k or 0) >= _wanted(facts):
        return Verdict(
            level="clear",
            sentence=f"No identifier was found in the kept fields, and each person shares their traits with {others} or more.",
            advice="As far as its content goes, this release may leave for a destination that the guard allows.",
        )
    return Verdict(
        level="look",
        sentence=(
            f"{_alone(worst.unique)} alone with their traits in the table {worst.table}"
            if worst.unique
            else f"Some persons share their traits with only {others} in the table {worst.table}"
        )
        + ": look before this release leaves.",
        advice="Generalize one of the quasi-identifiers below, or note why the recipient can't single anyone out.",
    )


def _wanted(facts: ReportFacts) -> int:
    """The smallest class that needs no look: the policy's, and never a class of one."""
    return max(facts.k_warn or 0, 2)


def _alone(persons: int) -> str:
    few = persons < SMALLEST_SHOWN
    return f"Fewer than {SMALLEST_SHOWN} persons stand" if few else f"About {rounded_in_words(persons)} persons stand"


def _figures(facts: ReportFacts) -> list[Figure]:
    direct = [field for field in facts.fields if field.category == "direct"]
    treated = sum(bool(field.steps) for field in direct)
    ks = [risk.k for risk in facts.risk if risk.k is not None]
    unique = sum(risk.unique for risk in facts.risk)
    rows = sum(table.rows for table in facts.tables)
    tables = "1 table" if len(facts.tables) == 1 else f"{len(facts.tables)} tables"
    return [
        Figure(value=count_in_words(rows), label="rows", note=f"in {tables}"),
        Figure(
            value=f"{treated} of {len(direct)}",
            label="direct identifiers treated",
            note="removed, pseudonymized or redacted",
            level="clear" if treated == len(direct) else "look",
        ),
        Figure(
            value=str(min(ks)) if ks else "none",
            label="person in the smallest class" if ks and min(ks) == 1 else "persons in the smallest class",
            note=f"k; {f'{rounded_in_words(unique)} persons stand' if unique else 'nobody stands'} alone"
            if ks
            else "no traits to compare",
            level="look" if ks and min(ks) < _wanted(facts) else "clear",
        ),
        Figure(
            value=count_in_words(facts.scan.found),
            label="identifiers left",
            note=f"in {facts.scan.fields} kept fields, {count_in_words(facts.scan.rows)} rows",
            level="stop" if facts.scan.found else "clear",
        ),
    ]


def _breakable(name: str) -> Markup:
    """Let a long name break after an underscore."""
    return Markup("_<wbr>").join(name.split("_"))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = count_in_words
    environment.filters["breakable"] = _breakable
    return environment.get_template("report.html.jinja")
