"""What is read quickly, ruamel.yaml reads alike; what it might read otherwise is left to it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.quick_yaml import Unsure, read_quickly

pytest.importorskip("yaml", reason="the quick reader needs libyaml")
ROOT = Path(__file__).parents[2]
FILES = [
    *ROOT.glob("data/**/*.yaml"),
    *ROOT.glob("dags/**/*.yaml"),
    *ROOT.glob("docs/**/*.yaml"),
    *ROOT.glob("tests/**/*.yaml"),
]
WORDS = st.sampled_from(
    (
        *(
            "a",
            "NO",
            "no",
            "yes",
            "on",
            "~",
            "null",
            "Null",
            "true",
            "TRUE",
            "False",
            "",
            "x y",
            "é",
            "a:b",
            "a#b",
            "'q'",
        ),
        *("0", "-1", "+2", "007", "0o17", "0x1F", "0b1", "1_000", "1.5", "-0.0", "1.", ".5", "1e3", "1.5e-3", ".inf"),
        *(
            "-.INF",
            ".nan",
            "1:30",
            "12:30:45",
            "10.20.3.4",
            "10.0.0.0/8",
            "1.2.3",
            "2026-01-31",
            "2026-1-3",
            "2026-13-01",
        ),
        *(
            "2026-01-31T10:00:00Z",
            "2026-01-31 10:00",
            "<<",
            "=",
            "!",
            "! x",
            "!!str 3",
            "&a b",
            "*a",
            "- x",
            "? x",
            "| x",
        ),
        *(
            '"q\\n"',
            '"\\u00e9"',
            '"\\/"',
            "[1, a]",
            "{a: 1}",
            "{a}",
            "[a:b]",
            '{"a":1}',
            "[]",
            "{}",
            "s3://a/b",
            "fd00::/32",
        ),
        *(
            "-",
            "--",
            "---",
            "...",
            "%x",
            "@x",
            "`x",
            "_1",
            "+",
            ".",
            "..",
            "1_",
            "e5",
            "0e0",
            "_",
            "-_",
            "x: y",
            "#c",
            " # c",
        ),
    )
)
KEYS = st.sampled_from(("a", "b", "1", "true", "a b", "<<", "~", "'k'", "2026-01-31"))
LINES = (
    st.builds("{}: {}".format, KEYS, WORDS)
    | st.builds("- {}".format, WORDS)
    | st.builds("  {}: {}".format, KEYS, WORDS)
)


def slowly(text):
    return YAML(typ="safe", pure=True).load(text)


def shape(value):
    """Tell apart what Python finds equal: 1, 1.0 and True."""
    if isinstance(value, dict):
        return [(shape(key), shape(one)) for key, one in value.items()]
    return [shape(one) for one in value] if isinstance(value, list) else (type(value), repr(value))


@settings(deadline=None, max_examples=600)
@given(
    st.lists(LINES, min_size=1, max_size=4).map("\n".join) | WORDS | st.text("ab:- #'\"{}[],&*!|>\n1.2", max_size=14)
)
@example("a: 010")
@example("a: NO")
@example("a: &x [1]\nb: *x")
@example("a: 1\na: 2")
@example("%YAML 1.1\n---\na: NO")
@example("a: x\u2028b: y")
def test_the_quick_reader_agrees_with_ruamel_or_is_unsure(text):
    try:
        quick = read_quickly(text)
    except Unsure:
        return
    try:
        slow = slowly(text)
    except (YAMLError, ValueError):
        return  # stricter about the layout of a text (`|#`), never about its meaning
    assert shape(quick) == shape(slow)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_the_repository_is_read_alike(path):
    text = path.read_text(encoding="utf-8")
    try:
        quick = read_quickly(text)
    except Unsure:
        return
    assert quick == slowly(text)


def test_a_register_is_read_quickly():
    text = (ROOT / "tests/pipeline/guard/register/destinations.yaml").read_text(encoding="utf-8")
    assert len(read_quickly(text)["destinations"]) > 30


@pytest.mark.parametrize(
    "text", ["a: 010", "a: 1_000", "a: 1e3", "a: !!str 3", "a: 1\na: 2", "a: [1", "<<: {}", "a: 2026-1-1"]
)
def test_what_versions_read_differently_is_left_to_ruamel(text):
    with pytest.raises(Unsure):
        read_quickly(text)


def test_a_day_is_a_day_and_no_time():
    found = read_quickly("a: 2026-01-31")["a"]
    assert type(found) is date
    assert not isinstance(found, datetime)
