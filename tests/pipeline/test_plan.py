"""A plan is drafted from findings and policy, read back as written, and differences are told."""

from itertools import starmap

import pyarrow as pa
import pytest

from pipeline.data_files import data_folder
from pipeline.documents import read_document
from pipeline.errors import InvalidDocument
from pipeline.plan import Person, Plan, plan_yaml, read_plan, write_plan
from pipeline.planning.comparison import compare_columns, compare_findings, compare_plans
from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.planning.persons import find_persons
from pipeline.policy import read_policy
from transforms.detection import Finding
from transforms.errors import DouaneError
from transforms.kinds import CATEGORY_OF


def finding(name: str, kind: str, confidence: float = 0.9) -> Finding:
    return Finding(
        name=name, kind=kind, category=CATEGORY_OF[kind], confidence=confidence, evidence=(f"the header says {kind}",)
    )


FINDINGS = {
    table: list(starmap(finding, fields))
    for table, fields in {
        "patients": [("ipp", "patient_id"), ("nir", "nir"), ("nom", "last_name"), ("ddn", "birth_date")],
        "stays": [("nda", "encounter_id"), ("ipp", "patient_id"), ("entry", "event_date")],
        "labs": [("nda", "encounter_id"), ("taken", "event_date"), ("value", "lab_result"), ("low", "quantity")],
        "doctors": [("rpps", "practitioner_id"), ("nom", "last_name"), ("since", "event_date")],
    }.items()
}
SAMPLES = {
    table: pa.table({f.name: pa.array(["2020-01-01" if "date" in f.kind else "1"]) for f in fields})
    for table, fields in FINDINGS.items()
}


@pytest.fixture(scope="module")
def policy():
    return read_policy(data_folder() / "policies" / "default.yaml")


@pytest.fixture
def draft(policy):
    def draft(**options) -> Plan:
        return draft_plan(FINDINGS, SAMPLES, policy=policy, domain="eds", **options)

    return draft


def test_the_person_is_found_in_the_table_or_through_the_stay():
    assert find_persons(FINDINGS) == {
        "patients": Person(column="ipp"),
        "stays": Person(column="ipp"),
        "labs": Person(column="ipp", via="stays", on="nda"),
    }


def test_an_extract_without_persons_has_none():
    assert find_persons({"doctors": FINDINGS["doctors"]}) == {}


def test_the_draft_follows_the_policy(draft):
    patients = draft().tables["patients"].fields
    assert [step.words for step in patients["ddn"].steps] == ["shift_dates", "truncate_dates (to month)"]
    assert [step.words for step in patients["nom"].steps] == ["suppress"]
    assert patients["ipp"].link == "patient_id"
    assert patients["ddn"].type == "date"


def test_what_the_policy_leaves_open_waits_for_a_person(draft):
    assert draft().undecided == ["labs.low", "doctors.since"]


def test_steps_that_cannot_take_the_values_wait_for_a_person(policy):
    findings = {"t": [finding("ipp", "patient_id"), finding("low", "birth_date"), finding("years", "age")]}
    samples = {"t": pa.table({"ipp": ["1"], "low": [12.5], "years": ["douze ans"]})}
    plan = draft_plan(findings, samples, policy=policy, domain="eds")
    assert plan.undecided == ["t.low", "t.years"]
    assert "can't take it" in plan.tables["t"].fields["low"].why


def test_notes_of_a_table_without_persons_get_labels(policy):
    samples = {"notes": pa.table({"commentaire": ["Mme Durand à rappeler, vue par le Dr Petit"]})}
    plan = draft_plan({"notes": [finding("commentaire", "free_text")]}, samples, policy=policy, domain="eds")
    field = plan.tables["notes"].fields["commentaire"]
    assert [step.options for step in field.decided] == [{"replace": "label"}]
    assert field.why.startswith("labels, not false values")


def test_a_pattern_decides_only_what_the_policy_leaves_open(draft):
    plan = draft(rulings=[read_ruling("*.*=keep", by="dpo")])
    assert plan.undecided == []
    assert plan.tables["labs"].fields["low"].decided_by == "dpo"
    assert [step.transform for step in plan.tables["patients"].fields["nom"].steps] == ["suppress"]


def test_a_field_named_in_full_is_decided_against_the_policy(draft):
    plan = draft(rulings=[read_ruling("patients.nir=suppress", by="dpo")])
    assert [step.transform for step in plan.tables["patients"].fields["nir"].steps] == ["suppress"]


