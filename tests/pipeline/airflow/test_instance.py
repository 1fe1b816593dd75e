import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.airflow.instance import AirflowFailed, Instance, _sessions
from pipeline.files.partial import Lock


@pytest.fixture
def instance(tmp_path):
    return Instance(tmp_path / "airflow", tmp_path / "dags", tmp_path / "home")


def test_passwords_are_made_once_and_only_this_user_reads_them(instance):
    first = instance.passwords
    assert instance.passwords == first
    assert len(first["admin"]) >= 20
    assert (instance.folder / "passwords.json").stat().st_mode & 0o077 == 0


def test_every_address_is_of_the_loopback_and_nothing_of_the_callers_airflow_gets_in(instance, monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__HOST", "0.0.0.0")  # noqa: S104 - what must not get in
    monkeypatch.setenv("DOUANE_KEYS", "/elsewhere")
    environment = instance.environment
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert "DOUANE_KEYS" not in environment
    assert instance.address == f"http://127.0.0.1:{instance.port}"


def test_a_second_airflow_in_the_same_folder_is_refused(instance):
    other = Lock(instance.folder / "running.lock")
    assert other.acquire()
    with pytest.raises(AirflowFailed, match=r"is up in .* already"):
        instance.start()
    other.release()


def test_stopping_ends_a_whole_session_also_a_child_with_a_process_group_of_its_own(instance):
    program = "import os, subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], process_group=0); time.sleep(600)"
    leader = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    instance._processes.append(leader)
    deadline = time.monotonic() + 30
    while len(_sessions({leader.pid})) < 2 and time.monotonic() < deadline:
        pass
    assert len(_sessions({leader.pid})) == 2
    instance.stop()
    assert _sessions({leader.pid}) == []


def test_a_demonstration_that_is_told_to_end_leaves_no_process(tmp_path):
    program = f"""
import signal, subprocess, sys
from pathlib import Path
from pipeline.airflow.instance import Instance
instance = Instance(Path({str(tmp_path / "a")!r}), Path("dags"), Path("home"))
instance.start = lambda: instance._processes.append(subprocess.Popen(["sleep", "600"], start_new_session=True))
with instance:
    print(instance._processes[0].pid, flush=True)
    signal.pause()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    )
    started = int(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    process.stdout.close()
    assert _sessions({started}) == []
