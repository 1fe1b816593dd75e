"""Which hosts do connection strings that are no URIs name: libpq's key=value pairs, ODBC, JDBC, Oracle's?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.guard.parameters import judge_parameters, plain_name, without_protocol

if TYPE_CHECKING:
    from pipeline.guard.parameters import Pairs
    from pipeline.guard.reading import Reading

PAIRS = re.compile(r" *[A-Za-z][A-Za-z0-9_ .-]*=")
LIBPQ_PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*('(?:[^'])*'|[^\s']*)(?=\s|$)")
ODBC_PAIR = re.compile(r"\s*([^=;{}]+?)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;]*?)\s*(?:;|$)")
DRIVERS = (
    *(("postgres", "postgresql"), ("redshift", "redshift"), ("maria", "mariadb"), ("mysql", "mysql"), ("sql", "mssql")),
    *(("oracle", "oracle"), ("snowflake", "snowflake"), ("databricks", "databricks"), ("db2", "db2")),
)
"""By what part of its name an ODBC driver is known."""
TNS_HOST = re.compile(r"\(\s*(HOST|HTTPS_PROXY|SOURCE_ROUTE|SERVICE_URL)\s*=\s*([^()]*)\)", re.IGNORECASE)

TNS_PORT = re.compile(r"\(\s*PORT\s*=\s*([0-9]+)\s*\)", re.IGNORECASE)


def is_pairs(text: str) -> bool:
    """Tell whether a text starts as `key=value` does (no scheme holds an equals sign)."""
    return bool(PAIRS.match(text))


def read_pairs(reading: Reading, text: str) -> str:
    """Read a libpq or ODBC string; return how it may be shown."""
    return read_odbc(reading, text) if ";" in text else read_libpq(reading, text)


def read_libpq(reading: Reading, text: str) -> str:
    """Read `host=... dbname=...` as libpq does."""
    pairs: Pairs = []
    reading.scheme = "postgresql"
    at = 0
    while at < len(text.rstrip()):
        match = LIBPQ_PAIR.match(text, at)
        if match is None:
            reading.refuse("malformed", "unreadable")
            return ""
        pairs.append((match[1], match[2].strip("'")))
        at = match.end()
    return _judge(reading, pairs)


def read_odbc(reading: Reading, text: str) -> str:
    """Read `Driver={...};Server=...` as an ODBC driver manager does."""
    pairs: Pairs = []
    at = 0
    while at < len(text.rstrip()):
        match = ODBC_PAIR.match(text, at)
        if match is None or match.end() == at:
            reading.refuse("malformed", "unreadable")
            return ""
        pairs.append((match[1], match[2].removeprefix("{").removesuffix("}")))
        at = match.end()
    driver = next((plain_name(value) for name, value in pairs if plain_name(name) == "driver"), "")
    reading.scheme = next((dialect for name, dialect in DRIVERS if name in driver), "odbc")
    return _judge(reading, pairs)


def _judge(reading: Reading, pairs: Pairs) -> str:
    words = judge_parameters(reading, pairs)
    reading.settle()
    return f"host={words}" if words else "(no host)"


def read_oracle(reading: Reading, text: str) -> str:
    """Read what stands behind `@` in an Oracle address: a descriptor, `//host:port/service`, or a TNS alias."""
    pairs: Pairs = []
    if text.startswith("("):
        hosts = []
        for name, value in TNS_HOST.findall(text):
            if name.upper() == "HOST":
                hosts.append(value.strip())
            elif value.strip().lower() not in {"", "no", "off"}:
                pairs.append(("proxy", value))
        pairs[:0] = [("host", ",".join(hosts)), ("port", ",".join(TNS_PORT.findall(text)))] if hosts else []
        words = judge_parameters(reading, pairs)
    else:
        text = re.sub(r"^(?:tcps?:)?//", "", text)
        hosts_part, _, query = re.split(r"[/?]", text, maxsplit=1)[0], "", text.partition("?")[2]
        pieces = hosts_part.split(":")
        if len(pieces) == 1 and "." not in hosts_part and "/" not in text:  # an alias that tnsnames.ora explains
            words = ""
        else:
            host = hosts_part if hosts_part.startswith("[") else ":".join(pieces[:2])
            words = judge_parameters(reading, [("host", without_protocol(host)), *_pairs_of(query)])
    reading.settle()
    return words


def _pairs_of(query: str) -> Pairs:
    return [(name, value) for name, _, value in (piece.partition("=") for piece in query.split("&")) if name]
