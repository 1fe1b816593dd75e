"""What has a process that forks workers loaded by then, so that they need not?"""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.airflow

PROGRAM = """
import json, logging, os, sys, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from types import SimpleNamespace
from pipeline.airflow.kernel import listener
listener.on_starting(SimpleNamespace(job_type="SchedulerJob"))
from pipeline.airflow.doors import ruling, table
read, write = os.pipe()
if os.fork() == 0:
    before = set(sys.modules)
    from pipeline.airflow.doors import execute_door, scripts
    law = ruling.law()
    scripts.read_script("psql -h pg.chu.example -c 'select 1'", where="x", variables={})
    told = {"loaded": sorted(set(sys.modules) - before), "read again": ruling._law.cache_info().misses - 1, "problem": law.guard.problem}
    os.write(write, json.dumps(told).encode())
    os._exit(0)
os.wait()
print(os.read(read, 100_000).decode())
"""


def inherited(environment):
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_forked_worker_loads_no_module_of_the_doors_and_reads_no_register_again(environment_of, tmp_path):
    seen = inherited(environment_of(tmp_path))
    assert [name for name in seen["loaded"] if name.startswith(("pipeline.", "sqlglot", "tree_sitter"))] == []
    assert seen["read again"] == 0
    assert seen["problem"] == ""


def test_a_register_that_cannot_be_read_stops_no_scheduler_and_is_told_by_each_task(environment_of, tmp_path):
    broken = tmp_path / "register"
    broken.mkdir()
    (broken / "destinations.yaml").write_text("format: 1\ndestinations: [{id: x}]\n")
    environment = environment_of(tmp_path / "home") | {"AIRFLOW__DOUANE__REGISTER": os.fspath(broken)}
    assert "destinations.yaml" in inherited(environment)["problem"]
