"""Can these steps take this column? Tried on a sample when the plan is drafted, not found out at night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.making.column_types import read_as
from pipeline.making.steps import Surroundings, apply_steps
from transforms import Key
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from pipeline.making.column_types import ColumnType
    from pipeline.making.steps import Step

_ROWS = 10_000
_NOTES = 10


def objection(steps: tuple[Step, ...], column: pa.ChunkedArray, read: ColumnType | None) -> str:
    """Try a field's steps on the first rows of its column, under a key of the moment.

    Args:
        steps: The steps that are about to be planned.
        column: The field's values.
        read: What its text is read as before the steps.

    Returns:
        Why they can't take it (rows, never values); empty if they can.

    Example:
        >>> from pipeline.making.steps import Step
        >>> objection((Step(transform="generalize", top_code=90),), pa.chunked_array([["12 ans"]]), None) != ""
        True
    """
    rows = _NOTES if any(step.transform == "redact_notes" for step in steps) else _ROWS
    values = column.slice(0, rows).combine_chunks()
    persons = pa.array(["somebody"] * len(values), pa.string())
    around = Surroundings(
        key=Key.generate(domain="trial"),
        link="trial",
        person=lambda: persons,
        patients=lambda: None,
        known=lambda: (),
    )
    try:
        apply_steps(steps, read_as(values, *((read.type, read.format) if read else (None, None))), around)
    except DouaneError as error:
        return error.message
    return ""
