"""Whose is each row: in which column does a table name its person, or through which other table?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.plan import Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transforms.detection import Finding, Link

# In the order in which French hospital data is joined: the establishment's own number first, the national ones after it.
_NAMING = ("patient_id", "nir", "ins", "national_id", "insurance_id")
_LEADING = ("encounter_id", *_NAMING)


def find_persons(findings: Mapping[str, Sequence[Finding]], links: Sequence[Link] = ()) -> dict[str, Person]:
    """Find the person of each table of an extract.

    The identifier that most tables carry is the person's; a table without it gets there through a key (a stay's
    number, say) that it shares with a table that has it. A table that does neither has no person.

    Args:
        findings: Table to findings, as `detect` gives them.
        links: The foreign keys that `detect` found; a way that is one is preferred.

    Returns:
        Table to `Person`, for the tables that have one.
    """
    carriers = Counter((kind, name) for table in findings.values() for kind, name in _identifiers(table, _NAMING))
    if not carriers:
        return {}
    kind, usual = min(carriers, key=lambda carrier: (_NAMING.index(carrier[0]), -carriers[carrier], carrier[1]))
    persons = {}
    for name, table in findings.items():
        columns = [column for _, column in _identifiers(table, (kind,))]
        if columns:
            persons[name] = Person(column=usual if usual in columns else columns[0])
    direct = dict(persons)
    for name, table in findings.items():
        if name not in persons:
            keys = [link for link in links if link.table == name and link.to_table in direct]
            bridge = _followed(keys) or _bridge(table, {there: findings[there] for there in direct})
            if bridge:
                there, on = bridge
                persons[name] = Person(column=direct[there].column, via=there, on=on)
    return persons


def _identifiers(table: Sequence[Finding], kinds: Sequence[str]) -> list[tuple[str, str]]:
    return [(finding.kind, finding.name) for finding in table if finding.kind in kinds]


def _followed(keys: Sequence[Link]) -> tuple[str, str] | None:
    return next(((key.to_table, key.field) for key in keys if key.field == key.to_field), None)


def _bridge(table: Sequence[Finding], others: Mapping[str, Sequence[Finding]]) -> tuple[str, str] | None:
    """The (table, key column) that leads to the person; the key has the same name on both sides."""
    for kind in _LEADING:
        for _, column in _identifiers(table, (kind,)):
            for there, fields in others.items():
                if (kind, column) in _identifiers(fields, (kind,)):
                    return there, column
    return None
