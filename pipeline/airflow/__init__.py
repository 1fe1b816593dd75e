"""The way as Airflow runs it: one DAG an export, one thin operator a stage.

Only this room imports Airflow. Nothing here does work when it is imported: Airflow parses DAG files all day long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.airflow.dags import export_dags

__all__ = ["export_dags"]


def __getattr__(name: str) -> object:
    if name != "export_dags":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipeline.airflow.dags import export_dags

    return export_dags
