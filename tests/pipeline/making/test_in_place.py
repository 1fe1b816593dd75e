"""Local files are read where they lie: the same release as by staging, and none of files that change meanwhile."""

from __future__ import annotations

import os
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InvalidInput
from pipeline.making import in_place
from pipeline.making.in_place import InPlace
from pipeline.sources.folder import FolderSource


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def as_parquet(extract):
    """The extract as Parquet files: with dictionaries, row groups of odd sizes, and types of their own."""
    import pyarrow.csv as pc

    for file in extract.glob("*.csv"):
        table = pc.read_csv(
            file, convert_options=pc.ConvertOptions(column_types={"ipp": pa.string(), "nda": pa.string()})
        )
        schema = table.schema.with_metadata(pa.Table.from_pandas(table.to_pandas()).schema.metadata | {b"query": b"?"})
        last = schema.field(len(schema) - 1).with_nullable(False).with_metadata({"unit": "mg"})
        table = table.cast(schema.set(len(schema) - 1, last))
        pq.write_table(table, file.with_suffix(".parquet"), row_group_size=333)
        file.unlink()
    return extract


@pytest.mark.parametrize("sort", ["extract", "as_parquet"])
@pytest.mark.parametrize("tables", ["parquet", "csv", "ndjson"])
def test_a_release_is_the_same_whether_its_extract_was_staged_or_not(installation, request, sort, tables):
    extract = request.getfixturevalue(sort)
    plan = installation.plan(extract)
    home = installation.rooms.home
    releases = []
    for staged in (False, True):
        made = installation.run(
            extract, plan, staged=staged, tables=tables, releases=home.folder / f"releases-{staged}"
        )
        releases.append(contents(made.made.release.folder))
    assert releases[0] == releases[1]
    assert {f"{table}.{tables}" for table in ("patients", "sejours", "resultats")} <= releases[0].keys()


def test_a_kept_column_keeps_its_nullability_and_metadata_and_the_schema_what_is_known(installation, as_parquet):
    made = installation.run(as_parquet)
    schema = pq.read_schema(made.made.release.folder / "sejours.parquet")
    last = pq.read_schema(as_parquet / "sejours.parquet").field(len(schema) - 1)
    assert (last.nullable, last.metadata) == (False, {b"unit": b"mg"})
    assert schema.field(last.name).equals(last, check_metadata=True)
    assert schema.metadata.keys() == {b"pandas"}


def test_nothing_of_an_extract_that_is_read_in_place_is_staged(installation, extract):
    installation.run(extract)
    assert not installation.rooms.home.staging.exists()


def test_no_thread_is_left_behind(installation, extract):
    before = threading.enumerate()
    plan = installation.plan(extract)
    installation.run(extract, plan)
    (extract / "patients.csv").write_text((extract / "patients.csv").read_text().replace("19", "xx"))
    with pytest.raises(ValueError, match="date_naissance"):
        installation.run(extract, plan)
    assert threading.enumerate() == before


def changed(file, how):
    if how == "grown":
        with file.open("a") as stream:
            stream.write("\n")
    elif how == "changed and changed back":
        content = file.read_bytes()
        file.write_bytes(content[::-1])
        file.write_bytes(content)
    elif how == "replaced":
        other = file.with_name(".other")
        other.write_bytes(file.read_bytes())
        other.replace(file)
    else:
        file.unlink()


@pytest.mark.parametrize("how", ["grown", "changed and changed back", "replaced", "gone"])
def test_a_file_that_changes_during_the_run_makes_no_release(installation, extract, monkeypatch, how):
    """The file changes when all of it was read; the end of the run looks once more."""
    look = InPlace.require_unchanged

    def change_first(held):
        changed(extract / "patients.csv", how)
        look(held)

    monkeypatch.setattr(in_place.InPlace, "require_unchanged", change_first)
    with pytest.raises(InvalidInput, match=r"patients\.csv (changed while it was read|is not there any more)"):
        installation.run(extract)
    assert installation.visible == []
    *_, last = installation.rooms.journal.lines()
    assert (last["event"], last["reason"]) == ("run.stopped", "invalid_input")


def test_only_what_is_asked_for_is_read(tmp_path):
    table = pa.table({"code": ["a", "b"] * 5_000, "who": [{"name": str(n), "age": n} for n in range(10_000)]})
    pq.write_table(table, tmp_path / "t.parquet")
    held = InPlace(FolderSource([tmp_path]).tables())
    (batch,) = held.reader("t", columns=["who.age", "code"], dictionary=["code"])
    assert batch.schema.names == ["code", "who.age"]
    assert pa.types.is_dictionary(batch.column("code").type)
    assert held.rows("t") == 10_000


def test_a_file_of_long_texts_comes_in_small_batches(tmp_path):
    letters = pa.array([os.urandom(2_000).hex() for _ in range(8_000)])
    pq.write_table(pa.table({"letter": letters}), tmp_path / "t.parquet")
    batches = list(InPlace(FolderSource([tmp_path]).tables()).reader("t"))
    assert sum(batch.num_rows for batch in batches) == 8_000
    assert max(batch.nbytes for batch in batches) <= 17 << 20
