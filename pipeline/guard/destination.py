"""Where would the bytes go? One reader for every kind of destination, into one canonical form.

What two clients would read differently is refused, not guessed. Nothing that a reading shows repeats a login, a
password, a query or a fragment.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipeline.guard import schemes
from pipeline.guard.authority import (
    GENERIC_ENDINGS,
    NO_HOST_CHARACTERS,
    holds_second_url,
    judge_path,
    looks_like_host,
    read_hosts,
    socket,
    split_authority,
    split_tail,
    split_userinfo,
)
from pipeline.guard.bare import read_bare
from pipeline.guard.connection_strings import is_pairs, read_oracle, read_pairs
from pipeline.guard.images import read_image
from pipeline.guard.jdbc import read_jdbc
from pipeline.guard.local import read_database_file, read_file_uri, read_path
from pipeline.guard.object_stores import read_azure, read_bucket
from pipeline.guard.parameters import folder_of, judge_parameters, judge_parameters_beside, query_pairs, snowflake_host
from pipeline.guard.paths import decodings
from pipeline.guard.reading import NOWHERE, Reading, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.guard.parameters import Pairs

LONGEST = 16384
PLAIN = re.compile(r"[!-$&-\[\]-~]+")  # printable ASCII without % and backslash: nothing is hidden in it
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-_]*):")
DIALECT = re.compile(r"([a-z0-9]+)\+[a-z0-9_]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ENCODED_CONTROL = re.compile(r"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
SURROGATE = re.compile("[\ud800-\udfff]")
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
CHAIN = re.compile(r"[A-Za-z0-9_.+-]+::|.*::[A-Za-z][A-Za-z0-9+.-]*:/")
HOST_PORTS = re.compile(r"[^/:@\s,]+:[0-9]{1,5}(?:,[^/:@\s,]+(?::[0-9]{1,5})?)*")
PORT_AND_PATH = re.compile(r"[0-9]{1,5}/")
NO_HOST_PART = re.compile(r"[^\w.\-@]+")
SPACE = re.compile(r"\s")
ODBC_INSIDE = re.compile(r"(?:^|[?&])odbc_?connect=", re.IGNORECASE)
SQLALCHEMY_LOGIN = re.compile(r"[^:/]*(?::[^@]*)?@")


def read(text: str) -> Reading:
    """Read a destination; what is wrong with it stands in the reading's problems, nothing is raised.

    Example:
        >>> reading = read("https://alice:secret@OOS.eu-west-2.outscale.com/bucket/key?X-Amz-Signature=abc")
        >>> reading.uri, reading.targets[0].host
        ('https://oos.eu-west-2.outscale.com/bucket/key', 'oos.eu-west-2.outscale.com')
    """
    reading = Reading("(unreadable)")
    if not text or len(text) > LONGEST:
        reading.refuse("malformed", "unreadable")
    elif PLAIN.fullmatch(text):
        _dispatch(reading, text)
    elif SURROGATE.search(text):
        reading.refuse("malformed", "unreadable")
    elif CONTROL.search(text) or text != text.strip() or ENCODED_CONTROL.search("".join(decodings(text)[:-1])):
        reading.refuse("malformed", "control_characters")
    elif "\\" in text:
        reading.refuse("spoofed", "backslash")
    elif INVISIBLE.search(text):
        reading.refuse("spoofed", "invisible_characters")
    else:
        _dispatch(reading, text)
    if any(rule == "destination.malformed" for rule, _, _ in reading.problems):
        # What can't be parsed can't be told from a password either: nothing of it is shown.
        reading.uri = f"{reading.scheme}:..." if family_of(reading.scheme) else "(unreadable)"
    return reading


def _dispatch(reading: Reading, text: str) -> None:
    if text.startswith("/"):
        read_path(reading, text)
        return
    match = SCHEME.match(text)
    scheme = match[1].lower() if match else ""
    if match is None or (text[match.end() : match.end() + 1] != "/" and HOST_PORTS.fullmatch(text)):
        if is_pairs(text):
            reading.uri = read_pairs(reading, text)
        else:
            read_bare(reading, text)
        return
    rest = text[match.end() :]
    reading.scheme = scheme
    reading.uri = f"{scheme}:..."
    if "::" in text and CHAIN.match(text):
        reading.refuse("unsupported", "wrapped_scheme")
        return
    family = family_of(scheme)
    if family:
        _read_known(reading, family, rest)
    elif rest.startswith("//"):
        reading.refuse("unsupported", "unknown_scheme")
    elif scheme not in schemes.FOREIGN and (rest.startswith("/") or PORT_AND_PATH.match(rest)):
        reading.scheme = ""
        read_bare(reading, text)
    else:
        reading.refuse("unsupported", "mail" if scheme == "mailto" else "unknown_scheme")


@lru_cache(maxsize=1024)
def family_of(scheme: str) -> str:
    """Name the scheme whose rules hold: itself, or the dialect of `dialect+driver`; empty: not one we decide.

    Example:
        >>> family_of("postgresql+psycopg2"), family_of("git+ssh"), family_of("git+https"), family_of("gopher")
        ('postgresql', 'git+ssh', '', '')
    """
    if scheme in schemes.KNOWN:
        return scheme
    dialect = DIALECT.fullmatch(scheme)
    return dialect[1] if dialect and dialect[1] in schemes.DATABASES else ""


def _read_known(reading: Reading, family: str, rest: str) -> None:
    if family in schemes.CLEARTEXT:
        reading.cleartext = family
    _READER_OF[family](reading, family, rest)
    reading.settle()


def _read_web(reading: Reading, family: str, rest: str) -> None:
    parts = split_authority(reading, rest)
    if parts is None:
        return
    authority, tail = parts
    path, query = split_tail(tail)
    if not authority:
        reading.targets.append(NOWHERE)
        if path.strip("/"):  # browsers read https:///evil.example as https://evil.example
            reading.refuse("malformed", "two_readings")
        return
    if SPACE.search(tail):
        reading.refuse("malformed", "control_characters")
    if tail[:1] in {"?", "#"} and "@" in tail:  # old clients end the authority only at the first slash
        reading.refuse("malformed", "two_readings")
    if NO_HOST_CHARACTERS.search(authority):
        reading.refuse("malformed", "no_host_name")
    userinfo, host = split_userinfo(reading, authority)
    shown = read_hosts(reading, host, many=False, path=path)
    if userinfo and _disguises_host(unquote(userinfo)):
        reading.refuse("spoofed", "userinfo_host", host=shown or "another host")
    _judge_tail(reading, path, query)
    if "%" in query and any("\\" in decoded for decoded in decodings(query)):
        reading.refuse("spoofed", "backslash")
    reading.uri = f"{family}://{shown}{path}" if shown else f"{family}:..."


def _disguises_host(userinfo: str) -> bool:
    """Tell whether a login looks like a host, or a password plainly is one (a dot or two make none of a password)."""
    login, *rest = NO_HOST_PART.split(userinfo)
    return looks_like_host(login) or any(
        looks_like_host(part) and (part.count(".") > 1 or part.rpartition(".")[2].lower() in GENERIC_ENDINGS)
        for part in rest
    )


def _judge_tail(reading: Reading, path: str, query: str) -> None:
    if ("/" in query or ":" in query or "%" in query or ":" in path or "//" in path or "%" in path) and (
        holds_second_url(path, query)
    ):
        reading.refuse("spoofed", "second_url")
    if "%" in path and any("\\" in decoded for decoded in decodings(path)):
        reading.refuse("spoofed", "backslash")


def _read_hosted(reading: Reading, family: str, rest: str) -> None:
    """Read a file server, a queue or a database: login@host:port/path?parameters."""
    parts = split_authority(reading, rest)
    if parts is None:
        return
    authority, tail = parts
    path, query = split_tail(tail)
    login, host = split_userinfo(reading, authority)
    if family in schemes.DATABASES and _logs_in_elsewhere(login, authority, tail):
        reading.refuse("malformed", "two_readings")
    if family == "snowflake" and host:
        host = snowflake_host(host)
    many = family in schemes.MANY_HOSTS
    if host.startswith("(") and family == "oracle":
        shown = read_oracle(reading, host)
    elif host:
        sockets = family in schemes.DATABASES
        shown = read_hosts(reading, _comma_port(family, host), many=many, path=path, sockets=sockets)
    else:
        shown = ""
    judge_path(reading, path)
    named = judge_parameters(reading, _pairs_of(query)) if query else ""
    if family.startswith("mongodb"):  # its sockets are files
        reading.targets = [
            target._replace(path=folder_of(target.path)) if target.kind == "socket" else target
            for target in reading.targets
        ]
    path = path.partition(";")[0]
    if family in schemes.DATABASES:  # without the login, SQLAlchemy would take what stands before this @ for one
        path = path.replace("@", "%40")
    reading.uri = f"{family}://{shown or named}{path}"


def _pairs_of(query: str) -> Pairs:
    """Part a query as clients do that end a parameter at `;` and as those do (libpq, SQLAlchemy) to which it is a letter."""
    pairs = query_pairs(query)
    if ODBC_INSIDE.search(query):
        return pairs
    more = [query_pairs(value.partition(";")[2], separators=";") for _, value in pairs if ";" in value]  # also %3B
    return [*(query_pairs(query, separators="&;") if ";" in query else ()), *pairs, *itertools.chain(*more)]


def _logs_in_elsewhere(login: str, authority: str, tail: str) -> bool:
    """Tell whether SQLAlchemy would end the login at another `@` (its password may hold slashes), or libpq miss a `#`."""
    if "#" in tail:
        return True
    if "@" not in tail:
        return False
    match = SQLALCHEMY_LOGIN.match(authority + tail)
    return (match.end() if match else 0) != (len(login) + 1 if "@" in authority else 0)


def _comma_port(family: str, host: str) -> str:
    """A SQL Server writes its port behind a comma."""
    return re.sub(r",(?=[0-9]+$)", ":", host) if family in {"mssql", "sqlserver"} else host


def _read_service(reading: Reading, family: str, rest: str) -> None:
    host = schemes.SERVICES[family]
    reading.targets.append(Target("host", host))
    judge_parameters_beside(reading, split_tail(rest)[1])
    reading.uri = f"{family}:{split_tail(rest)[0]}" if "@" not in rest else f"{family}:..."


def _read_account_unknown(reading: Reading, family: str, rest: str) -> None:
    reading.targets.append(Target("service", provider="azure", service="blob"))
    reading.uri = f"{family}:{split_tail(rest)[0]}" if "@" not in rest else f"{family}:..."


def _read_socket(reading: Reading, family: str, rest: str) -> None:
    place = split_tail(rest.removeprefix("//"))[0]
    place = place.partition("@")[2] if "@" in place.partition("/")[0] else place  # redis-py: unix://login@/path
    if family == "http+unix" and place[:3].lower() == "%2f":
        place = place.partition("/")[0]
    path = unquote(place)
    if not path.startswith("/"):
        reading.targets.append(NOWHERE)
        return
    reading.targets.append(socket(folder_of(path)))
    reading.uri = f"{family}:{path}"


def _read_jdbc(reading: Reading, family: str, rest: str) -> None:
    read_jdbc(reading, rest, _read_known)
    if reading.uri and not reading.uri.startswith(family):
        reading.uri = f"jdbc:{reading.uri.replace(':////', ':/')}"  # its drivers write a file's path as it is


_READERS: tuple[tuple[frozenset[str], Callable[[Reading, str, str], None]], ...] = (
    (schemes.WEB, _read_web),
    (schemes.S3 | schemes.GCS, read_bucket),
    (schemes.AZURE, read_azure),
    (schemes.LOCAL_DATABASES, read_database_file),
    (schemes.FILES | schemes.MESSAGES | schemes.DATABASES, _read_hosted),
    (frozenset(schemes.SERVICES), _read_service),
    (schemes.ACCOUNT_UNKNOWN, _read_account_unknown),
    (schemes.IMAGES, read_image),
    (schemes.SOCKETS, _read_socket),
    (frozenset(("file",)), read_file_uri),
    (frozenset(("jdbc",)), _read_jdbc),
)
_READER_OF = {family: reader for group, reader in reversed(_READERS) for family in group}
