"""Does a client get the guard's own spelling of an address, and none of a place that is blocked?"""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.airflow

PROGRAM = """
import json, logging, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from airflow.sdk.exceptions import AirflowFailException
from pipeline.airflow.hooks import DouaneHook
seen = {}
for name, data_class in [("pg_own", ""), ("pg_loud", ""), ("pg_abroad", ""), ("pg_abroad", "technical"), ("fs", ""), ("none", "")]:
    try:
        seen[f"{name} {data_class}".strip()] = DouaneHook(name, data_class=data_class).get_conn()
    except AirflowFailException as stop:
        seen[f"{name} {data_class}".strip()] = str(stop)
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen(environment_of, tmp_path_factory):
    environment = {
        **environment_of(tmp_path_factory.mktemp("hook")),
        "AIRFLOW_CONN_PG_LOUD": json.dumps({"conn_type": "postgres", "host": "PG.chu.example."}),
        "AIRFLOW_CONN_FS": json.dumps({"conn_type": "fs"}),
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_an_allowed_connection_gives_its_address(seen):
    assert seen["pg_own"][1:] == ["pg.chu.example", 5432]


def test_the_address_is_as_the_guard_spells_it(seen):
    assert seen["pg_loud"][1:] == ["pg.chu.example", 5432]


@pytest.mark.parametrize("name", ["pg_abroad", "pg_abroad technical"])
def test_a_blocked_connection_gives_none_and_an_author_cannot_lower_the_class(seen, name):
    assert seen[name].startswith("The connection pg_abroad may not run with identified-health data. connection")
    assert "location.unknown" in seen[name]


def test_a_connection_without_a_host_gives_none(seen):
    assert seen["fs"] == "The connection fs names no host that could be connected to."


def test_a_connection_that_does_not_exist_is_told_as_that(seen):
    assert "connection.missing" in seen["none"]
