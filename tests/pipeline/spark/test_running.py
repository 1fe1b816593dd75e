"""The whole way on a cluster: the same release as one machine makes, and nothing of it where it may not be."""

import base64
import runpy
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InvalidInput, Stopped
from pipeline.manifest import verify_release
from pipeline.plan import Plan, PlannedField, PlannedTable
from pipeline.planning.comparison import PlanMismatch
from pipeline.run import run
from pipeline.sources.postgresql import PostgresSource
from transforms.errors import InvalidValue

TABLES = ("patients", "sejours", "resultats")
_FIXTURES = runpy.run_path(str(Path(__file__).parents[2] / "servers" / "fixtures.py"))
postgres_server = _FIXTURES["postgres_server"]


def table_of(result, name) -> pa.Table:
    table = pq.read_table(sorted(result.made.release.folder.glob(f"{name}.*")))
    return table.sort_by([(column, "ascending") for column in table.column_names])


def planned(installation, table, *, on_invalid="stop", kind="event_date", type=None, **steps) -> Plan:  # noqa: A002 - the plan's own word
    """A plan of one table whose fields have one step each."""
    from pipeline.digests import document_digest

    fields = {
        name: PlannedField(
            kind=kind, category="quasi", type=type, steps=[{"transform": step}], on_invalid=on_invalid, decided_by="dpo"
        )
        for name, step in steps.items()
    }
    return Plan(
        format=1,
        domain="eds",
        policy_sha256=document_digest(installation.policy),
        tables={table: PlannedTable(fields=fields)},
    )


@pytest.mark.parametrize("table", TABLES)
def test_a_cluster_makes_the_same_table_as_one_machine(done, table):
    found, expected = table_of(done.by_cluster, table), table_of(done.by_files, table)
    assert found.schema == expected.schema
    assert found.equals(expected)


def test_files_a_database_and_a_cluster_give_the_same_pseudonyms(done, postgres_server):
    name = f"eds_{uuid.uuid4().hex[:12]}"
    address = postgres_server.database(name)
    with postgres_server.connect(name) as session:
        for file in sorted(done.extract.iterdir()):
            columns = file.read_text().partition("\n")[0].strip().split(",")
            session.execute(f"CREATE TABLE {file.stem} ({', '.join(f'{column} text' for column in columns)})")
            with session.cursor().copy(f"COPY {file.stem} FROM STDIN (FORMAT csv, HEADER)") as copy:
                copy.write(file.read_bytes())
    from pipeline.connections import PostgresConnection

    login = PostgresConnection(address=address, user="douane", password=postgres_server.password)
    order = done.installation.order(done.extract, done.plan)
    source = PostgresSource(address, connection=login)
    by_database = run(type(order)(**{**order.__dict__, "source": source}), done.installation.rooms)
    for table in TABLES:
        assert table_of(by_database, table).equals(table_of(done.by_cluster, table))


def test_risk_and_counts_of_the_release_are_those_of_one_machine(done):
    assert done.by_cluster.made.risk == done.by_files.made.risk
    assert done.by_cluster.rows == done.by_files.rows
    papers = [result.made.release.manifest for result in (done.by_cluster, done.by_files)]
    assert papers[0]["residual_scan"] == papers[1]["residual_scan"]
    dictionaries = [(r.made.release.folder / "dictionary.csv").read_bytes() for r in (done.by_cluster, done.by_files)]
    assert dictionaries[0] == dictionaries[1]


def test_the_release_is_sealed_decided_on_and_delivered(done):
    rooms, release = done.installation.rooms, done.by_cluster.made.release
    (outcome,) = done.by_cluster.outcomes
    assert verify_release(Path(outcome.delivered) / release.id, rooms.keyring.public_key_path, rooms.journal).ok
    lines = [line for line in rooms.journal.lines() if line["event"] == "decision"]
    assert [(line["decision"], line["release_id"]) for line in lines] == [("allow", None), ("allow", release.id)]


