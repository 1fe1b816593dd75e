"""Which fsspec filesystem speaks to an object store or a web server, by the login on file and nothing of the environment?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.connections import AzureConnection, GoogleConnection, S3Connection
from pipeline.errors import InvalidDocument
from pipeline.optional import load_library

if TYPE_CHECKING:
    from pipeline.connections import AnyConnection

_PATIENCE_SECONDS = 30


def filesystem_at(address: str, connection: AnyConnection | None, *, endpoint: str | None = None) -> tuple[Any, str]:
    """Make the filesystem of an address, and say what the address is called in it.

    Args:
        address: `s3://bucket/prefix`, `gs://...`, `abfss://container@account.dfs.core.windows.net/...` or `https://...`.
        connection: The login for it; a web address has none.
        endpoint: Where the store is, if the guard decided on one; None: as the login says.

    Raises:
        MissingLibrary: The store's library is not installed.
        InvalidDocument: No login of that system is on file for the address.

    Example:
        >>> filesystem_at("https://opendata.example/finess.csv", None)[1]
        'https://opendata.example/finess.csv'
    """
    parts = urlsplit(address)
    path = f"{parts.netloc}{parts.path}".rstrip("/")
    if parts.scheme in {"http", "https"}:
        web = load_library("fsspec.implementations.http", extra="remote", what=f"reading {address}")
        return web.HTTPFileSystem(skip_instance_cache=True), address
    if isinstance(connection, S3Connection):
        return _s3(connection, endpoint or connection.endpoint, address), path
    if isinstance(connection, GoogleConnection):
        return _google(connection, endpoint or connection.endpoint, address), path
    if isinstance(connection, AzureConnection):
        container, _, host = parts.netloc.rpartition("@")
        return _azure(connection, host, endpoint or connection.endpoint, address), f"{container}{parts.path}".rstrip(
            "/"
        )
    raise InvalidDocument(f"no login is on file for {address}", hint="Add it to private/connections.yaml.")


def _s3(connection: S3Connection, endpoint: str | None, address: str) -> Any:  # noqa: ANN401 - fsspec's
    arrow = load_library("pyarrow.fs", extra="remote", what=f"reading {address}")
    wrapper = load_library("fsspec.implementations.arrow", extra="remote", what=f"reading {address}")
    if not (connection.access_key_id and connection.secret_access_key):
        raise InvalidDocument(f"no access key is on file for {address}", hint="Add it to private/connections.yaml.")
    where = urlsplit(endpoint or f"https://s3.{connection.region}.amazonaws.com")
    token = connection.session_token.get_secret_value() if connection.session_token else None
    return wrapper.ArrowFSWrapper(
        arrow.S3FileSystem(
            access_key=connection.access_key_id,
            secret_key=connection.secret_access_key.get_secret_value(),
            session_token=token,
            region=connection.region or "us-east-1",
            scheme=where.scheme,
            endpoint_override=where.netloc,
            connect_timeout=_PATIENCE_SECONDS,
            request_timeout=_PATIENCE_SECONDS,
        )
    )


def _google(connection: GoogleConnection, endpoint: str | None, address: str) -> Any:  # noqa: ANN401 - fsspec's
    # The class of core: the other one asks Google for the kind of the bucket, by another protocol, before it does anything.
    gcsfs = load_library("gcsfs.core", extra="google", what=f"the object store {address}")
    return gcsfs.GCSFileSystem(
        token=str(connection.service_account) if connection.service_account else "anon",
        endpoint_url=endpoint or "https://storage.googleapis.com",
        use_listings_cache=False,
        skip_instance_cache=True,
        timeout=_PATIENCE_SECONDS,
    )


def _azure(connection: AzureConnection, host: str, endpoint: str | None, address: str) -> Any:  # noqa: ANN401 - fsspec's
    adlfs = load_library("adlfs", extra="azure", what=f"the object store {address}")
    account = host.partition(".")[0]
    where = endpoint or f"https://{host.replace('.dfs.', '.blob.', 1)}"
    if connection.account_key:
        secret = f"AccountKey={connection.account_key.get_secret_value()}"
    else:
        secret = f"SharedAccessSignature={connection.sas_token.get_secret_value() if connection.sas_token else ''}"
    return adlfs.AzureBlobFileSystem(
        connection_string=f"AccountName={account};{secret};BlobEndpoint={where};",
        assume_container_exists=True,
        use_listings_cache=False,
        skip_instance_cache=True,
        connection_timeout=_PATIENCE_SECONDS,
        read_timeout=_PATIENCE_SECONDS,
    )
