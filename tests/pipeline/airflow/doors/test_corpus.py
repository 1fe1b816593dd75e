"""Do the doors stop what leads out, and let pass what is legitimate? On real operators, as Airflow itself holds them."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

EXPECTED = YAML(typ="safe").load(
    (Path(__file__).parents[3] / "dags" / "doors" / "expected.yaml").read_text(encoding="utf-8")
)
pytestmark = pytest.mark.airflow


@pytest.mark.parametrize("name", EXPECTED)
def test_each_task_is_stopped_at_its_door_or_passes(corpus, name):
    expected = EXPECTED[name]
    said = corpus["doors"].get(name)
    seen = ["parse"] if said is None else ["pass" if line == "pass" else "execute" for line in said]
    assert sorted(seen) == sorted([expected] if isinstance(expected, str) else expected), said


def test_every_dag_of_the_corpus_is_expected_and_at_least_sixty_are(corpus):
    assert corpus["doors"].keys() <= EXPECTED.keys()
    assert len(EXPECTED) >= 60


def test_what_is_stopped_at_parse_is_an_import_error_that_says_whose_rule_and_mend(corpus):
    # Airflow keeps one error a file, of whichever of its DAGs it came to last.
    for problem in corpus["import errors"]:
        assert "AirflowClusterPolicyViolation" in problem
        assert ".t may not run with identified-health data. " in problem
        assert any(rule in problem for rule in ("location.", "certificate.", "task.unconfined"))


def test_what_is_stopped_before_execute_says_in_one_line_what_and_where(corpus):
    (line,) = corpus["doors"]["sql_dblink"]
    assert line.startswith(
        "sql_dblink.t may not run with identified-health data. sql leads to postgresql://pg.partner.example: "
    )
    assert "\n" not in line


def test_a_blocked_task_fails_at_once_in_spite_of_its_retries_and_no_code_of_its_author_runs(corpus):
    assert corpus["states"]["sql_abroad"] == ["failed"]


def test_one_bad_item_of_a_mapped_task_stops_that_item_alone(corpus):
    assert corpus["states"]["s3_mapped_one_bad"] == ["failed", "skipped"]


def test_an_overridden_pre_execute_runs_only_behind_the_door(corpus):
    assert corpus["states"]["python_sneaky"] == ["skipped"]


def test_every_decision_stands_in_the_journal_with_rules_and_without_a_secret(corpus):
    decisions = {line["dag"]: line for line in corpus["journal"] if line["event"] == "task.decision"}
    assert decisions["sql_abroad"]["decision"] == "block"
    assert decisions["sql_abroad"]["rules"] == ["location.unknown"]
    assert decisions["gcs_verified"]["decision"] == "allow"
    assert decisions["open_data_by_policy"]["class"] == "technical"
    assert "secret-of" not in corpus["journal text"]
    assert "c2VjcmV0" not in corpus["journal text"]


@pytest.mark.parametrize("name", ["code_sql_task_abroad", "code_hook_abroad", "code_hook_swallowed", "code_job_abroad"])
def test_sql_that_code_hands_to_a_database_is_held_before_it_goes_and_fails_the_task_for_good(corpus, name):
    assert corpus["states"][name] == ["failed"]
    (blocked,) = (line for line in corpus["journal"] if line.get("dag") == name and line["decision"] == "block")
    assert blocked["event"] == "task.decision"
    assert blocked["rules"]


def test_sql_from_code_that_stays_where_it_is_runs(corpus):
    assert corpus["states"]["code_hook_own"] == ["success"]
