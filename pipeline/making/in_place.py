"""How is an extract of local files worked on where it lies, without a second copy of it anywhere?

What staging is for (one look at the source, and nothing readable left behind) holds here as well: nothing is written
before the release, and files that changed between the first look and the last stop the run before it is sealed.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InvalidInput, OutOfMemory
from pipeline.files.durable import digest_file
from pipeline.files.reading import fitting_rows, repeating
from pipeline.making.extracting import no_rows
from pipeline.sources.flattening import flat_batch

# Read ahead, Arrow keeps a file's bytes to its end; without a buffer, a column's whole chunk of a row group.
_READ_BYTES: Final = 1 << 20

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.sources import SourceTable


class InPlace:
    """The tables of an extract, each a local file. Holds no data and no open file between two reads.

    Example:
        >>> import pyarrow as pa, pyarrow.parquet as pq
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from pipeline.sources.folder import FolderSource
        >>> with TemporaryDirectory() as folder:
        ...     pq.write_table(pa.table({"nip": ["800001", None]}), Path(folder, "patients.parquet"))
        ...     extract = InPlace(FolderSource([folder]).tables())
        ...     rows = sum(batch.num_rows for batch in extract.reader("patients"))
        ...     extract.require_unchanged()
        >>> rows
        2
    """

    def __init__(self, tables: Sequence[SourceTable]) -> None:
        self._tables = {table.name: table for table in tables}
        self._states = {table.name: _state(_file(table)) for table in tables}

    @staticmethod
    def can_hold(tables: Sequence[SourceTable]) -> bool:
        """Whether every table is a local file whose digest is known."""
        return all(table.file is not None and table.digest is not None for table in tables)

    @property
    def digests(self) -> Mapping[str, str]:
        """Table to the SHA-256 of its file, as it was when the run began."""
        return {name: str(table.digest) for name, table in self._tables.items()}

    def rows(self, table: str) -> int | None:
        """Rows of a table, where its file says so."""
        file = _file(self._tables[table])
        return int(pq.read_metadata(file).num_rows) if _is_parquet(file) else None

    def schema(self, table: str) -> pa.Schema:
        """The columns of a table."""
        return self._tables[table].schema

    def reader(
        self, table: str, *, columns: Sequence[str] | None = None, dictionary: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        """Stream a table; of `columns` only, and those of `dictionary` as dictionaries where few values repeat.

        Raises:
            InvalidInput: What the source says of a file that is not what it claims to be.
        """
        source = self._tables[table]
        wanted = set(source.schema.names if columns is None else columns)
        batches = _parquet(source, wanted, dictionary) if _is_parquet(_file(source)) else source.batches()
        for batch in batches:
            yield batch.select([name for name in batch.schema.names if name in wanted])

    def require_rows(self) -> None:
        """Refuse an extract in which a table has no rows.

        Raises:
            InvalidInput: Names the file.
        """
        for name, table in self._tables.items():
            rows = self.rows(name)
            if rows is None:
                rows = sum(batch.num_rows for batch in islice(table.batches(), 1))
            if not rows:
                raise no_rows(table)

    def require_unchanged(self) -> None:
        """Compare every file with what it was when the run began.

        Content alone would miss a file that was changed and changed back meanwhile; the time of its last change alone
        says too little on network drives.

        Raises:
            InvalidInput: Names the file.
        """
        for name, table in self._tables.items():
            file = _file(table)
            if _state(file) != self._states[name] or digest_file(file) != table.digest:
                raise InvalidInput(
                    f"{file} changed while it was read, so no release was made",
                    hint="Run again when it lies still, or use --staged.",
                )


def _file(table: SourceTable) -> Path:
    if table.file is None:
        raise AssertionError("can_hold is asked first")
    return table.file


def _is_parquet(file: Path) -> bool:
    return file.suffix.lower() == ".parquet"


def _parquet(table: SourceTable, wanted: set[str], dictionary: Sequence[str]) -> Iterator[pa.RecordBatch]:
    file = _file(table)
    try:
        with pq.ParquetFile(file) as parquet:
            few, rows = repeating(parquet, dictionary), fitting_rows(parquet.metadata)
            # A nested column is read whole for any of its leaves.
            names = [name for name in parquet.schema_arrow.names if any(_of(leaf, name) for leaf in wanted)]
        with pq.ParquetFile(file, read_dictionary=few, pre_buffer=False, buffer_size=_READ_BYTES) as parquet:
            for batch in parquet.iter_batches(batch_size=rows, columns=names):
                yield flat_batch(batch)
    except MemoryError:
        raise OutOfMemory.of(f"read {file}") from None
    except (pa.ArrowException, OSError):
        raise InvalidInput(f"{file} is no Parquet file, or a damaged one", hint="Export it again.") from None


def _of(leaf: str, column: str) -> bool:
    return leaf == column or leaf.startswith(f"{column}.")


def _state(file: Path) -> tuple[int, ...]:
    try:
        found = os.stat(file)  # noqa: PTH116 - the numbers of the system, whatever a Path makes of them
    except OSError:
        raise InvalidInput(f"{file} is not there any more", hint="Run again when it lies still.") from None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
