"""Which documents do the words on the command line name: files and folders, or a FHIR server?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import InvalidInput
from pipeline.records.bulk import SCHEMES, BulkSource
from pipeline.records.source import RecordSource, find_records

if TYPE_CHECKING:
    from collections.abc import Sequence


def open_records(words: Sequence[str]) -> RecordSource | BulkSource | None:
    """Make the source of documents that some words name; None where they name none.

    Raises:
        InvalidInput: A server beside another word, or see `find_records`.
        InvalidDocument: A server's address that is none.

    Example:
        >>> open_records(["fhir+https://fhir.chu.example/r4"]).export.base
        'https://fhir.chu.example/r4'
    """
    servers = [word for word in words if word.lower().startswith(SCHEMES)]
    if not servers:
        return find_records(words)
    if len(words) > 1:
        raise InvalidInput("a server's address stands beside other paths", hint="Name one address alone.")
    return BulkSource.at(servers[0])
