"""Folders of documents: what goes in, the plan, what comes out, which planted values are gone and which stay.

To add a case, add a folder. `--update-golden` writes the plan and what comes out.
"""

import os
from pathlib import Path

import pytest

from pipeline.data_files import data_folder
from pipeline.guard import Guard
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.order import Order
from pipeline.plan import read_plan, write_plan
from pipeline.policy import read_policy
from pipeline.records.drafting import draft_records_plan
from pipeline.records.source import find_records
from pipeline.run import Rooms, run
from transforms import Key

CASES = sorted(path for path in (Path(__file__).parent / "golden_records").iterdir() if path.is_dir())
KEY = Key(bytes(range(32)), domain="golden", id="golden")
POLICY = data_folder() / "policies" / "default.yaml"
PAPERS = {"manifest.json", "manifest.json.sig", "dictionary.csv", "report.html"}


@pytest.fixture
def update_golden(request):
    wanted = request.config.getoption("--update-golden")
    assert not (wanted and os.environ.get("CI")), "never update what is expected where it is checked"
    return wanted


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The release of a case, made once."""
    made = {}

    def release(case):
        if case not in made:
            made[case] = make(case, tmp_path_factory.mktemp(case.name))
        return made[case]

    return release


def policy_of(case: Path) -> Path:
    """The case's own policy, where the default one would release nothing of it."""
    own = case / "policy.yaml"
    return own if own.exists() else POLICY


def make(case: Path, home_folder: Path) -> Path:
    home = Home.from_environment({"DOUANE_HOME": str(home_folder)})
    keyring = FolderKeyring(home.keys)
    keyring.new()
    order = Order(
        source=find_records([str(case / "input")]),
        plan=read_plan(case / "plan.yaml"),
        policy=read_policy(policy_of(case)),
        key=KEY,
        approved_by="dpo",
        releases=home.releases,
    )
    rooms = Rooms(home, keyring, Journal(home.journal_file), Guard.load(None, policy_of(case)))
    return run(order, rooms).made.release.folder


def lines_of(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def documents(release: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(release.iterdir()) if file.name not in PAPERS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_documents_come_out_as_written(case, released, update_golden):
    if update_golden:
        source = find_records([str(case / "input")])
        write_plan(draft_records_plan(source, policy=read_policy(policy_of(case)), domain="golden"), case / "plan.yaml")
    made = documents(released(case))
    if update_golden:
        for name, content in made.items():
            (case / "expected" / name).write_bytes(content)
    assert made == {file.name: file.read_bytes() for file in sorted((case / "expected").iterdir())}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_planted_identifiers_are_nowhere_in_the_release(case, released):
    content = {file.name: file.read_text("utf-8", "replace").lower() for file in released(case).iterdir()}
    found = [
        (name, value) for value in lines_of(case / "gone.txt") for name in content if value.lower() in content[name]
    ]
    assert found == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_planted_health_values_stay(case, released):
    content = b"".join(documents(released(case)).values()).decode("utf-8", "replace")
    assert [value for value in lines_of(case / "stays.txt") if value not in content] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_documents_twice_give_the_same_manifest(case, released, tmp_path):
    assert (make(case, tmp_path) / "manifest.json").read_bytes() == (released(case) / "manifest.json").read_bytes()
