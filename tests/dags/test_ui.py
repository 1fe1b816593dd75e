"""What a person sees in Airflow's UI: the form, the question with the differences, red exports and why they are red."""

from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.airflow.instance import Instance
from pipeline.airflow.runs import DagRun

OUTPUT = Path(__file__).parents[2] / "test-output"

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.browser,
    pytest.mark.timeout(600),
]


def shot(page, name: str) -> None:
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"airflow-{name}.png")


def trigger_with_the_form(page, airflow: Instance, dag: str) -> DagRun:
    airflow.wait(lambda: airflow.call("GET", f"/dags/{dag}"), what=f"the DAG {dag}")
    page.goto(f"{airflow.address}/dags/{dag}")
    page.get_by_role("button", name="Trigger").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Where the release shall go.").wait_for()
    dialog.get_by_text("Go the whole way and ask the guard, but send nothing.").wait_for()
    shot(page, f"{dag}-form")
    dialog.get_by_role("button", name="Trigger").click()
    page.wait_for_url(f"**/dags/{dag}/runs/**")
    return DagRun(airflow, dag, airflow.call("GET", f"/dags/{dag}/dagRuns?order_by=-id")["dag_runs"][0]["dag_run_id"])


def answer(page, run: DagRun, option: str) -> None:
    page.goto(f"{run.instance.address}/dags/{run.dag}/runs/{quote(run.id, safe='')}/tasks/approve/required_actions")
    page.get_by_text("+ sejours.nda: encounter_id, pseudonymize").wait_for()
    shot(page, f"{run.dag}-question")
    page.get_by_role("button", name=option).click()


def test_the_exports_are_listed_and_a_broken_one_says_what_is_wrong(signed_in, airflow):
    page = signed_in("admin")
    airflow.wait(lambda: airflow.call("GET", "/dags/seen"), what="the DAG seen")
    page.goto(f"{airflow.address}/dags")
    page.get_by_role("link", name="seen", exact=True).wait_for()
    page.get_by_role("link", name="broken-torn", exact=True).wait_for()
    shot(page, "list")
    page.goto(f"{airflow.address}/dags/broken-torn/details")
    page.get_by_text("schedul: is no key of this format").first.wait_for()


def test_an_approval_in_the_ui_lets_the_run_go_on_and_the_blocked_export_is_red_and_says_why(
    signed_in, airflow, hospital
):
    page = signed_in("admin")
    run = trigger_with_the_form(page, airflow, "seen")
    run.wait_for("approve", "awaiting_input")
    answer(signed_in("dpo"), run, "Approve")
    assert run.wait(approver="dpo") == "failed"
    assert {task.mapped: task.state for task in run.tasks() if task.task == "export"} == {
        "premises": "success",
        "virginia": "failed",
        "lake": "failed",
    }
    assert "the connection nowhere doesn't exist. Make it (`airflow connections add nowhere" in run.log(
        "export", map_index=2
    )
    address = f"{airflow.address}/dags/seen/runs/{quote(run.id, safe='')}"
    page.goto(address)
    page.get_by_text("Failed", exact=True).first.wait_for()
    shot(page, "seen-run")
    page.goto(f"{address}/tasks/export/mapped/1")
    page.get_by_text("ERROR - block location.outside_zone").wait_for()
    page.get_by_text("Use a region in the EU. [GDPR art. 44-46").wait_for()
    shot(page, "seen-why")
    (line,) = [line for line in hospital.events("seen") if line["event"].startswith("plan.")]
    assert (line["event"], line["by"]) == ("plan.approved", "dpo")


def test_a_rejection_in_the_ui_ends_the_run_before_anything_is_read(signed_in, airflow, hospital):
    run = trigger_with_the_form(signed_in("admin"), airflow, "unwanted")
    run.wait_for("approve", "awaiting_input")
    page = signed_in("dpo")
    answer(page, run, "Reject")
    assert run.wait(approver="dpo", option="Reject") == "failed"
    states = {task.task: task.state for task in run.tasks()}
    assert (states["approve"], states["extract"]) == ("failed", "upstream_failed")
    page.goto(f"{airflow.address}/dags/unwanted/runs/{quote(run.id, safe='')}/tasks/approve")
    page.get_by_text("dpo rejected the plan").first.wait_for()
    shot(page, "unwanted-rejected")
    assert [line["event"] for line in hospital.events("unwanted")] == ["plan.rejected"]