def test_parts_are_named_after_their_table(done):
    names = [entry["name"] for entry in done.by_cluster.made.release.manifest["files"] if "rows" in entry]
    assert {"patients.part-00000.parquet", "patients.part-00001.parquet"} <= set(names)
    assert {name.partition(".")[0] for name in names} == set(TABLES)


def test_no_file_that_spark_writes_holds_the_key_or_a_name(done, cluster):
    secret = done.installation.rooms.keyring.get("eds").reveal_secret()
    spellings = [secret, secret.hex().encode(), base64.b64encode(secret), repr(secret).encode()[2:-1]]
    assert cluster.holding(b"resultats")  # the search finds what is there
    assert cluster.holding(*spellings, b"QUILLFELDT", b"Vauquelin", b"8000000001") == []


def test_a_destination_that_is_not_cleared_stops_the_run_before_it_begins(done, spark):
    before = done.installation.visible
    jobs = len(spark.sparkContext.statusTracker().getJobIdsForGroup())
    from pipeline.spark import pseudonymize_tables

    rooms = done.installation.rooms
    frames = {
        table: spark.createDataFrame([], ", ".join(f"{c} string" for c in planned.fields))
        for table, planned in done.plan.tables.items()
    }
    with pytest.raises(Stopped, match=r"s3://eds-lake.* is blocked for pseudonymized-health, so nothing was begun"):
        pseudonymize_tables(
            spark,
            done.plan,
            frames,
            rooms,
            policy=done.installation.policy,
            key=rooms.keyring.get("eds"),
            approved_by="dpo",
            to=["s3://eds-lake/in/"],
        )
    assert done.installation.visible == before
    assert len(spark.sparkContext.statusTracker().getJobIdsForGroup()) == jobs
    last = list(rooms.journal.lines())[-2:]
    assert [line["event"] for line in last] == ["decision", "run.stopped"]
    assert last[0]["decision"] == "block"


def test_bad_values_stop_the_run_and_are_counted_over_all_partitions(spark, installation, on_spark):
    stays = spark.createDataFrame([("2024-01-01",), ("30/02",), ("31/02",), (None,)], "entry string").repartition(2)
    with pytest.raises(InvalidValue) as error:
        on_spark(planned(installation, "stays", type="date", entry="keep"), stays=stays)
    assert str(error.value).startswith("stays.entry: 2 values are no date written as %Y-%m-%d (in ")
    assert "30/02" not in str(error.value)
    assert installation.visible == []


def test_bad_values_are_emptied_and_counted_where_the_plan_says_so(spark, installation, on_spark):
    stays = spark.createDataFrame([("2024-01-01",), ("30/02",), ("31/02",)], "entry string").repartition(2)
    result = on_spark(planned(installation, "stays", type="date", on_invalid="null", entry="keep"), stays=stays)
    assert table_of(result, "stays")["entry"].null_count == 2
    assert "emptied (&lt;10)" in (result.made.release.folder / "report.html").read_text()


def test_an_identifier_that_would_stay_stops_the_run(spark, installation, on_spark):
    notes = spark.createDataFrame([("rien",), ("voir marie.quillfeldt@chu.fr",)], "note string")
    with pytest.raises(Stopped, match=r"^notes.note would keep an e-mail address in 1 rows. Plan"):
        on_spark(planned(installation, "notes", kind="care_reason", note="keep"), notes=notes)


def test_a_column_that_the_plan_does_not_know_stops_the_run(spark, installation, on_spark):
    stays = spark.createDataFrame([("2024-01-01", "x")], "entry string, news string")
    with pytest.raises(PlanMismatch, match=r"stays.news is new"):
        on_spark(planned(installation, "stays", entry="keep"), stays=stays)


def test_a_frame_without_rows_is_no_extract(spark, installation, on_spark):
    with pytest.raises(InvalidInput, match="the DataFrame stays has no rows"):
        on_spark(planned(installation, "stays", entry="keep"), stays=spark.createDataFrame([], "entry string"))
