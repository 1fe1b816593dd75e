"""A DuckDB file: every type, nothing written, no way out of it by a query."""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from pipeline.errors import DatabaseFailed, InvalidDocument, InvalidInput
from pipeline.sources.duckdb import DuckDBSource
from pipeline.sources.opening import open_paths


@pytest.fixture
def database(tmp_path):
    def make(script: str) -> str:
        with duckdb.connect(str(tmp_path / "eds.duckdb")) as session:
            session.execute(script)
        return f"duckdb:///{tmp_path}/eds.duckdb"

    return make


def rows(table) -> list[dict]:
    batches = list(table.batches())
    assert all(batch.schema == table.schema for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()]


def test_every_type_comes_as_what_it_is_or_as_its_text(database):
    address = database(
        """CREATE TABLE t (i INTEGER, big HUGEINT, n DECIMAL(8,2), ok BOOLEAN, t VARCHAR, e ENUM('a','b'), d DATE,
             moment TIMESTAMP, tz TIMESTAMPTZ, u UUID, l INTEGER[], s STRUCT(family VARCHAR), j JSON, iv INTERVAL, b BLOB);
           INSERT INTO t VALUES (1, 170141183460469231731687303715884105727, 12.50, true, 'Zoé', 'b', '2024-02-29',
             '2024-02-29 10:00', '2024-02-29 10:00+02', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', [1, 2],
             {'family': 'Roche'}, '{"a": 1}', INTERVAL 1 DAY, '\\x00\\xFF'::BLOB)"""
    )
    (table,) = DuckDBSource(address).tables()
    assert rows(table) == [
        {
            "i": 1,
            "big": "170141183460469231731687303715884105727",
            "n": Decimal("12.50"),
            "ok": True,
            "t": "Zoé",
            "e": "b",
            "d": date(2024, 2, 29),
            "moment": datetime(2024, 2, 29, 10),  # noqa: DTZ001 - the column has no zone
            "tz": datetime(2024, 2, 29, 8, tzinfo=UTC),
            "u": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "l": "[1, 2]",
            "s.family": "Roche",
            "j": '{"a": 1}',
            "iv": "1 day",
            "b": "\\x00\\xFF",
        }
    ]


def test_tables_are_those_of_main_or_those_that_are_named(database):
    address = database(
        "CREATE TABLE a (x INT); CREATE VIEW v AS SELECT 1 AS y; CREATE SCHEMA omop; CREATE TABLE omop.b (z INT)"
    )
    assert [table.name for table in DuckDBSource(address).tables()] == ["a"]
    assert [table.name for table in open_paths([f"{address}?tables=omop.b,v"]).tables()] == ["b", "v"]
    (query,) = DuckDBSource(address, queries={"q": "SELECT 2 AS two;"}).tables()
    assert rows(query) == [{"two": 2}]
    with pytest.raises(InvalidInput, match="has no table c"):
        DuckDBSource(address, tables=["c"]).tables()


def test_only_the_rows_near_an_interval_are_read(database):
    address = database(
        "CREATE TABLE a AS SELECT d::DATE AS d, 'x' AS t FROM range(DATE '2024-01-01', DATE '2025-01-01', INTERVAL 1 DAY) r(d)"
    )
    (table,) = DuckDBSource(address).tables()
    opened = table.narrow("d", datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 3, tzinfo=UTC))
    assert sum(batch.num_rows for batch in opened()) == 2
    assert table.narrow("t", datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 3, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/hostname')",
    ],
)
def test_a_query_reads_no_other_file(database, query):
    with pytest.raises(InvalidInput, match=r"another file or for the network|none that this database runs"):
        DuckDBSource(database("CREATE TABLE a (x INT)"), queries={"q": query}).tables()


def test_the_file_is_left_as_it_is(database, tmp_path):
    address = database("CREATE TABLE a (x INT); INSERT INTO a VALUES (1)")
    before = (tmp_path / "eds.duckdb").read_bytes()
    rows(DuckDBSource(address).tables()[0])
    assert (tmp_path / "eds.duckdb").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["eds.duckdb"]


def test_what_is_no_database_is_one_line(tmp_path):
    (tmp_path / "not.duckdb").write_bytes(b"Dupont;1950" * 1000)
    for name in ("not.duckdb", "none.duckdb"):
        with pytest.raises(DatabaseFailed, match="isn't there, is no DuckDB database") as caught:
            DuckDBSource(f"duckdb:///{tmp_path}/{name}").tables()
        assert "\n" not in str(caught.value)
    with pytest.raises(InvalidDocument, match="takes a file and no login"):
        DuckDBSource("duckdb://host/eds")


def test_a_value_that_a_query_chokes_on_is_not_told(database):
    (table,) = DuckDBSource(
        database("CREATE TABLE a AS SELECT 'Dupont' AS x"), queries={"q": "SELECT x::INT AS y FROM a"}
    ).tables()
    with pytest.raises(DatabaseFailed, match="reading q: ") as caught:
        rows(table)
    assert "Dupont" not in str(caught.value)
    assert caught.value.__cause__ is None
