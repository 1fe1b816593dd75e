"""A release tells pandas of its own types and index, and nobody of anything else that a source's schema said."""

from __future__ import annotations

import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.files.rowgroups import RowGroupWriter
from pipeline.files.schema_metadata import safe_metadata


def frame() -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "ipp": ["800000001", "800000002"],
            "count": pd.array([1, None], "Int64"),
            "sex": pd.Categorical(["F", "M"], categories=["F", "M", "X"]),
            "age": [41, 52],
        }
    )
    made.attrs["who"] = "Berard"
    return made


def schema_of(made: pd.DataFrame) -> pa.Schema:
    return pa.Table.from_pandas(made).schema.with_metadata(
        {**pa.Table.from_pandas(made).schema.metadata, b"query": b"nom = 'Berard'"}
    )


def kept(source: pa.Schema, made: pa.Schema, *untouched: str) -> dict:
    found = safe_metadata(source, made, untouched=untouched)
    assert found is not None
    assert b"Berard" not in b"".join(found.values())
    assert list(found) == [b"pandas"]
    return json.loads(found[b"pandas"])


def test_what_pandas_needs_is_kept_and_notes_are_not():
    source = schema_of(frame())
    note = kept(source, source, *source.names)
    assert note["index_columns"] == [{"kind": "range", "name": None, "start": 0, "stop": 2, "step": 1}]
    assert [column["numpy_type"] for column in note["columns"]] == ["str", "Int64", "int8", "int64"]
    assert "attributes" not in note


def test_a_column_of_another_type_is_not_spoken_of():
    source = schema_of(frame())
    made = source.set(1, pa.field("count", pa.string()))
    assert [column["field_name"] for column in kept(source, made, "age")["columns"]] == ["ipp", "sex", "age"]


def test_how_many_categories_a_changed_column_had_is_not_told():
    source = schema_of(frame())
    told = {column["field_name"]: column["metadata"] for column in kept(source, source, "age")["columns"]}
    assert told["sex"] is None
    assert kept(source, source, "sex")["columns"][2]["metadata"] == {"num_categories": 3, "ordered": False}


def test_nothing_is_kept_of_an_index_that_is_none_any_more():
    source = schema_of(frame().set_index("ipp"))
    made = pa.schema([field if field.name != "ipp" else pa.field("ipp", pa.int64()) for field in source])
    assert safe_metadata(source, made, untouched=()) is None
    assert kept(source, source)["index_columns"] == ["ipp"]


def test_numbers_that_pandas_keeps_as_a_range_are_not_told():
    """800000001, 800000002, ...: three numbers say them all, and the file has no such column."""
    source = schema_of(frame().set_index(pd.RangeIndex(800000001, 800000003, name="nip")))
    assert "800000001" in source.metadata[b"pandas"].decode()
    assert kept(source, source)["index_columns"] == []


@pytest.mark.parametrize(
    "note", [b"Berard", b"[]", b"{}", b'{"index_columns": 3}', b"\xff", b'{"index_columns": [], "columns": [1]}']
)
def test_a_note_that_is_not_of_pandas_making_is_dropped(note):
    schema = pa.schema([("a", pa.int64())], metadata={b"pandas": note})
    assert safe_metadata(schema, schema, untouched=["a"]) is None


def test_a_file_gives_the_frame_back_that_it_was_made_of(tmp_path):
    table = pa.Table.from_pandas(frame())
    safe = table.schema.with_metadata(safe_metadata(table.schema, table.schema, untouched=table.schema.names))
    with RowGroupWriter(tmp_path / "t.parquet", safe, doing="write a table") as writer:
        writer.write(table.to_batches()[0])
    read = pd.read_parquet(tmp_path / "t.parquet")
    assert read.dtypes.to_dict() == frame().dtypes.to_dict() | {"sex": read["sex"].dtype}
    assert read["count"].isna().tolist() == [False, True]
    assert read.attrs == {}
    assert pq.read_schema(tmp_path / "t.parquet").metadata.keys() == {b"pandas"}
