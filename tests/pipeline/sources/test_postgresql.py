"""A real PostgreSQL: one moment for all tables, every type, other encodings, and servers that break off."""

import threading
import uuid
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

from pipeline.connections import PostgresConnection
from pipeline.errors import DatabaseFailed, InvalidDocument, InvalidInput
from pipeline.plan import Plan
from pipeline.sources.interval import Interval, IntervalSource
from pipeline.sources.postgresql import PostgresSource


@pytest.fixture
def database(postgres_server):
    """Make a database from a script; gives its address."""

    def make(script: str, *, encoding: str = "UTF8") -> str:
        name = f"eds_{uuid.uuid4().hex[:12]}"
        address = postgres_server.database(name, encoding=encoding)
        with postgres_server.connect(name) as session:
            session.execute(script)
        return address

    return make


@pytest.fixture
def login(postgres_server):
    def make(address: str, **options) -> PostgresConnection:
        mine = {"address": address, "user": "douane", "password": postgres_server.password}
        return PostgresConnection.model_validate(mine | options)

    return make


@pytest.fixture
def source(login):
    return lambda address, **options: PostgresSource(address, connection=login(address), **options)


@pytest.fixture
def psql(postgres_server):
    return lambda address: postgres_server.connect(urlsplit(address).path[1:])


def rows(table) -> list[dict]:
    batches = list(table.batches())
    assert all(batch.schema == table.schema for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()]


def test_every_type_comes_as_what_it_is_or_as_the_text_that_the_server_writes(database, source):
    address = database(
        """CREATE TABLE t (small int2, i int4, big int8, n numeric(8,2), f float8, ok bool, t text, v varchar(9), c char(5),
           d date, at timestamp, tz timestamptz, j jsonb, u uuid, a int[], b bytea, ip inet, m interval);
        INSERT INTO t VALUES (1, 2, 9007199254740993, 12.50, 0.1, true, 'Zoé', '', 'ab', '2024-02-29', '2024-02-29 10:00',
          '2024-02-29 10:00+02', '{"a": 1}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{1,2}', '\\x00ff', '10.0.0.1', '1 day');
        INSERT INTO t (t) VALUES (NULL)"""
    )
    (table,) = source(address).tables()
    first, nothing = rows(table)
    assert first == {
        "small": 1,
        "i": 2,
        "big": 9007199254740993,
        "n": "12.50",
        "f": 0.1,
        "ok": True,
        "t": "Zoé",
        "v": "",
        "c": "ab",
        "d": date(2024, 2, 29),
        "at": datetime(2024, 2, 29, 10),  # noqa: DTZ001 - the column has no zone
        "tz": datetime(2024, 2, 29, 8, tzinfo=UTC),
        "j": '{"a": 1}',
        "u": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "a": "{1,2}",
        "b": "\\x00ff",
        "ip": "10.0.0.1",
        "m": "P1D",
    }
    assert set(nothing.values()) == {None}


def test_all_tables_are_as_of_one_moment_also_those_that_are_read_later(database, source, psql):
    address = database(
        "CREATE TABLE a (id int); CREATE TABLE b (id int); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)"
    )
    a, b = source(address).tables()
    assert rows(a) == [{"id": 1}]
    with psql(address) as other:
        other.execute("INSERT INTO a VALUES (2); INSERT INTO b VALUES (2)")
    assert rows(b) == [{"id": 1}]
    assert [len(rows(table)) for table in source(address).tables()] == [2, 2]


def test_altering_a_table_waits_until_the_extract_is_read_and_reading_and_writing_do_not(database, source, psql):
    address = database("CREATE TABLE a (id int, nom text); INSERT INTO a VALUES (1, 'x')")
    (table,) = source(address).tables()
    with psql(address) as writer:
        writer.execute("SET lock_timeout = '5s'; INSERT INTO a VALUES (2, 'y')")
        import psycopg

        with pytest.raises(psycopg.errors.LockNotAvailable):
            writer.execute("SET lock_timeout = '100ms'; ALTER TABLE a DROP COLUMN nom")
        assert rows(table) == [{"id": 1, "nom": "x"}]
        writer.execute("SET lock_timeout = '5s'; ALTER TABLE a DROP COLUMN nom")


def test_nothing_can_be_written_through_the_source(database, source):
    address = database("CREATE TABLE a (id int)")
    hostile = source(address, queries={"q": "WITH gone AS (DELETE FROM a RETURNING id) SELECT id FROM gone"})
    with pytest.raises(DatabaseFailed):
        [rows(table) for table in hostile.tables()]


