"""How do tables, dictionary and report become a release that appears whole and sealed, or not at all?

The same run twice gives the same bytes: no wall clock, no metadata of the source, row groups of a fixed size.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol, Self, cast

import rfc8785
from cryptography.exceptions import InvalidSignature

from pipeline.errors import InvalidDocument
from pipeline.files.durable import copy_file, digest_file, file_name, make_private_folder, storage_named, write_file
from pipeline.files.partial import PartialFolder
from pipeline.files.rowgroups import RowGroupWriter
from pipeline.files.schema_metadata import safe_metadata
from pipeline.files.text_tables import TextTableWriter
from pipeline.manifest import (
    MANIFEST,
    PART,
    RELEASE_ID,
    SIGNATURE,
    Release,
    Verification,
    changed_files,
    read_release,
    verify_release,
)
from transforms._version import __version__
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from pipeline.order import TableFormat

__all__ = ["Release", "ReleaseBuilder", "ReleaseRefused", "Verification", "read_release", "verify_release"]


class ReleaseRefused(DouaneError, FileExistsError):
    """A release of that id stands already and differs, or a table or file was to be written twice."""


class ReleaseBuilder:
    """Makes one release in a hidden folder beside its final name. A context: leaving it unsealed removes everything.

    Args:
        folder: Where releases stand; the release becomes `folder/release_id`. Made if missing.
        release_id: Hash of export, interval, domain, plan, policy and inputs: letters, digits and `_.-`.
        tables: The format of its tables.

    Raises:
        InvalidDocument: The id is no id.
        StorageFailed: The folder can't be written.

    Example:
        >>> import pyarrow as pa
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        >>> batch = pa.record_batch({"pseudonym": ["a81f", "07c2"]})
        >>> with TemporaryDirectory() as folder, ReleaseBuilder(Path(folder), "r1") as builder:
        ...     with builder.table_writer("patients", batch.schema) as writer:
        ...         writer.write(batch)
        ...     release = builder.seal({"domain": "eds-cardio"}, Ed25519PrivateKey.generate())
        ...     release.folder.name, [entry["name"] for entry in release.manifest["files"]]
        ('r1', ['patients.parquet'])
    """

    def __init__(self, folder: Path, release_id: str, *, tables: TableFormat = "parquet") -> None:
        if not RELEASE_ID.fullmatch(release_id):
            raise InvalidDocument("that is no release id", hint="Use 1 to 128 letters, digits and _.-.")
        self.id = release_id
        self.suffix = f".{tables}"
        self.final = make_private_folder(folder) / release_id
        self._rows: dict[str, int] = {}
        with storage_named(f"begin the release in {folder}"):
            self._partial = PartialFolder(self.final)

    @contextlib.contextmanager
    def table_writer(
        self, table: str, schema: pa.Schema, *, high_cardinality: Collection[str] = ()
    ) -> Iterator[ReleaseTable]:
        """Stream one table into the release as `TABLE.parquet` (or `.csv`, `.ndjson`); `.write(batch)` takes batches.

        Types, nullability, order and the metadata of fields are kept; of the whole schema's metadata only what pandas
        needs to find its types again, and a dictionary holds only what rows use: either could carry values of the source
        that no row holds any more.

        Args:
            table: The table's name.
            schema: Its schema after the plan's steps.
            high_cardinality: Columns of pseudonyms: without compression and statistics, which cost time and gain
                nothing on random values.

        Raises:
            StorageFailed: The disk is full or not writable.
        """
        path = self._new(file_name(table, self.suffix))
        doing = f"write {table} into the release {self.final}"
        with release_table(path, schema, high_cardinality=high_cardinality, doing=doing) as rows:
            yield rows
        self._rows[path.name] = rows.rows

    def adopt(self, table: str, path: Path, *, rows: int, part: int | None = None) -> None:
        """Take in a table that another task has written with `release_table`; its file stays where it is.

        Args:
            table: The table's name.
            path: The file.
            rows: How many it has.
            part: Its number, for a table of several files: `TABLE.part-00000.parquet`.

        Raises:
            ReleaseRefused: The release has that table already.
            StorageFailed: The file is gone, or the disk is full.
        """
        target = self._new(file_name(table, self.suffix if part is None else f"{PART}{part:05}{self.suffix}"))
        with storage_named(f"take {path} into the release {self.final}"):
            try:
                os.link(path, target)
            except OSError as error:
                if error.errno == errno.ENOENT:
                    raise
                copy_file(path, target)  # another file system, or one without links
        self._rows[target.name] = rows

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a file such as `dictionary.csv` or `report.html` at the top of the release."""
        if file_name(name, "") != name or name in {MANIFEST, SIGNATURE}:
            raise ReleaseRefused(
                f"{name} is no name for a file of a release", hint="Use letters, digits, - _ and dots."
            )
        try:
            with storage_named(f"write {name} into the release {self.final}"):
                write_file(self._partial.path / name, data)
        except FileExistsError:
            raise self._twice(name) from None

    @contextlib.contextmanager
    def file_writer(self, name: str) -> Iterator[DocumentFile]:
        """Stream a file of documents into the release, as it is; one to which nothing was written is left out.

        Raises:
            StorageFailed: The disk is full or not writable.
        """
        path = self._new(file_name(name, ""))
        with storage_named(f"write {name} into the release {self.final}"):
            with path.open("xb") as stream:
                file = DocumentFile(stream)
                yield file
                empty = stream.tell() == 0
            if empty:
                path.unlink()
            else:
                self._rows[path.name] = file.documents

    def seal(self, facts: dict[str, Any], signing_key: Ed25519PrivateKey) -> Release:
        """Hash every file, write and sign the manifest, fsync all, and give the release its name.

        Args:
            facts: What the manifest says besides format, release id, software version and files: domain, data class,
                hashes of plan and policy, key ids and versions, steps by field, risk, residual scan. JSON, no wall clock.
            signing_key: The keyring's `signing_key()`.

        Returns:
            The release. If one of this id stands already with the same manifest and is intact, it is that one.

        Raises:
            ReleaseRefused: A release of this id stands with another manifest, or was changed since.
            StorageFailed: The disk is full or not writable; nothing stands under the final name.
        """
        try:
            with storage_named(f"seal the release {self.final}"):
                raw = rfc8785.dumps({**facts, **self._own_facts()})
                write_file(self._partial.path / MANIFEST, raw)
                write_file(self._partial.path / SIGNATURE, signing_key.sign(raw))
                self._partial.publish()
        except FileExistsError:
            self.discard()
            return self._standing(raw, signing_key)
        except (rfc8785.CanonicalizationError, RecursionError):
            raise InvalidDocument(
                "a fact for the manifest is not JSON", hint="Give text, numbers, lists and dicts."
            ) from None
        return read_release(self.final)

    def discard(self) -> None:
        """Remove what was not sealed; a second call does nothing."""
        self._partial.discard()

    def _new(self, name: str) -> Path:
        path = self._partial.path / name
        if path.exists():
            raise self._twice(name)
        return path

    def _twice(self, name: str) -> ReleaseRefused:
        return ReleaseRefused(
            f"the release {self.id} has a file {name} already", hint="Write each table and file once."
        )

    def _own_facts(self) -> dict[str, Any]:
        files = []
        for name in sorted(os.listdir(self._partial.path)):  # noqa: PTH208 - names are what is sorted
            path = self._partial.path / name
            entry: dict[str, Any] = {"name": name, "sha256": digest_file(path), "bytes": path.stat().st_size}
            files.append(entry | ({"rows": self._rows[name]} if name in self._rows else {}))
        return {"format": 1, "release_id": self.id, "software": f"douane {__version__}", "files": files}

    def _standing(self, raw: bytes, signing_key: Ed25519PrivateKey) -> Release:
        """Take the release that stands under this id for ours if it is, byte by byte."""
        differs = ReleaseRefused(
            f"{self.final} exists and is not what this run made",
            hint="Run `douane verify` on it; move it away if it is damaged, then run again.",
        )
        try:
            standing = read_release(self.final)
            signature = (self.final / SIGNATURE).read_bytes()
            signing_key.public_key().verify(signature, raw)
        except (InvalidDocument, InvalidSignature, OSError):
            raise differs from None
        if standing.manifest_sha256 != hashlib.sha256(raw).hexdigest() or any(changed_files(standing)):
            raise differs
        return standing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.discard()


@dataclass
class DocumentFile:
    """A file of documents on its way into a release.

    Attributes:
        stream: Takes its bytes.
        documents: How many documents it holds, as whoever writes them counts.
    """

    stream: BinaryIO
    documents: int = 0


class ReleaseTable(Protocol):
    """One table on its way into a release."""

    @property
    def rows(self) -> int:
        """Rows taken so far."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Take one batch of any number of rows, of the schema that was announced; texts may come as dictionaries."""


@contextlib.contextmanager
def release_table(
    path: Path, schema: pa.Schema, *, high_cardinality: Collection[str] = (), doing: str
) -> Iterator[ReleaseTable]:
    """Stream one table into the file `path`, in the format that its name says: see `ReleaseBuilder.table_writer`."""
    plain = schema.with_metadata(safe_metadata(schema, schema, untouched=schema.names))
    sort = path.suffix.removeprefix(".")
    if sort in {"csv", "ndjson"}:
        with TextTableWriter(path, plain, sort=cast("Literal['csv', 'ndjson']", sort), doing=doing) as lines:
            yield lines
        return
    with RowGroupWriter(path, plain, doing=doing, random=high_cardinality) as rows:
        yield rows
