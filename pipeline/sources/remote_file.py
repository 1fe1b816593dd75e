"""How is a file in an object store read like one on this machine, and noticed when it changes meanwhile?"""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from pipeline.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK_BYTES = 8 << 20


class RemoteFile:
    """A file of an fsspec filesystem: the little of `Path` that the readers of CSV, Parquet and NDJSON ask for.

    Args:
        store: The filesystem.
        key: What it is called there.
        address: What an error calls it.
    """

    def __init__(self, store: Any, key: str, address: str) -> None:  # noqa: ANN401 - fsspec's
        self._store = store
        self._key = key
        self._address = address
        self._seen = self._state()

    def __str__(self) -> str:
        """The address."""
        return self._address

    @property
    def stem(self) -> str:
        """Its name without folder and extension."""
        return PurePosixPath(self._key).stem

    @property
    def suffix(self) -> str:
        """Its extension."""
        return PurePosixPath(self._key).suffix

    def open(
        self, mode: str = "r", *, encoding: str | None = None, newline: str | None = None, errors: str | None = None
    ) -> IO[Any]:
        """Open it for reading, as `Path.open` does.

        Raises:
            InvalidInput: It is no longer the file that it was when the source was opened.
        """
        if self._state() != self._seen:
            raise InvalidInput(f"{self} has changed since it was opened", hint="Run again when nobody writes there.")
        stream = self._store.open(self._key, "rb", block_size=_BLOCK_BYTES, cache_type="readahead")
        return stream if "b" in mode else io.TextIOWrapper(stream, encoding, errors, newline)

    def _state(self) -> tuple[Any, ...]:
        found = self._store.info(self._key)
        return tuple(str(found.get(name)) for name in ("size", "etag", "ETag", "generation", "mtime", "last_modified"))


def readable(file: Path | RemoteFile) -> Any:  # noqa: ANN401 - what Arrow opens
    """What Arrow opens: the path of a local file, the stream of a remote one."""
    return file.open("rb") if isinstance(file, RemoteFile) else file
