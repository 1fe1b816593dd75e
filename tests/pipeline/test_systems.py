"""The whole way between real systems: PostgreSQL in, an object store, an SFTP server and a database out."""

import csv
import json
import runpy
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ruamel.yaml import YAML

from pipeline.destinations import destination_at
from pipeline.export_order import prepare_export
from pipeline.guard import Guard
from pipeline.making.extracting import read_samples
from pipeline.manifest import verify_release
from pipeline.plan import write_plan
from pipeline.run import Rooms, run
from pipeline.sources.folder import FolderSource
from pipeline.sources.postgresql import PostgresSource
from transforms import detect, pseudonymize

_FIXTURES = runpy.run_path(str(Path(__file__).parents[1] / "servers" / "fixtures.py"))
s3_server, sftp_server, postgres_server = (_FIXTURES[name] for name in ("s3_server", "sftp_server", "postgres_server"))


@pytest.fixture
def warehouse(postgres_server, extract):
    """The extract's CSV files as tables of text in a database, an empty text as '' and a missing one as NULL."""
    name = f"eds_{uuid.uuid4().hex[:12]}"
    address = postgres_server.database(name)
    with postgres_server.connect(name) as session:
        for file in sorted(extract.iterdir()):
            with file.open(newline="") as stream:
                columns = next(csv.reader(stream))
            session.execute(f"CREATE TABLE {file.stem} ({', '.join(f'{column} text' for column in columns)})")
            with session.cursor().copy(f"COPY {file.stem} FROM STDIN (FORMAT csv, HEADER)") as copy:
                copy.write(file.read_bytes())
    return address


@pytest.fixture
def registry(postgres_server):
    return postgres_server.database(f"registry_{uuid.uuid4().hex[:12]}")


@pytest.fixture
def logins(installation, postgres_server, sftp_server, s3_server, warehouse, registry):
    """connections.yaml of the installation, and this machine verified as the controller's own."""
    today = datetime.now(UTC).date()
    own = {"hosting": "self", "country": "FR", "verified_by": "dpo@chu.example"}
    days = {"verified_on": today - timedelta(days=1), "valid_until": today + timedelta(days=30)}
    entry = {"id": "loopback", "match": {"cidr": "127.0.0.0/8"}, **own, **days}
    home = installation.rooms.home
    with (home.register / "destinations.yaml").open("w") as file:
        YAML().dump({"format": 1, "destinations": [entry]}, file)
    password = postgres_server.password
    content = {
        "format": 1,
        "connections": {
            "warehouse": {"address": warehouse, "user": "douane", "password": password},
            "registry": {"address": registry, "user": "douane", "password": password, "views": "cardio"},
            "partner": {
                "address": f"sftp://127.0.0.1:{sftp_server.port}",
                "user": sftp_server.user,
                "private_key": str(sftp_server.folder / "user_key"),
                "host_key": sftp_server.public("host_key"),
            },
            "lake": {
                "address": "s3://eds-lake",
                "endpoint": s3_server.endpoint,
                "access_key_id": "AKIDOUANETEST",
                "secret_access_key": "secret-of-the-store",
            },
        },
    }
    home.private.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home.private / "connections.yaml"
    path.touch(mode=0o600)
    with path.open("w") as file:
        YAML().dump(content, file)
    return content["connections"]


@pytest.fixture
def places(sftp_server, s3_server, registry):
    """An address in each system, and what reads a delivered release back from it into a folder."""
    inbox = sftp_server.folder / f"in-{uuid.uuid4().hex[:8]}"
    inbox.mkdir()
    store = s3_server.client()
    if "eds-lake" not in [bucket["Name"] for bucket in store.list_buckets()["Buckets"]]:
        store.create_bucket(Bucket="eds-lake")

    def fetch(release_id: str, folder: Path) -> Path:
        folder.mkdir()
        for item in store.list_objects_v2(Bucket="eds-lake", Prefix=f"in/{release_id}/")["Contents"]:
            body = store.get_object(Bucket="eds-lake", Key=item["Key"])["Body"].read()
            (folder / item["Key"].rpartition("/")[2]).write_bytes(body)
        return folder

    return {
        "sftp": (f"sftp://127.0.0.1:{sftp_server.port}{inbox}", lambda release_id, _: inbox / release_id),
        "s3": ("s3://eds-lake/in/", fetch),
        "postgresql": (registry, None),
    }


def test_a_database_goes_the_whole_way_to_three_systems_and_is_whole_in_each(
    installation, extract, warehouse, logins, places, postgres_server, tmp_path, home, monkeypatch
):
    monkeypatch.setenv("DOUANE_HOME", str(installation.rooms.home.folder))
    rooms = installation.rooms
    guard = Guard.load(rooms.home.register)
    order = installation.order(extract, installation.plan(extract))
    order = type(order)(
        **{
            **order.__dict__,
            "source": PostgresSource(warehouse),
            "destinations": [destination_at(address, rooms.home) for address, _ in places.values()],
        }
    )
    result = run(order, Rooms(rooms.home, rooms.keyring, rooms.journal, guard))
    assert [outcome.failure for outcome in result.outcomes] == [None] * 3
    assert result.exit_code == 0
    release = result.made.release
    for name in ("sftp", "s3"):
        copy = places[name][1](release.id, tmp_path / name)
        assert verify_release(copy, rooms.keyring.public_key_path, rooms.journal).ok
    with postgres_server.connect(places["postgresql"][0].rpartition("/")[2]) as session:
        delivered = session.execute("SELECT count(*) FROM cardio.patients").fetchone()
    assert delivered == (200,)
    journal = rooms.journal.path.read_text()
    assert not any(secret in journal for secret in ("secret-of-the-store", postgres_server.password))
    assert [line["event"] for line in rooms.journal.lines()].count("delivery") == 3


