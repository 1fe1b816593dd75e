"""The page that checks finds works from the keyboard alone, without network, and exports labelled lines."""

import json
import urllib.parse
from pathlib import Path

import pytest

from pipeline.home import Home
from pipeline.redaction_review import ReviewPage, review_file

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium (apt-get install chromium)"),
]
TEXT = "😀 Mme Le Goff, vue par Parkinson </script> & fils"
SPANS = [{"start": 6, "end": 13, "label": "NOM"}, {"start": 23, "end": 32, "label": "NOM"}]


@pytest.fixture
def page(tmp_path):
    home = Home.from_environment({"DOUANE_HOME": str(tmp_path)})
    made = ReviewPage(review_file(Path("check.html"), home))
    made.add("n1", TEXT, SPANS)
    made.add("n2", "RAS", [])
    file = made.write()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        page.context.set_offline(True)
        page.goto(file.as_uri())
        yield page
        browser.close()


def test_finds_stand_where_they_were_found(page):
    assert page.locator("#note").inner_text() == TEXT
    assert page.locator("mark").all_inner_texts() == ["Le Goff", "Parkinson"]


def test_a_deleted_and_a_relabelled_find_are_exported(page):
    page.keyboard.press("l")
    page.keyboard.press("n")
    page.keyboard.press("d")
    with page.expect_download() as download:
        page.keyboard.press("e")
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in map(urllib.parse.unquote, lines)] == [
        {"id": "n1", "text": TEXT, "spans": [{"start": 6, "end": 13, "label": "PRENOM"}]}
    ]


def test_undo_takes_a_change_back(page):
    page.keyboard.press("d")
    page.keyboard.press("u")
    assert page.locator("mark").count() == 2


def test_the_next_note_is_reached(page):
    page.keyboard.press("j")
    assert page.locator("#status").inner_text().startswith("Note 2 of 2")
