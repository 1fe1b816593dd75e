"""When does the door close behind a task? As its process starts, before the DAG file is read. A listener of the plugin."""

from __future__ import annotations

from airflow.listeners import hookimpl


@hookimpl
def on_starting(component: object) -> None:
    """Close the door in a task's process; the other components' own processes load what the tasks that they fork need.

    Airflow logs what a listener raises and goes on, so this raises nothing: it ends the process that can't be confined.
    """
    if type(component).__name__ != "TaskRunnerMarker":
        from pipeline.airflow.doors.warming import warm

        warm()
        return
    from pipeline.airflow.kernel.shutting import shut_or_end

    shut_or_end()
    from pipeline.airflow.kernel.outcome import report_failed

    report_failed()
