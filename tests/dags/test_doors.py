"""The three doors under Airflow's own scheduler and workers: a corpus of DAGs, and who came to whom on the loopback.

`fhir.chu.example` and its kin are 127.0.0.2, which the register allows; every other name is 127.0.0.4, which it doesn't.
Both listen, and count who came. Nothing outside this machine is contacted.
"""

import inspect
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.airflow.instance import Instance
from pipeline.home import Home
from pipeline.journal import Journal

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "doors"
OUTPUT = ROOT / "test-output"
EXPECTED = YAML(typ="safe").load((CORPUS / "expected.yaml").read_text(encoding="utf-8"))
NOT_RUN = (
    "conftest.py",
    "site",
    "installation",
    "run_corpus.py",
    "stores.py",
    "clients.py",
    "shells.py",
    "*.yaml",
    "__*",
)
"""The last three are only read, by tests/pipeline/airflow/doors/test_corpus.py: a task under the scheduler costs a second."""
HTTP = b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: "x"\r\nConnection: close\r\n\r\n'

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]

NOT_JUDGED = {"confined", "deferred_to_what_is_open", "deferred_to_our_own", "deferred_to_a_stranger"}
"""DAGs with tests of their own."""
VISITORS = {
    *("run_requests_own", "run_http_hook_own", "run_http_operator", "run_s3_operator", "run_bash_own"),
    "run_mapped",  # one of its two items
}


class Listener:
    """A server at one address that counts who came, echoes, and says yes to HTTP."""

    def __init__(self, address, port=0):
        self.server = socket.create_server((address, port), backlog=256)
        self.came = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.came += 1
            with connection:
                connection.settimeout(5)
                asked = connection.recv(65_536)
                connection.sendall(HTTP if b"HTTP/1" in asked else asked)


@dataclass
class Seen:
    """What one run of the corpus left: Airflow's word on each task, the journal's, and how often somebody came."""

    tasks: dict = field(default_factory=lambda: defaultdict(list))
    dags: set = field(default_factory=set)
    import_errors: list = field(default_factory=list)
    journal: list = field(default_factory=list)
    journal_text: str = ""
    logs: dict = field(default_factory=dict)
    came: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)

    def lines(self, event, dag):
        return [line for line in self.journal if line["event"] == event and line.get("dag") == dag]

    def door(self, task):
        """Which door stopped a task, by what the journal says of it: parse, execute, run; or pass."""

        def of_this(line):
            return (line["task"], line.get("map_index", -1)) == (task["task_id"], task["map_index"])

        if any(map(of_this, self.lines("task.violation", task["dag_id"]))):
            return "run"
        blocked = [line for line in self.lines("task.decision", task["dag_id"]) if line["decision"] == "block"]
        if any(map(of_this, blocked)):
            return "execute"
        return "pass" if task["state"] in {"success", "skipped"} else f"{task['state']} by itself"

    def doors(self, dag):
        return sorted(map(self.door, self.tasks[dag])) if dag in self.dags else ["parse"]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """The whole corpus once, under the scheduler, each DAG started as soon as it is read."""
    folder = tmp_path_factory.mktemp("doors")
    shutil.copytree(CORPUS, folder / "dags", ignore=shutil.ignore_patterns(*NOT_RUN))
    for name in ("confined.py", "parsed.py"):
        shutil.copy(Path(__file__).parent / "kernel" / name, folder / "dags")
    own = Listener("127.0.0.2")
    port = own.server.getsockname()[1]
    stranger, everybodys = Listener("127.0.0.4", port), Listener("127.0.0.1")
    subprocess.run(["bash", "-c", f": > /dev/tcp/127.0.0.4/{port}"], check=True)  # unconfined, it is reached and counts
    places = {"forbidden": ("127.0.0.4", port), "allowed": everybodys.server.getsockname()}
    (folder / "dags" / "places.json").write_text(json.dumps(places))
    (folder / "script.sh").write_text(f"curl -m 2 http://127.0.0.4:{port}/\n")
    found = Seen(places=places)
    with socket.socket(socket.AF_UNIX) as machines:
        machines.bind(str(folder / "docker.sock"))
        machines.listen()
        instance = Instance(
            folder / "airflow",
            folder / "dags",
            folder / "home",
            settings=_settings(folder, port, places["allowed"]),
            triggerer=True,
        )
        with instance:
            _watch(instance, found)
    for listener in (own, stranger, everybodys):
        listener.server.close()
    found.came = {"own": own.came, "stranger": stranger.came - 1, "open to all": everybodys.came}
    journal = Home.from_environment({"DOUANE_HOME": str(folder / "home")}).journal_file
    found.journal, found.journal_text = list(Journal(journal).lines()), journal.read_text(encoding="utf-8")
    return found


