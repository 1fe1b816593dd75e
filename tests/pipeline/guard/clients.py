"""Which hosts do other readers take from a text? Nothing is sent, no name is resolved.

Each reader gives the hosts in one spelling, or None where it refuses the text or has no say in it: urllib (Python's
clients), libcurl's URL parser, a browser's (WHATWG, from node), libpq's, SQLAlchemy's.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import re
import shutil
import subprocess
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

WEB = ("https://", "http://", "ftp://", "ftps://", "ws://", "wss://")
AUTHORITIES = (
    *WEB,
    *("sftp://", "scp://", "smb://", "postgresql://", "postgres://", "mysql://", "redis://", "rediss://", "amqps://"),
    *("mqtts://", "smtps://", "hdfs://", "nfs://", "trino://", "clickhouse://"),
)
CURL = (*WEB, *("sftp://", "scp://", "smb://", "smtp://", "smtps://", "mqtt://", "mqtts://", "tftp://", "telnet://"))
LIBPQ = ("postgresql://", "postgres://")
SQLALCHEMY = re.compile(
    r"(?:postgresql|mysql|mariadb|mssql|oracle|trino|presto|hive|impala|clickhouse|redshift)(?:\+\w+)?://",
    re.IGNORECASE,
)
BROWSER = """let b='';process.stdin.on('data',d=>b+=d).on('end',()=>console.log(JSON.stringify(
JSON.parse(b).map(u=>{try{return new URL(u).hostname}catch(e){return null}}))))"""
NON_SUPPORT_SCHEME, PART_URL, PART_HOST = 1 << 3, 0, 5


def plain(host: str | None) -> str | None:
    """Spell a host as the guard does: lower case, no trailing dot, no brackets, A-labels; None: no host."""
    name = (host or "").lower().removesuffix(".").strip("[]")
    if not name or name.startswith(("/", "@", "%2f")):  # a folder of sockets
        return None
    with suppress(ValueError):
        return str(ip_address(name))
    with suppress(UnicodeError):
        return name if name.isascii() else name.encode("idna").decode()
    return name


def spelled(hosts: list[str | None]) -> frozenset[str] | None:
    """Spell several hosts; None where there is none."""
    return frozenset(host for host in map(plain, hosts) if host) or None


def by_guard(decision) -> frozenset[str] | None:
    return spelled((decision.destination.host or "").split(","))


def by_urllib(text: str) -> frozenset[str] | None:
    if not text.lower().startswith(AUTHORITIES):
        return None
    try:
        split = urlsplit(text)
        split.port  # noqa: B018 - a port that is none is refused here
        return spelled([split.hostname]) if "," not in (split.hostname or "") else None  # one host, or no say
    except ValueError:
        return None


def _libcurl():
    name = ctypes.util.find_library("curl")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.curl_url.restype = ctypes.c_void_p
    library.curl_url_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    library.curl_url_get.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p), ctypes.c_uint]
    library.curl_url_cleanup.argtypes = [ctypes.c_void_p]
    library.curl_free.argtypes = [ctypes.c_void_p]
    return library


LIBCURL = _libcurl()


def by_curl(text: str) -> frozenset[str] | None:
    if LIBCURL is None or not text.lower().startswith(CURL) or "\0" in text:
        return None
    if text.partition(":")[2].startswith("///"):  # read as two slashes; the guard finds no host, and opens none
        return None
    handle = LIBCURL.curl_url()
    try:
        if LIBCURL.curl_url_set(handle, PART_URL, text.encode("utf-8", "surrogatepass"), NON_SUPPORT_SCHEME):
            return None
        found = ctypes.c_void_p()
        if LIBCURL.curl_url_get(handle, PART_HOST, ctypes.byref(found), 0) or not found.value:
            return None
        host = ctypes.string_at(found.value).decode("utf-8", "replace")
        LIBCURL.curl_free(found)
        return spelled([host])
    finally:
        LIBCURL.curl_url_cleanup(handle)


def by_browser(texts: list[str]) -> list[frozenset[str] | None]:
    node = shutil.which("node")
    web = [text if text.lower().startswith(WEB) else "" for text in texts]
    if node is None:
        return [None] * len(texts)
    answer = subprocess.run([node, "-e", BROWSER], input=json.dumps(web), capture_output=True, text=True, check=True)
    return [spelled([host]) for host in json.loads(answer.stdout)]


def by_libpq(text: str) -> frozenset[str] | None:
    """Read as `PQconninfoParse` does: URIs of PostgreSQL, and `key=value` strings that name a host."""
    try:
        from psycopg2 import ProgrammingError
        from psycopg2.extensions import parse_dsn
    except ImportError:
        return None
    if not text.startswith(LIBPQ) and ("host" not in text.partition("=")[0] or ";" in text):
        return None
    try:
        found = parse_dsn(text)
    except (ProgrammingError, UnicodeError, ValueError):
        return None
    if "service" in found:  # a file says the rest
        return frozenset(("(a service file)",))
    hosts = [*found.get("hostaddr", "").split(","), *found.get("host", "").split(",")]
    return spelled([re.sub(r"^([^:]+):[0-9]*$", r"\1", host) for host in hosts])  # it looks up host:port as a name


def by_sqlalchemy(text: str) -> frozenset[str] | None:
    try:
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError:
        return None
    if not SQLALCHEMY.match(text):
        return None
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        return None
    if url.host:  # a list of hosts and Oracle's descriptors are left to the driver
        return spelled([unquote(url.host)]) if not set(",(") & set(url.host) else None
    named = url.query.get("host", ()) if text.lower().startswith("postgresql") else ()
    hosts = [one for names in ([named] if isinstance(named, str) else named) for one in names.split(",")]
    return spelled([re.sub(r"^([^:]+):[0-9]*$", r"\1", host) for host in hosts])


READERS = {"urllib": by_urllib, "curl": by_curl, "libpq": by_libpq, "SQLAlchemy": by_sqlalchemy}
