"""Which hosts and ports does the authority of a URI name, and does it try to mislead?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import quote, unquote

from pipeline.guard.hosts import canonical_host
from pipeline.guard.paths import decodings, resolve
from pipeline.guard.reading import Target

if TYPE_CHECKING:
    from pipeline.guard.reading import Reading

HIGHEST_PORT = 65535
BARE_IPV6 = re.compile(r"[0-9A-Fa-f:]+(?:[0-9.]+)?")
SOCKET_PORT = re.compile(r":[0-9]{1,5}$")
PORT = re.compile(r"[0-9]{1,5}")
NO_HOST_CHARACTERS = re.compile(r"[\s<>\"{}|^`]")
# Endings by which a person takes a word for a host. Two letters are a country's; the rest are the common ones.
GENERIC_ENDINGS = frozenset(
    (
        *("com", "net", "org", "info", "biz", "gov", "edu", "int", "mil", "arpa", "cloud", "dev", "app", "tech", "xyz"),
        *("online", "site", "store", "health", "care", "hospital", "clinic", "paris", "bzh", "alsace", "corsica"),
        *("example", "test", "invalid", "local", "localhost", "internal", "intranet", "lan", "corp", "home", "svc"),
    )
)
FILE_ENDINGS = frozenset(("gz", "xz", "bz", "py", "md", "sh", "db", "js", "ts", "pl", "rs", "so", "ps", "zst"))
HOST_LIKE = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?", re.ASCII)
QUAD = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")


def looks_like_host(text: str) -> bool:
    """Tell whether a person would take the text for a host.

    Example:
        >>> looks_like_host("s3.eu-west-3.amazonaws.com"), looks_like_host("alice.martin"), looks_like_host("10.0.0.1")
        (True, False, True)
    """
    name = text.partition(":")[0].lower().rstrip(".")
    if name == "localhost" or QUAD.fullmatch(name):
        return True
    ending = name.rpartition(".")[2]
    return bool(HOST_LIKE.fullmatch(name)) and (
        ending in GENERIC_ENDINGS or (len(ending) == 2 and ending.isalpha() and ending not in FILE_ENDINGS)
    )


def _makes_delimiters(text: str) -> bool:
    """Tell whether normalization (NFKC) would make a delimiter of a letter that only looks like one."""
    return not text.isascii() and any(normalize("NFKC", text).count(mark) > text.count(mark) for mark in "/?#@:")


def split_userinfo(reading: Reading, authority: str) -> tuple[str, str]:
    """Part an authority into what stands before and behind its only `@`."""
    if authority.count("@") > 1:
        reading.refuse("malformed", "two_readings")
    userinfo, _, host = authority.rpartition("@")
    if "[" in userinfo or "]" in userinfo or _makes_delimiters(userinfo):
        reading.refuse("malformed", "two_readings")  # urllib refuses both (CVE-2019-10160); others read on
    return userinfo, host


@lru_cache(maxsize=65536)
def host_of(text: str) -> tuple[Target | None, str, tuple[str, str]]:  # noqa: PLR0911 - one return a way to be wrong
    """Read `host[:port]`, `[v6]:port` or a socket's folder: the target, how it may be shown, or what is wrong.

    What stands behind a bad port could be a password, and what stands before it a login: nothing of it is shown.
    """
    nothing = ("", "")
    if text[:1] == "/" or text[:3].lower() == "%2f":
        if "[" in text or "]" in text:  # urllib finds an address of version 6 in the folder's name
            return None, "", ("malformed", "two_readings")
        folder = unquote(text)
        ending = SOCKET_PORT.search(folder)
        found = socket(SOCKET_PORT.sub("", folder))
        words = f"{quote(found.path, safe='')}{ending[0] if ending else ''}" if found.path else "(socket)"
        return found, words, nothing
    if text.startswith("@"):  # libpq: an abstract socket
        return socket(text), "(socket)", nothing
    if NO_HOST_CHARACTERS.search(text):
        return None, "", ("malformed", "no_host_name")
    if text.startswith("["):
        name, bracket, rest = text.partition("]")
        name += bracket
        if rest and not rest.startswith(":"):
            return None, "", ("malformed", "no_address")
        port = rest[1:]
    else:
        name, _, port = text.partition(":")
    if port and not (port.isascii() and PORT.fullmatch(port) and 0 < int(port) <= HIGHEST_PORT):
        return None, "", ("malformed", "bad_port")
    host = canonical_host(name)
    if host.problem is not None:
        rule, key = host.problem
        return None, "", (rule.removeprefix("destination."), key)
    shown = f"{host.name}:{int(port)}" if port else host.name
    return Target("host", host.name, host.address, port=int(port or 0)), shown, nothing


def read_hosts(reading: Reading, text: str, *, many: bool, path: str = "", sockets: bool = False) -> str:
    """Read all hosts of an authority into the reading's targets; return how they may be shown.

    `sockets`: whether the client reads a folder of unix sockets where a host would stand.
    """
    members = text.split(",") if many else [text]
    shown = []
    for member in members:
        if not member or member.startswith(":"):
            reading.refuse("malformed", "empty_host")
            continue
        target, words, problem = host_of(member)
        if target is not None and target.kind == "socket" and not sockets:
            target, problem = None, ("spoofed", "encoded_host")
        if target is None:
            reading.refuse(*problem)
        else:
            if target.kind == "host":
                target = target._replace(path=path)
            if target not in reading.targets:
                reading.targets.append(target)
            shown.append(words)
    return ",".join(shown)


def bracketed(text: str) -> str:
    """Put brackets round an IPv6 address that stands alone, as parameters and connections write it.

    Example:
        >>> bracketed("fd00::5"), bracketed("pg.chu.example:5432")
        ('[fd00::5]', 'pg.chu.example:5432')
    """
    return f"[{text}]" if text.count(":") > 1 and BARE_IPV6.fullmatch(text) else text


def socket(folder: str) -> Target:
    """A local folder of unix sockets, resolved."""
    resolved = {resolve(text) for text in decodings(folder)} if folder.startswith("/") else set()
    return Target("socket", path=resolved.pop() if len(resolved) == 1 else "")


# A scheme is tried only from its first letter on: else a long word would be read as often as it has letters.
SECOND_URL = re.compile(
    r"(?<![a-z0-9+.\-])[a-z][a-z0-9+.\-]+:[/\\]{2}|(?:https?|wss?|ftps?):(?:[/\\]|[a-z0-9-]+\.[a-z])", re.IGNORECASE
)
LABEL = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)
RELATIVE_IN_QUERY = re.compile(r"(?:^|[=&?#;,])[/\\]{2,}([^/\\?#&;,]*)")
RELATIVE_IN_PATH = re.compile(r"[/\\]{2,}([^/\\?#]*)")


def holds_second_url(path: str, query: str) -> bool:
    """Tell whether a path or query carries another URL, plain, percent-encoded or scheme-relative.

    Example:
        >>> holds_second_url("/r", "u=%2F%2Fevil.example"), holds_second_url("/a//b.csv", "x=1")
        (True, False)
    """
    return any(
        SECOND_URL.search(text)
        or any(looks_like_host(host) or LABEL.fullmatch(host) for host in RELATIVE_IN_QUERY.findall(text))
        for text in decodings(query)
    ) or any(
        SECOND_URL.search(text) or any(map(looks_like_host, RELATIVE_IN_PATH.findall(text))) for text in decodings(path)
    )


TAIL = re.compile(r"([^?#]*)[?#]?(.*)", re.DOTALL)


def split_tail(tail: str) -> tuple[str, str]:
    """Part what follows an authority into its path and its query (with the fragment)."""
    match = TAIL.fullmatch(tail)
    return (match[1], match[2]) if match else (tail, "")


AUTHORITY = re.compile(r"//([^/?#]*)(.*)", re.DOTALL)


def split_authority(reading: Reading, rest: str) -> tuple[str, str] | None:
    """Part `//authority/tail`; a scheme that wants an authority and has none is read in two ways."""
    if not rest.startswith("//"):
        reading.refuse("malformed", "two_readings")
        return None
    match = AUTHORITY.match(rest)
    return (match[1], match[2]) if match else None


def judge_path(reading: Reading, path: str) -> None:
    """Judge a path that no web server will redirect: only a whole URL in it is one."""
    if ":" in path or "%" in path:
        decoded = decodings(path)
        if any(SECOND_URL.search(text) for text in decoded):
            reading.refuse("spoofed", "second_url")
        if any("\\" in text for text in decoded):
            reading.refuse("spoofed", "backslash")
