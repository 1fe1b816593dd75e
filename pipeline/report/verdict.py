"""What is the first sentence of a report, and what are its four figures?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.report.wording import SMALLEST_SHOWN, count_in_words, rounded_in_words

if TYPE_CHECKING:
    from pipeline.report.facts import ReportFacts, ReportRisk

Level = Literal["clear", "look", "stop"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The first sentence of a report, and what follows from it."""

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


def judge(facts: ReportFacts) -> Verdict:
    """Say in one sentence whether a release may leave as far as its content goes; the worst that is true is said.

    Identifiers that the scan found stop it. Identifiers that the plan keeps, persons who stand nearly alone and traits
    that nobody measured ask for a look. Else the way is clear.
    """
    if facts.scan.found:
        return Verdict(
            level="stop",
            sentence="Identifiers are left in the kept fields: this release should not leave.",
            advice="Correct the plan for the fields that the run names, and run again.",
        )
    kept = sum(field.category == "direct" and not field.steps for field in facts.fields)
    if kept:
        return Verdict(
            level="look",
            sentence=f"{_many(kept, 'direct identifier')} kept as in the source: look before this release leaves.",
            advice="Correct the plan, unless the recipient is entitled to know who these people are.",
        )
    measured = [(risk.k, risk) for risk in facts.risk if risk.k]
    if not measured:
        return Verdict(
            level="look",
            sentence="No identifier was found in the kept fields, and there were no traits to compare persons by.",
            advice="Check that the plan names the quasi-identifiers, if the tables have any.",
        )
    k, risk = min(measured, key=lambda pair: pair[0])
    if k < _wanted(facts):
        return Verdict(
            level="look",
            sentence=f"{_nearly_alone(k, risk)} in the table {risk.table}: look before this release leaves.",
            advice="Generalize one of the quasi-identifiers below, or note why the recipient can't single anyone out.",
        )
    return Verdict(
        level="clear",
        sentence=f"No identifier was found in the kept fields, and each person shares their traits with {_others(k)} or more.",
        advice="As far as its content goes, this release may leave for a destination that the guard allows.",
    )


def figures(facts: ReportFacts) -> list[Figure]:
    """Give rows, identifiers treated, the smallest class, and identifiers that are left, each in words."""
    direct = [field for field in facts.fields if field.category == "direct"]
    treated = sum(bool(field.steps) for field in direct)
    rows = sum(table.rows for table in facts.tables)
    return [
        Figure(
            value=count_in_words(rows),
            label="rows",
            note="in 1 table" if len(facts.tables) == 1 else f"in {len(facts.tables)} tables",
        ),
        Figure(
            value=f"{treated} of {len(direct)}",
            label="direct identifiers treated",
            note="removed, pseudonymized or redacted",
            level="clear" if treated == len(direct) else "look",
        ),
        _smallest_class(facts),
        Figure(
            value=count_in_words(facts.scan.found),
            label="identifiers left",
            note=f"in {facts.scan.fields} kept fields, {count_in_words(facts.scan.rows)} rows",
            level="stop" if facts.scan.found else "clear",
        ),
    ]


def _smallest_class(facts: ReportFacts) -> Figure:
    sizes = [risk.k for risk in facts.risk if risk.k]
    if not sizes:
        return Figure(value="none", label="persons in the smallest class", note="no traits to compare")
    k, unique = min(sizes), sum(risk.unique for risk in facts.risk)
    return Figure(
        value=str(k),
        label="person in the smallest class" if k == 1 else "persons in the smallest class",
        note=f"k; {rounded_in_words(unique)} persons stand alone" if unique else "k; nobody stands alone",
        level="look" if k < _wanted(facts) else "clear",
    )


def _wanted(facts: ReportFacts) -> int:
    """The smallest class that needs no look: the policy's, and never a class of one."""
    return max(facts.k_warn or 0, 2)


def _nearly_alone(k: int, risk: ReportRisk) -> str:
    if not risk.unique:
        return f"Some persons share their traits with only {_others(k)}"
    few = risk.unique < SMALLEST_SHOWN
    persons = f"Fewer than {SMALLEST_SHOWN}" if few else f"About {rounded_in_words(risk.unique)}"
    return f"{persons} persons stand alone with their traits"


def _others(k: int) -> str:
    return "1 other" if k == 2 else f"{k - 1} others"


def _many(count: int, noun: str) -> str:
    return f"1 {noun} is" if count == 1 else f"{count} {noun}s are"
