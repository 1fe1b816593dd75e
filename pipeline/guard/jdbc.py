"""Which hosts does a JDBC URL name? Each driver has its own way to write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.guard import schemes
from pipeline.guard.authority import read_hosts, split_tail, split_userinfo
from pipeline.guard.connection_strings import read_oracle
from pipeline.guard.parameters import judge_parameters, query_pairs
from pipeline.guard.reading import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.guard.reading import Reading

# jdbc:redshift:iam://..., jdbc:mysql:loadbalance://..., jdbc:oracle:thin:@...
SUBPROTOCOL = re.compile(r"([a-z0-9+]+):(?:([a-z0-9+]+):)?", re.IGNORECASE)
ADDRESS = re.compile(r"address\s*=?\s*((?:\(\s*\w+\s*=[^()]*\))+)", re.IGNORECASE)
SUBPROTOCOLS = frozenset(
    ("iam", "loadbalance", "replication", "aurora", "sequential", "failover", "load-balance", "thin", "oci", "aws")
)


def read_jdbc(reading: Reading, rest: str, read_known: Callable[[Reading, str, str], None]) -> None:
    """Read what follows `jdbc:`."""
    match = SUBPROTOCOL.match(rest)
    dialect = match[1].lower() if match else ""
    if match is None or dialect not in schemes.DATABASES | {"bigquery"}:
        reading.refuse("unsupported", "unknown_scheme")
        return
    reading.scheme = dialect
    reading.uri = f"{dialect}:..."
    inner = rest[match.end(1) + 1 :]
    if dialect == "oracle":
        _read_oracle(reading, inner)
        return
    if dialect in schemes.LOCAL_DATABASES or dialect == "bigquery":
        read_known(reading, dialect, inner)
        return
    if match[2]:
        if match[2].lower() not in SUBPROTOCOLS:
            reading.refuse("unsupported", "wrapped_scheme")
            return
        inner = rest[match.end() :]
    _read_hosts_and_parameters(reading, dialect, inner)


def _read_oracle(reading: Reading, inner: str) -> None:
    login, at, address = inner.partition("@")
    if not at or "@" in address:
        reading.refuse("malformed", "two_readings")
        return
    reading.uri = f"oracle:thin:@{read_oracle(reading, address)}"
    del login


def _read_hosts_and_parameters(reading: Reading, dialect: str, inner: str) -> None:
    if not inner.startswith("//"):
        if re.match(r"[\w-]+(?:[?;]|$)", inner):  # jdbc:postgresql:database means the client's own host
            reading.targets.append(NOWHERE)
            judge_parameters(reading, query_pairs(inner.partition("?")[2], separators="&;"))
        else:
            reading.refuse("malformed", "unreadable")
        return
    inner = inner[2:]
    end = next((at for at, character in enumerate(inner) if character in "/?#;"), len(inner))
    authority, tail = inner[:end], inner[end:]
    if "(" in authority or authority.lower().startswith("address"):
        authority, pairs = _key_value_hosts(inner[: inner.find("/")] if "/" in inner else inner)
        judge_parameters(reading, pairs)
    if "@" in tail and "@" not in authority and ":" in authority:
        reading.refuse("malformed", "two_readings")
    _, hosts = split_userinfo(reading, authority)
    shown = ""
    if hosts:
        if dialect == "snowflake" and "." not in hosts:
            hosts = f"{hosts}.{schemes.SNOWFLAKE_DOMAIN}"
        shown = read_hosts(reading, hosts, many=True, path=tail, sockets=True)
    path, query = split_tail(tail)
    path, _, semicolons = path.partition(";")
    if ":" in path and dialect == "db2":  # jdbc:db2://host:50000/base:user=x;password=y;
        path, _, more = path.partition(":")
        semicolons = f"{more};{semicolons}"
    named = judge_parameters(reading, query_pairs(f"{semicolons};{query}", separators="&;"))
    reading.settle()
    reading.uri = f"{dialect}://{shown or named}{path}"


def _key_value_hosts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Read Connector/J's `address=(host=a)(port=1)` and `(host=a,port=1)`."""
    hosts = ",".join(re.findall(r"[(,]\s*host\s*=\s*([^(),\s]+)", text, re.IGNORECASE))
    others = [
        (name, value)
        for name, value in re.findall(r"[(,]\s*(\w+)\s*=\s*([^(),]*)", text)
        if name.lower() not in {"host", "port", "protocol"}
    ]
    return hosts, others
