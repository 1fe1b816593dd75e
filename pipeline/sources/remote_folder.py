"""Which tables do the files in an object store or at a web address hold?"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from pipeline.connections import connection_for
from pipeline.errors import InvalidDocument, InvalidInput
from pipeline.filesystems import filesystem_at
from pipeline.sources.folder import READERS, open_file
from pipeline.sources.relations import names_of
from pipeline.sources.remote_file import RemoteFile
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from pipeline.connections import AnyConnection
    from pipeline.sources import SourceTable


class RemoteUnreadable(DouaneError, OSError):
    """An object store or web server doesn't answer, refuses the login, or has no such folder or file."""


class RemoteFolderSource:
    """Files below an address as the tables of an extract, streamed: nothing is copied to this machine's disk.

    Args:
        uri: `s3://bucket/folder`, `gs://...`, `abfss://...` or `https://.../file.csv`; `?tables=a,b` counts as `tables`.
        tables: Names of the tables (files without extension) that are taken; none: all.
        queries: None: files have none.
        connection: The login; None: the one on file for the address.
    """

    def __init__(
        self,
        uri: str,
        *,
        tables: Sequence[str] = (),
        queries: Mapping[str, str] | None = None,
        connection: AnyConnection | None = None,
    ) -> None:
        parts = urlsplit(uri)
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        if queries:
            raise InvalidDocument(f"{self.address}: files take no queries", hint="Name `tables`, or use a database.")
        self._names = names_of(self.address, tables, dict(parse_qsl(parts.query)))
        self._connection = connection or connection_for(self.address)

    def tables(self) -> list[SourceTable]:
        """Open every file far enough to know its columns.

        Raises:
            InvalidInput: No table there, one that is asked for isn't, two files of one name, or a file that can't be read.
            RemoteUnreadable: The store doesn't answer or refuses the login.
        """
        with self._told_in_one_line():
            store, base = filesystem_at(self.address, self._connection)
            found = [RemoteFile(store, key, self._called(base, key)) for key in self._keys(store, base)]
            return [self._guarded(open_file(file)) for file in self._chosen(found)]

    def _keys(self, store: Any, base: str) -> list[str]:  # noqa: ANN401 - fsspec's
        if self.address.startswith("http") or store.isfile(base):
            return [base]
        kinds = tuple(READERS)
        return sorted(key for key in store.ls(base, detail=False) if key.lower().endswith(kinds))

    def _called(self, base: str, key: str) -> str:
        return f"{self.address}{key.removeprefix(base)}"

    def _chosen(self, files: list[RemoteFile]) -> list[RemoteFile]:
        by_name: dict[str, RemoteFile] = {}
        for file in files:
            if file.stem in by_name:
                raise InvalidInput(
                    f"{by_name[file.stem]} and {file} would both be table {file.stem}", hint="Rename one of them."
                )
            by_name[file.stem] = file
        missing = [name for name in self._names if name not in by_name]
        if missing:
            raise InvalidInput(f"{self.address} has no table {missing[0]}", hint="Correct its name.")
        if not by_name:
            raise InvalidInput(
                f"{self.address} holds no table", hint=f"Tables are files that end in {', '.join(READERS)}."
            )
        return [by_name[name] for name in self._names or sorted(by_name)]

    def _guarded(self, table: SourceTable) -> SourceTable:
        """What breaks off while rows stream is one line too."""
        opened: Callable[[], Iterator[pa.RecordBatch]] = table.batches

        def batches() -> Iterator[pa.RecordBatch]:
            with self._told_in_one_line(f"reading {table.name}: "):
                yield from opened()

        return replace(table, batches=batches)

    @contextmanager
    def _told_in_one_line(self, doing: str = "") -> Iterator[None]:
        """Turn what a store's library raises into one line; its own text may quote keys, headers and signatures."""
        try:
            yield
        except DouaneError:
            raise
        except FileNotFoundError:
            raise RemoteUnreadable(
                f"{self.address}: {doing}there is no such place", hint="Correct the address."
            ) from None
        except Exception as error:  # noqa: BLE001 - each library has classes of its own
            raise RemoteUnreadable(
                f"{self.address}: {doing}it doesn't answer, refuses the login, or broke off ({type(error).__name__})",
                hint="Correct address and login in private/connections.yaml; run again when it answers.",
            ) from None
