"""Does the documentation say what the software does? Every command, example, link and generated page is checked."""

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from docs.generator.__main__ import stale
from docs.generator.commands import commands, told

ROOT = Path(__file__).parents[1]
CLI_PAGE = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs" / "tutorials" / "first-release.md").read_text(encoding="utf-8")
COMMANDS = commands()
TOLD = told()
RUNS = [(name, key) for name, its in TOLD["commands"].items() for key in ("run", "json", "lines") if key in its]
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(ROOT.glob("docs/**/*.md"))


def _asked(name: str, key: str) -> dict:
    its = TOLD["commands"][name]
    return its if key == "run" else its[key]


@pytest.fixture(scope="module")
def answers(tmp_path_factory, shell_in):
    """Each example of the reference, run in the page's order in one folder: (command, sort of example) to process."""
    folder = tmp_path_factory.mktemp("reference")
    tables = re.findall(r'```csv title="([^"]+)"\n(.*?)```', TUTORIAL, re.DOTALL)
    for name, text in [*tables, *TOLD["files"].items()]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return {(name, key): shell_in(folder, _asked(name, key)["run"]) for name, key in RUNS}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_for_itself_and_for_all_it_takes(name):
    command = COMMANDS[name]
    assert command.help
    assert [param.name for param in command.params if not param.help] == []
    assert f"## `douane {name}`" in CLI_PAGE


def test_generated_pages_are_what_the_code_says_today():
    assert stale() == [], "run make reference"


@pytest.mark.parametrize(("name", "key"), RUNS)
def test_each_example_ends_as_the_page_says(name, key, answers):
    done, told_code = answers[name, key], _asked(name, key).get("exit", 0)
    assert done.returncode == told_code, done.stderr
    assert told_code in {0, 1, 2, 3}


@pytest.mark.parametrize("name", [name for name, its in TOLD["commands"].items() if "shows" in its])
def test_each_example_prints_what_the_page_shows(name, answers, matches):
    matches(TOLD["commands"][name]["shows"], answers[name, "run"].stdout)


@pytest.mark.parametrize("name", [n for n, c in COMMANDS.items() if any("--json" in p.opts for p in c.params)])
def test_json_is_one_document_of_the_shape_shown_and_nothing_else(name, answers):
    shown = json.loads(TOLD["commands"][name]["json"]["shape"])
    assert _differences(shown, json.loads(answers[name, "json"].stdout)) == []


@pytest.mark.parametrize("name", [name for name, its in TOLD["commands"].items() if "lines" in its])
def test_line_commands_print_one_document_for_each_line(name, answers):
    its = TOLD["commands"][name]["lines"]
    printed = [json.loads(line) for line in answers[name, "lines"].stdout.splitlines()]
    asked = [json.loads(line)["id"] for line in TOLD["files"][its["file"]].splitlines()]
    assert [line["id"] for line in printed] == asked
    assert _differences(json.loads(its["shape"]), printed[0]) == []


@pytest.mark.parametrize("words", [["nonsense"], ["detect"], ["check", "s3://bucket", "--class", "nonsense"]])
def test_a_command_that_is_written_wrongly_exits_2(words, douane):
    done = douane(*words)
    assert (done.returncode, done.stdout) == (2, "")


def _differences(shown, got, where="$") -> list[str]:
    """Where `got` has other keys or types than `shown`; null stands for any type, a key "..." for more keys."""
    if isinstance(shown, dict) and isinstance(got, dict):
        wrong = shown.keys() - got.keys() - {"..."}
        wrong |= set() if "..." in shown else got.keys() - shown.keys()
        found = [f"{where}.{key}" for key in sorted(wrong)]
        both = shown.keys() & got.keys()
        return found + [line for key in both for line in _differences(shown[key], got[key], f"{where}.{key}")]
    if isinstance(shown, list) and isinstance(got, list):
        return [line for one in got for line in _differences(shown[0], one, f"{where}[]")] if shown else []
    numbers = isinstance(shown, int | float) and isinstance(got, int | float)
    alike = shown is None or got is None or numbers or type(shown) is type(got)
    return [] if alike else [f"{where} is {type(got).__name__}"]


LINKS = [
    (page, link)
    for page in PAGES
    for link in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    if not link.startswith(("http://", "https://", "mailto:"))
]


@pytest.mark.parametrize(("page", "link"), LINKS, ids=lambda part: getattr(part, "name", part))
def test_each_link_leads_to_a_file(page, link):
    assert (page.parent / link).exists()


class Loaded(HTMLParser):
    """Collect what a browser would fetch by itself: scripts, styles, icons, images, frames; not what a reader clicks."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        if tag in {"script", "img", "iframe", "source", "embed"}:
            self.addresses.append(found.get("src") or "")
        if tag == "link" and found.get("rel") != "canonical":
            self.addresses.append(found.get("href") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_built_site_fetches_nothing_from_outside(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= 12
    for page in pages:
        parser = Loaded()
        parser.feed(page.read_text(encoding="utf-8"))
        assert parser.addresses
        assert [one for one in parser.addresses if re.match(r"(https?:)?//", one)] == []
    for style in site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")) == []


def test_the_built_site_carries_the_schemas_and_no_generator(site):
    assert (site / "reference" / "schemas" / "plan.json").exists()
    assert not (site / "generator").exists()


def test_make_reference_is_how_the_pages_are_made():
    told_by_make = subprocess.run(
        [shutil.which("make"), "--dry-run", "reference"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "docs.generator" in told_by_make.stdout
