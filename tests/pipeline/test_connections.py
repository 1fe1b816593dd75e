"""The private file of logins: who may read it, which address each login is for, and that no secret is ever shown."""

import subprocess
import sys

import pytest

from pipeline.connections import Connections, S3Connection, connection_for, covers, read_connections
from pipeline.destinations import destination_at
from pipeline.errors import InvalidDocument
from pipeline.home import Home
from pipeline.keyfiles import KeyRefused

FILE = """format: 1
connections:
  lake: {address: "s3://lake/eds", endpoint: "https://oos.example", access_key_id: A, secret_access_key: hidden-1}
  cardio: {address: "s3a://lake/eds/cardio", region: eu-west-2, access_key_id: B, secret_access_key: hidden-2}
  partner: {address: "sftp://SFTP.Example:22/in", user: chu, host_key: ssh-ed25519 AAAA, password: hidden-3}
  warehouse: {address: "postgresql://db.example/eds", user: chu, password: hidden-4}
"""


@pytest.fixture
def installed(tmp_path):
    place = Home.from_environment({"DOUANE_HOME": str(tmp_path)})
    place.private.mkdir(mode=0o700)

    def write(text: str = FILE, mode: int = 0o600) -> Home:
        path = place.private / "connections.yaml"
        path.write_text(text)
        path.chmod(mode)
        return place

    return write


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("s3://lake/eds/neuro", "hidden-1"),
        ("s3://lake/eds/cardio/2026", "hidden-2"),
        ("s3://lake/eds/cardiology", "hidden-1"),
        ("s3://lake/other", None),
        ("s3://lakes/eds", None),
        ("sftp://sftp.example/in/chu", "hidden-3"),
        ("sftp://me@sftp.example:22/in", "hidden-3"),
        ("sftp://sftp.example:2222/in", None),
        ("sftp://sftp.example.evil.example/in", None),
        ("sftp://sftp.example/in/../out", None),
        ("postgres://db.example:5432/eds", "hidden-4"),
        ("postgresql://db.example/eds2", None),
        ("/srv/lake", None),
    ],
)
def test_a_login_is_for_what_lies_in_its_address_and_the_nearest_wins(installed, address, found):
    login = connection_for(address, installed())
    secret = login and (getattr(login, "secret_access_key", None) or getattr(login, "password", None))
    assert (secret and secret.get_secret_value()) == found


def test_no_secret_is_shown_and_none_is_in_a_destination(installed):
    home = installed()
    destination = destination_at("s3://lake/eds", home)
    assert destination.declared == {"endpoint_url": "https://oos.example"}
    shown = f"{read_connections(home)!r}{read_connections(home)}{destination!r}{destination}"
    assert "hidden" not in shown


def test_what_the_export_states_goes_before_what_the_login_leads_to(installed):
    stated = {"endpoint_url": "https://other.example"}
    assert destination_at("s3://lake/eds", installed(), stated=stated).declared == stated


def test_a_login_may_be_meant_by_its_name(installed):
    assert destination_at("s3://lake/eds/cardio", installed(), named="lake").declared == {
        "endpoint_url": "https://oos.example"
    }


def test_without_a_file_there_are_none(tmp_path):
    assert read_connections(Home.from_environment({"DOUANE_HOME": str(tmp_path)})) == Connections()


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_file_that_others_can_read_is_refused(installed, mode):
    with pytest.raises(KeyRefused, match="others can read"):
        read_connections(installed(mode=mode))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            '{address: "ftp://x", user: a, password: hidden}',
            "needs an address of s3, gs, abfss, sftp, postgresql, database, fhir",
        ),
        ('{address: "sftp://x", user: a, password: hidden}', "host_key: Field required"),
        ('{address: "sftp://x", user: a, host_key: k}', "needs private_key or password, one of them"),
        ('{address: "s3://x", secret: hidden}', "secret: is no key of this connection"),
        ('{address: "s3://x", object_lock: {mode: hidden, days: 1}}', "object_lock.mode: Input should be"),
        ("hidden", "needs an address of"),
    ],
)
def test_a_mistake_is_one_line_that_names_it_and_tells_no_value(installed, entry, says):
    with pytest.raises(InvalidDocument, match=r"connections\.yaml:\d+: ") as caught:
        read_connections(installed(f"format: 1\nconnections:\n  one: {entry}\n"))
    assert says in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_login_covers_its_own_address_only():
    assert covers(S3Connection(address="s3://lake/"), "s3://lake")
    assert not covers(S3Connection(address="s3://lake"), "sftp://lake")


ABSENT = """
import sys
for name in ("boto3", "botocore", "asyncssh", "adbc_driver_postgresql", "adbc_driver_manager"):
    sys.modules[name] = None
from pipeline.connections import PostgresConnection, SftpConnection
from pipeline.optional import MissingLibrary
from pipeline.postgres import open_database
from pipeline.sinks import postgresql, s3, sftp
from pipeline.sinks.s3_client import make_client
from pipeline.sinks.sftp_client import open_client
from pipeline.sources import postgresql
import asyncio

async def enter(manager):
    async with manager:
        pass

login = SftpConnection(address="sftp://h", user="u", host_key="k", password="p")
for extra, work in {
    "s3": lambda: make_client("https://h.example", None, "s3://lake"),
    "sftp": lambda: asyncio.run(enter(open_client("sftp://h", login))),
    "postgres": lambda: open_database("postgresql://h/d", None),
}.items():
    try:
        work()
    except MissingLibrary as error:
        assert str(error).endswith(f"Run `pip install 'douane[{extra}]'`."), error
    else:
        raise SystemExit(f"{extra} was not missed")
"""


def test_a_library_that_is_not_installed_is_missed_in_one_line_when_it_is_needed():
    done = subprocess.run([sys.executable, "-c", ABSENT], capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
