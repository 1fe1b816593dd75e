"""What does Douane add to Airflow: a page in the navigation, a tab on each task, and the kernel's door at a task's start?"""

from __future__ import annotations

from typing import Any

from airflow.sdk.plugins_manager import AirflowPlugin

from pipeline.airflow.kernel import listener


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Answer for Douane's pages; loaded with the first request: schedulers and workers load plugins too."""
    from pipeline.airflow.ui.app import app

    await app(scope, receive, send)


class DouanePlugin(AirflowPlugin):
    """The entry point `airflow.plugins`."""

    name = "douane"
    listeners = [listener]  # noqa: RUF012 - Airflow's form
    fastapi_apps = [{"app": pages, "url_prefix": "/douane", "name": "Douane"}]  # noqa: RUF012 - Airflow's form
    external_views = [  # noqa: RUF012 - Airflow's form
        {"name": "Douane", "href": "/douane/", "destination": "nav", "url_route": "douane"},
        {
            "name": "Douane",
            "href": "/douane/task?dag={DAG_ID}&run={RUN_ID}&task={TASK_ID}&map_index={MAP_INDEX}",
            "destination": "task_instance",
            "url_route": "douane-task",
        },
    ]
