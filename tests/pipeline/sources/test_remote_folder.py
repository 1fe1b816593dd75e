"""Files in a real S3 store and behind a real web server: the same rows as from a folder, and breaks in one line."""

import threading
import uuid
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.connections import S3Connection
from pipeline.errors import InvalidDocument, InvalidInput
from pipeline.sources.folder import FolderSource
from pipeline.sources.opening import open_paths
from pipeline.sources.remote_folder import RemoteFolderSource, RemoteUnreadable

KEY_ID, SECRET = "AKIDOUANETEST", "secret-of-the-store"


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    folder = tmp_path_factory.mktemp("extract")
    (folder / "patients.csv").write_bytes("ipp;nom\n0012;Zoé\n0013;Léa\n".encode("cp1252"))
    pq.write_table(pa.table({"id": range(100_000), "code": ["I10", "E11"] * 50_000}), folder / "stays.parquet")
    (folder / "labs.ndjson").write_text('{"ipp": "0012", "loinc": {"code": "718-7"}}\n', encoding="utf-8")
    (folder / "README.md").write_text("no table")
    return folder


@pytest.fixture(scope="module")
def bucket(s3_server, extract):
    client, name = s3_server.client(), f"extract-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    for file in extract.iterdir():
        client.upload_file(str(file), name, f"night/{file.name}")
    return name


@pytest.fixture
def source(s3_server, bucket):
    def make(*, port: int | None = None, secret: str = SECRET, folder: str = "night", **options):
        endpoint = f"http://127.0.0.1:{port or s3_server.port}"
        login = {"endpoint": endpoint, "access_key_id": KEY_ID, "secret_access_key": secret}
        connection = S3Connection.model_validate({"address": f"s3://{bucket}"} | login)
        return RemoteFolderSource(f"s3://{bucket}/{folder}", connection=connection, **options)

    return make


@pytest.fixture
def web(extract):
    """A server that takes ranges as nginx does: its folder's files, at the loopback."""

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments, directory=str(extract))

        def log_message(self, *_) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def content(source) -> dict[str, list[dict]]:
    tables = source.tables()
    return {t.name: [row for batch in t.batches() for row in batch.to_pylist()] for t in tables}


def test_a_bucket_gives_the_tables_of_a_folder(source, extract):
    assert content(source()) == content(FolderSource([extract]))


def test_one_file_and_some_tables_can_be_named(source):
    assert list(content(source(folder="night/patients.csv"))) == ["patients"]
    assert list(content(source(tables=["labs", "patients"]))) == ["labs", "patients"]
    with pytest.raises(InvalidInput, match="has no table stayz"):
        source(tables=["stayz"]).tables()


def test_a_web_address_is_one_table(web, extract):
    assert content(open_paths([f"{web}/patients.csv"])) == {"patients": content(FolderSource([extract]))["patients"]}
    with pytest.raises(RemoteUnreadable, match="there is no such place"):
        open_paths([f"{web}/none.csv"]).tables()


def test_a_file_that_changes_meanwhile_is_not_read_on(source, s3_server, bucket):
    client = s3_server.client()
    client.put_object(Bucket=bucket, Key="moving/a.csv", Body=b"a;b\n1;2\n")
    (table,) = source(folder="moving").tables()
    client.put_object(Bucket=bucket, Key="moving/a.csv", Body=b"a;b\n1;2\n3;4\n")
    with pytest.raises(InvalidInput, match=r"a\.csv has changed since it was opened"):
        list(table.batches())


def test_a_refused_key_an_empty_place_and_a_server_that_is_away_are_one_line(source):
    for made, error in (
        (source(secret="wrong-one"), RemoteUnreadable),
        (source(folder="nothing"), (RemoteUnreadable, InvalidInput)),
        (source(port=1), RemoteUnreadable),
    ):
        with pytest.raises(error) as caught:
            made.tables()
        assert "\n" not in str(caught.value)
        assert "wrong-one" not in str(caught.value)


def test_a_connection_that_breaks_in_the_middle_gives_one_line(source, s3_server, breaking, bucket):
    client = s3_server.client()
    client.put_object(Bucket=bucket, Key="long/a.csv", Body=b"a;b\n" + b"1;2\n" * 8_000_000)
    (table,) = source(folder="long").tables()
    proxy = breaking(s3_server.port, after=1 << 20, side="down")  # less than a block: trying again does not help
    with pytest.raises(RemoteUnreadable, match="doesn't answer, refuses the login, or broke off") as caught:
        source(folder="long", port=proxy.port).tables()
    assert "\n" not in str(caught.value)
    assert sum(batch.num_rows for batch in table.batches()) == 8_000_000


def test_files_take_no_queries():
    with pytest.raises(InvalidDocument, match="files take no queries"):
        RemoteFolderSource("s3://lake/night", queries={"q": "SELECT 1"})
