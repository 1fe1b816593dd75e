"""What does a DAG file cost and make? Asked of fresh interpreters, as Airflow's DAG processor starts them."""

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from pipeline.airflow.provider_info import get_provider_info

ROOT = Path(__file__).parents[3]
EXPORT = """
format: 1
id: {id}
source: {{type: folder, path: ../extract}}
plan: plan.yaml
domain: eds
key: eds
destinations: [{{id: lake, uri: "s3://lake/"}}, {{id: premises, uri: "{{home}}/premises/"}}]
recipient: r
purpose: p
legal_basis: l
retention: 1 year
"""


@pytest.fixture
def ask(tmp_path):
    """Run a program with Airflow's settings; gives the JSON of its last line."""

    def ask(program: str) -> object:
        import os

        environment = os.environ | {
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return ask


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def described(folder: Path) -> str:
    return f"""
import json
from pipeline.airflow import export_dags
dags = export_dags({str(folder)!r})
print(json.dumps({{name: {{
    "tasks": {{task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks}},
    "description": dag.description,
    "schedule": type(dag.timetable).__name__,
    "runs at once": dag.max_active_runs,
    "form": dag.params.dump(),
    "teardown": [task.task_id for task in dag.tasks if task.is_teardown],
    "setup": [task.task_id for task in dag.tasks if task.is_setup],
    "retries": {{task.task_id: (task.partial_kwargs if task.is_mapped else vars(task)).get("retries") for task in dag.tasks}},
}} for name, dag in dags.items()}}))
"""


def test_a_dag_file_brings_no_data_library_and_no_slow_parser(ask, exports):
    (exports / "cardio.yaml").write_text(EXPORT.format(id="cardio"))
    heavy = ["numpy", "pandas", "polars", "pyarrow", "ruamel.yaml", "pipeline.run", "pipeline.tasks"]
    program = f"""
import json, sys
import airflow.sdk, airflow.providers.standard.operators.hitl
before = set(sys.modules)
from pipeline.airflow import export_dags
assert list(export_dags({str(exports)!r})) == ["cardio"]
print(json.dumps(sorted(set({heavy}) & (set(sys.modules) - before))))
"""
    assert ask(program) == []


def test_an_export_is_a_dag_of_the_stages_in_their_order(ask, exports):
    (exports / "cardio.yaml").write_text(EXPORT.format(id="cardio") + 'schedule: "@daily"\nretries: 4\n')
    dag = ask(described(exports))["cardio"]
    assert dag["tasks"] == {
        "approve": ["extract"],
        "extract": ["detect", "pseudonymize", "purge"],
        "detect": ["compare"],
        "compare": ["pseudonymize"],
        "pseudonymize": ["assess"],
        "assess": ["seal"],
        "seal": ["export", "purge"],
        "export": [],
        "purge": [],
    }
    assert (dag["setup"], dag["teardown"], dag["schedule"]) == (["extract"], ["purge"], "CronDataIntervalTimetable")
    assert dag["retries"]["export"] == 4


def test_runs_of_one_export_wait_for_each_other_and_the_form_starts_with_every_destination(ask, exports):
    (exports / "cardio.yaml").write_text(EXPORT.format(id="cardio"))
    dag = ask(described(exports))["cardio"]
    assert dag["runs at once"] == 1
    assert dag["form"] == {
        "destinations": ["lake", "premises"],
        "interval_start": None,
        "interval_end": None,
        "dry_run": False,
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (EXPORT.format(id="torn") + "schedul: x\n", "torn.yaml:13: schedul: is no key of this format"),
        ("format: 1\nid: [\n", "torn.yaml:3"),
        (EXPORT.format(id="torn") + "schedule: never\n", "torn.yaml:13: schedule"),
        (EXPORT.format(id="torn") + "schedule: 61 25 * * *\n", "schedule: 61 25 * * * is no cron expression"),
        (EXPORT.format(id="torn") + "id: again\n", "torn.yaml"),
        (EXPORT.format(id="good"), "another file has the id good too"),
        ("\x00", "torn.yaml"),
    ],
    ids=["unknown key", "no YAML", "no schedule", "no cron", "a key twice", "an id twice", "no text"],
)
def test_a_broken_file_is_a_dag_of_one_task_and_the_others_live(ask, exports, text, says):
    (exports / "good.yaml").write_text(EXPORT.format(id="good"))
    (exports / "torn.yaml").write_text(text)
    dags = ask(described(exports))
    assert sorted(dags) == ["broken-torn", "good"]
    assert list(dags["broken-torn"]["tasks"]) == ["what_is_wrong"]
    assert says in dags["broken-torn"]["description"] or says in dags["broken-torn"]["description"].casefold()


def test_libyaml_and_ruamel_read_the_same_export(exports):
    pytest.importorskip("yaml")
    from pipeline.airflow.quick_yaml import read_export_quickly
    from pipeline.export import read_export

    path = exports / "cardio.yaml"
    tricky = 'start: 2026-03-01\ncatchup: true\nafter: [a]\nauthorization: "NO"\nretry_minutes: 0.5\nretries: 010\n'
    path.write_text(EXPORT.format(id="cardio") + tricky)
    assert read_export_quickly(path) == read_export(path)


def test_airflow_finds_the_provider_and_the_plugin():
    (provider,) = [e for e in entry_points(group="apache_airflow_provider") if e.value.startswith("pipeline.")]
    (plugin,) = [e for e in entry_points(group="airflow.plugins") if e.value.startswith("pipeline.")]
    assert provider.load() is get_provider_info
    assert plugin.value == "pipeline.airflow.plugin:DouanePlugin"


def test_airflow_takes_the_providers_information_as_its_schema_wants_it(ask):
    program = """
import json
from airflow.providers_manager import ProvidersManager
from airflow.configuration import conf
found = ProvidersManager().providers["douane"]
print(json.dumps([found.version, sorted(found.data["config"]["douane"]["options"])]))
"""
    version, options = ask(program)
    assert version == get_provider_info()["versions"][0]
    assert {"home", "exports", "releases"} <= set(options)


def test_the_option_home_leads_to_the_rooms(ask, tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW__DOUANE__HOME", str(tmp_path / "douane"))
    monkeypatch.setenv("AIRFLOW__DOUANE__KEYS", str(tmp_path / "safe"))
    program = """
import json
from pipeline.airflow.settings import home
print(json.dumps([str(home().releases), str(home().keys)]))
"""
    assert ask(program) == [str(tmp_path / "douane" / "releases"), str(tmp_path / "safe")]
