"""Which tables are in an Excel workbook: a sheet each, with the types that its cells have?

A sheet holds at most 1,048,576 rows and is held whole while it is read: that is how the format is made. What Arrow holds
of it is one batch.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pipeline.errors import InvalidInput
from pipeline.files.durable import digest_file
from pipeline.optional import load_library
from pipeline.sources import SourceTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SUFFIXES: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ROWS: Final = 65_536
_MOST_INFLATED: Final = 4 << 30
_EXACT_BELOW: Final = 2.0**53


def open_workbook(file: Path) -> list[SourceTable]:
    """Open every sheet that holds something, hidden ones too: hidden is not gone.

    The first line that is not empty names the columns. A workbook of one sheet is a table named after the file, one of
    several gives `file_sheet` each.

    Raises:
        InvalidInput: It is no workbook, is damaged or protected by a password, or a sheet's first line names no columns.
        MissingLibrary: python-calamine is not installed.
    """
    names = _sheets(file)
    if not names:
        raise InvalidInput(f"{file} has no sheet with a table", hint="Check the export that wrote it.")
    digest = digest_file(file)
    tables = []
    for sheet in names:
        schema = _schema(file, sheet)
        tables.append(
            SourceTable(
                name=file.stem if len(names) == 1 else f"{file.stem}_{sheet}",
                schema=schema,
                batches=partial(_batches, file, sheet, schema),
                digest=digest,
                origin=f"{file}, sheet {sheet}",
                file=file,
            )
        )
    return tables


@dataclass
class _Column:
    """What a column's cells are: sorts of Python values, and whether its numbers are whole."""

    sorts: set[type] = field(default_factory=set)
    whole: bool = True

    def add(self, cells: Sequence[Any]) -> None:
        """Look at some cells."""
        self.sorts.update(map(type, cells))
        if self.whole and float in self.sorts:
            self.whole = all(cell.is_integer() and abs(cell) < _EXACT_BELOW for cell in cells if type(cell) is float)

    @property
    def type(self) -> pa.DataType:
        """The type that holds all of them: text, where they are of several sorts."""
        sorts = self.sorts
        if sorts <= {int, float} and sorts:
            return pa.int64() if self.whole else pa.float64()
        if sorts == {bool}:
            return pa.bool_()
        if sorts == {dt.date}:
            return pa.date32()
        if sorts and sorts <= {dt.date, dt.datetime}:
            return pa.timestamp("us")
        return pa.string()


def _sheets(file: Path) -> list[str]:
    with _opened(file) as workbook:
        return [name for name in workbook.sheet_names if next(_lines(workbook, name, file), None) is not None]


def _schema(file: Path, sheet: str) -> pa.Schema:
    with _opened(file) as workbook:
        lines = _lines(workbook, sheet, file)
        names = [_written(cell).strip() for cell in next(lines)]
        columns = [_Column() for _ in names]
        while rows := list(islice(lines, ROWS)):
            for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
                filled = [cell for cell in cells if cell != ""]
                column.add(filled)
    return pa.schema([pa.field(name, column.type) for name, column in zip(names, columns, strict=True)])


def _batches(file: Path, sheet: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with _opened(file) as workbook:
        lines = _lines(workbook, sheet, file)
        next(lines, None)
        while rows := list(islice(lines, ROWS)):
            arrays = [_array(cells, column.type) for cells, column in zip(zip(*rows, strict=True), schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return pa.array([None if cell == "" else _written(cell) for cell in cells], kind)
    values = [None if cell == "" else cell for cell in cells]
    if pa.types.is_integer(kind):
        return pa.array(values, pa.float64()).cast(kind)
    if pa.types.is_timestamp(kind):
        values = [_moment(cell) for cell in values]
    return pa.array(values, kind)


def _moment(cell: dt.date | None) -> dt.datetime | None:
    if cell is None or isinstance(cell, dt.datetime):
        return cell
    return dt.datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a workbook knows no zones


def _written(cell: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """A cell as text: a number as whoever typed it sees it, 802 and not 802.0."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_BELOW:
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _lines(workbook: Any, sheet: str, file: Path) -> Iterator[list[Any]]:  # noqa: ANN401 - a library without types
    """The lines of a sheet from the first one that is not empty; those within that are empty are no rows."""
    try:
        cells = workbook.get_sheet_by_name(sheet).iter_rows()
        yield from (row for row in cells if any(cell != "" for cell in row))
    except _library().CalamineError:
        raise _damaged(file) from None


def _opened(file: Path) -> Any:  # noqa: ANN401 - a library without types
    calamine = _library()
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as parts:
                if sum(part.file_size for part in parts.infolist()) > _MOST_INFLATED:
                    raise InvalidInput(f"{file} inflates to more than 4 GiB", hint="Export the table as CSV.")
        return calamine.CalamineWorkbook.from_path(str(file))
    except calamine.PasswordError:
        raise InvalidInput(f"{file} is protected by a password", hint="Save it without one.") from None
    except (calamine.CalamineError, zipfile.BadZipFile):
        raise _damaged(file) from None


def _damaged(file: Path) -> InvalidInput:
    return InvalidInput(f"{file} is no Excel workbook, or a damaged one", hint="Export it again.")


def _library() -> Any:  # noqa: ANN401 - a library without types
    return load_library("python_calamine", extra="excel", what="An Excel workbook")
