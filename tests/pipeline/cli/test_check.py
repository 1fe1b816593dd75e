"""`douane check` decides one destination or a batch, with the contract's JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli.check import check

REGISTER = str(Path(__file__).parents[1] / "guard" / "register")
DAY = ["--on", "2026-11-24"]
app = typer.Typer()
app.command()(check)


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [*arguments, "--register", REGISTER], input=stdin)


def test_london_is_blocked_and_paris_of_the_same_region_name_is_allowed():
    london = {"conn_type": "aws", "extra": {"region_name": "eu-west-2"}}
    answer = run("s3://bucket", "--class", "identified-health", "--connection", json.dumps(london), *DAY)
    assert answer.exit_code == 3
    assert "London, GB" in answer.stdout
    paris = {"conn_type": "aws", "extra": {"endpoint_url": "https://oos.eu-west-2.outscale.com", **london["extra"]}}
    answer = run("s3://bucket", "--class", "identified-health", "--connection", json.dumps(paris), *DAY)
    assert answer.exit_code == 0
    assert answer.stdout.startswith("ALLOWED")


def test_json_is_one_document_and_nothing_else():
    answer = run("https://s3.eu-west-2.amazonaws.com/b", "--class", "identified-health", "--json", *DAY)
    content = json.loads(answer.stdout)
    assert answer.exit_code == 3
    assert content["decision"] == "block"
    assert content["destination"]["country"] == "GB"


def test_reasons_can_be_read_in_french():
    answer = run("/srv/x", "--class", "identified-health", "--lang", "fr", *DAY)
    assert "BLOQUÉ" in answer.stdout
    assert "registre" in answer.stdout


def test_explain_tells_what_passed_too():
    arguments = ["https://s3.eu-west-2.amazonaws.com/b", "--class", "identified-health", *DAY]
    assert "hds-aws" not in run(*arguments).stdout
    assert "hds-aws" in run(*arguments, "--explain").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["s3://b", "--batch", "x.jsonl"],
        ["s3://b"],
        ["s3://b", "--class", "secret"],
        ["s3://b", "--class", "technical", "--on", "tomorrow"],
        ["s3://b", "--class", "technical", "--connection", "[1]"],
        ["s3://b", "--class", "technical", "--connection", "{broken"],
        ["s3://b", "--class", "technical", "--connection", '{"extra": "{broken"}'],
        ["s3://b", "--class", "technical", "--lang", "de"],
    ],
)
def test_a_wrong_call_is_a_usage_error(arguments):
    assert run(*arguments).exit_code == 2


def test_a_register_that_can_t_be_read_blocks_and_says_so():
    answer = CliRunner().invoke(app, ["/srv/eds/x", "--class", "technical", "--register", "/nonexistent"])
    assert answer.exit_code == 3
    assert "Everything is blocked" in answer.stderr


LINES = [
    {"id": "a", "destination": "https://lac.eds.chu.example/", "declared": None, "class": "identified-health"},
    {"id": 2, "destination": "https://evil.example/", "declared": {}, "class": "identified-health"},
    {
        "id": None,
        "destination": "s3://b",
        "declared": {"endpoint_url": "https://oos.eu-west-2.outscale.com"},
        "class": "technical",
    },
]


def batch(lines):
    return "".join(
        (line if isinstance(line, str) else json.dumps({"on": "2026-11-24", **line})) + "\n" for line in lines
    )


def test_a_batch_answers_every_line_in_order_and_exits_0():
    answer = run("--batch", "-", stdin=batch(LINES))
    answers = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [one["id"] for one in answers] == ["a", 2, None]
    assert [one["decision"] for one in answers] == ["allow", "block", "allow"]
    assert answer.exit_code == 0


def test_a_batch_can_be_a_file(tmp_path):
    path = tmp_path / "requests.jsonl"
    path.write_text(batch(LINES))
    assert run("--batch", str(path)).exit_code == 0
    assert run("--batch", str(tmp_path / "none.jsonl")).exit_code == 1


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[1]",
        "{",
        '{"id": 1, "id": 2, "destination": "/srv/eds/x", "class": "technical"}',
        '{"id": 1, "destination": null, "class": "technical"}',
        '{"id": 1, "destination": "/srv/eds/x"}',
        '{"id": 1, "destination": "/srv/eds/x", "class": "secret"}',
        '{"id": 1, "destination": "/srv/eds/x", "class": ["technical"]}',
        '{"id": 1, "destination": "/srv/eds/x", "class": "technical", "on": "2026-13-01"}',
        '{"id": 1, "destination": "/srv/eds/x", "class": "technical", "on": 20261124}',
        '{"id": 1, "destination": "/srv/eds/x", "class": "technical", "declared": "x"}',
        '{"id": 1, "destination": "/srv/eds/x", "class": "technical", "declaredd": {}}',
        "[" * 100_000,
    ],
)
def test_a_line_that_can_t_be_read_is_blocked_the_others_go_on_and_the_exit_is_1(line):
    answer = run("--batch", "-", stdin=batch([line, LINES[0]]))
    first, second = (json.loads(one) for one in answer.stdout.splitlines())
    assert first["decision"] == "block"
    assert first["reasons"][0]["verdict"] == "block"
    assert "Line 1" in first["reasons"][0]["message"]
    assert second["decision"] == "allow"
    assert answer.exit_code == 1


def test_half_a_surrogate_breaks_no_batch():
    answer = run("--batch", "-", stdin='{"id": "\\ud800", "destination": "https://\\ud800/", "class": "technical"}\n')
    assert json.loads(answer.stdout)["decision"] == "block"
    assert answer.exit_code == 0


def test_keys_that_are_the_caller_s_own_are_left_alone():
    answer = run("--batch", "-", stdin=batch([{**LINES[0], "ticket": 4711}]))
    assert json.loads(answer.stdout)["decision"] == "allow"