def test_tables_are_those_that_are_named_or_all_on_the_search_path(database, source):
    address = database(
        """CREATE SCHEMA omop; CREATE TABLE omop.person (id int); CREATE TABLE stays (id int);
        CREATE VIEW recent AS SELECT * FROM stays; CREATE TABLE part (id int) PARTITION BY RANGE (id);
        CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (9); INSERT INTO part VALUES (3)"""
    )
    assert [table.name for table in source(address).tables()] == ["part", "stays"]
    assert [table.name for table in source(address, tables=["omop.person", "recent"]).tables()] == ["person", "recent"]
    assert [t.name for t in source(f"{address}?tables=omop.person,stays").tables()] == ["person", "stays"]
    assert rows(source(address, tables=["part"]).tables()[0]) == [{"id": 3}]


def test_a_query_is_a_table_and_a_table_may_be_empty(database, source):
    address = database("CREATE TABLE a (id int, nom text); INSERT INTO a VALUES (1, 'x'), (2, 'y')")
    found = source(address, queries={"late": "SELECT nom FROM a WHERE id > 1;", "none": "SELECT id FROM a WHERE false"})
    late, none = found.tables()
    assert rows(late) == [{"nom": "y"}]
    assert rows(none) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"tables": ["nope"]}, "has no table nope"),
        ({"tables": ["a", "other.a"]}, "two tables would both be a"),
        ({"queries": {"q": "SELEC"}}, "the query is none that this database runs"),
        ({"queries": {"q": "SELECT id, id FROM a"}}, "q has two columns named id"),
        ({"queries": {"q": "SELECT nope FROM a WHERE nom = 'Dupont'"}}, "the query is none"),
    ],
)
def test_what_is_not_there_is_one_line_without_the_query(database, source, options, says):
    address = database("CREATE TABLE a (id int, nom text); CREATE SCHEMA other; CREATE TABLE other.a (id int)")
    with pytest.raises((InvalidInput, DatabaseFailed), match=says) as caught:
        source(address, **options).tables()
    assert "\n" not in str(caught.value)
    assert "Dupont" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_database_of_another_encoding_comes_as_utf8(database, source):
    address = database("CREATE TABLE a (nom text); INSERT INTO a VALUES ('Zoé Brûlé')", encoding="LATIN1")
    assert rows(source(address).tables()[0]) == [{"nom": "Zoé Brûlé"}]


def test_bytes_that_no_encoding_explains_are_named_by_row_and_the_hint_works(database, source):
    address = database(
        "CREATE TABLE a (id int, nom text); INSERT INTO a VALUES (1, 'Roche'), (2, E'Zo\\351')", encoding="SQL_ASCII"
    )
    (table,) = source(address).tables()
    with pytest.raises(InvalidInput, match=r"a\.nom: row 1 \(counted from 0\) is no UTF-8 text") as caught:
        rows(table)
    assert "Zo" not in str(caught.value)
    expression = str(caught.value).rpartition("Read it by a query: ")[2].rstrip(".")
    (mended,) = source(address, queries={"a": f"SELECT id, {expression} FROM a"}).tables()  # noqa: S608 - our own hint
    assert [row["nom"] for row in rows(mended)] == ["Roche", "Zoé"]


def test_a_wrong_password_is_one_line_that_does_not_tell_it(database, login):
    address = database("CREATE TABLE a (id int)")
    wrong = PostgresSource(address, connection=login(address, password="not-the-secret"))
    with pytest.raises(DatabaseFailed, match="refuses the login") as caught:
        wrong.tables()
    assert "not-the-secret" not in f"{caught.value!r}{caught.value}{wrong.__dict__!r}"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("postgresql://me:secret@db.example/eds", "holds a password"),
        ("postgresql://db.example", "lacks host or database"),
        ("postgresql:///eds", "lacks host or database"),
        ("postgresql://db.example/eds?hostaddr=10.0.0.1", "hostaddr is no option"),
    ],
)
def test_an_address_that_says_too_much_or_too_little_is_refused(uri, says):
    with pytest.raises(InvalidDocument, match=says) as caught:
        PostgresSource(uri)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_one_line(login):
    address = "postgresql://127.0.0.1:1/eds"
    with pytest.raises(DatabaseFailed, match="doesn't answer"):
        PostgresSource(address, connection=login(address)).tables()


