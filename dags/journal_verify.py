"""Every week: is each line of the journal what was written, and is the head that the last run noted still there?"""

from datetime import UTC, datetime

from airflow.sdk import DAG

from pipeline.airflow.watch import VerifyJournal

with DAG(
    "journal_verify",
    schedule="0 5 * * 1",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    tags=["douane-watch"],
):
    VerifyJournal(task_id="verify")
