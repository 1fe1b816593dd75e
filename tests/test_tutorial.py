"""The first tutorial is run from its first command to its last, in one shell, and answers as the page says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tutorials" / "first-release.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'(?:<!-- exit (\d) -->\n)?```(\w+)(?: title="([^"]+)")?\n(.*?)```', re.DOTALL)
BLOCKS = [match.groups() for match in BLOCK.finditer(PAGE)]
COMMANDS = [(int(code or 0), text) for code, language, _, text in BLOCKS if language == "sh"]
MARK = "=== the tutorial's next command ==="


def session() -> str:
    """The page as one script: files are saved, commands run, and each command's exit code is printed after it."""
    parts = ["exec 2>&1"]
    for _, language, title, text in BLOCKS:
        if title:
            parts.append(f"cat > {title} <<'END OF FILE'\n{text}END OF FILE")
        elif language == "sh":
            parts.append(f"{text}printf '%s' \"$?{MARK}\"")
    return "\n".join(parts)


@pytest.fixture(scope="module")
def answers(tmp_path_factory, shell_in):
    """What each command printed, and its exit code."""
    ran = shell_in(tmp_path_factory.mktemp("tutorial"), session())
    pieces = [re.fullmatch(r"(.*?)(\d+)", piece, re.DOTALL) for piece in ran.stdout.split(MARK)[:-1]]
    return [(piece[1], int(piece[2])) for piece in pieces]


def test_every_command_ends_as_the_page_says(answers):
    assert [code for _, code in answers] == [code for code, _ in COMMANDS], answers
    assert len(answers) >= 15


def test_every_answer_is_the_one_shown(answers, matches):
    shown = list(_shown())
    for number, text in shown:
        matches(text, answers[number][0])
    assert len(shown) >= 12


def _shown():
    """Give each shown answer, with the number of the command that it follows."""
    number = -1
    for _, language, _, text in BLOCKS:
        number += language == "sh"
        if language == "text":
            yield number, text
