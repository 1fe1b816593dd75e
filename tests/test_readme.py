"""What the README shows is run: every command, every line of Python."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
EXIT_CODES = {"douane check": 3}


def commands(first_word: str) -> list[list[str]]:
    lines = [line for language, block in BLOCKS if language == "sh" for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True)) and words[0] == first_word]


def test_the_commands_run_in_their_order(tmp_path, monkeypatch, douane):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    ran = commands("douane")
    for words in ran:
        done = douane(*words[1:])
        assert done.returncode == EXIT_CODES.get(" ".join(words[:2]), 0), (words, done.stderr)
    assert len(ran) >= 6


def test_the_python_runs_as_it_stands(tmp_path):
    (code,) = [block for language, block in BLOCKS if language == "python"]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].isdigit()


def test_the_make_targets_exist_and_are_explained():
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for words in commands("make"):
        assert f"make {words[1]}" in told


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_to_a_file(link):
    assert (ROOT / link).exists()
