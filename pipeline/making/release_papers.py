"""What do the release's own papers say: manifest, dictionary and report?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.digests import document_digest
from pipeline.making.dictionary import DICTIONARY, DictionaryEntry, render_dictionary
from pipeline.report import REPORT, ReportFacts, ReportField, ReportRisk, ReportScan, ReportTable, render_report
from pipeline.report.wording import count_in_words
from transforms._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

    from pipeline.making.assessing import TableRisk
    from pipeline.making.residual import ResidualScan
    from pipeline.order import Order
    from pipeline.plan import PlannedField


@dataclass
class Ledger:
    """Counts what passes into the release: rows of each table; type, nulls and values once invalid of each column."""

    rows: Counter[str] = field(default_factory=Counter)
    nulls: Counter[tuple[str, str]] = field(default_factory=Counter)
    invalid: Counter[tuple[str, str]] = field(default_factory=Counter)
    types: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, table: str, batch: pa.RecordBatch, schema: pa.Schema, invalid: Mapping[str, int]) -> None:
        """Count one batch of a table of the release that has this schema."""
        self.rows[table] += batch.num_rows
        for released, column in zip(schema, batch.columns, strict=True):
            self.nulls[table, released.name] += column.null_count
            self.types.setdefault((table, released.name), str(released.type))
        self.invalid.update({(table, name): count for name, count in invalid.items()})

    @classmethod
    def merged(cls, ledgers: Iterable[Ledger]) -> Ledger:
        """The ledgers of several tables as one."""
        whole = cls()
        for ledger in ledgers:
            whole.rows.update(ledger.rows)
            whole.nulls.update(ledger.nulls)
            whole.invalid.update(ledger.invalid)
            whole.types.update(ledger.types)
        return whole


@dataclass(frozen=True)
class Papers:
    """The files that go into the release beside its tables, and the facts of its manifest."""

    files: Mapping[str, bytes]
    manifest: dict[str, Any]


def papers_of(order: Order, release_id: str, ledger: Ledger, risk: tuple[TableRisk, ...], scan: ResidualScan) -> Papers:
    """Write the papers of a release whose tables are complete. No wall clock and no person's value enters them."""
    dictionary = render_dictionary(
        _entry(table, name, planned, ledger) for table, name, planned in order.plan.each_field()
    )
    report = render_report(_report(order, release_id, ledger, risk, scan))
    return Papers({DICTIONARY: dictionary, REPORT: report.encode()}, _manifest(order, risk, scan))


def _manifest(order: Order, risk: tuple[TableRisk, ...], scan: ResidualScan) -> dict[str, Any]:
    return {
        "export": order.export,
        "interval": order.interval,
        "domain": order.plan.domain,
        "data_class": order.plan.data_class(order.policy.data_class),
        "plan_sha256": document_digest(order.plan),
        "policy_sha256": document_digest(order.policy),
        "keys": [{"id": order.key.id, "version": order.key.version, "domain": order.key.domain}],
        "fields": [
            {
                "table": table,
                "field": name,
                "kind": planned.kind,
                "steps": [step.model_dump(mode="json") for step in planned.decided],
            }
            | ({} if planned.on_invalid == "stop" else {"on_invalid": planned.on_invalid})
            for table, name, planned in order.plan.each_field()
        ],
        "risk": [figures.to_dict() for figures in risk],
        "residual_scan": {"rows": scan.rows, "fields": sorted(scan.fields), "found": scan.found},
    }


def _report(
    order: Order, release_id: str, ledger: Ledger, risk: tuple[TableRisk, ...], scan: ResidualScan
) -> ReportFacts:
    return ReportFacts(
        title=order.export,
        release_id=release_id,
        domain=order.plan.domain,
        data_class=order.plan.data_class(order.policy.data_class),
        tables=tuple(ReportTable(name=name, rows=rows) for name, rows in ledger.rows.items()),
        fields=tuple(
            ReportField(
                table=table,
                name=name,
                kind=planned.kind,
                category=planned.category,
                steps=tuple(step.sentence for step in planned.decided if step.transform != "keep")
                + _on_invalid(planned, ledger.invalid[table, name]),
                why=planned.why,
                decided_by=planned.decided_by,
            )
            for table, name, planned in order.plan.each_field()
        ),
        risk=tuple(
            ReportRisk(
                table=figures.table,
                quasi=figures.quasi,
                k=figures.k,
                unique=figures.unique,
                classes=figures.classes,
                histogram=tuple((size, size * classes) for size, classes in figures.histogram),
            )
            for figures in risk
        ),
        scan=ReportScan(fields=len(scan.fields), rows=scan.rows, found=scan.found),
        k_warn=order.policy.risk.k_warn,
        plan_sha256=document_digest(order.plan),
        policy_sha256=document_digest(order.policy),
        keys=(f"{order.key.id} version {order.key.version}",),
        software=f"douane {__version__}",
    )


def _on_invalid(planned: PlannedField, count: int) -> tuple[str, ...]:
    if planned.on_invalid == "stop":
        return ()
    done = "emptied" if planned.on_invalid == "null" else "replaced by a keyed pseudonym"
    return (f"invalid values {done} ({count_in_words(count)})",)


def _entry(table: str, name: str, planned: PlannedField, ledger: Ledger) -> DictionaryEntry:
    return DictionaryEntry(
        table=table,
        column=name,
        type=ledger.types[table, name],
        kind=planned.kind,
        category=planned.category,
        steps=tuple(step.words for step in planned.decided) + _on_invalid(planned, ledger.invalid[table, name]),
        why=planned.why,
        decided_by=planned.decided_by,
        nulls=ledger.nulls[table, name],
    )
