"""A FHIR server's Bulk Data export: asked for, waited for, taken up again where the line broke, staged enciphered."""

import json
import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.connections import Connections, FhirConnection
from pipeline.errors import DatabaseFailed, InvalidDocument, InvalidInput
from pipeline.progress import Silent
from pipeline.records.bulk import BulkSource
from pipeline.records.source import find_records

SERVER = runpy.run_path(str(Path(__file__).with_name("bulk_server.py")))
BulkServer, TOKEN, query_of = SERVER["BulkServer"], SERVER["TOKEN"], SERVER["query_of"]


def lines(kind, count):
    return "".join(
        json.dumps({"resourceType": kind, "id": f"{kind}-{at}", "text": {"div": "Quillfeldt" * 20}}) + "\n"
        for at in range(count)
    )


FILES = {"Patient.1": lines("Patient", 40), "Organization.1": lines("Organization", 30)}


def source_of(address, waited=None, token=TOKEN):
    source = BulkSource.at(address)
    waits = [] if waited is None else waited
    login = FhirConnection(address=source.export.base, token=SecretStr(token))
    return replace(source, export=replace(source.export, connection=login, wait=waits.append))


@pytest.fixture
def opened(installation):
    """The lines that a server's export holds, as staged."""

    def read(source):
        with source.opened(installation.rooms.home, installation.rooms.keyring, Silent()) as records:
            return {
                file.stem: [one["id"] for batch in records.batches(file) for one in batch.documents]
                for file in records.files
            }

    return read


@pytest.mark.parametrize("ranges", [True, False])
def test_an_export_arrives_whole_over_a_line_that_breaks_in_every_file(opened, ranges):
    server, waited = BulkServer(FILES, ranges=ranges), []
    with server.running() as address:
        got = opened(source_of(address, waited))
    assert got == {
        "Patient-1": [f"Patient-{at}" for at in range(40)],
        "Organization-2": [f"Organization-{at}" for at in range(30)],
    }
    assert server.broken == set(FILES)
    assert waited[:2] == [2.0, 3.0]
    assert server.deleted


def test_types_group_and_since_are_asked_for(opened):
    server = BulkServer(FILES)
    with server.running() as address:
        opened(source_of(f"{address}?types=Patient,Observation&group=g1&since=2026-03-01T00:00:00Z"))
    assert server.asked[0][0] == "/r4/Group/g1/$export"
    assert query_of(server.asked[0]) == {
        "_outputFormat": "application/fhir+ndjson",
        "_type": "Patient,Observation",
        "_since": "2026-03-01T00:00:00Z",
    }


def test_what_is_staged_is_ciphertext_and_gone_afterwards(installation):
    home = installation.rooms.home
    with BulkServer(FILES).running() as address:
        with source_of(address).opened(home, installation.rooms.keyring, Silent()):
            staged = [file.read_bytes() for file in home.staging.rglob("*.parquet")]
            assert staged
            assert not any(b"Quillfeldt" in content for content in staged)
        assert not any(home.staging.iterdir())


def test_the_release_is_that_of_the_same_files_in_a_folder(release, tmp_path):
    with BulkServer(FILES).running() as address:
        ours = release(source_of(address), releases=tmp_path / "a").made.release.folder
    for name, content in FILES.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.ndjson").write_text(content)
    theirs = release(find_records([str(tmp_path / "in")]), releases=tmp_path / "b").made.release.folder
    assert (ours / "Patient-1.ndjson").read_bytes() == (theirs / "Patient.1.ndjson").read_bytes()


def refused(opened, server, **options):
    with server.running() as address, pytest.raises((DatabaseFailed, InvalidInput)) as error:
        opened(source_of(address, **options))
    assert "\n" not in str(error.value)
    assert TOKEN not in str(error.value)
    return str(error.value)


def test_a_wrong_token_is_told_in_one_line(opened):
    text = refused(opened, BulkServer(FILES), token="another-token")
    assert text.endswith("(HTTP 401). Put its token into private/connections.yaml.")


def test_a_server_without_bulk_data_is_told_in_one_line(opened):
    assert "Check the address" in refused(opened, BulkServer(FILES, kick_off=404))


def test_a_server_that_stays_busy_is_given_up(opened):
    assert "is too busy" in refused(opened, BulkServer(FILES, kick_off=429))


def test_a_file_with_another_count_than_the_manifest_says_stops(opened):
    assert "has 40 resources, its manifest says 41" in refused(opened, BulkServer(FILES, miscount=1))


def test_errors_that_the_server_reports_stop_and_remarks_do_not(opened):
    def outcome(severity):
        return json.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": severity}]}) + "\n"

    failed = BulkServer(FILES | {"errors": outcome("error")}, errors=("errors",))
    assert "could not export everything" in refused(opened, failed)
    with BulkServer(FILES | {"errors": outcome("information")}, errors=("errors",)).running() as address:
        assert len(opened(source_of(address))) == 2


def test_the_token_goes_to_no_other_host(opened):
    elsewhere = BulkServer(FILES)
    server = BulkServer(FILES)
    with elsewhere.running(), server.running() as address:
        server.manifest = elsewhere.manifest
        with pytest.raises(DatabaseFailed, match="HTTP 401"):
            opened(source_of(address))
    assert elsewhere.asked
    assert not any("Authorization" in headers for _, _, headers in elsewhere.asked)


@pytest.mark.parametrize(
    "address",
    [
        "fhir+http://fhir.chu.example/r4",
        "fhir+https://user:pass@fhir.chu.example/r4",
        "fhir+https://fhir.chu.example/r4?typ=Patient",
    ],
)
def test_an_address_that_would_leak_or_is_misspelt_is_refused(address):
    with pytest.raises(InvalidDocument) as error:
        BulkSource.at(address)
    assert "pass" not in str(error.value).replace("password", "")


def test_a_token_on_file_is_found_by_the_server_s_address():
    login = {"address": "https://fhir.chu.example/r4", "token": "x"}
    found = Connections.model_validate({"connections": {"fhir": login}}).for_address("https://fhir.chu.example/r4")
    assert isinstance(found, FhirConnection)
