"""Databases by SQLAlchemy: a real MariaDB and SQLite; Oracle and SQL Server where somebody gives the test one."""

import gc
import os
import sqlite3
import uuid
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from pipeline.connections import DatabaseConnection, covers
from pipeline.errors import DatabaseFailed, InvalidDocument, InvalidInput
from pipeline.optional import MissingLibrary
from pipeline.sources.any_database import DatabaseSource
from pipeline.sources.opening import open_paths


def rows(table) -> list[dict]:
    batches = list(table.batches())
    assert all(batch.schema == table.schema for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()]


class TestSQLite:
    @pytest.fixture
    def database(self, tmp_path):
        def make(script: str) -> str:
            with sqlite3.connect(tmp_path / "eds.db") as session:
                session.executescript(script)
            session.close()
            return f"sqlite:///{tmp_path}/eds.db"

        return make

    def test_numbers_come_as_they_are_and_everything_else_as_the_text_that_is_stored(self, database):
        address = database(
            """CREATE TABLE t (i INTEGER, n DECIMAL(8,2), f REAL, d DATE, t TEXT, b BLOB);
               INSERT INTO t VALUES (9007199254740993, '12.50', 0.1, '2024-02-29', 'Zoé', x'00ff'), (NULL, NULL, NULL, NULL, '', NULL)"""
        )
        (table,) = open_paths([address]).tables()
        first, second = rows(table)
        assert first == {
            "i": 9007199254740993,
            "n": "12.5",
            "f": 0.1,
            "d": "2024-02-29",
            "t": "Zoé",
            "b": "\\x00ff",
        }
        assert second == {"i": None, "n": None, "f": None, "d": None, "t": "", "b": None}

    def test_a_value_of_another_type_is_named_by_its_row(self, database):
        address = database("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1), ('Dupont')")
        with pytest.raises(InvalidInput, match=r"t\.i: row 1 \(counted from 0\) is no int64") as caught:
            rows(DatabaseSource(address).tables()[0])
        assert "Dupont" not in str(caught.value)

    def test_nothing_can_be_written_and_the_file_is_left_as_it_is(self, database, tmp_path):
        address = database("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1)")
        before = (tmp_path / "eds.db").read_bytes()
        with pytest.raises((DatabaseFailed, InvalidInput)):
            DatabaseSource(address, queries={"q": "DELETE FROM t RETURNING i"}).tables()
        assert (tmp_path / "eds.db").read_bytes() == before
        assert [path.name for path in tmp_path.iterdir()] == ["eds.db"]

    def test_one_moment_is_read_whatever_is_written_meanwhile(self, database, tmp_path):
        address = database(
            "PRAGMA journal_mode=WAL; CREATE TABLE a (i INTEGER); CREATE TABLE b (i INTEGER); INSERT INTO a VALUES (1)"
        )
        a, b = DatabaseSource(address).tables()
        writer = sqlite3.connect(tmp_path / "eds.db")
        writer.executescript("INSERT INTO a VALUES (2); INSERT INTO b VALUES (3)")
        assert rows(a) == [{"i": 1}]
        assert rows(b) == []
        writer.close()

    def test_a_query_has_the_types_of_its_values(self, database):
        address = database("CREATE TABLE t (i INTEGER, t TEXT); INSERT INTO t VALUES (1, 'a'), (2, NULL)")
        (table,) = DatabaseSource(address, queries={"q": "SELECT i, t, 1.5 AS f, NULL AS n FROM t"}).tables()
        assert table.schema.types == [pa.int64(), pa.string(), pa.float64(), pa.string()]
        assert rows(table)[1] == {"i": 2, "t": None, "f": 1.5, "n": None}

    def test_what_is_no_database_is_one_line(self, tmp_path):
        (tmp_path / "not.db").write_bytes(b"Dupont;1950" * 1000)
        for name in ("not.db", "none.db"):
            with pytest.raises(DatabaseFailed, match="the database doesn't answer") as caught:
                DatabaseSource(f"sqlite:///{tmp_path}/{name}").tables()
            assert "\n" not in str(caught.value)


