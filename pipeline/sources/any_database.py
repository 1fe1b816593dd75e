"""Which tables does a database hold that SQLAlchemy speaks to: MariaDB, Oracle, SQL Server, SQLite and others?

One session holds one moment where the system has such a thing, and reads one table after another, in batches. Oracle and
SQL Server hand Arrow over by their own drivers; the rest comes row by row, as DB-API gives it.
"""

from __future__ import annotations

import contextlib
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pyarrow as pa

from pipeline.connections import DatabaseConnection, connection_for
from pipeline.errors import DatabaseFailed, InvalidDocument, InvalidInput
from pipeline.optional import MissingLibrary, load_library
from pipeline.sources import SourceTable
from pipeline.sources.relations import Relation, meant, names_of
from pipeline.sources.spelling import array_of, arrow_type, fitted
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

_BATCH_ROWS = 20_000
_LOOKED_AT_ROWS = 5_000
_MOMENT = {
    "sqlite": ("BEGIN",),
    "mysql": (
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    ),
    "oracle": ("SET TRANSACTION READ ONLY",),
}
_MOMENT["mariadb"] = _MOMENT["mysql"]
_SQL_SERVER_MAY = "SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()"


@dataclass(frozen=True)
class _Query:
    """One table of the extract: its name, the SELECT, and its columns as they come."""

    name: str
    select: Any
    schema: pa.Schema


class DatabaseSource:
    """Tables and queries of any database that SQLAlchemy has a dialect and this machine a driver for.

    Args:
        uri: `dialect[+driver]://host[:port]/database` or `sqlite:////file`, without a login; `?tables=a,b` behind it
            counts as `tables`.
        tables: Names, with their schema where that isn't the login's own. None and no queries: every table of it.
        queries: Table name of the extract to a SELECT.
        connection: The login; None: the one on file for the address, else none.
    """

    def __init__(
        self,
        uri: str,
        *,
        tables: Sequence[str] = (),
        queries: Mapping[str, str] | None = None,
        connection: DatabaseConnection | None = None,
    ) -> None:
        parts = urlsplit(uri)
        if parts.username is not None:
            raise InvalidDocument(
                "a database's address holds a login", hint="Put it into private/connections.yaml, and change it."
            )
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._names = names_of(self.address, tables, dict(parse_qsl(parts.query)))
        self._queries = dict(queries or {})
        found = connection or connection_for(self.address)
        self._connection = found if isinstance(found, DatabaseConnection) else None

    def tables(self) -> list[SourceTable]:
        """Take the moment, and open every table far enough to know its columns.

        Raises:
            InvalidInput: A table that isn't there, two that would have one name, or a query that doesn't run.
            DatabaseFailed: The database doesn't answer, or refuses the login.
            MissingLibrary: SQLAlchemy or the driver is not installed.
        """
        session = _Session(self.address, self._connection)
        try:
            with session.told_in_one_line():
                found, path = session.relations()
                relations = meant(self.address, self._names, found, path=path, queries=self._queries)
                queries = [session.query_of(name, relation) for name, relation in relations.items()]
                queries += [session.query_as_given(name, text) for name, text in self._queries.items()]
        except BaseException:
            session.close()
            raise
        return [session.table(query) for query in queries]


