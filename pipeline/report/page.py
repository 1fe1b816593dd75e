"""What does a data protection officer have to see of a release before it may leave?

One HTML file that needs neither network nor script, holds no person's value, and is the same bytes for the same facts.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from pipeline.report.histogram import Histogram
from pipeline.report.verdict import figures, judge
from pipeline.report.wording import count_in_words

if TYPE_CHECKING:
    from jinja2 import Template

    from pipeline.report.facts import ReportFacts


_CLASSES: Final = {
    "identified-health": "identified health data",
    "pseudonymized-health": "pseudonymized health data",
    "state-sensitive-health": "state-sensitive health data",
    "anonymous": "data that the plan holds for anonymous",
    "technical": "technical data",
}


def render_report(facts: ReportFacts) -> str:
    """Render the report of a release as one HTML file.

    Args:
        facts: What it says. Counts of persons under 10 are shown as "<10", and those beside them rounded to tens.

    Returns:
        HTML with its style and pictures inside; it loads nothing and runs no script.

    Example:
        >>> from pipeline.report import ReportFacts, ReportField, ReportScan, ReportTable
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
        figures=figures(facts),
        groups=[(table, tuple(fields)) for table, fields in groupby(facts.fields, key=lambda field: field.table)],
        rows={table.name: table.rows for table in facts.tables},
        histograms=[(risk, Histogram.of(risk.histogram, k_warn=facts.k_warn)) for risk in facts.risk],
    )
    return text.rstrip() + "\n"


def _breakable(name: str) -> Markup:
    """Let a long name break after an underscore."""
    return Markup("_<wbr>").join(name.split("_"))


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only a run's end needs it

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
