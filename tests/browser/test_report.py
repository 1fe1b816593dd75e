import dataclasses
from pathlib import Path

import pytest

from pipeline.report import ReportFacts, ReportField, ReportRisk, ReportScan, ReportTable, render_report

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = Path("/usr/bin/chromium")
OUTPUT = Path(__file__).parents[2] / "test-output"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium (apt-get install chromium)"),
]

PATIENTS = [
    ("nir", "nir", "direct", ("pseudonymized",), "Names the person by itself."),
    ("nip", "patient_id", "direct", ("pseudonymized",), "Links the patient's rows in every table."),
    ("nom_de_naissance_du_titulaire", "last_name", "direct", ("removed",), "Names leave with nobody."),
    ("date_naissance", "birth_date", "quasi", ("shifted by the person's days", "cut to the month"), "Ages stay true."),
    ("code_postal", "postal_code", "quasi", ("shortened to the département",), "A postal code may hold few people."),
    ("sexe", "sex", "quasi", (), "The study needs it."),
    ("commentaire", "free_text", "text", ("identifiers replaced by surrogates",), "Free text may hold anything."),
]
STAYS = [
    ("nda", "encounter_id", "direct", ("pseudonymized",), "Links the rows of the stay."),
    ("date_entree", "event_date", "quasi", ("shifted by the person's days",), "Intervals stay true."),
    ("dp", "diagnosis", "health", (), "What the study is about."),
    ("nb_actes", "quantity", "other", (), "Says nothing of a person by itself."),
]

LOOK = ReportFacts(
    title="cardio-registry",
    release_id="4f1d0c6ea2b7493e8c15b0aa97d3e621",
    domain="eds-cardio",
    data_class="pseudonymized-health",
    interval=("2026-10-01", "2026-10-31"),
    tables=(ReportTable(name="patients", rows=1204), ReportTable(name="sejours", rows=3187)),
    fields=tuple(
        ReportField(table=table, name=name, kind=kind, category=category, steps=steps, why=why, decided_by="policy")
        for table, fields in (("patients", PATIENTS), ("sejours", STAYS))
        for name, kind, category, steps, why in fields
    ),
    risk=(
        ReportRisk(
            table="patients",
            quasi=("date_naissance", "code_postal", "sexe"),
            k=1,
            unique=34,
            classes=131,
            histogram=((1, 34), (2, 8), (3, 27), (4, 64), (7, 210), (14, 420), (30, 360), (60, 81)),
        ),
    ),
    scan=ReportScan(fields=6, rows=4391, found=0),
    plan_sha256="9b" * 32,
    policy_sha256="41" * 32,
    keys=("eds-cardio-1f0c9a22 version 1",),
    software="douane 0.1.0",
)
CLEAR = dataclasses.replace(
    LOOK, risk=(dataclasses.replace(LOOK.risk[0], k=6, unique=0, histogram=((6, 30), (14, 900), (60, 274))),)
)
STOP = dataclasses.replace(LOOK, scan=ReportScan(fields=6, rows=4391, found=3))

CONTRAST = """
() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
    const style = getComputedStyle(node);
    const ink = node instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(ink), light(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(node.textContent.trim());
  }
  return poor;
}
"""


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, tmp_path):
    """Open a report without network; whatever it asks for besides itself or complains of fails the test."""
    contexts = []

    def open_report(facts, *, name="report", scheme="light", width=1100):
        path = tmp_path / f"{name}.html"
        path.write_text(render_report(facts), encoding="utf-8")
        context = browser.new_context(
            offline=True, color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=True
        )
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        contexts.append((context, asked, said, path.as_uri()))
        return page

    yield open_report
    for context, asked, said, address in contexts:
        context.close()
        assert [url for url in asked if url not in {address, "data:,"}] == []
        assert said == []


@pytest.mark.parametrize(("verdict", "facts"), [("clear", CLEAR), ("look", LOOK), ("stop", STOP)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_opens_without_network_and_is_pictured(visit, verdict, facts, scheme):
    page = visit(facts, scheme=scheme)
    OUTPUT.mkdir(exist_ok=True)
    picture = OUTPUT / f"report-{verdict}-{scheme}.png"
    page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 20_000
    assert page.get_by_role("heading", level=1).inner_text() == "cardio-registry"
    assert page.locator(f".verdict.{verdict}").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground_by_wcag_aa(visit, scheme):
    for facts in (CLEAR, LOOK, STOP):
        assert visit(facts, scheme=scheme).evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1600])
def test_the_page_never_scrolls_sideways(visit, width):
    page = visit(LOOK, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reader_who_hears_it_gets_regions_tables_and_the_histogram_in_words(visit):
    page = visit(LOOK)
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("region", name="Fields of patients").count() == 1
    assert page.get_by_role("rowheader", name="code_postal").count() == 1
    assert page.get_by_role("table", name="Persons of patients by the size of their class").count() == 1


def test_the_keyboard_reaches_each_table_that_may_scroll(visit):
    page = visit(LOOK, width=390)
    reached = []
    for _ in range(2):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert reached == ["Fields of patients", "Fields of sejours"]


def test_it_prints_on_white_paper_even_for_who_reads_in_the_dark(visit):
    page = visit(LOOK, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(CONTRAST) == []
