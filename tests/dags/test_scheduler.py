"""Exports under Airflow's own scheduler: triggered, asked, mapped, blocked, retried, killed, cleared, followed."""

import os
import signal
import sqlite3
from itertools import chain

import pyarrow.parquet as pq
import pytest

from pipeline.airflow.instance import AirflowFailed
from pipeline.airflow.runs import DagRun, trigger
from pipeline.manifest import read_release

ENDED = {"success", "failed"}

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def first(airflow):
    """The first run of `nightly`: its plan is approved by the DPO while it waits."""
    run = trigger(airflow, "nightly")
    run.wait_for("approve", "awaiting_input")
    asked = run.question()
    with pytest.raises(AirflowFailed, match="403"):
        run.answer("Approve", user="intern")
    state = run.wait(approver="dpo")
    return run, asked, state


def states(run: DagRun) -> dict[tuple[str, str], str]:
    return {(task.task, task.mapped): task.state for task in run.tasks()}


def runs_of(airflow, dag: str) -> list[dict]:
    return airflow.call("GET", f"/dags/{dag}/dagRuns?limit=100")["dag_runs"]


def sealed(airflow, run: DagRun) -> dict:
    path = f"/dags/{run.dag}/dagRuns/{run.id}/taskInstances/seal/xcomEntries/return_value?deserialize=true"
    return airflow.call("GET", path.replace("+", "%2B"))["value"]


def test_the_question_shows_the_differences_and_the_plans_hash(first, hospital):
    _, asked, _ = first
    (approved,) = [line for line in hospital.events("nightly") if line["event"] == "plan.approved"]
    assert asked["subject"] == f"nightly: approve the plan {approved['plan_sha256']}"
    assert "+ sejours.code_cim10: diagnosis, keep" in asked["body"]
    assert approved["by"] == "dpo"


def test_every_task_ran_and_only_the_forbidden_export_failed(first):
    run, _, state = first
    found = states(run)
    failed = [task for task, ended in found.items() if ended != "success"]
    assert failed == [("export", "virginia")]
    assert {("pseudonymize", "patients"), ("pseudonymize", "sejours"), ("export", "premises")} <= found.keys()
    assert state == "failed"


def test_the_forbidden_export_failed_at_its_first_try_and_says_why_by_which_law(first):
    run, _, _ = first
    (task,) = [task for task in run.tasks() if task.mapped == "virginia"]
    assert task.tries == 1
    said = run.log("export", map_index=1)
    assert "block location.outside_zone: aws s3 us-east-1" in said
    assert "Use a region in the EU. [GDPR art. 44-46" in said


def test_the_release_is_at_the_premises_whole(first, airflow, hospital):
    run, _, _ = first
    release = read_release(hospital.rooms.home.folder / "premises" / sealed(airflow, run)["release_id"])
    assert release.manifest_sha256 == sealed(airflow, run)["manifest_sha256"]
    assert pq.read_table(release.folder / "sejours.parquet").num_rows == 120


def test_the_sealed_release_triggers_the_export_that_depends_on_it(first, airflow):
    airflow.call("PATCH", "/dags/follower", {"is_paused": False})
    before = runs_of(airflow, "follower")
    run = trigger(airflow, "nightly", destinations=["premises"])
    assert run.wait() == "success"
    (started,) = airflow.wait(
        lambda: [found for found in runs_of(airflow, "follower") if found not in before], what="the follower"
    )[:1]
    assert started["run_type"] == "asset_triggered"
    assert DagRun(airflow, "follower", started["dag_run_id"]).wait(approver="dpo") == "success"
    # Every release that is sealed from here on would start it again, beside whatever the later tests look at.
    airflow.call("PATCH", "/dags/follower", {"is_paused": True})


def test_a_second_run_of_the_same_input_delivers_nothing_twice(first, airflow, hospital):
    run, _, _ = first
    delivered = sum(line["event"] == "delivery" for line in hospital.events())
    again = trigger(airflow, "nightly", destinations=["premises"])
    assert again.wait() == "success"
    assert sealed(airflow, again) == sealed(airflow, run)
    assert states(again)["export", "virginia"] == "skipped"
    assert sum(line["event"] == "delivery" for line in hospital.events()) == delivered


def test_an_export_that_is_cleared_runs_alone(first, airflow):
    run, _, _ = first
    seal_started = {task.task: task.tries for task in run.tasks()}["seal"]
    run.clear("export", map_index=0)
    run.wait()
    tries = {(task.task, task.mapped): task.tries for task in run.tasks()}
    assert tries["export", "premises"] == 2
    assert tries["seal", ""] == seal_started
    assert tries["extract", ""] == 1


def test_an_interval_takes_the_rows_of_its_days_and_a_dry_run_sends_nothing(first, airflow, hospital):
    before = set((hospital.rooms.home.folder / "premises").iterdir())
    days = {"interval_start": "2026-01-11T00:00:00+01:00", "interval_end": "2026-01-21T00:00:00+01:00"}
    run = trigger(airflow, "nightly", dry_run=True, destinations=["premises"], **days)
    assert run.wait() == "success"
    release = hospital.rooms.home.releases / sealed(airflow, run)["release_id"]
    assert pq.read_table(release / "sejours.parquet").num_rows == 10
    assert "dry run: premises" in run.log("export", map_index=0)
    assert set((hospital.rooms.home.folder / "premises").iterdir()) == before