def _settings(folder, port, allowed):
    connections = YAML(typ="safe").load((CORPUS / "installation" / "connections.yaml").read_text(encoding="utf-8"))
    told = {
        f"AIRFLOW_CONN_{name.upper()}": json.dumps(content)
        .replace("{port}", str(port))
        .replace("{open}", str(allowed[1]))
        for name, content in connections.items()
    }
    path = (CORPUS / "site", *_policy_found(folder), ROOT)
    return told | {
        "PYTHONPATH": ":".join(map(str, path)),
        "DOORS_PORT": str(port),
        "DOORS_FILE": str(folder / "written"),
        "DOORS_SOCKET": str(folder / "docker.sock"),
        "DOORS_SCRIPT": str(folder / "script.sh"),
        "AIRFLOW__DOUANE__REGISTER": str(CORPUS / "installation" / "register"),
        "AIRFLOW__DOUANE__POLICY": str(CORPUS / "installation" / "policy.yaml"),
        "AIRFLOW__DOUANE__DOOR_OPEN": f"{allowed[0]}:{allowed[1]}",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__API__MAXIMUM_PAGE_LIMIT": "1000",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",
        "AIRFLOW__SCHEDULER__MAX_DAGRUNS_TO_CREATE_PER_LOOP": "500",
        "AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": "500",
    }


def _watch(instance, found):
    """Wait until every DAG that could be read has run, and take down what Airflow says of it."""
    readable = [name for name, expected in EXPECTED.items() if expected != "parse"]

    def ended():
        time.sleep(2)  # a list of all runs, asked for twice a second, cost as much as the runs
        counts = [
            instance.call("GET", f"/dags/~/dagRuns?limit=1&state={state}")["total_entries"]
            for state in ("success", "failed")
        ]
        return sum(counts) >= len({*readable, *NOT_JUDGED})

    instance.wait(ended, what="the end of the corpus", seconds=500)
    for task in instance.call("GET", "/dags/~/dagRuns/~/taskInstances?limit=1000")["task_instances"]:
        found.tasks[task["dag_id"]].append(task)
    found.dags = {dag["dag_id"] for dag in instance.call("GET", "/dags?limit=1000")["dags"]}
    found.import_errors = instance.call("GET", "/importErrors?limit=1000")["import_errors"]
    for task in found.tasks["confined"]:
        path = f"/dags/confined/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}/logs/1?full_content=true"
        found.logs[task["task_id"]] = json.dumps(instance.call("GET", path.replace("+", "%2B"))["content"])


def _policy_found(folder):
    """An environment that was installed before the policy's entry point was there: give it one."""
    if any(point.value == "pipeline.airflow.policy" for point in entry_points(group="airflow.policy")):
        return ()
    metadata = folder / "site" / "douane_policy-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: douane-policy\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text("[airflow.policy]\ndouane = pipeline.airflow.policy\n")
    return (folder / "site",)


@pytest.fixture(scope="module", autouse=True)
def _table(seen):
    """The table of expected and seen, as test output."""
    rows = [(name, _words(EXPECTED[name]), _words(seen.doors(name)), _operator(seen, name)) for name in EXPECTED]
    agreed = sum(expected == found for _, expected, found, _ in rows)
    told = Counter(door for _, _, found, _ in rows for door in found.split(", "))
    lines = [
        "# What the doors stopped, and what they let pass",
        "",
        f"{len(rows)} DAGs under Airflow's scheduler: {agreed} as expected. Tasks: "
        + ", ".join(f"{count} {door}" for door, count in sorted(told.items()))
        + f". Connections that came: {', '.join(f'{count} {who}' for who, count in seen.came.items())}.",
        "",
        "| DAG | operator | expected | seen |",
        "| --- | --- | --- | --- |",
        *(f"| {name} | {operator} | {expected} | {found} |" for name, expected, found, operator in rows),
    ]
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "doors_table.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _words(doors):
    return ", ".join(sorted([doors] if isinstance(doors, str) else doors))


