"""`douane redact`: lines in, lines out; counts without text; a page that only stands in the private folder."""

import json
import stat

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app

NOTE = {"id": "n1", "text": "Mme Le Goff, née le 12/03/1950. </script>", "patient": None}


@pytest.fixture
def douane(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUANE_HOME", str(tmp_path / "home"))
    notes = tmp_path / "notes.jsonl"
    notes.write_text(
        json.dumps(NOTE) + "\n\n" + json.dumps(NOTE | {"id": "n2", "text": "RAS"}) + "\n", encoding="utf-8"
    )

    def call(*options, text=None):
        return CliRunner().invoke(app, ["redact", str(notes) if text is None else "-", *options], input=text)

    return call


def test_gives_a_line_for_each_line(douane):
    lines = [json.loads(line) for line in douane().stdout.splitlines()]
    assert [line["text"] for line in lines] == ["Mme <NOM>, née le <DATE_NAISSANCE>. </script>", "RAS"]


def test_reads_stdin(douane):
    assert json.loads(douane(text=json.dumps(NOTE)).stdout)["id"] == "n1"


def test_the_report_counts_and_holds_no_text(douane, tmp_path):
    douane("--report", str(tmp_path / "report.json"))
    written = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert json.loads(written) == {
        "notes": 2,
        "characters": 44,
        "without_finds": 1,
        "broken_accents": 0,
        "marked_up": 1,
        "labels": {"DATE_NAISSANCE": 1, "NOM": 1},
    }
    assert "Goff" not in written


def test_the_page_stands_in_the_private_folder_and_only_its_owner_reads_it(douane, tmp_path):
    result = douane("--review", "check.html")
    page = tmp_path / "home" / "private" / "check.html"
    assert result.exit_code == 0
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "Le Goff" in page.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").count("</script>") == 2


@pytest.mark.parametrize("place", ["../check.html", "/check.html"])
def test_the_page_stands_nowhere_else(douane, place):
    result = douane("--review", place)
    assert result.exit_code != 0
    assert not result.stdout


@pytest.mark.parametrize("line", ["Mme Le Goff", "[1]", '{"id": 1}', '{"text": 3}', "\x00"])
def test_a_line_that_is_no_note_is_named_by_its_number_and_not_shown(douane, line):
    result = douane(text=json.dumps(NOTE) + "\n" + line)
    assert result.exit_code != 0
    assert "line 2 is no note" in str(result.exception) + result.output
    assert "Le Goff" not in str(result.exception) + result.stderr
