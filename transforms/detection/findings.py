"""What does detection say, and in what shape does it hand that on?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, overload

from transforms.kinds import CATEGORY_OF


@dataclass(frozen=True)
class Finding:
    """What detection says of one field.

    Attributes:
        name: The field's name; for a nested field its path, steps joined by dots.
        kind: A key of `transforms.kinds.CATEGORY_OF`.
        category: The category of that kind.
        confidence: Between 0 and 1.
        evidence: Why, in words and counts; never a value of the table.
        unique: Every value occurs once.
        missing: Share of the rows that hold nothing.
        others: The kinds that came next, with their confidence.
    """

    name: str
    kind: str
    category: str
    confidence: float
    evidence: tuple[str, ...]
    unique: bool = False
    missing: float = 0.0
    others: tuple[tuple[str, float], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The finding as the command line prints it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "category": self.category,
            "confidence": self.confidence,
            "evidence": list(self.evidence),
        }

    @classmethod
    def of(
        cls,
        name: str,
        kind: str,
        confidence: float,
        evidence: Sequence[str],
        *,
        unique: bool = False,
        missing: float = 0.0,
        others: Sequence[tuple[str, float]] = (),
    ) -> Finding:
        """Build a finding; the category follows from the kind."""
        rest = tuple((other, round(sureness, 3)) for other, sureness in others if other != kind)
        return cls(name, kind, CATEGORY_OF[kind], round(confidence, 3), tuple(evidence), unique, missing, rest)


@dataclass(frozen=True)
class Link:
    """A foreign key: values of `table.field` are found in `to_table.to_field`, where each occurs once."""

    table: str
    field: str
    to_table: str
    to_field: str


@dataclass(frozen=True)
class TableFindings(Sequence[Finding]):
    """The findings of one table, in the order of its fields; a sequence of `Finding`.

    Attributes:
        table: The table's name; empty when the caller gave none.
        fields: One finding a field.
        person: The field that says which person a row is about, or None.
    """

    table: str
    fields: tuple[Finding, ...]
    person: str | None = None

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self.fields[index]

    def __len__(self) -> int:
        return len(self.fields)

    def named(self, name: str) -> Finding:
        """The finding for the field `name`; a `KeyError` if the table has none."""
        for finding in self.fields:
            if finding.name == name:
                return finding
        raise KeyError(name)

    def as_dict(self) -> dict[str, Any]:
        """`{"table", "fields": [...]}`, as the command line prints it."""
        return {"table": self.table, "fields": [finding.as_dict() for finding in self.fields]}

    def _repr_html_(self) -> str:
        return _html((self,))


@dataclass(frozen=True)
class ExtractFindings(Mapping[str, TableFindings]):
    """The findings of the tables of one extract; a mapping from table name to `TableFindings`.

    Attributes:
        tables: One entry a table, in the caller's order.
        links: Foreign keys between the tables.
    """

    tables: tuple[TableFindings, ...]
    links: tuple[Link, ...] = field(default=())

    def __getitem__(self, table: str) -> TableFindings:
        for findings in self.tables:
            if findings.table == table:
                return findings
        raise KeyError(table)

    def __iter__(self) -> Iterator[str]:
        return (findings.table for findings in self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def as_dict(self) -> dict[str, Any]:
        """`{"tables": [{"table", "fields": [...]}]}`, as the command line prints it."""
        return {"tables": [findings.as_dict() for findings in self.tables]}

    def links_as_dicts(self) -> list[dict[str, str]]:
        """The foreign keys, for JSON."""
        return [asdict(link) for link in self.links]

    def _repr_html_(self) -> str:
        return _html(self.tables)


def _html(tables: Sequence[TableFindings]) -> str:
    rows = "".join(
        f"<tr><td>{escape(table.table)}</td><td>{escape(f.name)}</td><td>{f.kind}</td><td>{f.category}</td>"
        f"<td>{f.confidence:.2f}</td><td>{escape('; '.join(f.evidence))}</td></tr>"
        for table in tables
        for f in table.fields
    )
    head = "".join(f"<th>{word}</th>" for word in ("table", "field", "kind", "category", "confidence", "evidence"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