def _operator(seen, name):
    return ", ".join(dict.fromkeys(str(task["operator_name"] or task["operator"]) for task in seen.tasks[name])) or "-"


@pytest.mark.parametrize("name", EXPECTED)
def test_each_task_is_stopped_at_its_door_or_passes(seen, name):
    assert _words(seen.doors(name)) == _words(EXPECTED[name])


def test_every_dag_of_the_corpus_is_expected_and_at_least_sixty_are(seen):
    assert seen.dags - NOT_JUDGED - {"parsed"} <= EXPECTED.keys()
    assert len(EXPECTED) >= 60


def test_nobody_came_to_the_stranger_and_those_who_may_came_to_our_own(seen):
    assert seen.came["stranger"] == 0
    assert seen.came["own"] == len(VISITORS)


def test_what_is_stopped_has_failed_at_its_first_try(seen):
    ended = {
        (task["dag_id"], task["state"], task["try_number"])
        for tasks in seen.tasks.values()
        for task in tasks
        if task["dag_id"] not in NOT_JUDGED and seen.door(task) in {"execute", "run"}
    }
    # A callback of success runs when the task has ended well: it reached nobody, and is journaled.
    assert {one for one in ended if one[1:] != ("failed", 1)} == {("run_callback", "success", 1)}


def test_what_is_stopped_at_parse_is_an_import_error_that_says_whose_rule_and_mend(seen):
    # Airflow keeps one error a file, of whichever of its DAGs it came to last.
    problems = [error["stack_trace"] for error in seen.import_errors]
    assert problems
    for problem in problems:
        assert "AirflowClusterPolicyViolation" in problem
        assert ".t may not run with identified-health data. " in problem
        assert any(rule in problem for rule in ("location.", "certificate.", "task.unconfined"))


def test_every_decision_stands_in_the_journal_with_rules_and_without_a_secret(seen):
    decisions = {line["dag"]: line for line in seen.journal if line["event"] == "task.decision"}
    assert decisions["sql_abroad"]["decision"] == "block"
    assert decisions["sql_abroad"]["rules"] == ["location.unknown"]
    assert decisions["gcs_verified"]["decision"] == "allow"
    assert decisions["open_data_by_policy"]["class"] == "technical"
    assert "secret-of" not in seen.journal_text
    assert "c2VjcmV0" not in seen.journal_text


@pytest.mark.parametrize("task", ["swallows", "raises", "skips", "asks", "bash", "unhooks"])
def test_a_task_that_tried_has_failed_at_its_first_try(seen, task):
    (found,) = (one for one in seen.tasks["confined"] if one["task_id"] == task)
    assert (found["state"], found["try_number"]) == ("failed", 1), seen.logs[task]


@pytest.mark.parametrize("task", ["swallows", "skips", "bash"])
def test_its_log_names_the_place(seen, task):
    host, port = seen.places["forbidden"]
    assert f"{host}:{port}" in seen.logs[task]


def test_the_journal_names_the_task_and_the_place(seen):
    host, port = seen.places["forbidden"]
    noted = {(line.get("task"), line["host"], line["port"]) for line in seen.lines("task.violation", "confined")}
    assert ("swallows", host, port) in noted
    assert ("asks", "1850275123456.attacker.example", 0) in noted


def test_the_parsing_of_the_file_was_confined_too(seen):
    host, _ = seen.places["forbidden"]
    violations = [line for line in seen.journal if line["event"] == "task.violation"]
    assert any((line.get("task"), line["host"]) == (None, host) for line in violations)


def test_a_trigger_reaches_what_is_open_to_all_and_is_refused_the_rest(seen):
    # Their tasks' states say nothing: Airflow 3.3.2 takes a trigger that fires at once for a worker that died.
    tried = {
        (line["host"], line["port"])
        for line in seen.journal
        if line["event"] == "task.violation" and "task" not in line
    }
    port = seen.places["forbidden"][1]
    assert {("127.0.0.4", port ^ 1), ("fhir.chu.example", 0)} <= tried
    assert seen.came["open to all"] >= len({"confined.reaches", "deferred_to_what_is_open"})


@pytest.mark.parametrize("task", ["reaches", "harmless"])
def test_what_is_open_or_needs_no_network_succeeds(seen, task):
    (found,) = (one for one in seen.tasks["confined"] if one["task_id"] == task)
    assert found["state"] == "success", seen.logs[task]


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
