"""What does Douane add to Airflow itself? Its name under Admin, Plugins; pages of its own come with the journal's view."""

from __future__ import annotations

from airflow.sdk.plugins_manager import AirflowPlugin


class DouanePlugin(AirflowPlugin):
    """The entry point `airflow.plugins`."""

    name = "douane"
