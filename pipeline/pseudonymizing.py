"""How does a staged table become a table of the release: one pass, batch by batch, as the plan says?

The same pass scans what the release keeps for identifiers and counts the classes of equal quasi-identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.assessing import RiskAccount
from pipeline.column_types import read_as
from pipeline.errors import InvalidInput
from pipeline.person_index import require_persons
from pipeline.steps import Surroundings, apply_steps
from transforms.errors import DouaneError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.person_index import PersonIndex
    from pipeline.plan import Plan, PlannedField, PlannedTable
    from pipeline.policy import Policy
    from pipeline.residual import ResidualScan
    from pipeline.staging import Staging
    from transforms import Key

_KEYED_RESULT = frozenset({"pseudonymize", "tokenize", "format_preserving", "suppress"})


@dataclass
class Workshop:
    """What the tables of one run are made with, and where the figures of the run gather."""

    plan: Plan
    policy: Policy
    key: Key
    staging: Staging
    index: PersonIndex
    scan: ResidualScan


def pseudonymize_table(table: str, workshop: Workshop, risk: RiskAccount) -> Iterator[pa.RecordBatch]:
    """Give the release's batches of one table; all have the schema of the first.

    Raises:
        InvalidValue: Values that a step can't take; names table, field and rows.
        InvalidInput: Rows without a person, where the policy says stop.
    """
    planned = workshop.plan.tables[table]
    schema: pa.Schema | None = None
    first_row = 0
    for batch in workshop.staging.reader(table):
        made = _make(table, planned, batch, workshop, first_row)
        schema = schema or made.schema
        made = made.cast(schema) if made.schema != schema else made
        workshop.scan.look(table, made, _kept(planned), first_row)
        risk.add(made, workshop.index.persons(table, batch))
        first_row += batch.num_rows
        yield made


def _make(
    table: str, planned: PlannedTable, batch: pa.RecordBatch, workshop: Workshop, first_row: int
) -> pa.RecordBatch:
    persons = workshop.index.persons(table, batch) if planned.person else None
    columns = []
    for name, field in planned.fields.items():
        try:
            columns.append(_make_column(table, name, field, batch, persons, workshop, first_row))
        except InvalidValue as error:
            raise error.within(f"{table}.{name}", first_row) from None
        except DouaneError as error:
            raise type(error)(f"{table}.{name}: {error.message}", hint=error.hint) from None
    return pa.RecordBatch.from_arrays(columns, names=list(planned.fields))


def _make_column(
    table: str,
    name: str,
    field: PlannedField,
    batch: pa.RecordBatch,
    persons: pa.Array | None,
    workshop: Workshop,
    first_row: int,
) -> pa.Array:
    if field.steps == "stop":
        raise InvalidInput(f"{table}.{name} is undecided in the plan", hint="Decide on it.")
    column = read_as(batch.column(name), field.type, field.format)
    homeless = None
    if field.needs_person and persons is not None and persons.null_count:
        if workshop.policy.missing_person == "stop":
            require_persons(table, persons, first_row)
        homeless = persons.is_null()
        column = pc.if_else(homeless, pa.scalar(None, column.type), column)

    def person() -> pa.Array:
        if persons is None:
            raise InvalidInput("its dates go by the person, and the table has none", hint="Plan its person.")
        return persons if homeless is None else persons.fill_null("")

    around = Surroundings(
        key=workshop.key,
        link=field.link or field.kind,
        person=person,
        patients=lambda: workshop.index.records(table, batch) if persons is not None else None,
        known=workshop.index.known_names,
    )
    return apply_steps(field.steps, column, around)


def _kept(planned: PlannedTable) -> list[str]:
    """The fields in which a value of the source can still stand."""
    return [
        name
        for name, field in planned.fields.items()
        if field.steps != "stop" and not any(step.transform in _KEYED_RESULT for step in field.steps)
    ]