def planned(table: str, field: str, **options) -> Plan:
    decided = {"category": "quasi", "steps": [{"transform": "keep"}], "decided_by": "dpo", "why": "a test"} | options
    tables = {table: {field: {key: value for key, value in decided.items() if value is not None}}}
    return Plan.model_validate({"format": 1, "domain": "eds", "policy_sha256": "0" * 64, "tables": tables})


def big(database) -> str:
    return database(
        "CREATE TABLE a (id int, filler text); INSERT INTO a SELECT n, repeat('x', 500) FROM generate_series(1, 60000) n"
    )


def test_a_connection_that_is_reset_midway_is_one_line_and_the_next_try_reads_all(
    database, source, postgres_server, breaking
):
    address = big(database)
    proxy = breaking(postgres_server.port, after=15_000_000, side="down")
    through = address.replace(str(postgres_server.port), str(proxy.port))
    (table,) = source(through).tables()
    with pytest.raises(DatabaseFailed, match="reading a: the server doesn't answer, or broke off") as caught:
        rows(table)
    assert proxy.broke
    assert "\n" not in str(caught.value)
    assert len(rows(source(address).tables()[0])) == 60_000


def test_a_server_that_is_killed_midway_is_one_line_and_the_next_try_reads_all(database, source, postgres_server):
    address = big(database)
    (table,) = source(address).tables()
    batches = table.batches()
    next(batches)
    killer = threading.Thread(target=postgres_server.kill)
    killer.start()
    killer.join()
    try:
        with pytest.raises(DatabaseFailed, match="reading a: "):
            list(batches)
    finally:
        postgres_server.start()
    assert len(rows(source(address).tables()[0])) == 60_000


def test_only_a_batch_of_a_table_is_in_memory(database, source):
    (table,) = source(big(database)).tables()
    sizes = [batch.nbytes for batch in table.batches()]
    assert len(sizes) > 2
    assert max(sizes) < 20 << 20


def test_the_snapshot_is_let_go_when_all_is_read(database, source, psql):
    address = database("CREATE TABLE a (id int); CREATE TABLE b (id int)")
    a, b = source(address).tables()
    others = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'douane' AND datname = current_database()"
    with psql(address) as watcher:
        rows(a)
        assert watcher.execute(others).fetchone() == (1,)
        rows(b)
        for _ in range(200):
            if watcher.execute(others).fetchone() == (0,):
                break
        else:
            pytest.fail("the session is still open")


@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz", "text"])
def test_an_interval_reads_its_rows_only_whatever_the_watermark_is(database, source, kind):
    address = database(
        """CREATE TABLE stays (id int, entry KIND);
        INSERT INTO stays SELECT n, ('2024-03-01'::date + n)::KIND FROM generate_series(0, 30) n;
        INSERT INTO stays VALUES (99, NULL)""".replace("KIND", kind)
    )
    interval = Interval(datetime(2024, 3, 10, tzinfo=UTC), datetime(2024, 3, 12, tzinfo=UTC))
    plan = planned("stays", "entry", kind="event_date", type="date" if kind == "text" else None)
    within = IntervalSource(source(address), interval, watermark={"stays": "entry"}, plan=plan, timezone="UTC")
    (table,) = within.tables()
    assert [row["id"] for row in rows(table)] == [9, 10]


def test_the_database_sends_only_what_is_near_the_interval(database, source, postgres_server, breaking):
    address = database(
        "CREATE TABLE a (id int, at timestamptz, filler text); INSERT INTO a SELECT n, '2024-01-01'::timestamptz + n * "
        "interval '1 hour', repeat('x', 500) FROM generate_series(1, 20000) n"
    )
    counted = breaking(postgres_server.port, after=1 << 40, side="down")
    near = source(address.replace(str(postgres_server.port), str(counted.port)))
    interval = Interval(datetime(2024, 3, 10, tzinfo=UTC), datetime(2024, 3, 12, tzinfo=UTC))
    plan = planned("a", "at", kind="event_date")
    (table,) = IntervalSource(near, interval, watermark={"a": "at"}, plan=plan, timezone="Europe/Paris").tables()
    assert len(rows(table)) == 48
    assert counted.passed < 500_000


def test_schemas_are_plain_arrow(database, source):
    (table,) = source(database("CREATE TABLE a (id int, n numeric, at timestamptz)")).tables()
    assert table.schema.metadata is None
    assert table.schema.types == [pa.int32(), pa.string(), pa.timestamp("us", "UTC")]
