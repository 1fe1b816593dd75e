"""A real PostgreSQL as a destination: what stands there, of which types, and what a broken connection leaves."""

import io
import threading
import uuid
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.connections import PostgresConnection
from pipeline.errors import DatabaseFailed, Stopped
from pipeline.sinks import DeliveryFailed, DeliveryRefused, Sink
from pipeline.sinks.postgresql import PostgresSink

STAYS = pa.table(
    {
        "nda": ["a", "", None],
        "ward": pa.array(["x", "y", "x"]).dictionary_encode(),
        "n": pa.array([1, 2**40, None], pa.int64()),
        "small": pa.array([200, 0, 1], pa.uint8()),
        "price": pa.array([Decimal("1.50"), Decimal("2.00"), None], pa.decimal128(8, 2)),
        "share": [0.1, float("inf"), None],
        "day": [date(2024, 2, 29), None, date(1901, 1, 1)],
        "at": pa.array([datetime(2024, 3, 31, 1, tzinfo=UTC)] * 3, pa.timestamp("s", "Europe/Paris")),
        "plain": pa.array([datetime(2024, 3, 31, 1)] * 3, pa.timestamp("ms")),  # noqa: DTZ001 - without a zone
        "hour": pa.array([time(10, 30)] * 3, pa.time32("s")),
        "ok": [True, None, False],
    }
)


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def big(rows: int) -> bytes:
    return parquet(pa.table({"id": list(range(rows)), "filler": ["x" * 400] * rows}))


@pytest.fixture
def name(postgres_server):
    found = f"registry_{uuid.uuid4().hex[:12]}"
    postgres_server.database(found)
    return found


@pytest.fixture
def psql(postgres_server, name):
    with postgres_server.connect(name) as session:
        yield lambda query: session.execute(query).fetchall()


@pytest.fixture
def deliver(postgres_server, name, cleared):
    def deliver(release, *, port=None, **options):
        address = f"postgresql://127.0.0.1:{port or postgres_server.port}/{name}"
        login = {"address": address, "user": "douane", "password": postgres_server.password}
        connection = PostgresConnection.model_validate(login | options)
        return PostgresSink(connection).deliver(release.folder, cleared(release, address))

    return deliver


SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(release|partial)_' ORDER BY 1"


def test_a_release_arrives_as_a_schema_with_its_tables_and_papers(seal, deliver, psql):
    release = seal(files={"stays.parquet": parquet(STAYS), "report.html": b"<!doctype html>"})
    delivery = deliver(release)
    assert psql(SCHEMAS) == [("release_r1",)]
    assert psql("SELECT nda, ward, n, small, price, share, day, ok FROM release_r1.stays") == [
        ("a", "x", 1, 200, Decimal("1.50"), 0.1, date(2024, 2, 29), True),
        ("", "y", 2**40, 0, Decimal("2.00"), float("inf"), None, None),
        (None, "x", None, 1, None, None, date(1901, 1, 1), False),
    ]
    assert psql("SELECT DISTINCT at AT TIME ZONE 'UTC', plain, hour FROM release_r1.stays") == [
        (datetime(2024, 3, 31, 1), datetime(2024, 3, 31, 1), time(10, 30))  # noqa: DTZ001 - asked for without a zone
    ]
    papers = dict(psql("SELECT name, content FROM release_r1.release_papers"))
    assert papers == {file.name: file.read_bytes() for file in release.folder.iterdir() if file.suffix != ".parquet"}
    assert (delivery.files, delivery.already_there) == (4, False)


def test_a_table_of_several_files_is_one_table(seal, deliver, psql):
    parts = {f"stays.part-{at:05}.parquet": parquet(STAYS.slice(at, 1)) for at in range(3)}
    release = seal(files=parts | {"report.html": b"<!doctype html>"})
    assert not deliver(release).already_there
    assert psql("SELECT count(*), count(nda) FROM release_r1.stays") == [(3, 2)]
    assert deliver(release).already_there


