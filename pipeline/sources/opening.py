"""Which source do the words on the command line name: files and folders, or a database's address?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.errors import InvalidInput
from pipeline.extensions import load_extension
from pipeline.sources.folder import FolderSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.sources import Source

_BY_SCHEME = {
    "postgres": "postgresql",
    **dict.fromkeys(("mysql", "mariadb", "oracle", "mssql", "sqlite"), "database"),
    **dict.fromkeys(("s3", "s3a", "s3n", "gs", "gcs", "abfs", "abfss", "https", "http"), "remote"),
}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def open_paths(words: Sequence[str]) -> Source:
    """Make the source of some paths, or of one address such as `postgresql://host/database?tables=a,b`.

    Raises:
        InvalidInput: An address beside another word, or one of a system that no installed source reads.

    Example:
        >>> open_paths(["extract", "more/stays.csv"]).paths
        (PosixPath('extract'), PosixPath('more/stays.csv'))
        >>> open_paths(["gopher://old.example/"])
        Traceback (most recent call last):
        ...
        pipeline.errors.InvalidInput: no source reads gopher:// addresses. Name files, folders or a database (postgresql://, duckdb://...).
    """
    addresses = [(word, match[1].lower()) for word in words if (match := _SCHEME.match(word))]
    if not addresses:
        return FolderSource(words)
    if len(words) > 1:
        raise InvalidInput("an address stands beside other paths", hint="Name one address alone.")
    word, scheme = addresses[0]
    name = _BY_SCHEME.get(scheme.partition("+")[0], scheme)
    found = load_extension("douane.sources", name) if name != "folder" else None
    if found is None:
        raise InvalidInput(
            f"no source reads {scheme}:// addresses",
            hint="Name files, folders or a database (postgresql://, duckdb://...).",
        )
    return found(word)  # type: ignore[no-any-return]
