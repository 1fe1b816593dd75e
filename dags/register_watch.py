"""Every morning: which certificate or destination ends soon, which fact of the register is stale or contradicts another?"""

from datetime import UTC, datetime

from airflow.sdk import DAG

from pipeline.airflow.watch import WatchRegister

with DAG(
    "register_watch",
    schedule="0 6 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    tags=["douane-watch"],
):
    WatchRegister(task_id="look", days=30)
