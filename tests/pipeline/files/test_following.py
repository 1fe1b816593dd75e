"""A file that is read behind its writer has the digest of the whole, and leaves no thread."""

from __future__ import annotations

import hashlib
import threading

import pyarrow as pa
import pytest

from pipeline.files.following import Follower
from pipeline.files.rowgroups import RowGroupWriter
from pipeline.files.text_tables import TextTableWriter


def test_what_is_written_in_pieces_is_hashed_once(tmp_path):
    path = tmp_path / "f"
    path.touch()
    follower = Follower(path)
    with path.open("wb", buffering=0) as file:
        for piece in (b"a" * 3_000_000, b"", b"b" * 17):
            file.write(piece)
            follower.follow(file.tell())
        file.write(b"the end")
    assert follower.finish() == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("sort", ["parquet", "csv", "ndjson"])
def test_a_table_knows_its_digest_when_it_is_finished(tmp_path, sort):
    before = threading.enumerate()
    batch = pa.record_batch({"id": [f"8{n:09d}" for n in range(150_000)]})
    path = tmp_path / f"t.{sort}"
    options = {"doing": "write a table", "followed": True} | ({} if sort == "parquet" else {"sort": sort})
    with (RowGroupWriter if sort == "parquet" else TextTableWriter)(path, batch.schema, **options) as writer:
        writer.write(batch)
        writer.write(batch)
    assert writer.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert threading.enumerate() == before


def given_up(writer, batch) -> None:
    with writer:
        writer.write(batch)
        raise KeyError


@pytest.mark.parametrize("sort", ["parquet", "csv"])
def test_a_table_that_is_given_up_leaves_neither_file_nor_thread(tmp_path, sort):
    before = threading.enumerate()
    batch = pa.record_batch({"id": ["1"]})
    options = {"doing": "write a table", "followed": True} | ({} if sort == "parquet" else {"sort": sort})
    with pytest.raises(KeyError):
        given_up(
            (RowGroupWriter if sort == "parquet" else TextTableWriter)(tmp_path / "t", batch.schema, **options), batch
        )
    assert threading.enumerate() == before
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_read_is_no_digest(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    follower = Follower(path)
    follower.close()
    with pytest.raises((OSError, ValueError, RuntimeError)):
        follower.finish()
