"""What does an Airflow connection declare of a destination? Its login and password stay behind."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from pipeline.errors import Stopped
from pipeline.guard import facts_of_connection


def declared_by(conn_id: str) -> dict[str, Any]:
    """Read a connection through Airflow's secrets backends.

    Raises:
        Stopped: There is none of that name.
    """
    try:
        found = Connection.get(conn_id)
    except AirflowNotFoundException:
        raise Stopped(
            f"the connection {conn_id} doesn't exist",
            hint=f"Make it (`airflow connections add {conn_id} ...`), or correct the export's destination.",
        ) from None
    return facts_of_connection({"conn_id": conn_id, "host": found.host, "port": found.port, "extra": found.extra or ""})
