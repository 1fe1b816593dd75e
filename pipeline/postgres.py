"""How is a PostgreSQL database opened, by one login and at one address, and what does its refusal mean in one line?"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import pyarrow as pa

from pipeline.errors import DatabaseFailed, InvalidDocument
from pipeline.optional import load_library
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.connections import PostgresConnection

_PATIENCE_SECONDS = 30
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_SESSION = """
SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601';
SET bytea_output = 'hex'; SET extra_float_digits = 1; SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '60s';
SET synchronize_seqscans = off; SET max_parallel_workers_per_gather = 0
"""
"""The same rows in the same order, spelled the same way, whatever the server's defaults are: a release made twice of the
same data has the same bytes."""


def address_of(uri: str) -> tuple[str, dict[str, str]]:
    """Split `postgresql://host/database?tables=a` into the address and what stands behind the question mark.

    Raises:
        InvalidDocument: No host or database, or a password in it.

    Example:
        >>> address_of("postgresql://db.chu.example/eds?tables=patients,stays")
        ('postgresql://db.chu.example/eds', {'tables': 'patients,stays'})
    """
    parts = urlsplit(uri)
    if parts.password is not None:
        raise InvalidDocument(
            "a database's address holds a password", hint="Put it into private/connections.yaml, and change it."
        )
    host = parts.netloc.rpartition("@")[2]
    if not host or not parts.path.strip("/"):
        raise InvalidDocument(
            "a database's address lacks host or database", hint="Write postgresql://host:5432/database."
        )
    return f"postgresql://{host}{parts.path.rstrip('/')}", dict(parse_qsl(parts.query))


def open_database(address: str, connection: PostgresConnection | None) -> Any:  # noqa: ANN401 - ADBC's
    """Open a session at the host of `address` and no other; every statement is a transaction until one is begun.

    Args:
        address: `postgresql://host[:port]/database`.
        connection: The login. None: libpq's own way (`PGUSER`, `PGPASSWORD`, `~/.pgpass`).

    Raises:
        MissingLibrary: The driver is not installed.
        DatabaseFailed: The server doesn't answer, or refuses the login.
    """
    dbapi = load_library("adbc_driver_postgresql.dbapi", extra="postgres", what=f"the database {address}")
    load_library("adbc_driver_postgresql", extra="postgres", what=f"the database {address}")
    parts = urlsplit(address)
    local = parts.hostname in _LOOPBACK
    asked = {
        # Set to nothing, or the environment (PGHOSTADDR, PGSERVICE) would lead to a host that nobody decided on.
        "hostaddr": "",
        "application_name": "douane",
        "connect_timeout": str(_PATIENCE_SECONDS),
        "keepalives_idle": str(_PATIENCE_SECONDS),
        "sslmode": (connection.sslmode if connection else None) or ("prefer" if local else "verify-full"),
        "sslrootcert": str(connection.ca) if connection and connection.ca else "",
    }
    if asked["sslmode"].startswith("verify") and not asked["sslrootcert"]:
        asked["sslrootcert"] = "system"
    login = ""
    if connection:
        password = f":{quote(connection.password.get_secret_value(), safe='')}" if connection.password else ""
        login = f"{quote(connection.user, safe='')}{password}@"
    query = urlencode({name: value for name, value in asked.items() if value or name == "hostaddr"})
    with told_in_one_line(address):
        opened = dbapi.connect(
            f"postgresql://{login}{parts.netloc.rpartition('@')[2]}{parts.path}?{query}", autocommit=True
        )
        try:
            for statement in _SESSION.split(";"):
                execute(opened, statement)
        except BaseException:
            opened.close()
            raise
    return opened


def execute(session: Any, statement: str) -> None:  # noqa: ANN401 - ADBC's
    """Run a statement that gives no rows."""
    with session.cursor() as cursor:
        cursor.execute(statement)


def rows_of(session: Any, query: str) -> list[dict[str, Any]]:  # noqa: ANN401 - ADBC's
    """Run a query that gives few rows, of a catalog."""
    with session.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetch_arrow_table().to_pylist())


def quoted(*names: str) -> str:
    """Quote identifiers: `"omop"."person"`."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(text: str) -> str:
    """Quote a text as SQL."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def database_of(address: str) -> str:
    """The database's name in an address."""
    return unquote(urlsplit(address).path.strip("/"))


@contextmanager
def told_in_one_line(address: str, doing: str = "") -> Iterator[None]:
    """Turn what the driver raises into one line; its own text may quote a row, a query or a login."""
    driver = load_library("adbc_driver_manager", extra="postgres", what=f"the database {address}")
    try:
        yield
    except (driver.Error, pa.ArrowException, OSError) as error:
        if isinstance(error, DouaneError):
            raise
        what, hint = _meaning(getattr(error, "sqlstate", None) or "", str(error))
        raise DatabaseFailed(f"{address}: {f'{doing}: ' if doing else ''}{what}", hint=hint) from None


_STATES = {
    "28": ("the server refuses the login", "Correct user and password in private/connections.yaml."),
    "3D": ("there is no such database", "Correct the database's name."),
    "42501": ("the login may not do that", "Ask for the right: SELECT to read, CREATE on the database to deliver."),
    "42P01": ("there is no such table", "Correct its name; write schema.table outside the search path."),
    "42": ("the query is none that this database runs", "Run it in psql first."),
    "3F": ("there is no such schema", "Make it, or correct its name."),
    "55P03": ("a table is locked: somebody is altering it", "Run again when that is done."),
    "22021": ("a text holds a byte that the database's encoding doesn't know", "Correct it in the source."),
    "22P05": ("a text holds a letter that the database's encoding lacks", "Use a database whose encoding is UTF8."),
    "53": ("the server has no room left (disk, memory or connections)", "Free some, then run again."),
    "57": ("the server is shutting down", "Run again when it is back."),
}


_REFUSED = re.compile(r"\bFATAL\b")


def _meaning(state: str, text: str) -> tuple[str, str]:
    for length in (5, 2):
        if state[:length] in _STATES:
            return _STATES[state[:length]]
    if state:
        return f"the server said no (SQLSTATE {state})", "Its log says more."
    if _REFUSED.search(text):  # in every language; only the words after it are translated
        return "the server refuses the login or has no such database", "Correct user, password and database's name."
    if "SSL" in text or "certificate" in text:
        return (
            "no trusted TLS connection",
            "Give `ca` in private/connections.yaml; `sslmode: require` goes without knowing who answers.",
        )
    return "the server doesn't answer, or broke off", "Run again when it answers."
