"""The figures of a DataFrame are those of the same table on one machine."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.spark import risk
from transforms import risk as risk_of_table
from transforms.errors import UnknownColumn

_DRAW = random.Random(3)
TABLE = pa.table(
    {
        "age": pa.array([_DRAW.choice([40, 50, 60, None]) for _ in range(300)], pa.int64()),
        "score": [_DRAW.choice([0.0, -0.0, 1.5, float("nan"), None]) for _ in range(300)],
        "who": [_DRAW.choice(["a", "b", "c", "d", "e", None]) for _ in range(300)],
        "diagnosis": [_DRAW.choice(["I50", "C50", "E11", None]) for _ in range(300)],
        "result": [_DRAW.choice([1.0, 2.5, 7.25, float("nan"), -0.0, 0.0]) for _ in range(300)],
    }
)


@pytest.fixture(scope="module")
def frame(spark, tmp_path_factory):
    path = tmp_path_factory.mktemp("risk") / "table.parquet"
    pq.write_table(TABLE, path)
    return spark.read.parquet(str(path)).repartition(2)


@pytest.mark.parametrize("person", [None, "who"])
def test_the_figures_are_those_of_one_machine(frame, person):
    asked = {"quasi": ["age", "score"], "sensitive": ["diagnosis", "result"], "person": person}
    assert risk(frame, **asked) == risk_of_table(TABLE, **asked)


def test_without_quasi_identifiers_all_is_one_class(frame):
    assert risk(frame, quasi=[]) == risk_of_table(TABLE, quasi=[])


def test_an_empty_frame_has_no_class(frame):
    assert risk(frame.limit(0), quasi=["age"], sensitive="result") == risk_of_table(
        TABLE.slice(0, 0), quasi=["age"], sensitive="result"
    )


def test_a_column_that_is_not_there_is_named(frame):
    with pytest.raises(UnknownColumn, match="no column ages"):
        risk(frame, quasi=["ages"])
