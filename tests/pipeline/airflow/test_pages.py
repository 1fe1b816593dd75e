"""What a page makes of journal lines and of release folders, before a browser sees it."""

from types import SimpleNamespace

import pytest

from pipeline.airflow.doors.journaling import facts_of
from pipeline.airflow.doors.journaling import journal as journal_task
from pipeline.airflow.doors.reading import Address, Fault, Reading
from pipeline.airflow.doors.ruling import rule
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


@pytest.fixture
def of_a_task(tmp_path):
    """What door 2 journals of a mapped task's first item with two places and a fault, and what door 3 saw of it."""
    context = {"ti": SimpleNamespace(dag_id="nightly", task_id="load", run_id="r1", try_number=1, map_index=0)}
    reading = Reading(
        addresses=(
            Address(uri="https://s3.us-east-1.amazonaws.com/b/", where="bucket"),
            Address(uri="https://loinc.example", where="op_kwargs", optional=True),
        ),
        faults=(Fault(rule="sql.unreadable", message="dblink connects somewhere.", where="sql"),),
    )
    ruling = rule(reading, data_class="identified-health", guard=Guard.load())
    journal = Journal(tmp_path / "journal" / "journal.jsonl")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOUANE_HOME", str(tmp_path))
        journal_task(ruling, context, mode="enforce")
    journal.append("task.violation", what="tcp", host="203.0.113.7", port=443, **facts_of(context["ti"]))
    return journal.newest(10)


def test_what_a_door_decided_of_a_task_reads_as_decisions_with_their_reasons(of_a_task):
    place, fault = decisions(of_a_task)
    assert (place.name, place.allowed, place.place) == ("bucket", False, "aws / s3 / us-east-1 / US")
    assert place.rules[0] == "location.outside_zone"
    assert (fault.name, fault.allowed, fault.rules) == ("sql", False, ("sql.unreadable",))
    assert fault.reasons[0]["message"] == "dblink connects somewhere."


def test_every_line_of_every_door_finds_its_task(of_a_task):
    assert {line["event"] for line in of_a_task} == {"task.decision", "task.violation"}
    assert {Task.of(line) for line in of_a_task} == {Task("nightly", "r1", "load", 0)}
    assert {one.task for one in decisions(of_a_task)} == {Task("nightly", "r1", "load", 0)}


def test_a_line_of_a_door_that_was_written_without_reasons_still_names_the_rules():
    line = {"event": "task.decision", "seq": 1, "time": "2026-01-01T00:00:00Z", "rules": ["location.unknown"]}
    (one,) = decisions([{**line, "destinations": [{"uri": "https://x", "where": "url", "decision": "block"}]}])
    assert one.rules == ("location.unknown",)


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
