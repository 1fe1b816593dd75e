"""How do the corpus's DAGs end? As soon as the doors let them pass, by an author's own hook: nothing is contacted.

Those of `runs` go on, and really run.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowSkipException

START = datetime(2026, 1, 1, tzinfo=UTC)
TWICE = {"retries": 2, "retry_delay": timedelta(0)}


def passed(context):
    """Run where an author's code runs first: after the doors, before execute."""
    raise AirflowSkipException("the doors let it pass")


def dag(name, **options):
    return runs(name, default_args={**TWICE, "pre_execute": passed}, **options)


def runs(name, **options):
    return DAG(name, schedule="@once", start_date=START, **{"default_args": TWICE, **options})
