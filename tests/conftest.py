"""What every test may use: the command line as a user runs it, in a home of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# A loaded machine is no failure; where main is checked, the examples are the same for everybody.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).parents[1]


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


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write what comes out as what is expected")