@pytest.mark.parametrize("text", ["patients.nir", "nir=keep", "patients.nir=erase", "patients.nir:nothing=keep"])
def test_a_decision_that_cannot_be_read_is_said(text):
    with pytest.raises(DouaneError, match="is no decision"):
        read_ruling(text, by="dpo")


def test_a_decision_may_correct_the_kind(draft):
    field = draft(rulings=[read_ruling("labs.value:quantity=keep", by="dpo")]).tables["labs"].fields["value"]
    assert (field.kind, field.category, field.decided_by) == ("quantity", "other", "dpo")


def test_what_a_person_decided_stays_in_the_next_draft(draft):
    first = draft(rulings=[read_ruling("patients.nir=suppress", by="dpo")])
    assert draft(earlier=first).tables["patients"].fields["nir"] == first.tables["patients"].fields["nir"]


def test_a_plan_reads_back_as_it_was_written(draft, tmp_path):
    plan = draft()
    write_plan(plan, tmp_path / "plan.yaml")
    assert read_plan(tmp_path / "plan.yaml") == plan
    assert plan_yaml(read_plan(tmp_path / "plan.yaml")) == plan_yaml(plan)


def test_a_plan_is_written_in_the_place_of_an_earlier_one(draft, tmp_path):
    later = draft(rulings=[read_ruling("patients.nir=suppress", by="dpo")])
    for plan in (draft(), later):
        write_plan(plan, tmp_path / "plan.yaml")
    assert read_plan(tmp_path / "plan.yaml") == later
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_each_field_stands_on_a_line_of_its_own(draft):
    lines = plan_yaml(draft()).splitlines()
    assert sum(line.startswith("    ") and "kind: " in line for line in lines) == sum(map(len, FINDINGS.values()))


@pytest.mark.parametrize("name", ["person", "fields", "kind", "format"])
def test_a_column_may_have_any_name(policy, tmp_path, name):
    findings = {"t": [finding("ipp", "patient_id"), finding(name, "sex")]}
    samples = {"t": pa.table({"ipp": ["1"], name: ["F"]})}
    plan = draft_plan(findings, samples, policy=policy, domain="eds")
    write_plan(plan, tmp_path / "plan.yaml")
    assert read_plan(tmp_path / "plan.yaml") == plan
    assert list(plan.tables["t"].fields) == ["ipp", name]


def test_an_unknown_option_of_a_step_is_refused(draft, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(plan_yaml(draft()).replace("to: month", "two: month"))
    with pytest.raises(InvalidDocument, match="truncate_dates has no option two"):
        read_document(path, Plan)


def test_new_and_gone_columns_are_told(draft):
    columns = {table: [field.name for field in fields] for table, fields in FINDINGS.items()}
    columns["patients"] = ["ipp", "nir", "ddn", "nip_v2"]
    del columns["doctors"]
    assert [str(difference) for difference in compare_columns(draft(), columns)] == [
        "+ patients.nip_v2: the plan doesn't know it",
        "- patients.nom: the table has no such column any more",
        "- doctors.rpps: the extract has no such table",
        "- doctors.nom: the extract has no such table",
        "- doctors.since: the extract has no such table",
    ]


def test_a_field_that_became_more_sensitive_is_told(draft):
    findings = {"labs": [finding("nda", "encounter_id"), finding("value", "nir")]}
    assert [str(d) for d in compare_findings(draft(), findings)] == [
        "~ labs.value: planned as lab_result, now it looks like nir"
    ]


def test_a_guess_and_a_persons_decision_stop_nobody(draft):
    plan = draft(rulings=[read_ruling("labs.value=keep", by="dpo")])
    assert compare_findings(plan, {"labs": [finding("value", "nir")]}) == []
    assert compare_findings(draft(), {"labs": [finding("value", "nir", confidence=0.5)]}) == []


def test_the_difference_between_two_plans_is_told_field_by_field(draft):
    before = draft()
    after = draft(rulings=[read_ruling("labs.low=keep", by="dpo")])
    assert [str(d) for d in compare_plans(before, after)] == [
        "~ labs.low: quantity, a person decides -> quantity, keep"
    ]


def test_a_kept_name_makes_the_release_identifying(draft):
    plan = draft(rulings=[read_ruling("patients.nom=keep", by="dpo")])
    assert draft().data_class("pseudonymized-health") == "pseudonymized-health"
    assert plan.data_class("pseudonymized-health") == "identified-health"
