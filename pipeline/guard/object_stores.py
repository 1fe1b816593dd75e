"""Which bucket or storage account does a destination name by its own scheme (s3:, gs:, abfs:, wasb:)?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipeline.guard import schemes
from pipeline.guard.authority import judge_path, read_hosts, split_authority, split_tail, split_userinfo
from pipeline.guard.parameters import judge_parameters_beside
from pipeline.guard.reading import NOWHERE, Target

if TYPE_CHECKING:
    from pipeline.guard.reading import Reading

BUCKET = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,220}[A-Za-z0-9])?")
CONTAINER = re.compile(r"\$(?:root|web|logs)|[A-Za-z0-9](?:[A-Za-z0-9_-]{0,220}[A-Za-z0-9])?")
ARN = re.compile(r"arn:aws[a-z-]*:s3", re.IGNORECASE)


def read_bucket(reading: Reading, family: str, rest: str) -> None:
    """Read `s3://[connection@]bucket/key` and `gs://bucket/key`; the host is left to the client's settings."""
    parts = split_authority(reading, rest)
    if parts is None:
        return
    authority, tail = parts
    path, query = split_tail(tail)
    system = "s3" if family in schemes.S3 else "gs"
    service = ("aws", "s3") if system == "s3" else ("gcp", "gcs")
    if system == "s3" and ARN.match(authority):
        reading.targets.append(Target("service", provider="aws", service="s3", path=path))
        reading.uri = f"{system}://{authority}{path}"
        return
    userinfo, bucket = split_userinfo(reading, authority)
    reading.connection = "" if ":" in userinfo else unquote(userinfo)
    if not bucket:
        reading.targets.append(NOWHERE)
        return
    if not BUCKET.fullmatch(bucket):
        reading.refuse("spoofed" if "%" in bucket else "malformed", "encoded_host" if "%" in bucket else "no_bucket")
        return
    if path != path.rstrip():  # it would stray to the end of the canonical address
        reading.refuse("malformed", "control_characters")
    provider, name = service
    reading.targets.append(Target("service", bucket=f"{system}://{bucket}", path=path, provider=provider, service=name))
    reading.uri = f"{system}://{bucket}{path}"
    judge_path(reading, path)
    judge_parameters_beside(reading, query)


def read_azure(reading: Reading, family: str, rest: str) -> None:
    """Read `abfss://container@account.dfs.core.windows.net/path` and its like."""
    parts = split_authority(reading, rest)
    if parts is None:
        return
    authority, tail = parts
    path, query = split_tail(tail)
    container, host = split_userinfo(reading, authority)
    if not container or "." not in host:  # abfs://container/path: the account is the client's own setting
        reading.targets.append(Target("service", provider="azure", service="blob", path=path))
        reading.connection = unquote(container)
        reading.uri = f"{family}://{host}{path}" if BUCKET.fullmatch(host) else f"{family}:..."
        return
    if not CONTAINER.fullmatch(container):
        reading.refuse("malformed", "no_bucket")
    shown = read_hosts(reading, host, many=False, path=path)
    reading.uri = f"{family}://{container}@{shown}{path}"
    judge_path(reading, path)
    judge_parameters_beside(reading, query)
