"""Which exports are there, when do they run next, and which file is broken?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.models.dag import DagModel, DagTag
from sqlalchemy import select

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

TAG = "douane"
_SCHEDULES = {"None": "by hand", "Asset": "after another export"}


@dataclass(frozen=True)
class ExportRow:
    """An export's DAG as a list shows it.

    Attributes:
        next_run: When Airflow starts it next; None: by hand, or after another export.
        broken: Its file is broken: the DAG is there only to say so.
    """

    id: str
    purpose: str
    schedule: str
    paused: bool
    next_run: datetime | None
    file: str
    broken: bool


def exports(session: Session, readable: Collection[str]) -> list[ExportRow]:
    """List the DAGs that exports make, by id.

    Args:
        session: On Airflow's database.
        readable: The DAGs that the person may see.
    """
    made = select(DagTag.dag_id).where(DagTag.name == TAG)
    found = session.scalars(select(DagModel).where(DagModel.dag_id.in_(made), ~DagModel.is_stale))
    rows = [
        ExportRow(
            id=dag.dag_id,
            purpose=dag.description or "",
            schedule=_SCHEDULES.get(dag.timetable_summary or "None", dag.timetable_summary or ""),
            paused=dag.is_paused,
            next_run=dag.next_dagrun_create_after,
            file=Path(dag.relative_fileloc or dag.fileloc or "").name,
            broken=dag.dag_id.startswith("broken-"),
        )
        for dag in found
        if dag.dag_id in readable
    ]
    return sorted(rows, key=lambda row: row.id)
