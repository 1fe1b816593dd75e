"""How do the corpus's DAGs end? As soon as the doors let them pass, by an author's own hook: nothing is contacted."""

from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowSkipException


def passed(context):
    """Run where an author's code runs first: after the doors, before execute."""
    raise AirflowSkipException("the doors let it pass")


def dag(name, **options):
    return DAG(name, schedule=None, default_args={"pre_execute": passed, "retries": 2}, **options)
