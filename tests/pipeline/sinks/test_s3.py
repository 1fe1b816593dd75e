"""A real S3 server: what arrives, what is refused, and what a broken connection leaves."""

import os
import uuid

import pytest

from pipeline.connections import S3Connection
from pipeline.errors import Stopped
from pipeline.sinks import DeliveryFailed, DeliveryRefused, Sink, s3_object
from pipeline.sinks.s3 import S3Sink

KEY_ID, SECRET = "AKIDOUANETEST", "secret-of-the-store"
PART_BYTES = 5 << 20  # the least that S3 takes: the tests send fewer bytes


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(s3_object, "PART_BYTES", PART_BYTES)
    monkeypatch.setattr(s3_object, "THREADS", 2)  # so that of eight parts some have arrived when six were sent


@pytest.fixture
def store(s3_server):
    return s3_server.client()


@pytest.fixture
def bucket(store):
    name = f"lake-{uuid.uuid4().hex[:12]}"
    store.create_bucket(Bucket=name)
    return name


def connection(bucket, **options) -> S3Connection:
    login = {"access_key_id": KEY_ID, "secret_access_key": SECRET}
    return S3Connection.model_validate({"address": f"s3://{bucket}"} | login | options)


@pytest.fixture
def deliver(s3_server, bucket, cleared):
    def deliver(release, *, prefix="in", endpoint=None, **options):
        clearance = cleared(release, f"s3://{bucket}/{prefix}", endpoint or s3_server.endpoint)
        return S3Sink(connection(bucket, **options)).deliver(release.folder, clearance)

    return deliver


def objects(store, bucket) -> dict[str, bytes]:
    listed = store.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {item["Key"]: store.get_object(Bucket=bucket, Key=item["Key"])["Body"].read() for item in listed}


def files(release, prefix="in") -> dict[str, bytes]:
    return {f"{prefix}/{release.id}/{path.name}": path.read_bytes() for path in release.folder.iterdir()}


def large(mib: float) -> dict[str, bytes]:
    return {"large.parquet": os.urandom(int(mib * (1 << 20)))}


def test_a_release_arrives_whole_under_its_id(seal, deliver, store, bucket):
    release = seal()
    delivery = deliver(release)
    assert objects(store, bucket) == files(release)
    assert delivery.address == f"s3://{bucket}/in"
    assert (delivery.files, delivery.already_there) == (4, False)
    assert delivery.bytes == sum(map(len, files(release).values()))


def test_an_address_is_taken_by_its_letters(seal, deliver, store, bucket):
    deliver(seal(), prefix="d%20é")
    assert {key.rpartition("/r1/")[0] for key in objects(store, bucket)} == {"d%20é"}


def test_a_file_of_several_parts_arrives_whole_and_is_known_again(seal, deliver, store, bucket):
    release = seal(files=large(2.2 * (PART_BYTES >> 20)))
    assert not deliver(release).already_there
    assert objects(store, bucket) == files(release)
    assert deliver(release).already_there


def test_what_is_there_with_the_same_content_is_not_sent_again(seal, deliver, store, bucket):
    release = seal()
    deliver(release)
    before = {item["Key"]: item["LastModified"] for item in store.list_objects_v2(Bucket=bucket)["Contents"]}
    assert deliver(release).already_there
    assert before == {item["Key"]: item["LastModified"] for item in store.list_objects_v2(Bucket=bucket)["Contents"]}


@pytest.mark.parametrize("name", ["report.html", "manifest.json", "manifest.json.sig"])
def test_another_object_under_its_name_is_refused_and_left_as_it_is(seal, deliver, store, bucket, name):
    release = seal()
    content = b"x" * (release.folder / name).stat().st_size
    store.put_object(Bucket=bucket, Key=f"in/r1/{name}", Body=content)
    with pytest.raises(DeliveryRefused, match="exists and is another object"):
        deliver(release)
    assert objects(store, bucket)[f"in/r1/{name}"] == content


def test_an_object_that_is_not_of_the_release_is_refused(seal, deliver, store, bucket):
    store.put_object(Bucket=bucket, Key="in/r1/correspondence.csv", Body=b"a,b\n")
    with pytest.raises(DeliveryRefused, match="holds an object that is not of the release r1"):
        deliver(seal())
    assert list(objects(store, bucket)) == ["in/r1/correspondence.csv"]


def test_an_object_without_a_digest_of_the_store_is_read_back(seal, deliver, store, bucket):
    release = seal()
    store.put_object(Bucket=bucket, Key="in/r1/report.html", Body=(release.folder / "report.html").read_bytes())
    deliver(release)
    assert objects(store, bucket) == files(release)


