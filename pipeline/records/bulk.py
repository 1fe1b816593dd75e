"""How does a FHIR server's export become a source of documents? Staged enciphered, as an extract from a database is."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.errors import InvalidInput
from pipeline.records.fhir import FhirFormat
from pipeline.records.source import RecordSource
from pipeline.sources.fhir_bulk import BulkExport
from pipeline.staging import Staging

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.home import Home
    from pipeline.keyring import FolderKeyring
    from pipeline.progress import Progress
    from pipeline.sources import SourceTable
    from pipeline.sources.fhir_bulk import Output, Reader
    from transforms.records.tally import Batch

SCHEMES: Final = ("fhir+https://", "fhir+http://")
_SCHEMA: Final = pa.schema([pa.field("line", pa.large_binary())])
_BATCH_BYTES: Final = 4 << 20


@dataclass(frozen=True)
class BulkSource:
    """A FHIR server, by its address."""

    export: BulkExport
    form: FhirFormat
    left: int = 0

    @classmethod
    def at(cls, address: str) -> BulkSource:
        """Read the address of a server; see `BulkExport.at`."""
        return cls(BulkExport.at(address), FhirFormat())

    def tables(self) -> list[SourceTable]:
        """Refuse: documents are no tables.

        Raises:
            InvalidInput: Always; says how they are released.
        """
        raise InvalidInput(
            f"{self.export.base} gives FHIR R4 documents, and the plan is for tables",
            hint="Draft a plan for them with `douane plan`.",
        )

    @contextmanager
    def opened(self, home: Home, keyring: FolderKeyring, progress: Progress) -> Iterator[RecordSource]:
        """Have the export made, and stage its files; they are gone when the context ends.

        Raises:
            DatabaseFailed, InvalidInput: See `BulkExport.outputs`.
        """
        with Staging.open(home, keyring, secrets.token_hex(8)) as staging:
            digests: dict[str, str] = {}
            files: list[Path] = []
            with self.export.outputs() as (outputs, reader):
                for number, output in enumerate(outputs, 1):
                    name = f"{output.type or 'fhir'}-{number}"
                    files.append(Path(f"{name}.ndjson"))
                    digests[name] = _stage(staging, name, output, reader, progress)
            if not files:
                raise InvalidInput(f"{self.export.base} exports nothing", hint="Check types, group and since.")
            yield StagedRecords(self.form, tuple(files), 0, staging, digests)


@dataclass(frozen=True)
class StagedRecords(RecordSource):
    """The files of an export, in staging."""

    staging: Staging | None = None
    by_name: Mapping[str, str] | None = None

    def states(self) -> tuple[tuple[int, int], ...]:
        """Nobody but this run can change them."""
        return ()

    def digests(self) -> dict[str, str]:
        """Name of each file, which is a type and a number, to the SHA-256 of its lines."""
        return dict(self.by_name or {})

    def batches(self, file: Path) -> Iterator[Batch]:
        """The resources of a file."""
        yield from FhirFormat().batches_of(self.lines(file), file)

    def lines(self, file: Path) -> Iterator[tuple[int, bytes]]:
        """The lines of a file."""
        assert self.staging is not None  # noqa: S101 - opened made it
        batches = self.staging.reader(file.stem, batch_size=4096)
        return enumerate((line for batch in batches for line in batch.column(0).to_pylist()), 1)


def _stage(staging: Staging, name: str, output: Output, reader: Reader, progress: Progress) -> str:
    digest, rows, held, size = hashlib.sha256(), 0, [], 0
    with staging.writer(name, _SCHEMA) as writer:
        for line in reader.lines(output):
            digest.update(line + b"\n")
            held.append(line)
            size += len(line)
            if size >= _BATCH_BYTES:
                writer.write(pa.record_batch([pa.array(held, pa.large_binary())], schema=_SCHEMA))
                rows += len(held)
                held, size = [], 0
                progress.advance(f"stage {name}", rows, output.count)
        writer.write(pa.record_batch([pa.array(held, pa.large_binary())], schema=_SCHEMA))
    return digest.hexdigest()
