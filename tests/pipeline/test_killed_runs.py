"""A run that is killed at any moment leaves nothing half-made to see, and run again ends as if nothing had happened."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from pipeline.plan import write_plan

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 20

# What a process of its own does: the command line, in a home.
RUN = """
import os, sys
os.environ["DOUANE_HOME"] = home
sys.stdout = open(os.devnull, "w")
from pipeline.cli.app import app
app(words)
"""
# Imported once, before the first fork. None of it starts a thread.
PRELOADED = [
    "pipeline.cli.app",
    "pipeline.guard.guard",
    "pipeline.keyring",
    "pipeline.run",
    "pipeline.sinks.folder",
    "pipeline.sources.folder",
    "transforms.detection.detector",
    "transforms.notes.redaction",
]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def shown(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []


@dataclass
class Way:
    """One order that can be given again and again in an installation that knows nothing of the times before."""

    installation: object
    words: list[str]

    @property
    def places(self) -> tuple[Path, Path]:
        """Where a release appears: in releases/, and at the destination."""
        return self.installation.rooms.home.releases, self.installation.folder / "premises"

    def forget(self) -> None:
        home = self.installation.rooms.home
        for folder in (*self.places, home.staging, home.private, home.journal):
            shutil.rmtree(folder, ignore_errors=True)
        self.places[1].mkdir()

    def start(self, *words: str):
        """Start the run in a process that has everything imported: it costs what the run costs."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        given = {"home": str(self.installation.rooms.home.folder), "words": [*self.words, *words]}
        process = context.Process(target=exec, args=(RUN, given))
        process.start()
        return process

    def finish(self) -> None:
        process = self.start()
        process.join()
        assert process.exitcode == 0


@pytest.fixture
def way(installation, extract) -> Way:
    plan = installation.folder / "plan.yaml"
    write_plan(installation.plan(extract), plan)
    return Way(installation, ["run", str(extract), "--plan", str(plan), "--to", f"{installation.folder}/premises/"])


@pytest.fixture
def expected(way) -> dict[str, bytes]:
    """The release as an undisturbed run makes it, by release id and name: manifest and signature included."""
    way.finish()
    made, delivered = (contents(place) for place in way.places)
    assert made == delivered
    assert len(made) == 7
    return made


def require_nothing_half_made(way: Way, expected: dict[str, bytes]) -> None:
    for place in way.places:
        for folder in shown(place):
            assert {f"{folder.name}/{name}": data for name, data in contents(folder).items()} == expected
    assert way.installation.rooms.journal.verify().whole


def require_all_as_if_nothing_had_happened(way: Way, expected: dict[str, bytes]) -> None:
    for place in way.places:
        assert contents(place) == expected  # the hidden folder of the dead run is swept, too
    home = way.installation.rooms.home
    assert contents(home.staging) == contents(home.private) == {}
    state = way.installation.rooms.journal.verify()
    assert state.whole
    assert state.torn_bytes == 0
    *_, last = way.installation.rooms.journal.lines()
    assert last["event"] in {"delivery", "delivery.found"}  # found there: the dead run had delivered it


def test_a_run_killed_at_random_moments_and_run_again_ends_the_same(way, expected):
    way.forget()
    started = time.monotonic()
    way.finish()
    whole = time.monotonic() - started
    draw = random.Random(20)
    killed = 0
    for n in range(KILLS):
        way.forget()
        process = way.start(*([] if n % 2 else ["--staged"]))  # the run after it reads in place, and ends the same
        process.join((n + draw.random()) / KILLS * whole)
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        require_nothing_half_made(way, expected)
        way.finish()
        require_all_as_if_nothing_had_happened(way, expected)
    assert killed