class TestMariaDB:
    @pytest.fixture
    def database(self, mariadb_server):
        def make(script: str) -> str:
            name = f"eds_{uuid.uuid4().hex[:12]}"
            mariadb_server.run(f"CREATE DATABASE {name} CHARACTER SET utf8mb4; USE {name}; {script}")
            return mariadb_server.address(name)

        return make

    @pytest.fixture
    def source(self, mariadb_server):
        def make(address: str, *, password: str | None = None, **options) -> DatabaseSource:
            login = {"address": address, "user": "douane", "password": password or mariadb_server.password}
            return DatabaseSource(address, connection=DatabaseConnection.model_validate(login), **options)

        return make

    def test_every_type_comes_as_what_it_is_or_as_its_text(self, database, source):
        address = database(
            """CREATE TABLE t (i INT, big BIGINT, n DECIMAL(8,2), f DOUBLE, ok BOOLEAN, t VARCHAR(9), d DATE, moment DATETIME,
                 tm TIME, b VARBINARY(4), e ENUM('a','b'), u UUID);
               INSERT INTO t VALUES (1, 9007199254740993, 12.50, 0.1, TRUE, 'Zoé 🏥', '2024-02-29', '2024-02-29 10:00:00',
                 '10:00:00', x'00ff', 'b', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')"""
        )
        (table,) = source(address).tables()
        assert rows(table) == [
            {
                "i": 1,
                "big": 9007199254740993,
                "n": "12.50",
                "f": 0.1,
                "ok": 1,
                "t": "Zoé 🏥",
                "d": date(2024, 2, 29),
                "moment": datetime(2024, 2, 29, 10),  # noqa: DTZ001 - the column has no zone
                "tm": "10:00:00",
                "b": "\\x00ff",
                "e": "b",
                "u": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            }
        ]

    def test_all_tables_are_of_one_moment(self, database, source, mariadb_server):
        address = database("CREATE TABLE a (i INT); CREATE TABLE b (i INT); INSERT INTO a VALUES (1)")
        a, b = source(address).tables()
        name = address.rpartition("/")[2]
        mariadb_server.run(f"USE {name}; INSERT INTO a VALUES (2); INSERT INTO b VALUES (3)")  # noqa: S608 - its own
        assert (rows(a), rows(b)) == ([{"i": 1}], [])

    def test_only_the_rows_near_an_interval_are_read(self, database, source):
        address = database(
            "CREATE TABLE a (d DATE, t VARCHAR(3)); INSERT INTO a SELECT '2024-01-01' + INTERVAL seq DAY, 'x' FROM seq_0_to_364"
        )
        (table,) = source(address).tables()
        interval = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 3, tzinfo=UTC)
        assert sum(batch.num_rows for batch in table.narrow("d", *interval)()) == 2
        assert table.narrow("t", *interval) is None

    def test_a_large_table_comes_in_batches(self, database, source):
        (table,) = source(
            database("CREATE TABLE a AS SELECT seq AS i, repeat('x', 200) AS t FROM seq_1_to_50000")
        ).tables()
        batches = list(table.batches())
        assert sum(batch.num_rows for batch in batches) == 50_000
        assert max(batch.num_rows for batch in batches) <= 20_000

    def test_a_wrong_password_is_one_line_without_it(self, database, source):
        with pytest.raises(DatabaseFailed, match="refuses the login") as caught:
            source(database("CREATE TABLE a (i INT)"), password="wrong-one").tables()
        assert "wrong-one" not in str(caught.value)

    def test_a_connection_that_breaks_in_the_middle_gives_one_line(self, database, source, breaking):
        address = database("CREATE TABLE a AS SELECT seq AS i, repeat('x', 200) AS t FROM seq_1_to_100000")
        port = int(address.rpartition(":")[2].partition("/")[0])
        proxy = breaking(port, after=2 << 20, side="down")
        (table,) = source(address.replace(f":{port}/", f":{proxy.port}/")).tables()
        with pytest.raises(DatabaseFailed, match="reading a: ") as caught:
            rows(table)
        assert "\n" not in str(caught.value)
        del caught, table
        gc.collect()
        (again,) = source(address).tables()
        assert len(rows(again)) == 100_000


def test_an_address_holds_no_login_and_no_option():
    with pytest.raises(InvalidDocument, match="holds a login"):
        DatabaseSource("mysql+pymysql://eds:secret@db.chu.example/eds")
    with pytest.raises(InvalidDocument, match="unix_socket is no option"):
        DatabaseSource("mysql+pymysql://db.chu.example/eds?unix_socket=/tmp/x")


def test_a_login_is_for_its_address():
    login = DatabaseConnection(address="mysql+pymysql://db.chu.example/eds", user="eds")
    assert covers(login, "mysql+pymysql://db.chu.example/eds")
    assert not covers(login, "mysql+pymysql://db.chu.example/other")


def test_a_driver_that_is_not_installed_is_one_line():
    with pytest.raises(MissingLibrary, match=r"firebird\+none:// needs a driver"):
        DatabaseSource("firebird+none://db.chu.example/eds").tables()


@pytest.mark.parametrize("system", ["ORACLE", "SQLSERVER"])
def test_oracle_and_sql_server_hand_over_arrow(system):
    """`DOUANE_TEST_ORACLE=oracle+oracledb://user:password@host/?service_name=...`: an account that may create tables."""
    sa = pytest.importorskip("sqlalchemy")
    given = os.environ.get(f"DOUANE_TEST_{system}")
    if given is None:
        pytest.skip(f"needs a server of that system: DOUANE_TEST_{system}=its address with a login")
    url, name = sa.make_url(given), f"t_{uuid.uuid4().hex[:8]}"
    engine = sa.create_engine(url)
    table = sa.Table(
        name, sa.MetaData(), sa.Column("i", sa.Integer), sa.Column("t", sa.Unicode(9)), sa.Column("d", sa.DateTime)
    )
    table.create(engine)
    try:
        with engine.begin() as session:
            session.execute(table.insert(), [{"i": 1, "t": "Zoé", "d": datetime(2024, 2, 29, 10)}])  # noqa: DTZ001
        login = DatabaseConnection(
            address=str(url.set(username=None, password=None)), user=url.username, password=url.password
        )
        (found,) = DatabaseSource(login.address, tables=[name], connection=login).tables()
        assert list(rows(found)[0].values())[:2] == [1, "Zoé"]
    finally:
        table.drop(engine)