def test_an_interval_without_a_new_row_is_skipped(first, airflow):
    days = {"interval_start": "2030-01-01T00:00:00+01:00", "interval_end": "2030-01-02T00:00:00+01:00"}
    run = trigger(airflow, "nightly", destinations=["premises"], **days)
    assert run.wait() == "success"
    assert {ended for (task, _), ended in states(run).items() if task != "approve"} == {"skipped"}


def test_a_backfill_runs_each_interval_of_the_schedule_once(first, airflow, hospital):
    days = {"from_date": "2026-01-11T12:00:00Z", "to_date": "2026-01-13T12:00:00Z", "dag_id": "daily"}
    airflow.wait(lambda: airflow.call("GET", "/dags/daily"), what="the DAG daily")
    airflow.call("PATCH", "/dags/daily", {"is_paused": False})
    content = days | {"max_active_runs": 2, "reprocess_behavior": "none"}
    # SQLite answers 503 while somebody else writes.
    airflow.wait(lambda: airflow.call("POST", "/backfills", content), what="a moment for the backfill")
    path = "/dags/daily/dagRuns?run_type=backfill"
    runs = airflow.wait(
        lambda: (found := airflow.call("GET", path)["dag_runs"]) and all(r["state"] in ENDED for r in found) and found,
        what="the backfill",
        seconds=300,
    )
    assert [run["state"] for run in runs] == ["success", "success"]
    for run in runs:
        release = (
            hospital.rooms.home.releases / sealed(airflow, DagRun(airflow, "daily", run["dag_run_id"]))["release_id"]
        )
        assert pq.read_table(release / "sejours.parquet").num_rows == 1
        assert read_release(release).manifest["interval"].startswith(run["data_interval_end"][:10])


def test_a_worker_that_is_killed_is_tried_again_and_ends_the_same(first, airflow):
    run, _, _ = first
    again = trigger(airflow, "nightly", destinations=["premises"])
    path = f"/dags/nightly/dagRuns/{again.id}/taskInstances/seal".replace("+", "%2B")
    pid = airflow.wait(
        lambda: (task := airflow.call("GET", path))["state"] == "running" and task["pid"],
        what="a running seal",
        every=0.02,  # it takes a second
    )
    os.kill(pid, signal.SIGKILL)
    assert again.wait() == "success"
    assert {task.task: task.tries for task in again.tasks()}["seal"] > 1
    assert sealed(airflow, again) == sealed(airflow, run)


def test_a_source_that_is_down_is_tried_again(first, airflow, hospital):
    run, _, _ = first
    away = hospital.folder / "away"
    hospital.extract.rename(away)
    again = trigger(airflow, "nightly", destinations=["premises"])
    airflow.wait(
        lambda: "extract is not there" in again.log("extract") or "is not there" in again.log("extract"),
        what="the first try",
    )
    away.rename(hospital.extract)
    assert again.wait() == "success"
    assert sealed(airflow, again) == sealed(airflow, run)


def test_a_rejection_is_journaled_told_to_whom_the_export_names_and_nothing_follows(airflow, hospital, webhook):
    run = trigger(airflow, "rejected")
    assert run.wait(approver="dpo", option="Reject") == "failed"
    found = states(run)
    assert found["approve", ""] == "failed"
    assert {ended for task, ended in found.items() if task[0] != "approve"} == {"upstream_failed"}
    assert [(line["event"], line["by"]) for line in hospital.events("rejected")] == [("plan.rejected", "dpo")]
    _, alerts = webhook
    (told,) = alerts
    assert (told["export"], told["task"], told["run"]) == ("rejected", "approve", run.id)
    assert told["problem"].startswith("dpo rejected the plan")


def test_a_broken_file_is_a_dag_that_says_what_is_wrong_and_hides_no_other(airflow):
    run = trigger(airflow, "broken-torn")
    assert run.wait() == "failed"
    assert ": schedul: is no key of this format" in run.log("what_is_wrong")
    assert airflow.call("GET", "/importErrors")["import_errors"] == []


def test_no_value_of_a_person_is_in_any_log_xcom_template_or_table_of_airflow(first, airflow, planted):
    found = []
    with sqlite3.connect(f"file:{airflow.folder}/airflow.db?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for value in chain.from_iterable(database.execute(f'select * from "{table}"')):  # noqa: S608 - its own tables
                text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                found += [(table, value) for value in planted if value in text]
    assert "xcom" in tables
    assert "rendered_task_instance_fields" in tables
    for path in airflow.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [(path.name, value) for value in planted if value.encode() in content]
    assert found == []


def test_staging_is_empty_and_the_journal_whole_after_all_that(first, airflow, hospital):
    def over():
        found = [run for dag in ("nightly", "follower", "daily") for run in runs_of(airflow, dag)]
        return found and all(run["state"] in ENDED for run in found)

    airflow.wait(over, what="the end of every run")
    assert list(hospital.rooms.home.staging.iterdir()) == []
    assert list((hospital.rooms.home.releases / ".unsealed").iterdir()) == []
    assert hospital.rooms.journal.verify().whole
