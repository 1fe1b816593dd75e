"""What every test may use: the command line as a user runs it, in a home of its own."""

import atexit
import doctest
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# A loaded machine is no failure; where main is checked, the examples are the same for everybody.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).parents[1]

# Importing Airflow writes its configuration into AIRFLOW_HOME: never the home of whoever runs the tests.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="douane-airflow-home-")
atexit.register(shutil.rmtree, os.environ["AIRFLOW_HOME"], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_home(tmp_path_factory):
    """No test may read or write the keys and registers of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOUANE_HOME", str(tmp_path_factory.mktemp("nobody")))
        yield


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A DOUANE_HOME of this test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DOUANE_HOME", str(folder))
    return folder


@pytest.fixture
def douane(home):
    """Run `douane` as a process of its own; gives what it printed and its exit code."""

    def run(*words: str, **options) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DOUANE_HOME": str(home), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        command = [sys.executable, "-m", "pipeline.cli", *map(str, words)]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment | options.pop("env", {}), **options
        )

    return run


@pytest.fixture(scope="session")
def shell_in():
    """Run a script in bash as a reader of the documentation would: `douane` is found, `make` only says what it'd do."""

    def run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
        tools = folder / ".tools"
        tools.mkdir(exist_ok=True)
        for name, line in {
            "douane": f'exec "{sys.executable}" -m pipeline.cli "$@"',
            "make": f'exec {shutil.which("make")} --no-print-directory --dry-run -C "{ROOT}" "$@"',
            "python3": f'exec "{sys.executable}" "$@"',
        }.items():
            (tools / name).write_text(f"#!/bin/sh\n{line}\n")
            (tools / name).chmod(0o755)
        environment = os.environ | {
            "DOUANE_HOME": str(folder / "home"),
            "NO_COLOR": "1",
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.run(
            ["bash", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env=environment,
        )

    return run


@pytest.fixture(scope="session")
def matches():
    """Compare what the documentation shows with what was printed; three dots stand for anything."""

    def compare(shown: str, printed: str) -> None:
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        assert doctest.OutputChecker().check_output(shown, printed, flags), f"shown:\n{shown}\nprinted:\n{printed}"

    return compare


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write what comes out as what is expected")


_BY_FILE = ("tests/dags/", "tests/pipeline/airflow/doors/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Spread tests one by one, but what needs one Airflow (or one Spark) goes to one worker: two would start two of them."""
    from xdist.scheduler import LoadScopeScheduling

    class OneAirflow(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(("tests/dags/test_scheduler.py", "tests/dags/test_ui")):
                return "airflow"
            if nodeid.startswith("tests/pipeline/spark/"):
                return "spark"
            # Files whose tests share one installation, one walk or one program under Airflow.
            return nodeid.partition("::")[0] if nodeid.startswith(_BY_FILE) else nodeid

    return OneAirflow(config, log)
