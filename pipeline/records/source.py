"""Which documents do these files and folders hold, and of which format?"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InvalidInput
from pipeline.files.durable import digest_file
from pipeline.records import LearnsFirst
from pipeline.records.formats import format_of
from pipeline.sources.folder import is_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.home import Home
    from pipeline.keyring import FolderKeyring
    from pipeline.progress import Progress
    from pipeline.records import RecordFormat, RecordWork
    from pipeline.sources import SourceTable
    from transforms.records.tally import Batch


@dataclass(frozen=True)
class RecordSource:
    """Files of one format, in the order of their names.

    Attributes:
        form: The format.
        files: The files.
        left: How many other files stand beside them.
    """

    form: RecordFormat
    files: tuple[Path, ...]
    left: int = 0

    def tables(self) -> list[SourceTable]:
        """Refuse: documents are no tables.

        Raises:
            InvalidInput: Always; says how they are released.
        """
        raise InvalidInput(
            f"{self.files[0]} holds {self.form.title} documents, and the plan is for tables",
            hint="Draft a plan for them with `douane plan`.",
        )

    @contextmanager
    def opened(self, _home: Home, _keyring: FolderKeyring, _progress: Progress) -> Iterator[RecordSource]:
        """Read them where they lie: a copy, however well enciphered, protects nobody."""
        yield self

    def batches(self, file: Path) -> Iterator[Batch]:
        """The documents of a file; see `RecordFormat.batches`."""
        return self.form.batches(file)

    def learn(self, work: RecordWork) -> None:
        """Have the work note the persons of every file first, where the format has a way to."""
        if isinstance(self.form, LearnsFirst):
            for file in self.files:
                self.form.learn(self.lines(file), work, file)

    def lines(self, file: Path) -> Iterator[tuple[int, bytes]]:
        """The numbered lines of a file, for a format that learns from them."""
        return self.form.lines(file) if isinstance(self.form, LearnsFirst) else iter(())

    def states(self) -> tuple[tuple[int, int], ...]:
        """Size and time of last change of each file: equal, nobody wrote to them."""
        return tuple((stat.st_size, stat.st_mtime_ns) for stat in (file.stat() for file in self.files))

    def digests(self) -> dict[str, str]:
        """The number of each file to the SHA-256 of its bytes. Their names may name persons, and say nothing."""
        return {str(number): digest_file(file) for number, file in enumerate(self.files, 1)}


def find_records(words: Sequence[str]) -> RecordSource | None:
    """Look whether some paths hold documents; None where they hold none, as a folder of tables or a database.

    Folders are searched to the bottom: studies and patients have folders of their own.

    Raises:
        InvalidInput: Documents of two formats, or documents beside tables.
    """
    paths = [Path(word) for word in words]
    if not all(path.exists() for path in paths):
        return None
    found: dict[str, tuple[RecordFormat, list[Path]]] = {}
    tables: list[Path] = []
    left = 0
    for file in sorted(file for path in paths for file in _below(path)):
        form = _format_of(file)
        if form is not None:
            found.setdefault(form.name, (form, []))[1].append(file)
        elif is_table(file):
            tables.append(file)
        else:
            left += 1
    if not found:
        return None
    if len(found) > 1:
        (one, (first, *_)), (other, (second, *_)) = list(found.values())[:2]
        raise InvalidInput(
            f"{first} is {one.title} and {second} is {other.title}",
            hint="Release each format from a folder of its own.",
        )
    form, files = next(iter(found.values()))
    if tables:
        raise InvalidInput(
            f"{tables[0]} is a table among {form.title} documents", hint="Release tables from a folder of their own."
        )
    return RecordSource(form, tuple(files), left)


def _below(path: Path) -> Iterator[Path]:
    """The files at or below a path; links out of a folder and hidden files are not followed."""
    if path.is_file():
        yield path
        return
    for one in path.iterdir():
        if one.name.startswith(".") or one.is_symlink():
            continue
        yield from _below(one) if one.is_dir() else [one] if one.is_file() else []


def _format_of(file: Path) -> RecordFormat | None:
    try:
        return format_of(file)
    except OSError as error:
        raise InvalidInput(
            f"{file} can't be read: {error.strerror or 'input/output error'}", hint="Check the file and its rights."
        ) from None
