"""One Airflow DAG for each YAML file in `exports/`. To add an export, add a file there; no Python."""

from pathlib import Path

from pipeline.airflow import export_dags

globals().update(export_dags(Path(__file__).parent / "exports"))
