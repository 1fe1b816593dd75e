"""The whole way: what comes out, what stops it, and that nothing is seen before it is whole."""

import csv
import hashlib
import json
import subprocess

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipeline.errors import InvalidInput, Stopped
from pipeline.plan import Person, read_plan, write_plan
from pipeline.planning.comparison import PlanMismatch
from transforms import surrogate
from transforms.errors import DouaneError, InvalidValue

SURNAMES = ["Quillfeldt", "Brisebarre", "Vauquelin", "Tillemont", "Charlebois"]


def edit(path, change):
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows) or rows
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def one_line(error) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


def test_the_same_person_has_the_same_pseudonym_in_every_table(installation, extract, read_release):
    result = installation.run(extract)
    patients, stays = read_release(result, "patients")["ipp"], read_release(result, "sejours")["ipp"]
    assert set(stays.to_pylist()) == set(patients.to_pylist())
    assert len(set(patients.to_pylist())) == 200
    assert not any(value.startswith("8000") for value in patients.to_pylist())
    results = read_release(result, "resultats")["nda"]
    assert set(results.to_pylist()) == set(read_release(result, "sejours")["nda"].to_pylist())


def test_dates_keep_their_intervals_within_a_person(installation, extract, read_release):
    result = installation.run(extract)
    stays = read_release(result, "sejours").group_by("ipp").aggregate([("date_entree", "min"), ("date_entree", "max")])
    days = pc.days_between(stays["date_entree_min"], stays["date_entree_max"])
    assert set(days.to_pylist()) == {200}


def test_what_identifies_is_gone_and_what_describes_health_stays(installation, extract, read_release):
    result = installation.run(extract)
    patients = read_release(result, "patients")
    assert patients["nom"].null_count == patients["telephone"].null_count == 200
    assert set(patients["code_postal"].to_pylist()) <= {"01", "75", "69", "2A", "974"}
    assert all(day.day == 1 for day in patients["date_naissance"].to_pylist())
    assert set(read_release(result, "sejours")["code_cim10"].to_pylist()) == {"I10", "E11.9", "J18.9", "C50.9"}
    assert read_release(result, "resultats")["valeur"].type == "double"


def test_letters_and_comments_name_the_false_person_of_the_tables(installation, extract, read_release):
    comments = set(read_release(installation.run(extract), "resultats")["commentaire"].to_pylist())
    key = installation.rooms.keyring.get("eds")
    false = surrogate(pa.array(SURNAMES), key, kind="last_name").to_pylist()
    named = {comment for comment in comments if comment.startswith("M. ")}
    assert named
    assert named <= {f"M. {name} à rappeler" for name in false}
    assert "Résultat contrôlé sur un second automate" in comments
    assert not [comment for comment in comments if any(name in comment for name in SURNAMES)]


def test_the_second_run_gives_the_same_release(installation, extract):
    first = installation.run(extract)
    before = {path.name: path.read_bytes() for path in first.made.release.folder.iterdir()}
    second = installation.run(extract)
    assert second.made.release.id == first.made.release.id
    assert {path.name: path.read_bytes() for path in second.made.release.folder.iterdir()} == before


def test_another_key_another_release(installation, extract):
    installation.rooms.keyring.rotate("eds")
    first = installation.run(extract, key=installation.rooms.keyring.get("eds", version=1))
    assert installation.run(extract).made.release.id != first.made.release.id


def test_the_manifest_says_what_was_done_and_nothing_of_when(installation, extract):
    release = installation.run(extract).made.release
    manifest = json.loads((release.folder / "manifest.json").read_bytes())
    assert {entry["name"] for entry in manifest["files"]} == {
        "patients.parquet",
        "sejours.parquet",
        "resultats.parquet",
        "dictionary.csv",
        "report.html",
    }
    for entry in manifest["files"]:
        assert hashlib.sha256((release.folder / entry["name"]).read_bytes()).hexdigest() == entry["sha256"]
    assert manifest["residual_scan"]["found"] == 0
    assert manifest["risk"][0]["k"] >= 1
    assert manifest["data_class"] == "pseudonymized-health"


def test_a_new_field_stops_the_run_with_the_line_to_add(installation, extract):
    plan = installation.plan(extract)
    edit(extract / "patients.csv", lambda rows: [row | {"nip_v2": row["ipp"]} for row in rows])
    with pytest.raises(PlanMismatch) as caught:
        installation.run(extract, plan)
    assert "patients.nip_v2 is new" in one_line(caught)
    assert caught.value.exit_code == 3
    assert "nip_v2: {kind: patient_id, category: direct" in caught.value.draft
    assert installation.visible == []


