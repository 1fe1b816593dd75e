"""Where extracts come from: one module a system, each giving named tables as streams of Arrow record batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa


@dataclass(frozen=True)
class SourceTable:
    """One table of an extract, not yet read.

    Attributes:
        name: The table's name.
        schema: Its columns; a nested field stands under its path (`name.family`).
        batches: Opens the stream of record batches of that schema; bounded memory, once per call.
        digest: The SHA-256 of what was read, 64 hexadecimal digits: part of the release's id. None where it is not
            known before the rows were read: then it is made from them as they pass.
        origin: What to name in an error: a file, a query.
        file: The local file that it is, whose digest `digest` is; None where it is none. A file that lies still can be
            read in place, as often as a run must.
        narrow: Opens only the rows whose column lies from one moment (included) to another (not included), if the
            system can do that for that column (else None); only to read less, since who asks compares every row again.
        guessed: What was guessed when it was opened, in one line for a person: that it has no header row. Empty if nothing was.
    """

    name: str
    schema: pa.Schema
    batches: Callable[[], Iterator[pa.RecordBatch]]
    digest: str | None
    origin: str
    file: Path | None = None
    narrow: Callable[[str, datetime, datetime], Callable[[], Iterator[pa.RecordBatch]] | None] | None = None
    guessed: str = ""


class Source(Protocol):
    """A system that extracts come from (entry point group `douane.sources`)."""

    def tables(self) -> Sequence[SourceTable]:
        """The extract's tables; raises `InvalidInput` for what can't be read as what it claims to be."""
