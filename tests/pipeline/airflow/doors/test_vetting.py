"""What may the notifier open for a task, whatever the task's own code asks for?"""

from pathlib import Path

import pytest

from pipeline.airflow.doors.ruling import Law
from pipeline.airflow.doors.vetting import vet_for
from pipeline.airflow.kernel.openings import Opening
from pipeline.guard import Guard
from pipeline.guard.register import Register
from pipeline.guard.rules import DEFAULT_NEEDS
from pipeline.task_classes import TaskClass

INSTALLATION = Path(__file__).parents[3] / "dags" / "doors" / "installation"
pytestmark = pytest.mark.airflow


def law(*rows):
    guard = Guard.load(INSTALLATION / "register", INSTALLATION / "policy.yaml")
    return Law(guard, tuple(TaskClass.model_validate(row) for row in rows))


def vet(*rows, dag="eds", task="load"):
    return vet_for(law(*rows), dag_id=dag, task_id=task)


@pytest.mark.parametrize(
    "opening",
    [
        Opening("pg.chu.example", 5432),
        Opening("127.0.0.2", 8080),
        Opening("lac.oos.eu-west-2.outscale.com", 443),
        Opening("chu-paris.s3.eu-west-3.amazonaws.com", 443),
        Opening("storage.googleapis.com", 443),
        Opening("sts.eu-west-3.amazonaws.com", 443),
        Opening("oauth2.googleapis.com", 443),
    ],
)
def test_what_is_on_file_or_only_hands_out_credentials_is_opened(opening):
    assert vet()(opening) == ""


@pytest.mark.parametrize(
    ("opening", "why"),
    [
        (Opening("drop.partner.example", 443), "nobody on file knows drop.partner.example:443"),
        (Opening("203.0.113.7", 443), "nobody on file knows 203.0.113.7:443"),
        (Opening("2001:db8::1", 443), "nobody on file knows 2001:db8::1:443"),
        (Opening("s3.us-east-1.amazonaws.com", 443), "s3.us-east-1.amazonaws.com:443 lies outside the zone"),
        (Opening("sts.eu-west-3.amazonaws.com", 53), "nobody on file knows"),
        (Opening("", 0, "/var/run/docker.sock"), "nobody on file knows /var/run/docker.sock"),
    ],
)
def test_a_stranger_and_what_lies_outside_the_zone_are_not_opened(opening, why):
    assert vet()(opening).startswith(why)


@pytest.mark.parametrize(
    "row",
    [
        {"dag": "eds", "class": "technical"},
        {"task": "load", "class": "anonymous"},
        {"tag": "open", "class": "technical"},
    ],
)
def test_a_task_that_may_carry_what_goes_anywhere_is_not_vetted(row):
    assert vet(row) is None


def test_a_row_of_another_dag_and_a_stricter_one_change_nothing():
    rows = [
        {"dag": "other", "class": "technical"},
        {"dag": "eds", "class": "technical"},
        {"dag": "*", "class": "identified-health"},
    ]
    assert vet(*rows)(Opening("drop.partner.example", 443)) != ""


def test_a_process_that_runs_no_task_opens_nothing():
    assert "door_open" in vet(dag="")(Opening("pg.chu.example", 5432))


def test_nothing_is_opened_while_the_register_cannot_be_read():
    broken = Law(Guard(Register(), dict(DEFAULT_NEEDS), problem="The register is broken."), ())
    assert vet_for(broken, dag_id="eds", task_id="load")(Opening("pg.chu.example", 5432)).startswith("The register")