def test_a_missing_field_stops_the_run(installation, extract):
    plan = installation.plan(extract)
    edit(extract / "patients.csv", lambda rows: [{k: v for k, v in row.items() if k != "nom"} for row in rows])
    with pytest.raises(PlanMismatch) as caught:
        installation.run(extract, plan)
    assert "patients.nom is gone" in one_line(caught)


def test_an_undecided_plan_stops_before_anything_is_read(installation, extract):
    plan = installation.plan(extract)
    field = plan.tables["resultats"].fields["valeur"].model_copy(update={"steps": "stop"})
    tables = plan.tables | {
        "resultats": plan.tables["resultats"].model_copy(
            update={"fields": plan.tables["resultats"].fields | {"valeur": field}}
        )
    }
    with pytest.raises(Stopped) as caught:
        installation.run(extract, plan.model_copy(update={"tables": tables}))
    assert "resultats.valeur" in one_line(caught)


def test_a_plan_for_another_domain_stops(installation, extract):
    installation.rooms.keyring.new("other", domain="other")
    with pytest.raises(Stopped) as caught:
        installation.run(extract, key=installation.rooms.keyring.get("other"))
    assert "the plan is for domain eds" in one_line(caught)


def test_a_plan_of_another_policy_stops(installation, extract):
    other = installation.policy.model_copy(update={"approvers": ("someone",)})
    with pytest.raises(Stopped, match="another policy"):
        installation.run(extract, installation.plan(extract), policy=other)


def test_an_identifier_in_a_kept_field_stops_the_run(installation, extract):
    plan = installation.plan(extract, "resultats.unite=keep")
    edit(extract / "resultats.csv", lambda rows: rows[777].update(unite="06 39 98 12 12"))
    with pytest.raises(Stopped) as caught:
        installation.run(extract, plan)
    assert "resultats.unite would keep a phone number in 1 rows, the first in row 777" in one_line(caught)
    assert "12 12" not in str(caught.value)
    assert installation.visible == []


def test_a_field_that_turns_into_an_identifier_stops_the_run(installation, extract):
    plan = installation.plan(extract)
    edit(extract / "resultats.csv", lambda rows: [r | {"valeur": f"a{n}@chu.example"} for n, r in enumerate(rows)])
    with pytest.raises(PlanMismatch, match=r"resultats\.valeur is changed"):
        installation.run(extract, plan)


def test_a_run_knows_the_sites_own_words(installation, extract):
    plan = installation.plan(extract)
    with pytest.raises(PlanMismatch, match=r"resultats\.valeur is changed: planned as lab_result"):
        installation.run(extract, plan, lexicon={"valeur": "patient_id"})


def test_rows_without_a_person_stop_the_run_or_lose_their_dates(installation, extract, read_release):
    plan = installation.plan(extract)
    edit(extract / "sejours.csv", lambda rows: rows[3].update(ipp=""))
    with pytest.raises(InvalidInput) as caught:
        installation.run(extract, plan)
    assert "have no person" in one_line(caught)
    assert "row 3" in str(caught.value)
    installation.policy = installation.policy.model_copy(update={"missing_person": "suppress"})
    result = installation.run(extract)
    assert read_release(result, "sejours")["date_entree"].to_pylist()[3] is None


def test_a_key_that_leads_to_two_persons_stops_the_run(installation, extract):
    plan = installation.plan(extract, "resultats.valeur=keep")
    person = Person(column="ipp", via="sejours", on="nda")
    comment = plan.tables["resultats"].fields["commentaire"]
    fields = plan.tables["resultats"].fields | {"commentaire": comment}
    plan = plan.model_copy(
        update={
            "tables": plan.tables
            | {"resultats": plan.tables["resultats"].model_copy(update={"person": person, "fields": fields})}
        }
    )
    edit(extract / "sejours.csv", lambda rows: rows[1].update(nda=rows[0]["nda"]))
    with pytest.raises(DouaneError) as caught:
        installation.run(extract, plan)
    assert "sejours.nda leads to more than one ipp" in one_line(caught)


def test_a_value_that_a_step_cannot_take_is_named_by_table_field_and_row(installation, extract):
    plan = installation.plan(extract)
    edit(extract / "patients.csv", lambda rows: rows[150].update(date_naissance="Quillfeldt"))
    with pytest.raises(InvalidValue) as caught:
        installation.run(extract, plan)
    message = one_line(caught)
    assert "patients.date_naissance" in message
    assert "150" in message
    assert "Quillfeldt" not in message
    assert installation.visible == []


def test_an_empty_table_stops_the_run(installation, extract):
    plan = installation.plan(extract)
    header = (extract / "patients.csv").read_text().splitlines()[0]
    (extract / "patients.csv").write_text(header + "\n")
    with pytest.raises(InvalidInput, match=r"patients\.csv has no rows"):
        installation.run(extract, plan)


