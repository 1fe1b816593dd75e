"""Do the doors stop what leads out, and let pass what is legitimate? On real operators, as Airflow's DagBag reads them."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

CORPUS = Path(__file__).parents[3] / "dags" / "doors"
JUDGED = {
    name: doors
    for file in ("expected.yaml", "judged.yaml")
    for name, doors in YAML(typ="safe").load((CORPUS / file).read_text(encoding="utf-8")).items()
    if not name.startswith(("run_", "code_", "mapped_over_"))
}
"""What is decided while it runs is decided under the scheduler: tests/dags/test_doors.py."""

pytestmark = pytest.mark.airflow


@pytest.mark.parametrize("name", JUDGED)
def test_each_task_is_stopped_at_its_door_or_passes(corpus, name):
    expected = JUDGED[name]
    said = corpus["doors"].get(name)
    seen = ["parse"] if said is None else ["pass" if line == "pass" else "execute" for line in said]
    assert sorted(seen) == sorted([expected] if isinstance(expected, str) else expected), said


def test_every_dag_of_the_corpus_is_expected(corpus):
    assert corpus["doors"].keys() <= JUDGED.keys()


def test_what_is_stopped_before_execute_says_in_one_line_what_and_where(corpus):
    (line,) = corpus["doors"]["sql_dblink"]
    assert line.startswith(
        "sql_dblink.t may not run with identified-health data. sql leads to postgresql://pg.partner.example: "
    )
    assert "\n" not in line
