"""Which DAGs do these exports make? One a YAML file; a broken file becomes a DAG of one task that says what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, Param
from croniter import croniter

from pipeline.airflow.approval import ApprovePlan
from pipeline.airflow.broken import broken_dag
from pipeline.airflow.operators import Assess, Compare, Detect, ExportRelease, Extract, Pseudonymize, Purge, Seal
from pipeline.airflow.quick_yaml import read_export_quickly
from pipeline.airflow.settings import option
from pipeline.export import PRESETS, export_files
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.export import Export


def export_dags(folder: Path | str | None = None) -> dict[str, DAG]:
    """Make a DAG of every export in a folder.

    Args:
        folder: The folder of YAML files; `[douane] exports` if not given.

    Returns:
        DAG id to DAG. Of two exports with the same id, the second file's DAG says so.
    """
    dags: dict[str, DAG] = {}
    for path in export_files(Path(folder or option("exports"))):
        try:
            export = read_export_quickly(path)
            dag = _refuse_twice(dags, export.id, path) or export_dag(export, path)
        except Exception as error:  # noqa: BLE001 - one broken file must not hide the others
            dag = broken_dag(path, str(error) if isinstance(error, DouaneError | ValueError) else type(error).__name__)
        dags[dag.dag_id] = dag
    return dags


def _refuse_twice(dags: dict[str, DAG], export_id: str, path: Path) -> DAG | None:
    if export_id not in dags:
        return None
    return broken_dag(path, f"{path}: another file has the id {export_id} too. Rename one of them.")


def release_asset(export_id: str) -> Asset:
    """The asset that a sealed release of an export updates."""
    return Asset(name=f"douane-release-{export_id}", uri=f"x-douane://releases/{export_id}")


def export_dag(export: Export, path: Path) -> DAG:
    """Make the DAG of one export."""
    zone = ZoneInfo(export.timezone)
    common: dict[str, Any] = {"export_file": str(path), "pool": export.pool}
    tries: dict[str, Any] = {
        "retries": export.retries,
        "retry_delay": timedelta(minutes=export.retry_minutes),
        "execution_timeout": timedelta(minutes=export.timeout_minutes),
    }
    if export.alert:
        from pipeline.airflow.alerts import tell_of_failure

        common["on_failure_callback"] = tell_of_failure
    with DAG(
        dag_id=export.id,
        description=export.purpose,
        schedule=_schedule(export),
        start_date=datetime(export.start.year, export.start.month, export.start.day, tzinfo=zone),
        catchup=export.catchup,
        max_active_runs=1,
        params=_form(export),
        tags=["douane", export.domain],
        doc_md=_record(export),
        render_template_as_native_obj=False,
    ) as dag:
        # A scheduler that is late takes an answer given within seconds for a process that died (Airflow 3.3.2): the
        # next try finds the answer in the journal.
        approve = ApprovePlan(
            task_id="approve",
            response_timeout=timedelta(days=export.approval_days),
            retries=3,
            retry_delay=timedelta(seconds=5),
            **common,
        )
        extract = Extract(task_id="extract", **common, **tries)
        detect = Detect(task_id="detect", **common, **tries)
        compare = Compare(task_id="compare", **common, **tries)
        pseudonymize = Pseudonymize.partial(
            task_id="pseudonymize", map_index_template="{{ task.table }}", **common, **tries
        ).expand(table=extract.output)
        assess = Assess(task_id="assess", **common, **tries)
        seal = Seal(task_id="seal", outlets=[release_asset(export.id)], **common, **tries)
        deliver = ExportRelease.partial(
            task_id="export", map_index_template="{{ task.destination }}", **common, **tries
        ).expand(destination=[destination.id for destination in export.destinations])
        purge = Purge(task_id="purge", **common, **tries)
        approve >> extract >> detect >> compare >> pseudonymize >> assess >> seal >> deliver
        # Staging goes as soon as the release is sealed. An export that is cleared and tried again needs only the
        # release: inside the scope of setup and teardown, Airflow would clear both, and extract all over again.
        seal >> purge.as_teardown(setups=extract)
    return dag


def _schedule(export: Export) -> Any:
    if export.after:
        return [release_asset(name) for name in export.after]
    if export.schedule is None:
        return None
    expression = PRESETS.get(export.schedule, export.schedule)
    if not croniter.is_valid(expression):
        raise ValueError(f"schedule: {export.schedule} is no cron expression")
    return CronDataIntervalTimetable(expression, timezone=export.timezone)


def _form(export: Export) -> dict[str, Param]:
    """What the UI asks when a person triggers the DAG."""
    names = [destination.id for destination in export.destinations]
    moment: dict[str, Any] = {"type": ["null", "string"], "format": "date-time"}
    return {
        "destinations": Param(
            names,
            title="Destinations",
            description="Where the release shall go. The guard decides on each when its turn comes.",
            type="array",
            items={"type": "string", "enum": names},
            examples=names,
        ),
        "interval_start": Param(
            None, title="From", description="Take rows from this moment on; empty: the schedule's interval.", **moment
        ),
        "interval_end": Param(None, title="Until", description="Take rows before this moment.", **moment),
        "dry_run": Param(
            False, title="Dry run", description="Go the whole way and ask the guard, but send nothing.", type="boolean"
        ),
    }


def _record(export: Export) -> str:
    """The record of processing (GDPR art. 30) as the DAG's documentation."""
    rows: Iterable[tuple[str, str | None]] = [
        ("recipient", export.recipient),
        ("purpose", export.purpose),
        ("legal basis", export.legal_basis),
        ("authorization", export.authorization),
        ("retention", export.retention),
        ("pseudonymization domain", export.domain),
        ("destinations", ", ".join(destination.id for destination in export.destinations)),
    ]
    lines = [f"| {name} | {_cell(words)} |" for name, words in rows if words]
    return "\n".join(["| | |", "| --- | --- |", *lines])


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
