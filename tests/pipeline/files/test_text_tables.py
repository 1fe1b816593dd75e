"""Tables as CSV and NDJSON: what a reader gets back is what went in, and a broken write leaves nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InvalidInput
from pipeline.files.text_tables import TextTableWriter

TEXTS = st.lists(st.one_of(st.none(), st.text(st.characters(blacklist_categories=["Cs"]))), min_size=1, max_size=20)


def write(path, batch: pa.RecordBatch, sort) -> str:
    path.unlink(missing_ok=True)
    with TextTableWriter(path, batch.schema, sort=sort, doing="write a table") as writer:
        writer.write(batch.slice(0, 1))
        writer.write(batch.slice(1))
    assert writer.rows == batch.num_rows
    return path.read_bytes().decode()


@given(texts=TEXTS)
def test_any_text_comes_back_from_ndjson(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("ndjson") / "t.ndjson"
    lines = write(path, pa.record_batch({'a "b"\\': pa.array(texts, pa.string())}), "ndjson").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [{'a "b"\\': text} for text in texts]


@given(texts=TEXTS)
def test_any_text_comes_back_from_csv(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    batch = pa.record_batch({"a,b": pa.array(texts, pa.string()), "n": pa.array(range(len(texts)))})
    rows = list(csv.reader(io.StringIO(write(path, batch, "csv"), newline="")))
    assert rows[0] == ["a,b", "n"]
    assert [row[0] for row in rows[1:]] == [text or "" for text in texts]


def test_a_null_is_no_empty_text(tmp_path):
    batch = pa.record_batch({"a": pa.array(["", None]), "n": [1, 2]})
    assert write(tmp_path / "t.csv", batch, "csv") == '"a","n"\n"",1\n,2\n'
    assert write(tmp_path / "t.ndjson", batch, "ndjson") == '{"a":"","n":1}\n{"a":null,"n":2}\n'


@pytest.mark.parametrize("sort", ["csv", "ndjson"])
def test_every_type_has_its_spelling(tmp_path, sort):
    moment = dt.datetime(2024, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
    batch = pa.record_batch(
        {
            "int": pa.array([7], pa.int16()),
            "float": pa.array([0.1]),
            "nan": pa.array([float("nan")]),
            "bool": pa.array([True]),
            "day": pa.array([dt.date(2024, 3, 4)]),
            "moment": pa.array([moment], pa.timestamp("s", "Europe/Paris")),
            "local": pa.array([moment.replace(tzinfo=None)], pa.timestamp("s")),
            "amount": pa.array([Decimal("1.50")]),
            "code": pa.array(["é"]).dictionary_encode(),
            "emptied": pa.nulls(1, pa.binary()),
        }
    )
    text = write(tmp_path / f"t.{sort}", batch, sort)
    if sort == "csv":
        (row,) = csv.DictReader(io.StringIO(text))
    else:
        row = {name: value if isinstance(value, str) else json.dumps(value) for name, value in json.loads(text).items()}
    nothing = "" if sort == "csv" else "null"
    assert row == {
        "int": "7",
        "float": "0.1",
        "nan": nothing,
        "bool": "true",
        "day": "2024-03-04",
        "moment": "2024-03-04T05:06:07Z",
        "local": "2024-03-04T05:06:07",
        "amount": "1.50" if sort == "csv" else "1.5",
        "code": "é",
        "emptied": nothing,
    }


@pytest.mark.parametrize("sort", ["csv", "ndjson"])
def test_bytes_have_no_form_in_text_and_leave_no_file(tmp_path, sort):
    batch = pa.record_batch({"photo": [b"\xff"]})
    with pytest.raises(InvalidInput, match="photo holds bytes"):
        write(tmp_path / "t", batch, sort)
    assert list(tmp_path.iterdir()) == []