class _Session:
    """One connection, in one transaction that only reads; closed when nobody holds a table of it any more."""

    def __init__(self, address: str, connection: DatabaseConnection | None) -> None:
        self.address = address
        self._sa = load_library("sqlalchemy", extra="databases", what=f"the database {address}")
        with self.told_in_one_line():
            engine = self._sa.create_engine(self._url(connection), poolclass=self._sa.NullPool, **_options(connection))
            self._dialect = engine.dialect
            self._session = engine.connect()
            self._driver = self._session.connection.driver_connection
            self.close = weakref.finalize(self, _let_go, self._session)
            self._take_the_moment()
        self._is_reading = False

    def _url(self, connection: DatabaseConnection | None) -> Any:  # noqa: ANN401 - SQLAlchemy's
        parts = urlsplit(self.address)
        if parts.scheme.partition("+")[0] == "sqlite":
            file = unquote(parts.path).removeprefix("/")
            return self._sa.URL.create(parts.scheme, database=f"file:{file}", query={"mode": "ro", "uri": "true"})
        url = self._sa.make_url(self.address)
        secret = connection.password.get_secret_value() if connection and connection.password else None
        return url.set(username=connection.user, password=secret) if connection else url

    def _take_the_moment(self) -> None:
        name = self._dialect.name
        statements = _MOMENT.get(name, ())
        if name == "mssql" and self._session.exec_driver_sql(_SQL_SERVER_MAY).scalar() == 1:
            self._session.rollback()
            statements = ("SET TRANSACTION ISOLATION LEVEL SNAPSHOT",)
        if statements and name != "oracle":
            self._session.execution_options(isolation_level="AUTOCOMMIT")  # the transaction is the one begun here
        for statement in statements:
            self._session.exec_driver_sql(statement)

    @contextmanager
    def told_in_one_line(self, doing: str = "") -> Iterator[None]:
        """Turn what SQLAlchemy and the driver raise into one line; their own text may quote rows and logins."""
        errors = self._sa.exc
        where = f"{self.address}: {doing}: " if doing else f"{self.address}: "
        try:
            yield
        except DouaneError:
            raise
        except (errors.NoSuchModuleError, ModuleNotFoundError):
            scheme = self.address.partition(":")[0]
            raise MissingLibrary(
                f"{scheme}:// needs a driver that is not installed",
                hint="Install it: pymysql, oracledb, mssql-python or the one that SQLAlchemy names for the system.",
            ) from None
        except errors.ProgrammingError:
            raise InvalidInput(
                f"{where}a query is none that this database runs, or the login may not run it",
                hint="Run it in the database's own shell first, with the same login.",
            ) from None
        except (errors.SQLAlchemyError, pa.ArrowException, OSError, RuntimeError):
            raise DatabaseFailed(
                f"{where}the database doesn't answer, refuses the login, or broke off",
                hint="Correct address and login; run again when it answers.",
            ) from None

    def relations(self) -> tuple[list[Relation], list[str]]:
        """What the database holds, and the schema that need not be named."""
        looked = self._sa.inspect(self._session)
        own = looked.default_schema_name or ""
        found = []
        for schema in {own: None, **dict.fromkeys(looked.get_schema_names())}:
            named = schema if schema != own else None
            found += [Relation(schema, name) for name in looked.get_table_names(schema=named)]
            found += [Relation(schema, name, is_taken_unasked=False) for name in looked.get_view_names(schema=named)]
        return found, [own]

    def query_of(self, name: str, relation: Relation) -> _Query:
        """Select every column of a table or view by its declared type."""
        sa = self._sa
        columns = sa.inspect(self._session).get_columns(relation.name, schema=relation.schema or None)
        for found in columns:
            if isinstance(found["type"], sa.Float):
                found["type"].asdecimal = False  # else MariaDB's floating numbers come rounded, as decimals
        # SQLite declares what it likes and keeps dates as text: its values come as they are stored.
        typed = [
            sa.column(found["name"]) if self._dialect.name == "sqlite" else sa.column(found["name"], found["type"])
            for found in columns
        ]
        schema = pa.schema([(found["name"], arrow_type(found["type"], self._dialect.name)) for found in columns])
        select = sa.select(*typed).select_from(sa.table(relation.name, schema=relation.schema or None))
        return _Query(name, select, schema)

    def query_as_given(self, name: str, text: str) -> _Query:
        """Run an export's query far enough to see what its columns hold; what differs later is named with its row."""
        select = self._sa.text(text.strip().rstrip(";"))
        with self._session.execute(select, execution_options={"stream_results": True}) as result:
            names = list(result.keys())
            columns = list(zip(*result.fetchmany(_LOOKED_AT_ROWS), strict=True)) or [() for _ in names]
        doubled = sorted({column for column in names if names.count(column) > 1})
        if doubled:
            raise InvalidInput(f"{name} has two columns named {doubled[0]}", hint="Name them apart in the query.")
        types = [array_of(values, None).type for values in columns]
        return _Query(name, select, pa.schema(list(zip(names, types, strict=True))))

    def table(self, query: _Query) -> SourceTable:
        """The table of a query, and how only some moments of it are read."""

        def narrow(column: str, start: datetime, end: datetime) -> Callable[[], Iterator[pa.RecordBatch]] | None:
            kind = query.schema.field(column).type
            if not pa.types.is_temporal(kind) or not hasattr(query.select, "where"):
                return None
            field = self._sa.column(column)
            ends = [moment.astimezone(UTC).replace(tzinfo=None) for moment in (start, end)]
            near = query.select.where(field >= ends[0], field < ends[1])
            return lambda: self._read(query, near)

        return SourceTable(
            name=query.name,
            schema=query.schema,
            batches=lambda: self._read(query, query.select),
            digest=None,
            origin=f"{self.address} {query.name}",
            narrow=narrow,
        )

    def _read(self, query: _Query, select: Any) -> Iterator[pa.RecordBatch]:  # noqa: ANN401 - SQLAlchemy's
        if self._is_reading:
            raise DatabaseFailed(
                f"{self.address}: another table is being read by this session", hint="Read one after the other."
            )
        self._is_reading = True
        try:
            with self.told_in_one_line(f"reading {query.name}"):
                arrow = _ARROW.get(self._dialect.driver) if select is query.select else None
                yield from self._as_arrow(query, arrow) if arrow else self._by_rows(query, select)
        except DatabaseFailed:
            _stop_reading(self._driver)
            raise
        finally:
            self._is_reading = False

    def _by_rows(self, query: _Query, select: Any) -> Iterator[pa.RecordBatch]:  # noqa: ANN401 - SQLAlchemy's
        first = 0
        with self._session.execute(select, execution_options={"yield_per": _BATCH_ROWS}) as result:
            for rows in result.partitions(_BATCH_ROWS):
                columns = [
                    array_of(values, field.type, where=f"{query.name}.{field.name}", first=first)
                    for values, field in zip(zip(*rows, strict=True), query.schema, strict=True)
                ]
                first += len(rows)
                yield pa.RecordBatch.from_arrays(columns, schema=query.schema)

    def _as_arrow(self, query: _Query, read: Callable[[Any, str], Iterator[Any]]) -> Iterator[pa.RecordBatch]:
        statement = str(query.select.compile(dialect=self._dialect))
        for batch in read(self._driver, statement):
            for piece in pa.table(batch).to_batches():
                yield fitted(piece, query.schema, query.name)


