"""How does a release reach a PostgreSQL database: a schema of its own, compared there, named when it is whole?"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.connections import PostgresConnection, connection_for, covers
from pipeline.making.content_digest import ContentDigest
from pipeline.manifest import PART
from pipeline.postgres import execute, literal, open_database, quoted, rows_of, told_in_one_line
from pipeline.sinks import (
    Delivery,
    DeliveryFailed,
    DeliveryRefused,
    cleared_release,
    delivery_of,
    names_in_order,
)
from pipeline.sinks.postgresql_types import column_type, fitted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.guard.decision import Clearance
    from pipeline.manifest import Release

PAPERS = "release_papers"
_BATCH_ROWS = 65_536
_LONGEST_NAME = 63


class PostgresSink:
    """Loads a release into the schema `release_ID`: a table for each of its tables, and its papers as bytes.

    Args:
        connection: The login; None: the one on file for the address, else libpq's own.
    """

    def __init__(self, connection: PostgresConnection | None = None) -> None:
        self._connection = connection

    def deliver(self, release_folder: Path, clearance: Clearance) -> Delivery:
        """Deliver a release to the database that the guard cleared.

        Tables are loaded by COPY into the schema `partial_ID`, each in a transaction of its own, read back and compared
        by rows and SHA-256; one transaction then gives the schema its name and points the views to it, if the
        connection asks for views. A run after one that broke off loads only what is missing.

        Args:
            release_folder: A sealed release.
            clearance: The guard's, for this release, today, and `postgresql://host/database`.

        Returns:
            What was done.

        Raises:
            DeliveryRefused: The clearance is another's, or something else stands under the release's name.
            DeliveryFailed, DatabaseFailed: The database doesn't answer or broke off; no schema of that name is visible.
            MissingLibrary: The driver is not installed.
        """
        release = cleared_release(release_folder, clearance)
        address = clearance.address
        if not address.startswith(("postgresql://", "postgres://")):
            raise DeliveryRefused(f"{address} is no PostgreSQL database", hint="Use the sink of its kind.")
        connection = self._connection or connection_for(address)
        if connection is not None and not (isinstance(connection, PostgresConnection) and covers(connection, address)):
            raise DeliveryRefused(f"the connection is not for {address}", hint="Name the one of this address.")
        with told_in_one_line(address, f"delivering {release.id}"):
            session = open_database(address, connection)
            try:
                already_there = _Load(session, release, address).deliver(connection.views if connection else None)
            finally:
                session.close()
        return delivery_of(release, clearance, already_there=already_there)


class _Load:
    """One release on its way into one database."""

    def __init__(self, session: Any, release: Release, address: str) -> None:  # noqa: ANN401 - ADBC's
        self._session = session
        self._release = release
        self._address = address
        self._final = f"release_{release.id}"
        self._partial = f"partial_{release.id}"
        self._files: dict[str, list[str]] = {}
        for name in names_in_order(release):
            if name.endswith(".parquet"):
                self._files.setdefault(_table_of(name), []).append(name)
        names = (self._final, *self._files)
        long = next((name for name in names if len(name.encode()) > _LONGEST_NAME), None)
        if long:
            raise DeliveryRefused(
                f"{address} takes names of {_LONGEST_NAME} bytes at most, and {long[:20]}... is longer",
                hint="Rename the table in the source.",
            )
        if PAPERS in self._files:
            raise DeliveryRefused(f"a table of {release.id} is called {PAPERS}", hint="Rename it in the source.")

    def deliver(self, views: str | None) -> bool:
        """Load what is missing, then name it; whether it was all there before."""
        self._require_alone()
        if self._exists(self._final):
            self._compare(self._final)
            return True
        execute(self._session, f"CREATE SCHEMA IF NOT EXISTS {quoted(self._partial)}")
        self._refuse_strangers(self._partial)
        for table in self._files:
            if not self._same_table(self._partial, table):
                self._load(table)
        self._load_papers()
        self._compare(self._partial)
        self._name_it(views)
        return False

    def _require_alone(self) -> None:
        key = int(self._release.manifest_sha256[:15], 16)
        (row,) = rows_of(self._session, f"SELECT pg_try_advisory_lock({key}) AS mine")
        if not row["mine"]:
            raise DeliveryFailed(
                f"{self._address}: another run is delivering {self._release.id}", hint="Wait for it, then run again."
            )

    def _exists(self, schema: str) -> bool:
        return bool(rows_of(self._session, f"SELECT 1 AS x FROM pg_namespace WHERE nspname = {literal(schema)}"))  # noqa: S608 - quoted

    def _tables(self, schema: str) -> set[str]:
        found = rows_of(
            self._session,
            f"SELECT relname::text AS t FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f') "  # noqa: S608 - quoted
            f"AND relnamespace = {literal(quoted(schema))}::regnamespace",
        )
        return {row["t"] for row in found}

    def _refuse_strangers(self, schema: str) -> None:
        if not self._tables(schema) <= {*self._files, PAPERS}:
            raise DeliveryRefused(
                f"{self._address}: the schema {schema} holds a table that is not of the release {self._release.id}",
                hint="Move it away after finding out what it is.",
            )

    def _schema(self, table: str) -> pa.Schema:
        return fitted(pq.read_schema(self._release.folder / self._files[table][0]), table)

    def _rows(self, table: str) -> Iterator[pa.RecordBatch]:
        """The release's rows of a table, as the database takes them; a cluster has written it in several files."""
        schema = self._schema(table)
        for name in self._files[table]:
            for batch in pq.ParquetFile(self._release.folder / name).iter_batches(batch_size=_BATCH_ROWS):
                yield _cast(batch, schema, table)

    @property
    def _papers(self) -> list[str]:
        tables = {name for names in self._files.values() for name in names}
        return [name for name in names_in_order(self._release) if name not in tables]

    def _load(self, table: str) -> None:
        schema = self._schema(table)
        columns = ", ".join(f"{quoted(field.name)} {column_type(field.type)}" for field in schema)
        refused: list[DeliveryRefused] = []

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                yield from self._rows(table)
            except DeliveryRefused as error:
                refused.append(error)  # what is raised in here reaches the driver as a code without words
                raise

        try:
            self._write(table, columns, pa.RecordBatchReader.from_batches(schema, batches()))
        except Exception:
            if refused:
                raise refused[0] from None
            raise

    def _load_papers(self) -> None:
        content = [(self._release.folder / name).read_bytes() for name in self._papers]
        columns = "name text PRIMARY KEY, content bytea NOT NULL"
        self._write(PAPERS, columns, pa.table({"name": self._papers, "content": content}))

    def _write(self, table: str, columns: str, rows: Any) -> None:  # noqa: ANN401 - whatever ADBC takes
        """Make and fill a table in one transaction: a table that stands is a table that was filled."""
        where = quoted(self._partial, table)
        execute(self._session, "BEGIN")
        try:
            execute(self._session, f"DROP TABLE IF EXISTS {where}")
            execute(self._session, f"CREATE TABLE {where} ({columns})")
            with self._session.cursor() as cursor:
                cursor.adbc_ingest(table, rows, mode="append", db_schema_name=self._partial)
            execute(self._session, "COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        # The server may be gone, and its transaction with it: the first error is the one to tell.
        with contextlib.suppress(Exception):
            execute(self._session, "ROLLBACK")

    def _compare(self, schema: str) -> None:
        same = self._tables(schema) == {*self._files, PAPERS}
        same = same and all(self._same_table(schema, table) for table in self._files)
        if not same or not self._same_papers(schema):
            raise DeliveryRefused(
                f"{self._address}: the schema {schema} is not the release {self._release.id}",
                hint="Rename it after finding out what it is, then deliver again.",
            )

    def _same_table(self, schema: str, table: str) -> bool:
        """Compare a table with the release's, rows in order, values by SHA-256."""
        if table not in self._tables(schema):
            return False
        wanted = self._schema(table)
        expected, found = ContentDigest(), ContentDigest()
        for batch in self._rows(table):
            expected.add(batch)
        try:
            for batch in self._read(schema, table):
                found.add(_cast(batch, wanted, table))
        except (DeliveryRefused, pa.ArrowInvalid):
            return False  # columns of other names or types
        return expected.hexdigest() == found.hexdigest()

    def _read(self, schema: str, table: str) -> Iterator[pa.RecordBatch]:
        with self._session.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {quoted(schema, table)}")  # noqa: S608 - quoted
            yield from cursor.fetch_record_batch()

    def _same_papers(self, schema: str) -> bool:
        found = {row["name"]: row["content"] for batch in self._read(schema, PAPERS) for row in batch.to_pylist()}
        return found == {name: (self._release.folder / name).read_bytes() for name in self._papers}

    def _name_it(self, views: str | None) -> None:
        execute(self._session, "BEGIN")
        try:
            execute(self._session, f"ALTER SCHEMA {quoted(self._partial)} RENAME TO {quoted(self._final)}")
            if views:
                execute(self._session, f"CREATE SCHEMA IF NOT EXISTS {quoted(views)}")
            for table in self._files if views else ():
                view = quoted(str(views), table)
                execute(self._session, f"DROP VIEW IF EXISTS {view}")
                execute(self._session, f"CREATE VIEW {view} AS SELECT * FROM {quoted(self._final, table)}")  # noqa: S608 - quoted
            execute(self._session, "COMMIT")
        except BaseException:
            self._roll_back()
            raise


def _table_of(name: str) -> str:
    return unquote(re.sub(rf"(?:{re.escape(PART)}[0-9]{{5}})?\.parquet$", "", name))


def _cast(batch: pa.RecordBatch, schema: pa.Schema, table: str) -> pa.RecordBatch:
    if batch.schema.names != schema.names:
        raise DeliveryRefused(f"{table} has other columns there", hint="Move it away after finding out what it is.")
    columns = []
    for field, column in zip(schema, batch.columns, strict=True):
        plain = column.storage if isinstance(column, pa.ExtensionArray) else column
        try:
            columns.append(plain.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise DeliveryRefused(
                f"{table}.{field.name} holds a value that PostgreSQL's {column_type(field.type)} can't hold",
                hint="Plan the field so that it is text or a smaller number.",
            ) from None
    return pa.RecordBatch.from_arrays(columns, schema=schema)
