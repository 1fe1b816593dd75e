"""What does every task of an export start from: its file, this run's id, its interval, and errors in one line?"""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.sdk import BaseOperator

from pipeline.airflow.failures import told_in_one_line
from pipeline.airflow.settings import home

if TYPE_CHECKING:
    from airflow.sdk import Context

    from pipeline.sources.interval import Interval
    from pipeline.tasks import TaskRun

INTERVAL_PARAMS = ("interval_start", "interval_end")


class ExportTask(BaseOperator):
    """A task of an export. Each reads the export's file anew: nothing but names and hashes comes from other tasks.

    Args:
        export_file: The export's YAML file.
    """

    def __init__(self, *, export_file: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.export_file = export_file

    def execute(self, context: Context) -> Any:
        """Do the task's stage; any error is one line."""
        with told_in_one_line():
            return self.work(task_run(self.export_file, context), context)

    @abstractmethod
    def work(self, run: TaskRun, context: Context) -> Any:
        """Call the library; return ids, names or hashes only."""


def task_run(export_file: str, context: Context) -> TaskRun:
    """The run that a task belongs to, told from its DAG run; the same for every task and try of it."""
    from pipeline.airflow.connections import login_of
    from pipeline.airflow.opening_guard import opening
    from pipeline.export import read_export
    from pipeline.export_order import prepare_export
    from pipeline.tasks import TaskRun

    path = Path(export_file)
    export = read_export(path)
    run_id = str(context["dag_run"].run_id)
    prepared = opening(
        prepare_export(
            path, home(), interval=_interval(context, export.timezone), facts=_facts(context), login_of=login_of
        )
    )
    return TaskRun(prepared, f"{export.id}-{sha256(run_id.encode()).hexdigest()[:16]}")


def _facts(context: Context) -> dict[str, Any]:
    """What each journal line of this task says of it, so that Douane's pages and Airflow's lead to each other."""
    ti = context["ti"]
    mapped = {"map_index": ti.map_index} if ti.map_index is not None and ti.map_index >= 0 else {}
    return {"dag": ti.dag_id, "run": ti.run_id, "task": ti.task_id, **mapped}


def _interval(context: Context, timezone: str) -> Interval | None:
    """The interval of the form if it names one, else of the schedule; None for everything that the source holds."""
    from pipeline.errors import Stopped
    from pipeline.sources.interval import Interval

    asked = [context["params"].get(name) for name in INTERVAL_PARAMS]
    if any(asked):
        if not all(asked):
            raise Stopped("only one end of the interval is given", hint="Give both, or none.")
        start, end = (_moment(str(text), timezone) for text in asked)
        if start >= end:
            raise Stopped("the interval ends before it starts", hint="Give an end after the start.")
        return Interval(start, end)
    scheduled_start, scheduled_end = (context.get(f"data_interval_{side}") for side in ("start", "end"))
    if not isinstance(scheduled_start, datetime) or not isinstance(scheduled_end, datetime):
        return None
    # A run by hand of a DAG without a schedule has an interval of no length.
    return Interval(scheduled_start, scheduled_end) if scheduled_start < scheduled_end else None


def _moment(text: str, timezone: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
