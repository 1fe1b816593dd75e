"""The kernel's door under Airflow's own scheduler: what a task tries reaches nobody, and the task fails for good."""

import inspect
import json
import shutil
import socket
import sys
import threading
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from pipeline.airflow.instance import Instance
from pipeline.airflow.runs import DagRun
from pipeline.home import Home
from pipeline.journal import Journal

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


def listen(address, came):
    server = socket.create_server((address, 0), backlog=64)

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            came.append(1)
            with connection:
                connection.sendall(connection.recv(64))

    threading.Thread(target=serve, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """One run of the DAG: tasks, logs, journal, and who came to the forbidden place."""
    folder = tmp_path_factory.mktemp("confined")
    (folder / "dags").mkdir()
    for name in ("confined.py", "parsed.py"):
        shutil.copy(Path(__file__).parent / "kernel" / name, folder / "dags")
    came = {"forbidden": [], "allowed": []}
    servers = {"forbidden": listen("127.0.0.2", came["forbidden"]), "allowed": listen("127.0.0.1", came["allowed"])}
    places = {name: server.getsockname() for name, server in servers.items()}
    (folder / "dags" / "places.json").write_text(json.dumps(places))
    host, port = places["allowed"]
    settings = {
        "AIRFLOW__DOUANE__DOOR_OPEN": f"{host}:{port}",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "PYTHONPATH": f"{_policy_found(folder)}{ROOT}",
    }
    instance = Instance(folder / "airflow", folder / "dags", folder / "home", settings=settings)
    with instance:
        instance.wait(lambda: _unpaused(instance), what="the DAG")
        made = instance.call("POST", "/dags/confined/dagRuns", {"logical_date": None, "conf": {}})
        run = DagRun(instance, "confined", made["dag_run_id"])
        run.wait()
        tasks = {task.task: task for task in run.tasks()}
        logs = {name: run.log(name) for name in tasks}
    for server in servers.values():
        server.close()
    journal = list(Journal(Home.from_environment({"DOUANE_HOME": str(folder / "home")}).journal_file).lines())
    return tasks, logs, journal, came, places


def _unpaused(instance):
    return instance.call("PATCH", "/dags/confined", {"is_paused": False})


def _policy_found(folder):
    """An environment that was installed before the policy's entry point was there: give it one."""
    if any(point.value == "pipeline.airflow.policy" for point in entry_points(group="airflow.policy")):
        return ""
    metadata = folder / "site" / "douane_policy-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: douane-policy\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text("[airflow.policy]\ndouane = pipeline.airflow.policy\n")
    return f"{folder / 'site'}:"


def test_nobody_came_to_the_forbidden_place(seen):
    *_, came, _ = seen
    assert came["forbidden"] == []


@pytest.mark.parametrize("task", ["swallows", "raises", "skips", "asks", "bash", "unhooks"])
def test_a_task_that_tried_has_failed_at_its_first_try(seen, task):
    tasks, logs, *_ = seen
    assert (tasks[task].state, tasks[task].tries) == ("failed", 1), logs[task]


@pytest.mark.parametrize("task", ["swallows", "skips", "bash"])
def test_its_log_names_the_place(seen, task):
    _, logs, _, _, places = seen
    assert f"{places['forbidden'][0]}:{places['forbidden'][1]}" in logs[task]


def test_the_journal_names_the_task_and_the_place(seen):
    *_, journal, _, places = seen
    host, port = places["forbidden"]
    noted = {(line.get("task"), line["host"], line["port"]) for line in journal if line["event"] == "task.violation"}
    assert ("swallows", host, port) in noted
    assert ("asks", "1850275123456.attacker.example", 0) in noted


def test_the_parsing_of_the_file_was_confined_too(seen):
    *_, journal, _, places = seen
    host, _ = places["forbidden"]
    assert any(
        (line.get("task"), line["host"]) == (None, host) for line in journal if line["event"] == "task.violation"
    )


@pytest.mark.parametrize("task", ["reaches", "harmless"])
def test_what_is_open_or_needs_no_network_succeeds(seen, task):
    tasks, logs, *_ = seen
    assert tasks[task].state == "success", logs[task]


def test_the_private_parts_of_airflow_are_where_they_were():
    """When this fails, a release of Airflow moved what `pipeline.airflow.kernel` leans on (outcome.py, forks.py)."""
    from airflow.dag_processing.processor import DagFileProcessorProcess
    from airflow.jobs.triggerer_job_runner import TriggerRunnerSupervisor
    from airflow.sdk import BaseOperator
    from airflow.sdk.execution_time import comms, supervisor, task_runner

    from pipeline.airflow.kernel.forks import CONFINED_CHILDREN

    assert "_ti_context_from_server" in task_runner.RuntimeTaskInstance.__private_attributes__
    assert hasattr(BaseOperator, "_post_execute_hook")
    assert {"SucceedTask", "DeferTask", "AwaitInputTask", "RetryTask", "RescheduleTask", "TaskState"} <= set(dir(comms))
    assert callable(comms.CommsDecoder.send)
    assert {kind.__name__ for kind in (DagFileProcessorProcess, TriggerRunnerSupervisor)} == set(CONFINED_CHILDREN)
    for kind in (DagFileProcessorProcess, TriggerRunnerSupervisor):
        assert issubclass(kind, supervisor.WatchedSubprocess)
    assert "_fork_main(child_requests, child_stdout, child_stderr, child_logs.fileno(), target)" in inspect.getsource(
        supervisor.WatchedSubprocess.start
    )
    assert list(inspect.signature(supervisor._fork_main).parameters)[-1] == "target"
    assert sys.modules["airflow.sdk.execution_time.task_runner"].TaskRunnerMarker.__name__ == "TaskRunnerMarker"
