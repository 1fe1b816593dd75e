"""One real Airflow for the whole session's corpus, in a process of its own; nothing is contacted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[4]
CORPUS = ROOT / "tests" / "dags" / "doors"
ENTRY_POINT = "[airflow.policy]\ndouane = pipeline.airflow.policy\n"


def airflow_environment(home, corpus=CORPUS):
    """Airflow's settings for a folder of DAGs, with the policy as installing Douane would register it."""
    installed = home / "installed" / "douane_policy-0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: douane-policy\nVersion: 0\n")
    (installed / "entry_points.txt").write_text(ENTRY_POINT)
    connections = YAML(typ="safe").load((CORPUS / "installation" / "connections.yaml").read_text(encoding="utf-8"))
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "DOUANE", "AWS_"))},
        **{f"AIRFLOW_CONN_{name.upper()}": json.dumps(content) for name, content in connections.items()},
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(corpus),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
        "AIRFLOW__DOUANE__HOME": str(home / "douane"),
        "AIRFLOW__DOUANE__REGISTER": str(CORPUS / "installation" / "register"),
        "AIRFLOW__DOUANE__POLICY": str(CORPUS / "installation" / "policy.yaml"),
        "AIRFLOW__DOUANE__DOOR_RUN": "off",  # the kernel's door has its own tests
        "DOORS_PORT": "9",
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, installed.parent, CORPUS))),
    }


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """What the doors said of every task of the corpus."""
    home = tmp_path_factory.mktemp("corpus")
    environment = airflow_environment(home)
    command = [sys.executable, CORPUS / "run_corpus.py", CORPUS]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, cwd=home)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def environment_of():
    """Airflow's settings for a home of one's own."""
    return airflow_environment
