"""Which tables do these files and folders hold: CSV of any dialect, Parquet, newline-delimited JSON, Excel?"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InvalidInput
from pipeline.files.durable import digest_file
from pipeline.sources import SourceTable, csv_file, excel_file, ndjson_file, parquet_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from pipeline.sources.remote_file import RemoteFile

_LOG = logging.getLogger(__name__)
READERS = {
    ".csv": csv_file,
    ".tsv": csv_file,
    ".txt": csv_file,
    ".parquet": parquet_file,
    ".ndjson": ndjson_file,
    ".jsonl": ndjson_file,
}
_SUFFIXES = (*READERS, *excel_file.SUFFIXES)
_MAGIC = {
    b"PAR1": "Parquet",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\x1f\x8b": "gzip",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"ARROW1": "Arrow IPC",
    b"SQLite format 3": "SQLite",
}


class FolderSource:
    """Files and folders as the tables of an extract; a table is named after its file, without folder and extension."""

    def __init__(self, paths: Iterable[Path | str]) -> None:
        self.paths = tuple(Path(path) for path in paths)

    def files(self) -> list[Path]:
        """The data files at the paths, sorted; those of a folder that have another extension are left alone.

        Raises:
            InvalidInput: A path that isn't there, a folder without tables, or two files that would be one table.
        """
        found: dict[str, Path] = {}
        for path in self.paths:
            for file in _within(path):
                if file.stem in found and found[file.stem] != file:
                    raise InvalidInput(
                        f"{found[file.stem]} and {file} would both be table {file.stem}", hint="Rename one of them."
                    )
                found[file.stem] = file
        return [found[name] for name in sorted(found)]

    def tables(self) -> list[SourceTable]:
        """Open every file far enough to know its columns; a workbook of several sheets is as many tables.

        Raises:
            InvalidInput: A file is not what its name says, or a sheet and a file would be one table.
        """
        found: dict[str, SourceTable] = {}
        for table in (table for file in self.files() for table in _open(file)):
            if table.name in found:
                raise InvalidInput(
                    f"{found[table.name].origin} and {table.origin} would both be table {table.name}",
                    hint="Rename one of them.",
                )
            found[table.name] = table
        return list(found.values())


def is_table(file: Path) -> bool:
    """Whether a file's name says that it is a table."""
    return file.suffix.lower() in _SUFFIXES


def _open(file: Path) -> list[SourceTable]:
    if file.suffix.lower() not in excel_file.SUFFIXES:
        return [open_file(file)]
    try:
        tables = excel_file.open_workbook(file)
    except OSError as error:
        raise _unreadable(file, error) from None
    for table in tables:
        _require_named(table.schema, table.origin)
    return tables


def _within(path: Path) -> list[Path]:
    if path.is_dir():
        # ~$name.xlsx is what Excel leaves beside a workbook that someone has open.
        files = sorted(
            file for file in path.iterdir() if file.is_file() and is_table(file) and not file.name.startswith("~$")
        )
        if not files:
            raise InvalidInput(f"{path} holds no table", hint=f"Tables are files that end in {', '.join(_SUFFIXES)}.")
        return files
    if not path.is_file():
        raise InvalidInput(f"{path} is not there", hint="Check the path.")
    if path.suffix.lower() not in _SUFFIXES:
        raise InvalidInput(f"{path} is no table", hint=f"Tables are files that end in {', '.join(_SUFFIXES)}.")
    return [path]


def open_file(file: Path | RemoteFile) -> SourceTable:
    """Open a file far enough to know its columns.

    Raises:
        InvalidInput: It is not what its name says, has no header, or can't be read.
    """
    reader = READERS[file.suffix.lower()]
    try:
        _refuse_disguise(file)
        schema, batches, guessed = reader.open_table(file)
        digest = digest_file(file) if isinstance(file, Path) else None
    except OSError as error:
        if not isinstance(file, Path):
            raise  # what a store's library says is the remote source's to tell
        raise _unreadable(file, error) from None
    _require_named(schema, str(file))
    if guessed:
        _LOG.warning("%s", guessed)
    local = file if isinstance(file, Path) else None
    return SourceTable(file.stem, schema, batches, digest=digest, origin=str(file), file=local, guessed=guessed)


def _unreadable(file: Path, error: OSError) -> InvalidInput:
    return InvalidInput(
        f"{file} can't be read: {error.strerror or 'input/output error'}", hint="Check the file and its rights."
    )


def _require_named(schema: pa.Schema, origin: str) -> None:
    doubled = sorted({name for name in schema.names if schema.names.count(name) > 1} - {""})
    if doubled:
        raise InvalidInput(f"{origin} has two columns named {doubled[0]}", hint="Rename one of them in the source.")
    unnamed = [position for position, name in enumerate(schema.names, 1) if not name.strip()]
    if unnamed:
        raise InvalidInput(f"{origin} has no name for column {unnamed[0]}", hint="Name every column in its first line.")


def _refuse_disguise(file: Path | RemoteFile) -> None:
    with file.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise InvalidInput(f"{file} is empty", hint="Check the export that wrote it.")
    is_parquet = file.suffix.lower() == ".parquet"
    if is_parquet and head.startswith(b"PAR1"):
        return
    actual = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
    if is_parquet or actual:
        raise InvalidInput(
            f"{file} is not what its name says: it holds {actual or 'no Parquet'}", hint="Rename or convert it."
        )
