"""Folders of what goes in and what comes out: to add a case, add files. `--update-golden` writes what comes out."""

import difflib
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from pipeline.data_files import data_folder
from pipeline.guard import Guard
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.making.extracting import read_samples
from pipeline.order import Order
from pipeline.plan import read_plan, write_plan
from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.policy import read_policy
from pipeline.run import Rooms, run
from pipeline.sources.folder import FolderSource
from transforms import Key, detect

CASES = sorted(path for path in (Path(__file__).parent / "golden").iterdir() if path.is_dir())
KEY = Key(bytes(range(32)), domain="golden", id="golden")
POLICY = data_folder() / "policies" / "default.yaml"


@pytest.fixture
def update_golden(request):
    wanted = request.config.getoption("--update-golden")
    assert not (wanted and os.environ.get("CI")), "never update what is expected where it is checked"
    return wanted


def make(case: Path, home_folder: Path) -> Path:
    home = Home.from_environment({"DOUANE_HOME": str(home_folder)})
    keyring = FolderKeyring(home.keys)
    keyring.new()
    order = Order(
        source=FolderSource([case / "input"]),
        plan=read_plan(case / "plan.yaml"),
        policy=read_policy(POLICY),
        key=KEY,
        approved_by="dpo",
        releases=home.releases,
    )
    rooms = Rooms(home, keyring, Journal(home.journal_file), Guard.load(None, POLICY))
    return run(order, rooms).made.release.folder


def as_csv(path: Path) -> str:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(pq.read_table(path), sink)
    return sink.getvalue().to_pybytes().decode()


def draft(case: Path) -> None:
    samples = read_samples(FolderSource([case / "input"]).tables())
    plan = draft_plan(
        detect(samples),
        samples,
        policy=read_policy(POLICY),
        domain="golden",
        rulings=[read_ruling("*.*=suppress", by="dpo")],
    )
    write_plan(plan, case / "plan.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_goes_in_comes_out_as_written(case, tmp_path, update_golden):
    if update_golden:
        draft(case)
    release = make(case, tmp_path)
    made = {path.stem: as_csv(path) for path in sorted(release.glob("*.parquet"))}
    if update_golden:
        for table, text in made.items():
            (case / "expected" / f"{table}.csv").write_text(text, encoding="utf-8")
    expected = {path.stem: path.read_text(encoding="utf-8") for path in sorted((case / "expected").glob("*.csv"))}
    difference = [
        line
        for table in sorted(made.keys() | expected.keys())
        for line in difflib.unified_diff(
            expected.get(table, "").splitlines(), made.get(table, "").splitlines(), table, table, lineterm=""
        )
    ]
    assert not difference, "\n".join(difference)