def test_the_same_extract_through_files_and_through_a_database_has_the_same_pseudonyms(
    installation, extract, warehouse, logins, read_release, monkeypatch
):
    monkeypatch.setenv("DOUANE_HOME", str(installation.rooms.home.folder))
    plan = installation.plan(extract)
    by_files = installation.run(extract, plan)
    order = installation.order(extract, plan)
    by_database = run(type(order)(**{**order.__dict__, "source": PostgresSource(warehouse)}), installation.rooms)
    for table in ("patients", "sejours", "resultats"):
        found, expected = read_release(by_database, table), read_release(by_files, table)
        assert found.schema == expected.schema
        order = [(name, "ascending") for name in found.column_names]  # a database keeps its rows in an order of its own
        assert found.sort_by(order).equals(expected.sort_by(order))


TYPED = pa.table(
    {
        "id": pa.array([7, 2**40, None, -3], pa.int64()),
        "small": pa.array([7, 8, None, 9], pa.int32()),
        "day": pa.array([date(1950, 2, 28), None, date(2024, 2, 29), date(1899, 1, 1)]),
        "at": pa.array(
            [datetime(2024, 3, 31, 1, 30, tzinfo=UTC), None, *[datetime(2024, 10, 27, 0, 30, tzinfo=UTC)] * 2]
        ),
        "plain": pa.array([datetime(2024, 3, 31, 1, 30, 0, 5), None, *[datetime(2024, 10, 27)] * 2]),  # noqa: DTZ001
        "nom": ["Zoé", "", None, "O'Brien\\"],
        "ok": [True, None, False, True],
        "dose": [0.1, None, 1e300, -0.0],
        "price": pa.array(["12.50", "0.00", None, "-3.10"]),
    }
)
TYPES = "id bigint, small int, day date, at timestamptz, plain timestamp, nom text, ok boolean, dose float8, price numeric(8,2)"


def test_every_type_has_the_same_pseudonyms_through_files_and_through_a_database(
    installation, postgres_server, warehouse, logins, tmp_path, monkeypatch
):
    monkeypatch.setenv("DOUANE_HOME", str(installation.rooms.home.folder))
    pq.write_table(TYPED, tmp_path / "typed.parquet")
    with postgres_server.connect(warehouse.rpartition("/")[2]) as session:
        session.execute(f"CREATE TABLE typed ({TYPES})")
        for row in TYPED.to_pylist():
            session.execute("INSERT INTO typed VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", list(row.values()))
    (file,) = FolderSource([tmp_path / "typed.parquet"]).tables()
    (table,) = PostgresSource(warehouse, tables=["typed"]).tables()
    by_file = pa.Table.from_batches(file.batches())
    by_database = pa.Table.from_batches(table.batches())
    key = installation.rooms.keyring.get("eds")
    assert by_database.equals(by_file)
    for name in TYPED.column_names:
        if name != "dose":
            same = [pseudonymize(t[name], key, field="x").to_pylist() for t in (by_file, by_database)]
            assert same[0] == same[1]


EXPORT = """format: 1
id: cardio
source: {{type: postgresql, uri: "{uri}", tables: [patients, sejours, resultats], connection: warehouse}}
plan: plan.yaml
domain: eds
key: eds
destinations: [{{id: partner, uri: "{sftp}"}}, {{id: lake, uri: "s3://eds-lake/in/", connection: lake}}]
recipient: The registry
purpose: Research
legal_basis: GDPR art. 9(2)(j)
retention: 10 years
"""


def test_an_export_file_names_a_database_and_no_secret(installation, extract, warehouse, logins, places, tmp_path):
    write_plan(installation.plan(extract), tmp_path / "plan.yaml")
    path = tmp_path / "cardio.yaml"
    path.write_text(EXPORT.format(uri=warehouse, sftp=places["sftp"][0]))
    prepared = prepare_export(path, installation.rooms.home)
    assert [table.name for table in prepared.order.source.tables()] == ["patients", "sejours", "resultats"]
    assert "secret-of-the-store" not in repr(prepared)
    guard = Guard.load(installation.rooms.home.register)
    for destination in prepared.order.destinations:
        decision = guard.decide(destination.uri, data_class="pseudonymized-health", declared=destination.declared)
        assert decision.allowed


def test_the_command_line_reads_a_database_and_delivers_by_the_logins_on_file(
    installation, extract, warehouse, logins, places, douane, tmp_path
):
    home = {"DOUANE_HOME": str(installation.rooms.home.folder)}
    address = f"{warehouse}?tables=patients,sejours,resultats"
    detected = douane("detect", address, "--json", env=home)
    assert detected.returncode == 0, detected.stderr
    assert {table["table"] for table in json.loads(detected.stdout)["tables"]} == {"patients", "sejours", "resultats"}
    plan = tmp_path / "plan.yaml"
    write_plan(installation.plan(extract), plan)
    done = douane(
        "run", address, "--plan", plan, "--to", places["sftp"][0], "--to", "s3://eds-lake/in/", "--json", env=home
    )
    assert (done.stderr, done.returncode) == ("", 0), done
    assert [found["delivered"] for found in json.loads(done.stdout)["destinations"]] == [
        places["sftp"][0],
        "s3://eds-lake/in/",
    ]


def test_detection_sees_the_same_in_a_database(installation, extract, warehouse, logins, monkeypatch):
    monkeypatch.setenv("DOUANE_HOME", str(installation.rooms.home.folder))
    files = detect(read_samples(FolderSource([extract]).tables())).as_dict()
    database = detect(read_samples(PostgresSource(warehouse).tables())).as_dict()
    assert database == files
