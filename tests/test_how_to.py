"""Each how-to page is run as it stands, by someone who has an extract, a plan and a release."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
BLOCK = re.compile(r"(?:<!-- exit (\d) -->\n)?```sh\n(.*?)```", re.DOTALL)
DESK = """
mkdir extract && printf 'ipp;sexe\\n8001234501;F\\n8001234502;M\\n' > extract/sejours.csv
echo document > certificate.pdf
douane keys new --domain eds-cardio
douane plan extract --domain eds-cardio --out made.yaml
douane run extract --plan made.yaml --out made
mv made/* release && cp home/keys/signing.pub.pem home/journal/journal.jsonl .
"""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_the_page_ends_as_it_says(page, tmp_path, shell_in):
    assert shell_in(tmp_path, f"set -e\n{DESK}").returncode == 0
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks
    for code, script in blocks:
        done = shell_in(tmp_path, f"set -e\n{script}")
        assert done.returncode == int(code or 0), (script, done.stdout, done.stderr)


def test_why_blocked_names_every_rule_that_the_guard_has():
    page = (ROOT / "docs" / "how-to" / "why-blocked.md").read_text(encoding="utf-8")
    guard = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "pipeline" / "guard").glob("*.py")))
    sorts = "location|certificate|jurisdiction|destination|release|register"
    rules = set(re.findall(rf'"((?:{sorts})\.[a-z_]+)"', guard))
    assert rules
    assert {rule for rule in rules if f"`{rule}`" not in page} == set()
