"""How does a staged table become a table of the release: one pass, batch by batch, as the plan says?

The same pass scans what the release keeps for identifiers and counts the classes of equal quasi-identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import InvalidInput
from pipeline.making.column_types import read_as
from pipeline.making.person_index import require_persons
from pipeline.making.steps import Surroundings, apply_steps
from transforms.errors import DouaneError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.making.assessing import RiskAccount
    from pipeline.making.person_index import PersonIndex
    from pipeline.making.residual import ResidualScan
    from pipeline.plan import Plan, PlannedField, PlannedTable
    from pipeline.policy import Policy
    from pipeline.staging import Staging
    from transforms import Key


@dataclass
class Workshop:
    """What the tables of one run are made with."""

    plan: Plan
    policy: Policy
    key: Key
    staging: Staging
    index: PersonIndex


def pseudonymize_table(
    table: str, workshop: Workshop, risk: RiskAccount, scan: ResidualScan
) -> Iterator[pa.RecordBatch]:
    """Give the release's batches of one table, at least one; all have the schema of the first.

    Raises:
        InvalidValue: Values that a step can't take; names table, field and rows.
        InvalidInput: Rows without a person, where the policy says stop.
    """
    planned = workshop.plan.tables[table]
    schema: pa.Schema | None = None
    first_row = 0
    for batch in _batches(table, workshop.staging):
        work = _Work(table, batch, workshop, first_row)
        made = work.release_batch(planned)
        schema = schema or made.schema
        made = made.cast(schema) if made.schema != schema else made
        scan.look(table, made, _kept(planned), first_row, with_false=_false(planned))
        risk.add(made, work.persons)
        first_row += batch.num_rows
        yield made


def _batches(table: str, staging: Staging) -> Iterator[pa.RecordBatch]:
    """The staged batches; one without rows for a table that had nothing new in its interval."""
    if staging.rows(table):
        yield from staging.reader(table)
    else:
        yield pa.RecordBatch.from_pylist([], schema=staging.schema(table))


class _Work:
    """One batch of a table under the workshop's tools."""

    def __init__(self, table: str, batch: pa.RecordBatch, workshop: Workshop, first_row: int) -> None:
        self.table = table
        self.batch = batch
        self.workshop = workshop
        self.first_row = first_row
        self.persons = workshop.index.persons(table, batch)
        self.has_person = workshop.plan.tables[table].person is not None

    def release_batch(self, planned: PlannedTable) -> pa.RecordBatch:
        """All columns as the plan says; an error names table, field and the row in the table."""
        columns = []
        for name, field in planned.fields.items():
            try:
                columns.append(self._column(name, field))
            except InvalidValue as error:
                raise error.within(f"{self.table}.{name}", self.first_row) from None
            except DouaneError as error:
                raise type(error)(f"{self.table}.{name}: {error.message}", hint=error.hint) from None
        return pa.RecordBatch.from_arrays(columns, names=list(planned.fields))

    def _column(self, name: str, field: PlannedField) -> pa.Array:
        if field.steps == "stop":
            raise InvalidInput("undecided in the plan", hint="Decide on it.")
        column = read_as(self.batch.column(name), field.type, field.format)
        if field.needs_person:
            column = self._without_homeless(column)
        around = Surroundings(
            key=self.workshop.key,
            link=field.link or f"{self.table}.{name}",
            person=lambda: self.persons.fill_null(""),
            patients=lambda: self.workshop.index.records(self.table, self.batch) if self.has_person else None,
            known=self.workshop.index.known_names,
        )
        return apply_steps(field.steps, column, around)

    def _without_homeless(self, column: pa.Array) -> pa.Array:
        """Empty what stands in rows whose person can't be found, or stop there, as the policy says."""
        if not self.has_person:
            raise InvalidInput("it goes by the person, and the table has none", hint="Plan the table's person.")
        if not self.persons.null_count:
            return column
        if self.workshop.policy.missing_person == "stop":
            require_persons(self.table, self.persons, self.first_row)
        return pc.if_else(self.persons.is_null(), pa.scalar(None, column.type), column)


def _kept(planned: PlannedTable) -> list[str]:
    """The fields in which a value of the source can still stand."""
    return [
        name
        for name, field in planned.fields.items()
        if field.steps != "stop" and not (field.suppressed or field.keyed)
    ]


def _false(planned: PlannedTable) -> frozenset[str]:
    """The fields in which false phone numbers and mails stand."""
    return frozenset(
        name
        for name, field in planned.fields.items()
        if any(step.transform == "surrogate" or step.options.get("replace") == "surrogate" for step in field.decided)
    )
