"""How is a CSV file of any dialect read as a stream of record batches of text?

Every column is text: types would eat the leading zero of a postal code. The plan says what is a number or a date.
"""

from __future__ import annotations

import csv
from codecs import getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pc

from pipeline.errors import InvalidInput
from pipeline.sources.remote_file import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.sources.remote_file import RemoteFile

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
_BLOCK_BYTES = 4 << 20
_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written.

    Attributes:
        encoding: As Python names it.
        delimiter: Between two fields.
        checked: Whether its whole text was seen to be of that encoding; a byte order mark is only a claim, and a
            file elsewhere may be another when it is read again.
    """

    encoding: str
    delimiter: str
    checked: bool


def open_table(file: Path | RemoteFile) -> tuple[pa.Schema, Callable[[], Iterator[pa.RecordBatch]], str]:
    """Tell the dialect of a CSV file and read its header; give what streams its batches, and what was guessed.

    A first line that can only be values is a row: then the columns are called c1, c2, c3, and that is said.

    Raises:
        InvalidInput: Not text, no header, or (while streaming) a row with more or fewer fields than the header; says
            which row (the header is row 1).
    """
    dialect = tell_dialect(file)
    names = _header(file, dialect)
    headerless = _looks_headerless(names)
    if headerless:
        names = [f"c{place}" for place in range(1, len(names) + 1)]

    def batches() -> Iterator[pa.RecordBatch]:
        broken: list[tuple[int | None, int, int]] = []

        def note(row: pc.InvalidRow) -> str:
            broken.append((row.number, row.expected_columns, row.actual_columns))
            return "error"

        try:
            # Threads off: only then does Arrow number the rows.
            with pc.open_csv(
                readable(file),
                pc.ReadOptions(
                    use_threads=False,
                    encoding=dialect.encoding,
                    block_size=_BLOCK_BYTES,
                    column_names=names if headerless else None,
                ),
                pc.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=True, invalid_row_handler=note),
                pc.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    check_utf8=not dialect.checked,
                ),
            ) as reader:
                last = None
                for batch in reader:
                    last = batch
                    yield batch
                _refuse_swallowed_rows(file, last)
        except pa.ArrowException:
            # Arrow's message quotes the row.
            raise _broken(file, broken) from None

    guessed = f"{file} seems to have no header row: its columns are called c1, c2..." if headerless else ""
    return pa.schema([(name, pa.string()) for name in names]), batches, guessed


def tell_dialect(file: Path | RemoteFile) -> Dialect:
    """Tell encoding and delimiter.

    UTF-8 where the whole file is valid UTF-8 or a byte order mark says so, else Windows-1252, which French hospital
    software still writes; the delimiter that cuts the first rows evenly.
    """
    with file.open("rb") as stream:
        head = stream.read(4096)
    encoding = next((name for mark, name in _BOMS.items() if head.startswith(mark)), None)
    if encoding is None and b"\x00" in head:
        raise InvalidInput(f"{file} is not what its name says: it holds no text", hint="Export it as CSV.")
    checked = encoding is None and isinstance(file, Path)
    encoding = encoding or ("utf-8" if _is_utf8(file) else "cp1252")
    return Dialect(encoding, _tell_delimiter(file, encoding), checked)


def _is_utf8(file: Path | RemoteFile) -> bool:
    decoder = getincrementaldecoder("utf-8")()
    try:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                # To see that a block is ASCII is twenty times faster than to decode it.
                if decoder.getstate()[0] or not block.isascii():
                    decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _tell_delimiter(file: Path | RemoteFile, encoding: str) -> str:
    def evenness(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in _first_rows(file, encoding, delimiter) if row]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    return max(_DELIMITERS, key=evenness)


def _first_rows(file: Path | RemoteFile, encoding: str, delimiter: str) -> list[list[str]]:
    with file.open(encoding=encoding, newline="", errors="replace") as stream:
        try:
            rows = csv.reader(stream, delimiter=delimiter)
            return [row for row, _ in zip(rows, range(_SAMPLE_LINES), strict=False)]
        except csv.Error:
            return []


def _header(file: Path | RemoteFile, dialect: Dialect) -> list[str]:
    rows = _first_rows(file, dialect.encoding, dialect.delimiter)
    if not rows:
        raise InvalidInput(f"{file} has no header", hint="Export it with the names of its columns in the first line.")
    return [name.removeprefix("\ufeff") for name in rows[0]]


def _looks_headerless(names: list[str]) -> bool:
    from transforms.detection.headerless import looks_headerless  # noqa: PLC0415 - detection loads when a CSV is opened

    return looks_headerless(names)


def _refuse_swallowed_rows(file: Path | RemoteFile, last: pa.RecordBatch | None) -> None:
    """A quotation mark that nobody closes makes one value of all the rows after it, without an error."""
    if last is None or not last.num_rows:
        return
    ending = last.slice(last.num_rows - 1).to_pylist()[0]
    if any(value and "\n" in value for value in ending.values()) and _quotes(file) % 2:
        raise InvalidInput(f"{file} has a quotation mark that is never closed", hint="Close it, or double it.")


def _quotes(file: Path | RemoteFile) -> int:
    with file.open("rb") as stream:
        return sum(block.count(b'"') for block in iter(lambda: stream.read(1 << 20), b""))


def _broken(file: Path | RemoteFile, rows: list[tuple[int | None, int, int]]) -> InvalidInput:
    if rows and rows[0][0] is not None:
        number, expected, actual = rows[0]
        return InvalidInput(
            f"{file}: row {number} has {actual} fields where the header has {expected}",
            hint="Correct the row, or quote the values that hold the delimiter.",
        )
    return InvalidInput(f"{file} can't be read to its end as CSV", hint="Look for an unclosed quotation mark.")
