"""Does the table of operators know every operator that is installed, by arguments that it really has?"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.airflow.doors.table import FILES, entries
from pipeline.data_files import data_folder

WALK = Path(__file__).with_name("walk_operators.py")
pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def walked(environment_of, tmp_path_factory):
    environment = environment_of(tmp_path_factory.mktemp("walk"))
    done = subprocess.run([sys.executable, WALK], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_every_installed_operator_is_in_a_table(walked):
    assert walked["classes"] > 1000
    assert walked["unknown"] == []


def test_every_argument_of_the_table_is_one_that_the_operator_keeps(walked):
    assert walked["absent"] == {}


@pytest.mark.parametrize("file", sorted(set(FILES.values())))
def test_a_class_stands_once_and_with_something_said_of_it(file):
    known = entries(file)
    assert sum(len(entry.classes) for entry in set(known.values())) == len(known)
    for entry in known.values():
        said = (
            entry.sources,
            entry.destinations,
            entry.connects,
            entry.sql,
            entry.shell,
            entry.labels,
            entry.elsewhere,
        )
        assert entry.nothing != any(said), entry.classes


@pytest.mark.parametrize("file", sorted(set(FILES.values())))
def test_each_file_is_what_its_schema_says(file):
    import jsonschema

    folder = data_folder() / "operators"
    schema = json.loads((folder / "operators.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(YAML(typ="safe").load((folder / f"{file}.yaml").read_text(encoding="utf-8")), schema)
