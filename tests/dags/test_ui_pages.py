"""Douane's pages in Airflow's UI: who sees them, what they say of a run, and how they look in a real browser."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, build_opener

import pytest

from pipeline.airflow.runs import trigger

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

OUTPUT = Path(__file__).parents[2] / "test-output"
PAGES = ["", "decisions", "releases", "exports", "register", "journal"]

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.browser,
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def run(airflow):
    """A run that delivers to the premises and is stopped before Virginia."""
    found = trigger(airflow, "nightly")
    assert found.wait(approver="dpo") == "failed"
    return found


@pytest.fixture(scope="module")
def light(signed_in):
    return signed_in()


def shot(page, name: str) -> None:
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"douane-{name}.png", full_page=True)


@pytest.mark.parametrize("path", [*PAGES, "task?dag=nightly&run=x&task=export", "releases/x", "releases/x/report"])
def test_a_stranger_sees_no_page(airflow, path):
    with pytest.raises(HTTPError) as refused:
        build_opener(ProxyHandler({})).open(f"{airflow.address}/douane/{path}", timeout=30)
    with refused.value as answer:
        assert answer.code == 401


def test_the_page_stands_in_airflows_navigation(light, airflow, run):
    light.goto(f"{airflow.address}/plugin/douane")
    frame = light.frame_locator("iframe")
    frame.get_by_role("heading", name="What Douane let pass, and what it stopped").wait_for()
    frame.get_by_role("article", name="Blocked: virginia").first.wait_for()
    shot(light, "in-airflow")


def test_a_stopped_task_has_a_tab_that_says_why_and_leads_back(light, airflow, run):
    where = f"{airflow.address}/dags/nightly/runs/{quote(run.id, safe='')}/tasks/export/mapped/1"
    light.goto(f"{where}/plugin/douane-task")
    frame = light.frame_locator("iframe")
    frame.get_by_text("Use a region in the EU.").wait_for()
    shot(light, "task")
    back = frame.get_by_role("link", name="nightly, export")
    assert f"{airflow.address}{back.get_attribute('href')}".replace("%3A", ":") == where.replace("%3A", ":")


def test_decisions_are_filtered_by_verdict(light, airflow, run):
    light.goto(f"{airflow.address}/douane/decisions")
    light.get_by_role("article", name="Allowed: premises").first.wait_for()
    light.get_by_label("Verdict").select_option("blocked")
    light.get_by_role("button", name="Filter").click()
    light.get_by_role("article", name="Blocked: virginia").first.wait_for()
    assert light.get_by_role("article", name="Allowed: premises").count() == 0


def test_a_release_is_verified_when_it_is_opened_and_shows_its_report(light, airflow, run):
    light.goto(f"{airflow.address}/douane/releases")
    light.get_by_role("region", name="Releases").get_by_role("link").first.click()
    light.get_by_text("Verified now").wait_for()
    light.get_by_role("link", name="Read its report").click()
    light.get_by_text("Douane release report").wait_for()


def test_an_export_leads_to_its_dag(light, airflow, run):
    light.goto(f"{airflow.address}/douane/exports")
    assert light.get_by_role("link", name="nightly").get_attribute("href") == "/dags/nightly"
    light.get_by_text("its file is broken").wait_for()


def test_the_journal_page_says_that_the_chain_is_whole(light, airflow, run):
    light.goto(f"{airflow.address}/douane/journal")
    light.get_by_text("The chain is whole").wait_for()


def test_a_dag_that_is_not_there_is_not_to_be_read(light, airflow):
    assert light.goto(f"{airflow.address}/douane/task?dag=nowhere&run=x&task=export").status == 403


@pytest.mark.parametrize("release", ["..", "%2e%2e%2fkeys", "nothing"])
def test_what_is_no_release_is_not_found(light, airflow, release):
    assert light.goto(f"{airflow.address}/douane/releases/{release}/report").status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_loads_nothing_from_outside_and_holds_no_persons_value(
    signed_in, airflow, run, planted, scheme
):
    page = signed_in(scheme=scheme)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    task = f"task?dag=nightly&run={quote(run.id, safe='')}&task=export&map_index=1"
    for name in [*PAGES, task]:
        page.goto(f"{airflow.address}/douane/{name}")
        found = axe.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert not [value for value in planted if value in page.content()]
        shot(page, f"{name.partition('?')[0] or 'overview'}-{scheme}")
    assert all(url.startswith((airflow.address, "data:")) for url in asked)
