"""The bytes of a Parquet file depend on its rows alone, and its readers see the types that were announced."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.files.durable import StorageFailed
from pipeline.files.rowgroups import ROWS, RowGroupWriter

ROW_COUNT = 140_000


def rows() -> pa.Table:
    numbers = range(ROW_COUNT)
    return pa.table(
        {
            "code": pa.array([None if n % 7 == 0 else f"I{n % 30:02d}" for n in numbers]),
            "id": pa.array([f"8{n:09d}" for n in numbers]),
            "value": pa.array([n % 100 / 10 for n in numbers]),
        }
    )


def write(path, table: pa.Table, batch_rows: int, *, encoded: bool = False) -> bytes:
    with RowGroupWriter(path, table.schema, doing="write a table", random=["id"]) as writer:
        for batch in table.to_batches(max_chunksize=batch_rows):
            given = batch
            if encoded:
                # Another dictionary in each batch, in another order, with entries that no row uses.
                codes = pa.array([*reversed(batch.column("code").unique().drop_null().to_pylist()), "Z99"])
                place = {code: at for at, code in enumerate(codes.to_pylist())}
                indices = pa.array([place.get(code) for code in batch.column("code").to_pylist()], pa.int32())
                given = batch.set_column(0, "code", pa.DictionaryArray.from_arrays(indices, codes))
            writer.write(given)
    return path.read_bytes()


def test_equal_rows_make_equal_bytes_however_they_come(tmp_path):
    table = rows()
    whole = write(tmp_path / "whole", table, ROW_COUNT)
    assert write(tmp_path / "odd", table, 9_999) == whole
    assert write(tmp_path / "even", table, 65_536) == whole
    assert write(tmp_path / "encoded", table, 30_000, encoded=True) == whole
    assert pq.read_table(tmp_path / "encoded").equals(table)


def test_a_column_of_few_values_goes_through_a_dictionary_and_pseudonyms_do_not(tmp_path):
    write(tmp_path / "t", rows(), 65_536)
    group = pq.ParquetFile(tmp_path / "t").metadata.row_group(0)
    assert group.num_rows == ROWS
    assert "RLE_DICTIONARY" in group.column(0).encodings
    assert "RLE_DICTIONARY" not in group.column(1).encodings
    assert group.column(1).compression == "UNCOMPRESSED"
    assert group.column(1).statistics is None


def test_types_nullability_metadata_and_dictionaries_are_what_was_announced(tmp_path):
    moment = dt.datetime(2024, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
    table = pa.table(
        [
            pa.array(["a", None] * 100).dictionary_encode(),
            pa.array(["a"] * 200, pa.large_string()),
            pa.array([moment] * 200, pa.timestamp("us", "Europe/Paris")),
            pa.array([Decimal("1.50")] * 200, pa.decimal128(9, 2)),
            pa.array([7] * 200, pa.int16()),
            pa.array([b"x"] * 200),
            pa.array([True, None] * 100),
            pa.array([dt.date(2024, 3, 4)] * 200, pa.date32()),
        ],
        schema=pa.schema(
            [
                pa.field("coded", pa.dictionary(pa.int32(), pa.string())),
                pa.field("large", pa.large_string(), nullable=False),
                pa.field("moment", pa.timestamp("us", "Europe/Paris"), metadata={"unit": "UTC"}),
                pa.field("amount", pa.decimal128(9, 2)),
                pa.field("small", pa.int16(), nullable=False),
                pa.field("bytes", pa.binary()),
                pa.field("flag", pa.bool_()),
                pa.field("day", pa.date32()),
            ]
        ),
    )
    with RowGroupWriter(tmp_path / "t", table.schema, doing="write a table") as writer:
        writer.write(table.to_batches()[0])
    read = pq.read_table(tmp_path / "t")
    assert read.schema.equals(table.schema, check_metadata=False)
    assert [field.nullable for field in read.schema] == [field.nullable for field in table.schema]
    assert read.schema.field("moment").metadata == {b"unit": b"UTC"}
    assert read.equals(table)


def test_a_dictionary_holds_only_what_rows_use(tmp_path):
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0, 2] * 10), pa.array(["a", "Dupont", "b"]))
    batch = pa.record_batch({"c": column})
    with RowGroupWriter(tmp_path / "t", batch.schema, doing="write a table") as writer:
        writer.write(batch)
    assert b"Dupont" not in (tmp_path / "t").read_bytes()
    assert pq.read_table(tmp_path / "t")["c"].to_pylist() == ["a", "a", "b"] * 10


def test_long_texts_make_small_row_groups(tmp_path):
    batch = pa.record_batch({"letter": ["x" * 5_000] * 20_000})
    with RowGroupWriter(tmp_path / "t", batch.schema, doing="write letters") as writer:
        for start in range(0, 20_000, 700):
            writer.write(batch.slice(start, 700))
    groups = pq.ParquetFile(tmp_path / "t").metadata
    assert groups.num_rows == 20_000
    assert groups.row_group(0).num_rows == 4_096


@pytest.mark.parametrize("nothing", [0, 1])
def test_a_table_without_rows_is_a_file_with_its_columns(tmp_path, nothing):
    schema = pa.schema([("a", pa.string()), ("b", pa.dictionary(pa.int32(), pa.string()))])
    with RowGroupWriter(tmp_path / "t", schema, doing="write nothing") as writer:
        for _ in range(nothing):
            writer.write(pa.RecordBatch.from_pylist([], schema=schema))
    assert pq.read_table(tmp_path / "t").schema.equals(schema)


def test_an_error_leaves_no_file(tmp_path):
    schema = pa.schema([("a", pa.int64())])
    with pytest.raises(pa.ArrowInvalid), RowGroupWriter(tmp_path / "t", schema, doing="write a table") as writer:
        writer.write(pa.record_batch({"a": ["no number"] * 10_000}))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(StorageFailed, match="could not write a table"):
        RowGroupWriter(tmp_path / "no" / "t", pa.schema([("a", pa.int64())]), doing="write a table")