def test_a_connection_that_is_reset_leaves_no_manifest_and_the_next_run_continues(
    seal, deliver, store, bucket, s3_server, breaking
):
    release = seal(files=large(8 * (PART_BYTES >> 20)))
    proxy = breaking(s3_server.port, after=6 * PART_BYTES)
    with pytest.raises(DeliveryFailed, match="Run again when it answers") as caught:
        deliver(release, endpoint=f"http://127.0.0.1:{proxy.port}")
    assert proxy.broke
    assert "\n" not in str(caught.value)
    assert objects(store, bucket) == {}
    counted = breaking(s3_server.port, after=1 << 40)
    deliver(release, endpoint=f"http://127.0.0.1:{counted.port}")
    assert objects(store, bucket) == files(release)
    assert counted.passed < 8 * PART_BYTES  # a part that had arrived was not sent again


def test_a_store_that_was_killed_is_one_line_and_gets_the_release_when_it_is_back(seal, deliver, s3_server, bucket):
    release = seal()
    s3_server.kill()
    try:
        with pytest.raises(DeliveryFailed, match=f"s3://{bucket}/in: the store did not take it"):
            deliver(release)
    finally:
        s3_server.start()
    deliver(release)
    assert objects(s3_server.client(), bucket) == files(release)


def test_a_wrong_secret_is_one_line_that_does_not_tell_it(seal, deliver, store, bucket):
    with pytest.raises(DeliveryRefused, match="refuses the access key") as caught:
        deliver(seal(), secret_access_key="not-the-secret")
    assert "not-the-secret" not in f"{caught.value!r}{caught.value}"
    assert caught.value.__cause__ is None
    assert objects(store, bucket) == {}


def test_a_bucket_that_does_not_exist_is_one_line(seal, s3_server, cleared):
    release = seal()
    with pytest.raises(DeliveryFailed, match="there is no bucket nowhere"):
        S3Sink(connection("nowhere")).deliver(release.folder, cleared(release, "s3://nowhere", s3_server.endpoint))


def test_object_lock_is_asked_for_and_checked(seal, store, s3_server, cleared):
    name = f"locked-{uuid.uuid4().hex[:12]}"
    store.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    release = seal()
    login = connection(name, object_lock={"mode": "GOVERNANCE", "days": 1})
    S3Sink(login).deliver(release.folder, cleared(release, f"s3://{name}", s3_server.endpoint))
    for file in release.folder.iterdir():
        head = store.head_object(Bucket=name, Key=f"r1/{file.name}")
        assert head["ObjectLockMode"] == "GOVERNANCE"


def test_encryption_that_the_store_does_not_offer_fails_and_leaves_no_manifest(seal, deliver, store, bucket):
    with pytest.raises((DeliveryFailed, DeliveryRefused)):
        deliver(seal(), encryption="aws:kms", kms_key="none-such")
    assert not any(name.endswith("manifest.json") for name in objects(store, bucket))


def test_a_login_for_another_bucket_is_not_used(seal, s3_server, bucket, cleared):
    release = seal()
    with pytest.raises(DeliveryRefused, match="the connection is not for"):
        S3Sink(connection("other")).deliver(release.folder, cleared(release, f"s3://{bucket}", s3_server.endpoint))


def test_the_login_on_file_is_found_by_the_address(seal, s3_server, store, bucket, cleared, home):
    (home / "private").mkdir(parents=True, mode=0o700)
    path = home / "private" / "connections.yaml"
    path.touch(mode=0o600)
    path.write_text(
        f"format: 1\nconnections:\n  lake: {{address: 's3://{bucket}', access_key_id: {KEY_ID}, "
        f"secret_access_key: {SECRET}}}\n"
    )
    release = seal()
    S3Sink().deliver(release.folder, cleared(release, f"s3://{bucket}", s3_server.endpoint))
    assert objects(store, bucket).keys() == {f"r1/{path.name}" for path in release.folder.iterdir()}


def test_the_environments_access_key_will_do(seal, s3_server, store, bucket, cleared, home, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    release = seal()
    S3Sink().deliver(release.folder, cleared(release, f"s3://{bucket}/in", s3_server.endpoint))
    assert objects(store, bucket) == files(release)


@pytest.mark.parametrize("pretended", ["s3://bucket", None])
def test_nothing_but_a_clearance_opens_the_sink(seal, pretended):
    assert isinstance(S3Sink(), Sink)
    with pytest.raises(Stopped, match="without a clearance"):
        S3Sink().deliver(seal().folder, pretended)
