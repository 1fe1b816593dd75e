"""What happens when a task of an export has failed for good: whoever the export names is told, if the guard allows it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowException

from transforms.errors import DouaneError

if TYPE_CHECKING:
    from airflow.sdk import Context

_LOG = logging.getLogger(__name__)


def tell_of_failure(context: Context) -> None:
    """Send the export's alert (`on_failure_callback`); a failure to do so is a line in the task's log."""
    from pipeline.airflow.opening_guard import opening
    from pipeline.airflow.settings import home
    from pipeline.alerting import send_alert
    from pipeline.export_order import prepare_export

    task, error = context["task"], context.get("exception")
    # Only Douane's own sentences are known to quote nobody.
    problem = str(error) if isinstance(error, AirflowException) else type(error).__name__
    try:
        prepared = opening(prepare_export(Path(getattr(task, "export_file", "")), home()))
        alert = prepared.export.alert
        if alert:
            facts = {
                "export": prepared.export.id,
                "task": task.task_id,
                "run": str(context["dag_run"].run_id),
                "problem": problem,
            }
            send_alert(alert, facts, guard=prepared.rooms.guard, journal=prepared.rooms.journal)
    except DouaneError as failed:
        _LOG.error("no alert was sent: %s", failed)