def test_delivering_again_says_that_it_is_there(seal, deliver):
    release = seal(files={"stays.parquet": parquet(STAYS)})
    assert not deliver(release).already_there
    assert deliver(release).already_there


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE release_r1.stays SET n = 2 WHERE n = 1",
        "DELETE FROM release_r1.stays WHERE n = 1",
        "ALTER TABLE release_r1.stays DROP COLUMN ok",
        "DROP TABLE release_r1.stays",
        "CREATE TABLE release_r1.correspondence (a int)",
        "UPDATE release_r1.release_papers SET content = 'x' WHERE name = 'manifest.json'",
    ],
)
def test_something_else_under_its_name_is_refused(seal, deliver, psql, postgres_server, name, change):
    release = seal(files={"stays.parquet": parquet(STAYS)})
    deliver(release)
    with postgres_server.connect(name) as session:
        session.execute(change)
    with pytest.raises(DeliveryRefused, match="the schema release_r1 is not the release r1"):
        deliver(release)


def test_views_show_the_newest_release_also_when_its_columns_changed(seal, deliver, psql):
    deliver(seal("r1", {"stays.parquet": parquet(pa.table({"a": [1]}))}), views="cardio")
    assert psql("SELECT * FROM cardio.stays") == [(1,)]
    deliver(seal("r2", {"stays.parquet": parquet(pa.table({"b": ["x"], "a": [2]}))}), views="cardio")
    assert psql("SELECT * FROM cardio.stays") == [("x", 2)]
    assert psql(SCHEMAS) == [("release_r1",), ("release_r2",)]


def test_a_connection_that_is_reset_names_nothing_and_the_next_run_continues(
    seal, deliver, psql, postgres_server, breaking
):
    release = seal(files={"a.parquet": big(10_000), "b.parquet": big(20_000)})
    proxy = breaking(postgres_server.port, after=8_000_000)
    with pytest.raises(DatabaseFailed, match="the server doesn't answer, or broke off") as caught:
        deliver(release, port=proxy.port)
    assert proxy.broke
    assert "\n" not in str(caught.value)
    assert psql(SCHEMAS) == [("partial_r1",)]
    assert psql("SELECT count(*) FROM partial_r1.a") == [(10_000,)]
    counted = breaking(postgres_server.port, after=1 << 40)
    deliver(release, port=counted.port)
    assert psql(SCHEMAS) == [("release_r1",)]
    assert psql("SELECT count(*) FROM release_r1.b") == [(20_000,)]
    assert counted.passed < 10_000_000  # a table that was whole was not sent again


def test_a_server_that_was_killed_is_one_line_and_gets_the_release_when_it_is_back(
    seal, deliver, postgres_server, name
):
    release = seal(files={"a.parquet": big(1000)})
    postgres_server.kill()
    try:
        with pytest.raises(DatabaseFailed, match="the server doesn't answer"):
            deliver(release)
    finally:
        postgres_server.start()
    deliver(release)
    with postgres_server.connect(name) as session:
        assert session.execute("SELECT count(*) FROM release_r1.a").fetchone() == (1000,)


def test_two_runs_at_once_deliver_once(seal, deliver, psql):
    release = seal(files={"a.parquet": big(30_000)})
    outcomes = []

    def run() -> None:
        try:
            outcomes.append(deliver(release).already_there)
        except DeliveryFailed as error:
            outcomes.append(error.message.rpartition(": ")[2])

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) in (["False", "another run is delivering r1"], ["False", "True"])
    assert psql(SCHEMAS) == [("release_r1",)]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"a": pa.array([[1]])}, "which no column of PostgreSQL holds"),
        ({"a": pa.array([2**63], pa.uint64())}, r"t\.a holds a value that PostgreSQL's bigint can't hold"),
        ({"a": ["x\0y"]}, "a byte that the database's encoding doesn't know"),
    ],
)
def test_what_the_database_can_not_hold_is_one_line_and_names_nothing(seal, deliver, psql, table, says):
    with pytest.raises((DeliveryRefused, DatabaseFailed), match=says):
        deliver(seal(files={"t.parquet": parquet(pa.table(table))}))
    assert ("release_r1",) not in psql(SCHEMAS)


def test_a_wrong_password_is_one_line_that_does_not_tell_it(seal, deliver):
    with pytest.raises(DatabaseFailed, match="refuses the login") as caught:
        deliver(seal(), password="not-the-secret")
    assert "not-the-secret" not in f"{caught.value!r}{caught.value}"
    assert caught.value.__cause__ is None


def test_nothing_but_a_clearance_opens_the_sink(seal):
    assert isinstance(PostgresSink(), Sink)
    with pytest.raises(Stopped, match="without a clearance"):
        PostgresSink().deliver(seal().folder, "postgresql://127.0.0.1/eds")
