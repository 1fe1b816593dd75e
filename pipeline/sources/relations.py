"""Which tables of a database are meant by these names, and what is each called in the extract?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import InvalidDocument, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


@dataclass(frozen=True)
class Relation:
    """A table or view of a database.

    Attributes:
        schema: Its schema.
        name: Its name there.
        is_taken_unasked: It is read where no names are given: a table is, a view is not.
        is_lockable: A lock can keep it from being altered.
    """

    schema: str
    name: str
    is_taken_unasked: bool = True
    is_lockable: bool = False


def names_of(address: str, tables: Sequence[str], options: Mapping[str, str]) -> list[str]:
    """The names asked for: those of the export, and those behind the address's question mark.

    Raises:
        InvalidDocument: Something else stands there.

    Example:
        >>> names_of("postgresql://db.chu.example/eds", ["stays"], {"tables": "patients,omop.visit"})
        ['stays', 'patients', 'omop.visit']
    """
    unknown = sorted(options.keys() - {"tables"})
    if unknown:
        raise InvalidDocument(f"{address}: {unknown[0]} is no option of an address", hint="Only `?tables=a,b` is.")
    return [*tables, *filter(None, options.get("tables", "").split(","))]


def meant(
    address: str, names: Sequence[str], found: Sequence[Relation], *, path: Sequence[str], queries: Collection[str]
) -> dict[str, Relation]:
    """Name in the extract to the relation in the database.

    Args:
        address: The database's, for the errors.
        names: `table` or `schema.table`. None and no queries: all that are taken unasked, of the schemas in `path`.
        found: What the database holds.
        path: The schemas that need not be named, the first one first.
        queries: Names of the extract that are queries.

    Raises:
        InvalidInput: A table that isn't there, two that would have one name, or none at all.

    Example:
        >>> found = [Relation("omop", "person"), Relation("stage", "person")]
        >>> meant("duckdb:///eds", [], found, path=["omop"], queries=())
        {'person': Relation(schema='omop', name='person', is_taken_unasked=True, is_lockable=False)}
    """
    if not names and not queries:
        wanted = [relation for relation in found if relation.schema in path and relation.is_taken_unasked]
    else:
        wanted = [_named(address, name, found, path) for name in names]
    relations: dict[str, Relation] = {}
    for relation in wanted:
        if relation.name in relations or relation.name in queries:
            raise InvalidInput(f"{address}: two tables would both be {relation.name}", hint="Name one by a query.")
        relations[relation.name] = relation
    if not relations and not queries:
        raise InvalidInput(f"{address} holds no table on its search path", hint="Name them: schema.table.")
    return relations


def _named(address: str, name: str, found: Sequence[Relation], path: Sequence[str]) -> Relation:
    candidates = [
        relation
        for relation in found
        if name == f"{relation.schema}.{relation.name}" or (name == relation.name and relation.schema in path)
    ]
    if not candidates:
        raise InvalidInput(f"{address} has no table {name}", hint="Correct its name: schema.table.")
    return min(candidates, key=lambda relation: path.index(relation.schema) if relation.schema in path else -1)
