"""Which tables does a DuckDB file hold, read without writing to it, and with no way from a query to another file?"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pyarrow as pa

from pipeline.errors import DatabaseFailed, InvalidDocument, InvalidInput
from pipeline.optional import load_library
from pipeline.postgres import quoted
from pipeline.sources import SourceTable
from pipeline.sources.flattening import flat_batch, flat_schema
from pipeline.sources.relations import Relation, meant, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

_BATCH_ROWS = 65_536
_MEMORY = "512MB"
_MOMENTS = ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE")
_AS_THEY_ARE = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE"),
    *("DECIMAL", "BOOLEAN", "VARCHAR", "ENUM", "DATE", "TIMESTAMP", "STRUCT", "MAP"),
)
_FOUND = """
SELECT schema_name, table_name, true FROM duckdb_tables() WHERE NOT internal
UNION ALL SELECT schema_name, view_name, false FROM duckdb_views() WHERE NOT internal ORDER BY 1, 2
"""


class DuckDBSource:
    """Tables and queries of a DuckDB file, which is opened read-only: while it is read nobody writes to it.

    Args:
        uri: `duckdb:///relative.duckdb` or `duckdb:////srv/eds.duckdb`; `?tables=a,b` behind it counts as `tables`.
        tables: Names, with their schema where that isn't `main`. None and no queries: every table of `main`.
        queries: Table name of the extract to a SELECT. It sees the file's tables, no other file and no network.
        connection: None: a file has no login.
    """

    def __init__(
        self,
        uri: str,
        *,
        tables: Sequence[str] = (),
        queries: Mapping[str, str] | None = None,
        connection: None = None,
    ) -> None:
        parts = urlsplit(uri)
        self.file = unquote(parts.path).removeprefix("/")
        self.address = f"duckdb:///{self.file}"
        if parts.netloc or not self.file or connection is not None:
            raise InvalidDocument(
                f"{parts.scheme}:// takes a file and no login", hint="Write duckdb:////srv/eds.duckdb."
            )
        self._names = names_of(self.address, tables, dict(parse_qsl(parts.query)))
        self._queries = dict(queries or {})

    def tables(self) -> list[SourceTable]:
        """Open every table far enough to know its columns.

        Raises:
            InvalidInput: A table that isn't there, two that would have one name, or a query that doesn't run.
            DatabaseFailed: The file is no database, isn't there, or another process writes to it.
            MissingLibrary: DuckDB is not installed.
        """
        with self._open() as session:
            found = [Relation(*row) for row in session.execute(_FOUND).fetchall()]
            relations = meant(self.address, self._names, found, path=["main"], queries=self._queries)
            origins = {name: quoted(found.schema, found.name) for name, found in relations.items()}
            origins |= {name: f"({text.strip().rstrip(';')}) AS query" for name, text in self._queries.items()}
            return [self._table(session, name, origin) for name, origin in origins.items()]

    def _table(self, session: Any, name: str, origin: str) -> SourceTable:  # noqa: ANN401 - DuckDB's
        described = session.execute(f"DESCRIBE SELECT * FROM {origin}").fetchall()  # noqa: S608 - quoted, or the export's own
        kinds = {column: kind for column, kind, *_ in described}
        query = f"SELECT {', '.join(_selected(column, kind) for column, kind in kinds.items())} FROM {origin}"  # noqa: S608 - as above
        nested = session.sql(f"{query} LIMIT 0").to_arrow_table().schema

        def narrow(column: str, start: datetime, end: datetime) -> Callable[[], Iterator[pa.RecordBatch]] | None:
            kind = kinds.get(column)
            if kind not in _MOMENTS:
                return None
            field, (first, last) = quoted(column), (f"'{moment.isoformat()}'::{kind}" for moment in (start, end))
            return lambda: self._read(name, f"{query} WHERE {field} >= {first} AND {field} < {last}")

        return SourceTable(
            name=name,
            schema=flat_schema(nested),
            batches=lambda: self._read(name, query),
            digest=None,
            origin=f"{self.address} {name}",
            narrow=narrow,
        )

    def _read(self, name: str, query: str) -> Iterator[pa.RecordBatch]:
        with self._open(f"reading {name}") as session:
            for batch in session.sql(query).to_arrow_reader(_BATCH_ROWS):
                yield flat_batch(batch)

    @contextmanager
    def _open(self, doing: str = "") -> Iterator[Any]:
        """A session that can only read this file; what DuckDB raises is one line, since its own quotes values."""
        duckdb = load_library("duckdb", extra="duckdb", what=f"the database {self.address}")
        where = f"{self.address}: {doing}: " if doing else f"{self.address}: "
        # External access off: else a query could read any file here, or send rows to a server by an extension.
        settings = {"enable_external_access": "false", "lock_configuration": "true", "memory_limit": _MEMORY}
        try:
            with duckdb.connect(self.file, read_only=True, config={**settings, "threads": "2"}) as session:
                yield session
        except duckdb.PermissionException:
            raise InvalidInput(
                f"{where}a query asks for another file or for the network", hint="Load that into the database first."
            ) from None
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
            raise InvalidInput(
                f"{where}a query is none that this database runs", hint="Run it in duckdb first."
            ) from None
        except duckdb.IOException:
            raise DatabaseFailed(
                f"{where}the file isn't there, is no DuckDB database, or is being written to",
                hint="Check the path; close the process that has it open.",
            ) from None
        except (duckdb.Error, pa.ArrowException):
            raise DatabaseFailed(
                f"{where}the database can't be read to its end", hint="Run the query in duckdb."
            ) from None


def _selected(column: str, kind: str) -> str:
    plain = kind.endswith("[]") or kind.partition("(")[0] in _AS_THEY_ARE or kind in _MOMENTS
    return quoted(column) if plain else f"{quoted(column)}::VARCHAR AS {quoted(column)}"
