"""A real server of Google's JSON API (and Azure's, where there is one): what arrives, and what a break leaves."""

import asyncio
import os
import uuid
from types import SimpleNamespace

import gcsfs.retry
import pytest

from pipeline.connections import AzureConnection, GoogleConnection
from pipeline.errors import Stopped
from pipeline.filesystems import filesystem_at
from pipeline.sinks import DeliveryFailed, DeliveryRefused, Sink
from pipeline.sinks.object_store import ObjectStoreSink

# gcsfs leaves the file that it has sent to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Bucket:
    """A bucket or container of its own, by its address and login."""

    def __init__(self, store) -> None:
        self.store = store
        name = f"lake-{uuid.uuid4().hex[:12]}"
        store.bucket(name)
        self.is_google = type(store).__name__ == "GoogleStore"
        host = "devstoreaccount1.dfs.core.windows.net"
        self.address = f"gs://{name}/in" if self.is_google else f"abfss://{name}@{host}/in"
        self.login = (
            GoogleConnection(address=self.address)
            if self.is_google
            else AzureConnection(address=self.address, account_key=AZURITE_KEY)
        )

    def objects(self) -> dict[str, bytes]:
        files, base = filesystem_at(self.address, self.login, endpoint=self.store.endpoint)
        return {key.removeprefix(f"{base}/"): files.cat_file(key) for key in files.find(base)}

    def put(self, name: str, content: bytes) -> None:
        files, base = filesystem_at(self.address, self.login, endpoint=self.store.endpoint)
        files.pipe_file(f"{base}/{name}", content)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Google's library tries six times, and waits half a minute in all: here it waits a hundredth of that."""
    real = asyncio.sleep
    monkeypatch.setattr(gcsfs.retry, "asyncio", SimpleNamespace(sleep=lambda seconds: real(seconds / 100)))


@pytest.fixture
def bucket(object_store):
    return Bucket(object_store)


@pytest.fixture
def deliver(bucket, cleared):
    def make(release, *, endpoint=None, address=None):
        clearance = cleared(release, address or bucket.address, endpoint or bucket.store.endpoint)
        return ObjectStoreSink(bucket.login).deliver(release.folder, clearance)

    return make


def files(release) -> dict[str, bytes]:
    return {f"{release.id}/{path.name}": path.read_bytes() for path in release.folder.iterdir()}


def test_a_release_arrives_whole_under_its_id(seal, deliver, bucket):
    release = seal(files={"a.parquet": os.urandom(9 << 20), "b.csv": b"x;y\n"})
    delivery = deliver(release)
    assert bucket.objects() == files(release)
    assert (delivery.files, delivery.already_there) == (4, False)
    assert isinstance(ObjectStoreSink(), Sink)


def test_delivering_again_says_that_it_is_there_and_sends_nothing(seal, deliver, bucket):
    release = seal()
    deliver(release)
    assert deliver(release).already_there
    assert bucket.objects() == files(release)


def test_another_object_under_its_name_is_refused_and_left(seal, deliver, bucket):
    release = seal()
    bucket.put(f"{release.id}/report.html", b"other")
    with pytest.raises(DeliveryRefused, match="is there and is something else"):
        deliver(release)
    assert bucket.objects() == {f"{release.id}/report.html": b"other"}


def test_an_object_that_is_not_of_the_release_is_refused(seal, deliver, bucket):
    release = seal()
    bucket.put(f"{release.id}/correspondence.csv", b"a\n")
    with pytest.raises(DeliveryRefused, match="holds an object that is not of the release"):
        deliver(release)


def test_a_connection_that_breaks_shows_no_manifest_and_the_next_run_continues(seal, deliver, bucket, breaking):
    release = seal(files={"a.parquet": os.urandom(1 << 20), "b.parquet": os.urandom(12 << 20)})
    proxy = breaking(bucket.store.port, after=4 << 20)
    with pytest.raises(DeliveryFailed, match="does not answer, or broke off") as caught:
        deliver(release, endpoint=bucket.store.endpoint.replace(str(bucket.store.port), str(proxy.port)))
    assert "\n" not in str(caught.value)
    assert f"{release.id}/manifest.json" not in bucket.objects()
    deliver(release)
    assert bucket.objects() == files(release)


def test_a_store_that_is_away_is_one_line_and_gets_the_release_when_it_is_back(seal, deliver, bucket):
    release = seal()
    bucket.store.kill()
    try:
        with pytest.raises(DeliveryFailed, match="does not answer"):
            deliver(release)
    finally:
        bucket.store.start()
    deliver(release)
    assert bucket.objects() == files(release)


def test_a_bucket_that_does_not_exist_is_one_line(seal, deliver, bucket):
    missing = bucket.address.replace("lake-", "none-")
    with pytest.raises((DeliveryFailed, DeliveryRefused)):
        deliver(seal(), address=missing)


def test_a_login_for_another_address_is_not_used(seal, bucket, cleared):
    release = seal()
    with pytest.raises(DeliveryRefused, match="no login for"):
        ObjectStoreSink(bucket.login).deliver(release.folder, cleared(release, "gs://other/in"))


def test_nothing_but_a_clearance_opens_the_sink(seal, bucket):
    with pytest.raises(Stopped):
        ObjectStoreSink(bucket.login).deliver(seal().folder, bucket.address)
