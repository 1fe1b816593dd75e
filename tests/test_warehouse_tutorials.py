"""The tutorials of ready plans are run, and the shipped plans still fit the tables that they are for."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.plan import read_plan

ROOT = Path(__file__).parents[1]
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module", params=["omop", "pmsi"])
def walked(request, tmp_path_factory, shell_in):
    """A reader's folder after the last command of the page."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "data").symlink_to(ROOT / "data")
    page = (ROOT / "docs" / "tutorials" / f"{request.param}.md").read_text(encoding="utf-8")
    ran = shell_in(folder, "set -e\n" + "\n".join(COMMANDS.findall(page)))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return request.param, folder


def rows(file: Path) -> list[dict]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";" if file.parent.name == "pmsi" else ","))


def test_the_release_holds_every_row_and_none_of_the_identifiers(walked):
    name, folder = walked
    (release,) = [path for path in (folder / "home" / "releases").iterdir() if not path.name.startswith(".")]
    gone = {
        "omop": {
            "person": ["person_source_value"],
            "provider": ["provider_name", "provider_source_value"],
            "visit_occurrence": ["visit_source_value"],
        },
        "pmsi": {"vidhosp": ["NIR_OD", "NUM_IPP", "NUM_ADM", "NOM_NAISSANCE"]},
    }[name]
    released = b"".join(path.read_bytes() for path in release.rglob("*.parquet"))
    for source in (ROOT / "data" / "samples" / name).glob("*.csv"):
        before, after = rows(source), pq.read_table(release / f"{source.stem}.parquet").to_pylist()
        assert len(before) == len(after)
        for field in gone.get(source.stem, ()):
            kept = {row[field] for row in before} & {row.get(field) for row in after}
            assert not kept - {"", None}
    assert not [value for value in planted(name) if value.encode() in released]


def planted(name: str) -> set[str]:
    if name == "omop":
        return {row["person_source_value"] for row in rows(ROOT / "data/samples/omop/person.csv")}
    return {row["NIR_OD"] for row in rows(ROOT / "data/samples/pmsi/vidhosp.csv")} - {""}


def test_codes_and_results_are_kept(walked):
    name, folder = walked
    (release,) = [path for path in (folder / "home" / "releases").iterdir() if not path.name.startswith(".")]
    table, field = {"omop": ("measurement", "measurement_source_value"), "pmsi": ("diagnostics", "ASS_DGN")}[name]
    before = [row[field] for row in rows(ROOT / "data" / "samples" / name / f"{table}.csv")]
    assert pq.read_table(release / f"{table}.parquet").column(field).to_pylist() == before


@pytest.mark.parametrize("name", ["omop", "pmsi"])
def test_no_field_of_a_shipped_plan_waits_for_a_person(name):
    plan = read_plan(ROOT / "data" / "policies" / name / "plan.yaml")
    waiting = [f"{table}.{field}" for table, t in plan.tables.items() for field, f in t.fields.items() if not f.decided]
    assert waiting == []


def test_the_samples_are_what_their_generator_writes(tmp_path):
    (tmp_path / "hospital").symlink_to(ROOT / "data" / "samples" / "hospital")
    subprocess.run(
        [sys.executable, "-m", "data.samples.generator.warehouses", str(tmp_path)], check=True, cwd=ROOT, timeout=120
    )
    for name in ("omop", "pmsi"):
        for file in (ROOT / "data" / "samples" / name).iterdir():
            assert (tmp_path / name / file.name).read_bytes() == file.read_bytes()
