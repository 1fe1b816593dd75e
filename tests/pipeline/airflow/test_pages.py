"""What a page makes of journal lines and of release folders, before a browser sees it."""

import pytest

from pipeline.airflow.ui.decisions import Filter, Task, decisions
from pipeline.airflow.ui.releases import release_folder, releases
from pipeline.guard import Guard
from pipeline.journal import Journal


@pytest.fixture
def lines(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl", {"dag": "nightly", "run": "r1", "task": "export", "map_index": 1})
    guard = Guard.load()
    for name, uri in {"virginia": "https://s3.us-east-1.amazonaws.com/b/", "bucket": "s3://b"}.items():
        told = guard.decide(uri, data_class="pseudonymized-health").to_dict()
        journal.append("decision", name=name, release_id="a" * 32, **told)
    journal.append("purge", release_id="a" * 32)
    return journal.newest(10)


def test_the_newest_decision_comes_first_and_other_events_are_none(lines):
    assert [one.name for one in decisions(lines)] == ["bucket", "virginia"]


def test_what_blocks_is_the_first_reason_and_the_rule_that_decided(lines):
    virginia = decisions(lines)[1]
    assert virginia.reasons[0]["verdict"] == "block"
    assert virginia.rules[0] == "location.outside_zone"


def test_a_decision_knows_its_task(lines):
    assert decisions(lines)[0].task == Task("nightly", "r1", "export", 1)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), ["bucket", "virginia"]),
        (Filter(verdict="allow"), []),
        (Filter(rule="location.outside_zone"), ["virginia"]),
        (Filter(text="US-EAST"), ["virginia"]),
        (Filter(dag="daily"), []),
        (Filter(dag="nightly", run="r1", task="export"), ["bucket", "virginia"]),
    ],
)
def test_a_filter_keeps_what_was_asked_for(lines, wanted, names):
    assert [one.name for one in decisions(lines) if wanted.keeps(one)] == names


@pytest.mark.parametrize("name", ["..", ".unsealed", "a/b", "", "nothing"])
def test_what_is_no_release_has_no_folder(tmp_path, name):
    (tmp_path / "releases").mkdir()
    (tmp_path / "manifest.json").write_text("{}")
    assert release_folder(tmp_path / "releases", name) is None


def test_a_folder_that_cannot_be_read_as_a_release_is_listed_with_its_problem(tmp_path):
    broken = tmp_path / "r1"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    (row,) = releases(tmp_path, [])
    assert row.id == "r1"
    assert row.problem
