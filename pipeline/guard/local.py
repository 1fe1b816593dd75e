"""Which local path does a destination name, if it is absolute and every client reads it alike?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipeline.guard.authority import read_hosts, split_tail
from pipeline.guard.parameters import judge_parameters, query_pairs
from pipeline.guard.paths import decodings, resolve
from pipeline.guard.reading import NOWHERE, Target

if TYPE_CHECKING:
    from pipeline.guard.reading import Reading


def read_path(reading: Reading, path: str, *, scheme: str = "") -> None:
    """Read an absolute path: dots, double slashes and percent-encoding resolved, at every level of encoding."""
    if re.match(r"//[^/]", path):  # POSIX leaves two leading slashes to the system; Hadoop and Windows read a host
        reading.refuse("malformed", "two_readings")
        return
    if "%" in path and any("\\" in text for text in decodings(path)):
        reading.refuse("spoofed", "backslash")
        return
    ways = {resolve(text) for text in decodings(path)[2:]}
    resolved = resolve(unquote(path))
    # A path that leads elsewhere when it is decoded once more is judged by all of them: rules want every one inside.
    reading.targets.append(Target("path", path=resolved, ways=tuple(sorted(ways - {resolved}))))
    reading.uri = f"{scheme}//{resolved}" if scheme else resolved


def read_file_uri(reading: Reading, family: str, rest: str) -> None:
    """Read `file:`: a local path, or another machine's when the URI names a host."""
    rest = split_tail(rest)[0]
    if not rest.startswith("//"):
        if rest.startswith("/"):
            read_path(reading, rest, scheme="file:")
        else:
            reading.targets.append(NOWHERE)
        return
    authority, slash, path = rest[2:].partition("/")
    login, _, host = authority.rpartition("@")
    reading.connection = unquote(login)
    if host.lower() in {"", "localhost"}:
        read_path(reading, slash + path, scheme="file:") if slash else reading.targets.append(NOWHERE)
        return
    shown = read_hosts(reading, host, many=False, path=slash + path)
    reading.uri = f"{family}://{shown}{slash}{path}"


def read_database_file(reading: Reading, family: str, rest: str) -> None:
    """Read sqlite: and duckdb: SQLAlchemy writes an absolute path with four slashes, JDBC with one."""
    place, query = split_tail(rest)
    inner = place.removeprefix("///") if place.startswith("///") else place.removeprefix("//")
    inner = inner if place.startswith("//") else place
    lowered = unquote(inner).lower()
    if lowered.startswith(("md:", "motherduck:")):
        reading.targets.append(Target("host", "api.motherduck.com"))
        reading.uri = f"{family}:md:"
        return
    if re.match(r"[a-z][a-z0-9+.-]+:", lowered) and lowered != ":memory:":
        reading.refuse("unsupported", "wrapped_scheme")
        return
    if place.startswith("//") and not place.startswith("///") and inner:  # sqlite://host/path: no such thing
        reading.refuse("malformed", "two_readings")
    elif inner.startswith("/"):
        read_path(reading, inner, scheme=f"{family}:/")  # SQLAlchemy takes three slashes for a relative path
    else:
        reading.targets.append(NOWHERE)
    if query:
        judge_parameters(reading, query_pairs(query))