def test_a_release_reaches_the_premises_and_not_virginia(installation, extract):
    premises = f"{installation.folder}/premises/"
    virginia = "https://s3.us-east-1.amazonaws.com/bucket/"
    result = installation.run(extract, None, premises, virginia)
    delivered, blocked = result.outcomes
    assert delivered.delivered
    assert blocked.blocked
    assert "location.outside_zone" in {reason.rule for reason in blocked.decision.reasons}
    assert result.exit_code == 3
    there = installation.folder / "premises" / result.made.release.id
    assert {p.name for p in there.iterdir()} == {p.name for p in result.made.release.folder.iterdir()}


def test_a_destination_that_does_not_answer_is_one_line_and_hinders_nobody(installation, extract):
    premises = installation.folder / "premises"
    missing = f"{premises}/not-mounted/"
    result = installation.run(extract, None, missing, f"{premises}/")
    assert "\n" not in (result.outcomes[0].failure or "")
    assert result.outcomes[0].failure
    assert result.outcomes[1].delivered
    assert result.exit_code == 1


def test_every_step_is_journaled_and_the_chain_is_whole(installation, extract):
    installation.run(extract, None, f"{installation.folder}/premises/")
    journal = installation.rooms.journal
    assert [line["event"] for line in journal.lines()] == [
        "plan.approved",
        "release.sealed",
        "purge",
        "decision",
        "delivery",
    ]
    assert journal.verify().whole


def test_staging_is_gone_after_a_run_and_after_an_error(installation, extract):
    plan = installation.plan(extract)
    installation.run(extract, plan)
    edit(extract / "patients.csv", lambda rows: rows[150].update(date_naissance="Quillfeldt"))
    with pytest.raises(InvalidValue):
        installation.run(extract, plan)
    staging = installation.rooms.home.staging
    assert not [path for path in staging.rglob("*") if path.is_file()]


def test_a_full_disk_is_one_line_and_leaves_no_release(installation, extract, small_disk):
    with pytest.raises(DouaneError) as caught:
        installation.run(extract, releases=small_disk)
    assert "No space left" in one_line(caught) or "full" in str(caught.value)
    assert [path for path in small_disk.iterdir() if not path.name.startswith(".")] == []


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def with_bad_values(extract) -> None:
    def spoil(rows):
        for row in (3, 50, 51):
            rows[row]["valeur"] = "hémolysé"

    edit(extract / "resultats.csv", spoil)


def planned_on_invalid(installation, extract, on_invalid):
    plan = installation.plan(extract)
    with_bad_values(extract)
    table = plan.tables["resultats"]
    field = table.fields["valeur"].model_copy(update={"on_invalid": on_invalid})
    fields = table.fields | {"valeur": field}
    return plan.model_copy(update={"tables": plan.tables | {"resultats": table.model_copy(update={"fields": fields})}})


def test_invalid_values_stop_the_run_unless_the_plan_says_otherwise(installation, extract):
    with pytest.raises(InvalidValue) as caught:
        installation.run(extract, planned_on_invalid(installation, extract, "stop"))
    assert "resultats.valeur: 3 values are no number (row 3, 50, 51, counted from 0)" in one_line(caught)
    assert installation.visible == []


def test_invalid_values_are_emptied_and_counted_where_the_plan_says_null(installation, extract, read_release):
    result = installation.run(extract, planned_on_invalid(installation, extract, "null"))
    values = read_release(result, "resultats")["valeur"]
    assert str(values.type) == "double"
    assert [row for row, value in enumerate(values.to_pylist()) if value is None] == [3, 50, 51]
    dictionary = (result.made.release.folder / "dictionary.csv").read_text()
    assert "invalid values emptied (<10)" in dictionary
    assert "invalid values emptied (&lt;10)" in (result.made.release.folder / "report.html").read_text()


def test_invalid_values_get_a_pseudonym_where_the_plan_says_so(installation, extract, read_release):
    result = installation.run(extract, planned_on_invalid(installation, extract, "pseudonymize"))
    values = read_release(result, "resultats")["valeur"].to_pylist()
    assert len({values[row] for row in (3, 50, 51)}) == 1
    assert len(values[3]) == 32
    assert float(values[4]) > 0


def test_a_bare_null_in_yaml_is_the_word(tmp_path, installation, extract):
    path = tmp_path / "plan.yaml"
    plan = planned_on_invalid(installation, extract, "null")
    write_plan(plan, path)
    path.write_text(path.read_text().replace("on_invalid: 'null'", "on_invalid: null"))
    assert "on_invalid: null" in path.read_text()
    assert read_plan(path) == plan


def test_a_policy_says_for_a_kind_what_becomes_of_invalid_values(installation, extract):
    installation.policy = installation.policy.model_copy(update={"on_invalid": {"lab_result": "null"}})
    assert installation.plan(extract).tables["resultats"].fields["valeur"].on_invalid == "null"
