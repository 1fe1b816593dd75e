"""OpenSSH's sftp server: what arrives, whose key is trusted, and what a broken connection leaves."""

import gc
import os
import uuid

import pytest

from pipeline.connections import SftpConnection
from pipeline.errors import InvalidDocument, Stopped
from pipeline.sinks import DeliveryFailed, DeliveryRefused, Sink
from pipeline.sinks.sftp import SftpSink


@pytest.fixture
def inbox(sftp_server):
    folder = sftp_server.folder / f"in {uuid.uuid4().hex[:8]}"
    folder.mkdir()
    return folder


@pytest.fixture
def deliver(sftp_server, inbox, cleared):
    def deliver(release, *, port=None, folder=None, **options):
        where = f"sftp://127.0.0.1:{port or sftp_server.port}"
        login = {
            "address": where,
            "user": sftp_server.user,
            "host_key": sftp_server.public("host_key"),
            "private_key": str(sftp_server.folder / "user_key"),
        }
        connection = SftpConnection.model_validate(login | options)
        path = str(folder or inbox).replace(" ", "%20")
        return SftpSink(connection).deliver(release.folder, cleared(release, f"{where}{path}"))

    return deliver


def content(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_arrives_whole_under_its_id(seal, deliver, inbox):
    release = seal(files={"report.html": b"<!doctype html>\n" * 20_000, "empty.csv": b""})
    delivery = deliver(release)
    assert [path.name for path in inbox.iterdir()] == ["r1"]
    assert content(inbox / "r1") == content(release.folder)
    assert (delivery.files, delivery.already_there) == (4, False)


def test_delivering_again_says_that_it_is_there_and_writes_nothing(seal, deliver, inbox):
    release = seal()
    deliver(release)
    before = {path.name: path.stat().st_mtime_ns for path in (inbox / "r1").iterdir()}
    assert deliver(release).already_there
    assert {path.name: path.stat().st_mtime_ns for path in (inbox / "r1").iterdir()} == before


@pytest.mark.parametrize("change", ["content", "missing", "added", "a file"])
def test_something_else_under_its_name_is_refused_and_left_as_it_is(seal, deliver, inbox, change):
    release = seal()
    deliver(release)
    copy = inbox / "r1"
    if change == "content":
        (copy / "dictionary.csv").write_bytes(b"table,colum2\n")
    elif change == "missing":
        (copy / "dictionary.csv").unlink()
    elif change == "added":
        (copy / "more.csv").write_bytes(b"a\n")
    else:
        copy.rename(inbox / "moved")
        copy.write_bytes(b"")
    with pytest.raises(DeliveryRefused, match="exists and is not the release r1"):
        deliver(release)


def test_another_host_key_stops_before_anything_is_sent(seal, deliver, inbox, sftp_server):
    with pytest.raises(DeliveryRefused, match="shows another host key than the one on file"):
        deliver(seal(), host_key=sftp_server.public("other_key"))
    assert list(inbox.iterdir()) == []


def test_a_server_may_have_a_key_that_is_about_to_change(seal, deliver, sftp_server):
    deliver(seal(), host_key=[sftp_server.public("other_key"), sftp_server.public("host_key")])


def test_a_login_that_is_refused_is_one_line(seal, deliver, inbox, sftp_server):
    with pytest.raises(DeliveryRefused, match="refuses the login") as caught:
        deliver(seal(), private_key=str(sftp_server.folder / "other_key"))
    assert caught.value.__cause__ is None
    with pytest.raises(DeliveryRefused, match="refuses the login") as caught:
        deliver(seal("r2"), private_key=None, password="secret-of-mine")
    assert "secret-of-mine" not in f"{caught.value!r}{caught.value}"
    assert list(inbox.iterdir()) == []


def test_keys_that_can_not_be_read_are_one_line(seal, deliver, inbox):
    with pytest.raises(InvalidDocument, match=r"host_key on file .* is no public key"):
        deliver(seal(), host_key="ssh-ed25519 nonsense")
    with pytest.raises(InvalidDocument, match=r"the private key .* can't be read"):
        deliver(seal("r2"), private_key=str(inbox / "none"))


def test_a_folder_that_does_not_exist_is_not_made(seal, deliver, inbox):
    with pytest.raises(DeliveryFailed, match="is no folder that exists"):
        deliver(seal(), folder=inbox / "missing")
    assert list(inbox.iterdir()) == []


def test_a_connection_that_is_reset_shows_nothing_under_the_name_and_the_next_run_continues(
    seal, deliver, inbox, sftp_server, breaking, caplog
):
    release = seal(files={"a.parquet": os.urandom(20 << 20), "b.parquet": os.urandom(12 << 20)})
    proxy = breaking(sftp_server.port, after=25 << 20)
    with pytest.raises(DeliveryFailed, match="does not answer, or broke off") as caught:
        deliver(release, port=proxy.port)
    assert "\n" not in str(caught.value)
    del caught  # its traceback holds the tasks
    gc.collect()
    assert [record for record in caplog.records if record.exc_info] == []  # no traceback of what it cut short
    assert [path.name for path in inbox.iterdir()] == [".r1.partial"]
    counted = breaking(sftp_server.port, after=1 << 40)
    deliver(release, port=counted.port)
    assert content(inbox / "r1") == content(release.folder)
    assert [path.name for path in inbox.iterdir()] == ["r1"]
    assert counted.passed < 13 << 20  # the first file was whole


def test_what_an_earlier_run_left_damaged_is_sent_again(seal, deliver, inbox):
    release = seal(files={"a.parquet": os.urandom(20 << 20)})
    partial = inbox / ".r1.partial"
    partial.mkdir()
    whole = (release.folder / "a.parquet").read_bytes()
    (partial / "a.parquet").write_bytes(whole[: 9 << 20] + bytes(1 << 20) + whole[10 << 20 : 15 << 20])
    (partial / "manifest.json").write_bytes(b"x" * 100_000)
    deliver(release)
    assert content(inbox / "r1") == content(release.folder)


def test_a_file_of_somebody_else_in_the_partial_folder_is_refused(seal, deliver, inbox):
    (inbox / ".r1.partial").mkdir()
    (inbox / ".r1.partial" / "correspondence.csv").write_bytes(b"a\n")
    with pytest.raises(DeliveryRefused, match="holds a file that is not of the release"):
        deliver(seal())


def test_a_server_that_was_killed_is_one_line_and_gets_the_release_when_it_is_back(seal, deliver, inbox, sftp_server):
    release = seal()
    sftp_server.kill()
    try:
        with pytest.raises(DeliveryFailed, match="does not answer"):
            deliver(release)
    finally:
        sftp_server.start()
    deliver(release)
    assert content(inbox / "r1") == content(release.folder)


def test_without_a_login_on_file_nothing_is_sent(seal, sftp_server, cleared, home):
    release = seal()
    with pytest.raises(InvalidDocument, match="no login is on file for sftp://127"):
        SftpSink().deliver(release.folder, cleared(release, f"sftp://127.0.0.1:{sftp_server.port}/in"))


def test_a_login_for_another_server_is_not_used(seal, sftp_server, deliver):
    with pytest.raises(DeliveryRefused, match="the connection is not for"):
        deliver(seal(), address="sftp://other.example")


def test_nothing_but_a_clearance_opens_the_sink(seal):
    assert isinstance(SftpSink(), Sink)
    with pytest.raises(Stopped, match="without a clearance"):
        SftpSink().deliver(seal().folder, "sftp://127.0.0.1/in")
