"""What the flow does with documents of any format: read, changed, looked at, sealed, delivered."""

import json

import pyarrow as pa
import pytest

from pipeline.errors import InvalidDocument, InvalidInput, Stopped
from pipeline.export_order import prepare_export
from pipeline.manifest import verify_release
from pipeline.plan import read_plan, write_plan
from pipeline.records.drafting import draft_records_plan
from transforms import pseudonymize, shift_dates


def lines_of(result):
    folder = result.made.release.folder
    return [line.split(";") for line in (folder / "toy-00001.txt").read_text("utf-8").splitlines()]


def test_a_document_gets_the_pseudonym_and_the_shift_that_a_table_gives(release, toy, installation):
    key = installation.rooms.keyring.get("eds")
    (first, birth, *_), _ = lines_of(release(toy))
    assert [first] == pseudonymize(pa.array(["8001"]), key, field="patient_id", normalize="compact").to_pylist()
    shifted = shift_dates(pa.array(["1970-05-17"]), key, by=pa.array(["8001"])).to_pylist()[0]
    assert birth == shifted[:7]


def test_what_no_rule_names_is_dropped_counted_and_shown(release, toy):
    result = release(toy)
    assert "dupont" not in (result.made.release.folder / "toy-00001.txt").read_text("utf-8")
    assert dict(result.made.documents.paths())["Line.extra"] == {"unknown": 1}
    assert result.made.release.manifest["records"]["paths"]["Line.(unknown)"] == {"unknown": "<10"}


def test_nothing_of_the_source_s_file_names_reaches_the_release(release, toy):
    folder = release(toy).made.release.folder
    assert not any("DUPONT" in path.name for path in folder.iterdir())
    assert b"DUPONT" not in (folder / "manifest.json").read_bytes()


def test_the_same_run_twice_gives_the_same_bytes(release, toy, tmp_path):
    one = release(toy, releases=tmp_path / "a").made.release
    other = release(toy, releases=tmp_path / "b").made.release
    assert one.manifest_sha256 == other.manifest_sha256


def test_a_release_of_documents_verifies_and_is_delivered(release, toy, installation, tmp_path):
    result = release(toy, str(tmp_path / "premises"))
    assert result.exit_code == 0
    delivered = tmp_path / "premises" / result.made.release.id
    assert verify_release(delivered, installation.rooms.keyring.public_key_path).ok


def test_documents_are_never_called_anonymous(release, toy, installation):
    plan_policy = installation.policy.model_copy(update={"data_class": "anonymous"})
    installation.policy = plan_policy
    assert release(toy, policy=plan_policy).made.release.manifest["data_class"] == "pseudonymized-health"


def test_a_kept_direct_identifier_makes_the_release_identified(release, toy):
    made = release(toy, changes={"Line.id": {"keep": None, "kind": "patient_id"}}).made
    assert made.release.manifest["data_class"] == "identified-health"


def test_an_element_whose_kind_the_policy_suppresses_goes(release, toy):
    made = release(toy, changes={"Line.code": {"keep": None, "kind": "ethnicity"}}).made
    assert dict(made.documents.paths())["Line.code"] == {"dropped": 2}


def test_an_identifier_in_a_kept_text_stops_the_run_and_names_the_record(release, toy, installation):
    toy.files[0].write_text("toy\n1;1970-05-17;RAS;jean.dupont@chu-nancy.fr\n", encoding="utf-8")
    with pytest.raises(
        Stopped, match=r"Line\.code would keep an e-mail address 1 times, the first in .*record 2"
    ) as error:
        release(toy)
    assert "jean" not in str(error.value)
    assert installation.visible == []


def test_a_date_that_is_none_is_emptied_and_counted(release, toy):
    toy.files[0].write_text("toy\n1;unknown;RAS;I10\n", encoding="utf-8")
    assert dict(release(toy).made.documents.paths())["Line.birth"] == {"lost": 1}


def test_other_rules_than_the_approved_ones_stop_the_run(release, toy):
    asked = iter([toy.form.rules(), toy.form.rules() | {"name": "toy-2"}])
    toy.form.rules = lambda: next(asked)
    with pytest.raises(Stopped, match="drafted by other rules for Toy than the ones installed"):
        release(toy)


def test_a_plan_for_tables_doesn_t_take_documents(installation, toy, tmp_path):
    with pytest.raises(InvalidInput, match="holds Toy documents, and the plan is for tables"):
        toy.tables()


def test_a_plan_of_documents_is_written_and_read_back(installation, toy, tmp_path):
    plan = draft_records_plan(toy, policy=installation.policy, domain="eds")
    write_plan(plan, tmp_path / "plan.yaml")
    assert read_plan(tmp_path / "plan.yaml") == plan


def test_an_export_whose_plan_is_for_documents_says_how_they_are_released(installation, toy, tmp_path):
    plan = draft_records_plan(toy, policy=installation.policy, domain="eds")
    write_plan(plan, tmp_path / "plan.yaml")
    words = {"recipient": "r", "purpose": "p", "legal_basis": "l", "retention": "10 years"}
    export = {
        "format": 1,
        "id": "toy",
        "source": {"type": "folder", "path": "in"},
        "plan": "plan.yaml",
        "domain": "eds",
    }
    export |= {"key": "eds", "destinations": [{"id": "lake", "uri": "s3://lake/"}], **words}
    (tmp_path / "toy.yaml").write_text(json.dumps(export), encoding="utf-8")
    with pytest.raises(InvalidDocument, match=r"its plan is for documents.*Release them with `douane run`"):
        prepare_export(tmp_path / "toy.yaml", installation.rooms.home)