def _stop_reading(driver: Any) -> None:  # noqa: ANN401 - the driver's connection
    """Keep pymysql from reading on from a connection that is gone, which it does when its cursor is collected."""
    unread: Any = getattr(driver, "_result", None)
    if unread is not None and getattr(unread, "unbuffered_active", False):
        unread.unbuffered_active = False
        driver._result = None  # noqa: SLF001 - it has no other way


def _let_go(session: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
    with contextlib.suppress(Exception):  # one that broke off can't be closed in form either
        session.invalidate()
        session.close()


def _options(connection: DatabaseConnection | None) -> dict[str, Any]:
    return {"connect_args": dict(connection.options)} if connection and connection.options else {}


def _oracle(driver: Any, statement: str) -> Iterator[Any]:  # noqa: ANN401 - the driver's
    yield from driver.fetch_df_batches(statement=statement, size=_BATCH_ROWS)


def _sql_server(driver: Any, statement: str) -> Iterator[Any]:  # noqa: ANN401 - the driver's
    with driver.cursor() as cursor:
        cursor.execute(statement)
        for batch in cursor.arrow_reader(_BATCH_ROWS):
            yield pa.Table.from_batches([batch])


_ARROW: dict[str, Callable[[Any, str], Iterator[Any]]] = {"oracledb": _oracle, "mssqlpython": _sql_server}
