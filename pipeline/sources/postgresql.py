"""Which tables does a PostgreSQL database hold, all as of one moment, read without loading or locking out anyone?

One session takes the moment: a read-only snapshot, and on every table the weakest lock there is, as pg_dump does. Nobody
is kept from reading or writing; only ALTER and DROP wait until the extract is read. Each table is read by a session of
its own inside that same snapshot, by COPY in binary form, batch by batch.
"""

from __future__ import annotations

import weakref
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.connections import PostgresConnection, connection_for
from pipeline.errors import DatabaseFailed, InvalidInput
from pipeline.postgres import (
    address_of,
    execute,
    literal,
    open_database,
    quoted,
    rows_of,
    told_in_one_line,
)
from pipeline.sources import SourceTable
from pipeline.sources.relations import Relation, meant, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

_BATCH_BYTES = 8 << 20
_AS_THEY_ARE = frozenset("int2 int4 int8 float4 float8 bool text varchar date timestamp timestamptz".split())
_MOMENTS = {"date": "date", "timestamp": "timestamp", "timestamptz": "timestamptz"}
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_TABLES = """
SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class _Query:
    """One table of the extract: its name, what to select from, and the columns as they are selected."""

    name: str
    relation: str
    columns: str
    moments: Mapping[str, str]
    schema: pa.Schema

    def text(self, where: str = "") -> str:
        return f"SELECT {self.columns} FROM {self.relation}{f' WHERE {where}' if where else ''}"  # noqa: S608 - quoted


class PostgresSource:
    """Tables and queries of a PostgreSQL database, all as of the moment when `tables` was called.

    Args:
        uri: `postgresql://host[:port]/database`, without a password; `?tables=a,b` behind it counts as `tables`.
        tables: Names, with their schema where that isn't on the search path. None and no queries: every table and
            materialized view on the search path.
        queries: Table name of the extract to a SELECT. Rows come in the query's order; say ORDER BY if it matters.
        connection: The login; None: the one on file for the address, else libpq's own (`PGUSER`, `~/.pgpass`).
    """

    def __init__(
        self,
        uri: str,
        *,
        tables: Sequence[str] = (),
        queries: Mapping[str, str] | None = None,
        connection: PostgresConnection | None = None,
    ) -> None:
        self.address, options = address_of(uri)
        self._names = names_of(self.address, tables, options)
        self._queries = dict(queries or {})
        found = connection or connection_for(self.address)
        self._connection = found if isinstance(found, PostgresConnection) else None
        self.passes = 1
        """How often each table will be read; then the snapshot is let go. Detection reads twice."""

    def tables(self) -> list[SourceTable]:
        """Take the snapshot, and open every table far enough to know its columns.

        Raises:
            InvalidInput: A table that isn't there, two that would have one name, or a query that doesn't run.
            DatabaseFailed: The server doesn't answer, refuses the login, or a table is being altered.
            MissingLibrary: The driver is not installed.
        """
        snapshot = _Snapshot(self.address, self._connection, self.passes)
        try:
            with told_in_one_line(self.address):
                relations = self._relations(snapshot.session)
                queries = snapshot.take(relations, self._queries)
        except BaseException:
            snapshot.close()
            raise
        return [snapshot.table(query) for query in queries]

    def _relations(self, session: Any) -> dict[str, Relation]:  # noqa: ANN401 - ADBC's
        """Name in the extract to the relation in the database."""
        found = [
            Relation(row["schema"], row["name"], is_taken_unasked=row["kind"] in "rpm", is_lockable=row["kind"] in "rp")
            for row in rows_of(session, _TABLES)
        ]
        path = [row["s"] for row in rows_of(session, "SELECT unnest(current_schemas(false))::text AS s")]
        return meant(self.address, self._names, found, path=path, queries=self._queries)


class _Snapshot:
    """One moment of a database, held by a session until every table was read as often as was said, or nobody holds it any more."""

    def __init__(self, address: str, connection: PostgresConnection | None, passes: int) -> None:
        self.address = address
        self._connection = connection
        self.session = open_database(address, connection)
        self._close = weakref.finalize(self, self.session.close)
        self._passes = passes
        self._unread: Counter[str] = Counter()
        self._id = ""
        self._validates = False

    def close(self) -> None:
        """Let the database's cleaning go on."""
        self._close()

    def take(self, relations: Mapping[str, Relation], queries: Mapping[str, str]) -> list[_Query]:
        """Begin, lock, and read what each table's columns are; the locks first, or a table altered meanwhile is empty."""
        execute(self.session, _SNAPSHOT)
        lockable = [quoted(found.schema, found.name) for found in relations.values() if found.is_lockable]
        if lockable:
            execute(self.session, f"LOCK TABLE {', '.join(lockable)} IN ACCESS SHARE MODE")
        (row,) = rows_of(self.session, "SELECT pg_export_snapshot() AS id, current_setting('server_encoding') AS enc")
        self._id = row["id"]
        self._validates = row["enc"] == "SQL_ASCII"  # no other encoding lets bytes through that are no text
        taken = [self._query(name, quoted(relation.schema, relation.name)) for name, relation in relations.items()]
        for name, text in queries.items():
            taken.append(self._query(name, f"({text.strip().rstrip(';')}) AS query"))
        self._unread = Counter({query.name: self._passes for query in taken})
        return taken

    def _query(self, name: str, relation: str) -> _Query:
        """Select numbers, texts and moments as they are, and what Arrow has no plain type for as text."""
        every = self._schema(f"SELECT * FROM {relation}")  # noqa: S608 - an identifier that is quoted, or the export's own
        doubled = sorted({column for column in every.names if every.names.count(column) > 1})
        if doubled:
            raise InvalidInput(f"{name} has two columns named {doubled[0]}", hint="Name them apart in the query.")
        if not every.names:
            raise InvalidInput(f"{name} has no column that this login may read", hint="Ask for the right.")
        types = {field.name: (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode() for field in every}
        columns = ", ".join(_selected(column, kind) for column, kind in types.items())
        moments = {column: _MOMENTS[kind] for column, kind in types.items() if kind in _MOMENTS}
        selected = self._schema(f"SELECT {columns} FROM {relation}")  # noqa: S608 - as above
        schema = pa.schema([(field.name, field.type) for field in selected])
        return _Query(name, relation, columns, moments, schema)

    def _schema(self, query: str) -> pa.Schema:
        with self.session.cursor() as cursor:
            return cursor.adbc_execute_schema(query)

    def table(self, query: _Query) -> SourceTable:
        """The table of a query, and how only some moments of it are read."""

        def narrow(column: str, start: datetime, end: datetime) -> Callable[[], Iterator[pa.RecordBatch]] | None:
            kind = query.moments.get(column)
            if kind is None:
                return None
            field, ends = quoted(column), [f"{literal(moment.isoformat())}::{kind}" for moment in (start, end)]
            return lambda: self._read(query, f"{field} >= {ends[0]} AND {field} < {ends[1]}")

        return SourceTable(
            name=query.name,
            schema=query.schema,
            batches=lambda: self._read(query),
            digest=None,
            origin=f"{self.address} {query.name}",
            narrow=narrow,
        )

    def _read(self, query: _Query, where: str = "") -> Iterator[pa.RecordBatch]:
        if not self._close.alive:
            raise DatabaseFailed(
                f"{self.address}: the snapshot was let go when its last table was read", hint="Open the source again."
            )
        with told_in_one_line(self.address, f"reading {query.name}"):
            session = open_database(self.address, self._connection)
            try:
                execute(session, _SNAPSHOT)
                execute(session, f"SET TRANSACTION SNAPSHOT {literal(self._id)}")
                if self._validates:
                    # Else the server looks at the bytes too, and stops without saying where.
                    execute(session, "SET client_encoding = 'SQL_ASCII'")
                with session.cursor() as cursor:
                    cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(_BATCH_BYTES)})
                    cursor.execute(query.text(where))
                    yield from self._batches(cursor.fetch_record_batch(), query)
            finally:
                session.close()
        self._unread[query.name] -= 1
        if max(self._unread.values()) <= 0:
            self.close()

    def _batches(self, reader: pa.RecordBatchReader, query: _Query) -> Iterator[pa.RecordBatch]:
        first = 0
        for batch in reader:
            plain = pa.RecordBatch.from_arrays(batch.columns, schema=query.schema)
            if self._validates:
                _require_text(plain, query.name, first)
            first += plain.num_rows
            yield plain


def _selected(column: str, kind: str) -> str:
    if kind in _AS_THEY_ARE:
        return quoted(column)
    spelled = f"abbrev({quoted(column)})" if kind == "inet" else f"{quoted(column)}::text"  # its own text has a /32
    return f"{spelled} AS {quoted(column)}"


def _require_text(batch: pa.RecordBatch, table: str, first: int) -> None:
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if not pa.types.is_string(column.type):
            continue
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            row = next(row for row, value in enumerate(pc.cast(column, pa.binary())) if not _is_utf8(value.as_py()))
            raise InvalidInput(
                f"{table}.{name}: row {first + row} (counted from 0) is no UTF-8 text, and the database (SQL_ASCII) does not say what it is",
                hint=f"Read it by a query: convert_from(convert(convert_to({quoted(name)}, 'SQL_ASCII'), 'WIN1252', 'UTF8'), 'SQL_ASCII') AS {quoted(name)}.",
            ) from None


def _is_utf8(value: bytes | None) -> bool:
    try:
        (value or b"").decode()
    except UnicodeDecodeError:
        return False
    return True
