"""By what login does a system let Douane in, and which address is that login for?

`DOUANE_HOME/private/connections.yaml`, mode 0600, holds them; an export's file holds none. Each is bound to an address:
a password is sent to the host it is for, whoever edits an export.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Discriminator, Field, SecretStr, StringConstraints, Tag, ValidationError, model_validator

from pipeline.documents import Document, Part, line_of, parse_yaml
from pipeline.errors import InvalidDocument
from pipeline.guard.destination import read
from pipeline.home import Home
from pipeline.keyfiles import read_private

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECTIONS = "connections.yaml"
_DEFAULT_PORTS = {"sftp": 22, "postgresql": 5432}
_DATABASES = {"mysql", "mariadb", "oracle", "mssql"}
_SAME = {
    "postgres": "postgresql",
    "s3a": "s3",
    "s3n": "s3",
    "gcs": "gs",
    "abfs": "abfss",
    "https": "fhir",
    "http": "fhir",
}

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ObjectLock(Part):
    """How long what was delivered can't be deleted or overwritten.

    Attributes:
        mode: `GOVERNANCE` (some may lift it) or `COMPLIANCE` (nobody may).
        days: For how many days from the delivery.
    """

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    days: int = Field(gt=0, le=36500)


class S3Connection(Part):
    """A bucket of any S3-compatible store.

    Attributes:
        address: `s3://bucket`, or a prefix in it.
        endpoint: Where the store is (`https://oos.eu-west-2.outscale.com`); the guard decides on it. None: AWS.
        region: The region that requests are signed for.
        access_key_id: The key's id. None: AWS_ACCESS_KEY_ID of the environment.
        secret_access_key: Its secret. None: AWS_SECRET_ACCESS_KEY.
        session_token: Of temporary keys. None: AWS_SESSION_TOKEN, if the key comes from the environment too.
        encryption: `AES256` or `aws:kms`: encryption at rest that is asked of the server, beside what it does anyway.
        kms_key: The key that `aws:kms` uses.
        object_lock: Keeps what was delivered from being deleted, where the bucket offers that.
        ca: PEM file of the authority that signs the server's certificate, if the system doesn't know it.
    """

    address: Words
    endpoint: Words | None = None
    region: Words | None = None
    access_key_id: Words | None = None
    secret_access_key: SecretStr | None = None
    session_token: SecretStr | None = None
    encryption: Literal["AES256", "aws:kms"] | None = None
    kms_key: Words | None = None
    object_lock: ObjectLock | None = None
    ca: Path | None = None

    @property
    def declared(self) -> dict[str, Any]:
        """What the guard is told of the destination."""
        return {name: value for name, value in {"endpoint_url": self.endpoint, "region": self.region}.items() if value}


class GoogleConnection(Part):
    """A bucket of Google Cloud Storage.

    Attributes:
        address: `gs://bucket`, or a prefix in it.
        service_account: File of the service account's key (JSON). None: anonymous.
        endpoint: Where the store is, if it isn't Google's own; the guard decides on it.
    """

    address: Words
    service_account: Path | None = None
    endpoint: Words | None = None

    @property
    def declared(self) -> dict[str, Any]:
        """What the guard is told of the destination."""
        return {"endpoint_url": self.endpoint} if self.endpoint else {}


class AzureConnection(Part):
    """A container of Azure Blob Storage or Data Lake Storage.

    Attributes:
        address: `abfss://container@account.dfs.core.windows.net`, or a prefix in it.
        account_key: The account's key.
        sas_token: A shared access signature, in its place.
        endpoint: Where the blob service is, if it isn't Azure's own; the guard decides on it.
    """

    address: Words
    account_key: SecretStr | None = None
    sas_token: SecretStr | None = None
    endpoint: Words | None = None

    @model_validator(mode="after")
    def _names_the_account(self) -> Self:
        if (self.account_key is None) == (self.sas_token is None):
            raise ValueError("needs account_key or sas_token, one of them")
        if "@" not in self.address:
            raise ValueError("needs an address that names the account: abfss://container@account.dfs.core.windows.net")
        return self

    @property
    def declared(self) -> dict[str, Any]:
        """What the guard is told of the destination."""
        return {"endpoint_url": self.endpoint} if self.endpoint else {}


class SftpConnection(Part):
    """A server that speaks SFTP.

    Attributes:
        address: `sftp://host[:port]`, or a folder there.
        user: The login.
        host_key: The server's public key, as in its `/etc/ssh/ssh_host_*_key.pub`; another key stops the delivery.
        private_key: File of the private key to log in with.
        passphrase: Of that file.
        password: To log in with, where there is no key.
    """

    address: Words
    user: Words
    host_key: Words | tuple[Words, ...]
    private_key: Path | None = None
    passphrase: SecretStr | None = None
    password: SecretStr | None = None

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        if (self.private_key is None) == (self.password is None):
            raise ValueError("needs private_key or password, one of them")
        return self

    @property
    def declared(self) -> dict[str, Any]:
        """What the guard is told of the destination: the address says it all."""
        return {}


class PostgresConnection(Part):
    """A PostgreSQL database.

    Attributes:
        address: `postgresql://host[:port]/database`.
        user: The login.
        password: Its password. None: the server asks for none (a certificate, Kerberos).
        sslmode: As libpq's. None: `verify-full`, and `prefer` on this machine's loopback.
        ca: PEM file of the authority that signs the server's certificate. None: those that the system knows.
        views: The schema whose views show the newest release that was delivered; None: no views.
    """

    address: Words
    user: Words
    password: SecretStr | None = None
    sslmode: Literal["disable", "prefer", "require", "verify-ca", "verify-full"] | None = None
    ca: Path | None = None
    views: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,62}$")] | None = None

    @property
    def declared(self) -> dict[str, Any]:
        """What the guard is told of the destination: the address says it all."""
        return {}


class DatabaseConnection(Part):
    """A database that SQLAlchemy speaks to: MariaDB, Oracle, SQL Server.

    Attributes:
        address: `dialect[+driver]://host[:port]/database`.
        user: The login.
        password: Its password.
        options: What the driver takes besides, such as `ssl_ca` of pymysql.
    """

    address: Words
    user: Words
    password: SecretStr | None = None
    options: dict[Words, str | int | bool] = Field(default_factory=dict)

    @property
    def declared(self) -> dict[str, Any]:
        """What the guard is told of the destination: the address says it all."""
        return {}


class FhirConnection(Part):
    """A FHIR server with Bulk Data.

    Attributes:
        address: `https://host/base`.
        token: The bearer token that it asks for.
        ca: PEM file of the authority that signs the server's certificate, if the system doesn't know it.
    """

    address: Words
    token: SecretStr
    ca: Path | None = None

    @property
    def declared(self) -> dict[str, Any]:
        """What the guard is told of the destination: the address says it all."""
        return {}


def _system_of(content: object) -> str:
    address = content.get("address", "") if isinstance(content, dict) else getattr(content, "address", "")
    scheme = str(address).partition(":")[0].lower()
    return "database" if scheme.partition("+")[0] in _DATABASES else _SAME.get(scheme, scheme)


Connection = Annotated[
    Annotated[S3Connection, Tag("s3")]
    | Annotated[GoogleConnection, Tag("gs")]
    | Annotated[AzureConnection, Tag("abfss")]
    | Annotated[SftpConnection, Tag("sftp")]
    | Annotated[PostgresConnection, Tag("postgresql")]
    | Annotated[DatabaseConnection, Tag("database")]
    | Annotated[FhirConnection, Tag("fhir")],
    Discriminator(_system_of),
]
AnyConnection = (
    S3Connection
    | GoogleConnection
    | AzureConnection
    | SftpConnection
    | PostgresConnection
    | DatabaseConnection
    | FhirConnection
)
SYSTEMS = ("s3", "gs", "abfss", "sftp", "postgresql", "database", "fhir")


class Connections(Document):
    """`connections.yaml`: logins by name.

    Attributes:
        connections: Name to login; an export may name one, else the address chooses.
    """

    connections: dict[Words, Connection] = Field(default_factory=dict)

    def named(self, name: str) -> AnyConnection | None:
        """The connection of that name."""
        return self.connections.get(name)

    def for_address(self, address: str) -> AnyConnection | None:
        """The connection whose address is the longest that `address` lies in; None if none is."""
        covering = [found for found in self.connections.values() if covers(found, address)]
        return max(covering, key=lambda found: len(_place(found.address)[2]), default=None)


def read_connections(home: Home) -> Connections:
    """Read the installation's connections; none where the file isn't there.

    Raises:
        KeyRefused: Others can read it.
        InvalidDocument: It is not what its format says; names line and key, never a value.
    """
    path = home.private / CONNECTIONS
    if not path.exists():
        return Connections()
    try:
        text = read_private(path).decode()
    except UnicodeDecodeError:
        raise InvalidDocument(f"{path} is not UTF-8 text", hint="Save it as UTF-8.") from None
    try:
        return Connections.model_validate(parse_yaml(text, path))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        steps = tuple(step for step in first["loc"] if step not in SYSTEMS)
        reason = {
            "extra_forbidden": "is no key of this connection",
            "union_tag_invalid": f"needs an address of {', '.join(SYSTEMS)}",
        }.get(first["type"], first["msg"])
        where = ".".join(map(str, steps)) or "the document"
        raise InvalidDocument(
            f"{path}:{line_of(text, steps)}: {where}: {reason}", hint="docs/how-to/connections.md has the format."
        ) from None


def system_of(address: str) -> str:
    """The system that an address is of, by its scheme: `s3`, `sftp`, `postgresql`, or another that has no connections."""
    return _system_of({"address": address})


def connection_for(address: str, home: Home | None = None) -> AnyConnection | None:
    """The connection on file for an address of a system that needs one; None for folders, and where none is on file."""
    if system_of(address) not in SYSTEMS:
        return None
    return read_connections(home or Home.from_environment()).for_address(address)


def covers(connection: AnyConnection, address: str) -> bool:
    """Whether `address` is the connection's own, or lies in it: same scheme, host and port, and a path below.

    Example:
        >>> lake = S3Connection(address="s3://lake/eds")
        >>> covers(lake, "s3://lake/eds/cardio"), covers(lake, "s3://lake/eds2"), covers(lake, "s3://other/eds")
        (True, False, False)
    """
    system, host, path = _place(connection.address)
    system_there, host_there, path_there = _place(address)
    climbs = ".." in unquote(path_there).split("/")  # what a server makes of it is not for a prefix to say
    return (system, host) == (system_there, host_there) and f"{path_there}/".startswith(f"{path}/") and not climbs


def _place(address: str) -> tuple[str, str, str]:
    """Scheme, host and path as the guard reads them: what it calls one address is one address here."""
    parts = urlsplit(read(address).uri)
    scheme = _SAME.get(parts.scheme, parts.scheme)
    host = parts.netloc.removesuffix(f":{_DEFAULT_PORTS.get(scheme, 0)}")
    return scheme, host, parts.path.rstrip("/")


def declared_of(connection: AnyConnection | None, stated: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the guard is told: what the connection leads to, and what the export states of it."""
    return {**(connection.declared if connection else {}), **(stated or {})}
