"""Is the sample what its script makes, and does the ready plan go with its policy?"""

from pathlib import Path

from data.samples.generator import omop
from pipeline.digests import document_digest
from pipeline.plan import read_plan
from pipeline.policy import read_policy

DATA = Path(__file__).parents[2] / "data"


def test_the_sample_is_what_its_script_makes(tmp_path):
    omop.main(tmp_path)
    made = {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()}
    assert made == {file.name: file.read_text("utf-8") for file in (DATA / "samples" / "omop").iterdir()}


def test_the_ready_plan_is_decided_and_of_its_policy():
    plan = read_plan(DATA / "policies" / "omop.plan.yaml")
    assert plan.undecided == []
    assert plan.policy_sha256 == document_digest(read_policy(DATA / "policies" / "omop.yaml"))
    assert {name: list(table.fields) for name, table in plan.tables.items()} == {
        name: columns.split() for name, columns in sorted(omop.COLUMNS.items())
    }


def test_no_number_of_a_stay_or_person_is_kept():
    plan = read_plan(DATA / "policies" / "omop.plan.yaml")
    kept = [name for _, name, field in plan.each_field() if [step.transform for step in field.decided] == ["keep"]]
    assert [name for name in kept if name.endswith("_id") and "concept" not in name] == []
