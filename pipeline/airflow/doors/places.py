"""Which place does an address in an operator's argument name: a bucket, a local path, or another?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.airflow.doors.known import declared
from pipeline.airflow.doors.local_paths import read_local
from pipeline.airflow.doors.reading import Address, Fault, Reading
from pipeline.airflow.doors.templates import FULL, literal, value

if TYPE_CHECKING:
    from pipeline.airflow.doors.look import Look
    from pipeline.airflow.doors.templates import Filled

BUCKETS = re.compile(r"(?i)(s3|s3a|s3n|gs|gcs)://(?:([A-Za-z0-9_.-]+)@)?([^/]*)")
"""Scheme, connection (as in `ObjectStoragePath("s3://conn_id@bucket/key")`), bucket."""
MOVES_DATA = re.compile(r"(?i)(?:s3|s3a|s3n|gs|gcs|abfss?|wasbs?|az|adl|sftp|ftps?|hf|jdbc:[a-z]+)://")


def read_address(look: Look, filled: Filled) -> Reading:  # noqa: PLR0911 - a case each
    """One address of an argument, with what its connection declares beside it; nothing while a template waits in it."""
    if not literal([filled.uri]):
        return Reading()
    bucket = BUCKETS.match(filled.uri)
    uri = f"{bucket[1].lower()}://{bucket[3]}" if bucket else filled.uri
    if not FULL.match(uri) or uri.startswith("file:"):
        return local_place(uri, filled.where)
    conn_id = value(filled.connection, look.value_of) if filled.connection else None
    if bucket and bucket[2]:
        conn_id = conn_id or bucket[2]
    scheme = uri.partition("://")[0].lower()
    if bucket and scheme.startswith("s3"):
        if look.at_parse and conn_id is not None:
            return Reading()  # its connection may name the endpoint: door 2 decides
        return _s3(look, uri, filled.where, conn_id if isinstance(conn_id, str) else None)
    if bucket:
        return _google_bucket(uri, filled.where)
    if look.at_parse and filled.connection and conn_id is not None and not FULL.match(filled.uri):
        return Reading()
    known = look.connection(conn_id) if isinstance(conn_id, str) and conn_id else None
    told = declared(known) if known else None
    return Reading(addresses=(Address(uri=uri, where=filled.where, declared=told),))


def _s3(look: Look, uri: str, where: str, conn_id: str | None) -> Reading:
    from pipeline.airflow.doors import cloud

    known = look.connection(conn_id) if conn_id else None
    if known is not None and not known.readable:
        fault = Fault(
            rule="destination.malformed",
            message=f"the extra of the connection {conn_id} is not a JSON object.",
            where=where,
        )
        return Reading(faults=(fault,))
    address = Address(uri=uri, where=where, declared=cloud.aws_declared(known, look.value_of) or None)
    return Reading(addresses=(address, *cloud.aws_credentials(known, cloud.aws_region(known, look.value_of))))


def _google_bucket(uri: str, where: str) -> Reading:
    return Reading(addresses=(Address(uri=uri, where=where),))


def local_place(path: str, where: str) -> Reading:
    """A path of this machine: decided only where it lies on a network's mount."""
    return read_local(path.removeprefix("file://"), where)
