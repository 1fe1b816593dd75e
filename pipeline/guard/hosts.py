"""What is the one canonical form of a host, and is it dressed up as another?

Canonical: lower case, IDNA A-labels, one trailing dot removed; addresses as `ipaddress` writes them. A host that two
clients would read differently is malformed; one that only pretends (numeric forms, percent-encoding, look-alike or
mixed scripts) is spoofed, even where it leads to an allowed place: who writes 0x0a.1 wants not to be read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network
from typing import NamedTuple

from pipeline.guard.lookalikes import pretends_in_unicode

LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
PLAIN_HOST = re.compile(rf"{LABEL.pattern}(?:\.{LABEL.pattern})*")
NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
DOTTED_QUAD = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")
LONGEST_HOST = 253

# Characters that IDNA2003 and IDNA2008 encode differently (UTS 46, deviation characters): two clients, two hosts.
DEVIATIONS = frozenset("ßς\u200c\u200d")
# Networks that carry an IPv4 address inside an IPv6 one: RFC 4291 (compatible, mapped), 2765 (translated),
# 6052 and 8215 (NAT64), 3056 (6to4), 4380 (Teredo).
WRAPPING = tuple(
    map(
        IPv6Network,
        ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    )
)


class Host(NamedTuple):
    """A canonical host, or the problem that keeps it from being one (then `name` is what may be shown of it)."""

    name: str
    address: IPv4Address | IPv6Address | None = None
    problem: tuple[str, str] | None = None


def malformed(key: str) -> Host:
    """A host that can't be read, or that clients read differently."""
    return Host("", None, ("destination.malformed", key))


def spoofed(key: str, name: str = "") -> Host:
    """A host that pretends."""
    return Host(name, None, ("destination.spoofed", key))


@lru_cache(maxsize=65536)
def canonical_host(raw: str) -> Host:  # noqa: PLR0911 - one return a way to be wrong
    """Bring a host, without port, to its canonical form.

    Example:
        >>> canonical_host("S3.EU-West-3.amazonaws.com.").name
        's3.eu-west-3.amazonaws.com'
        >>> canonical_host("0x7f.1").problem
        ('destination.spoofed', 'address_in_disguise')
    """
    if raw.startswith("["):
        return _ipv6(raw)
    if "%" in raw:
        return spoofed("encoded_host")
    host = raw
    if not raw.isascii():
        host, problem = _to_ascii(raw)
        if problem is not None:
            return problem
    host = host.lower().removesuffix(".")
    if not host:
        return malformed("empty_host")
    last = host.rpartition(".")[2]
    if NUMBER.fullmatch(last):
        return _ipv4(host)
    if len(host) > LONGEST_HOST or not PLAIN_HOST.fullmatch(host):
        return malformed("no_host_name")
    if "xn--" in host:
        return _from_a_labels(host)
    return Host(host)


def _ipv4(host: str) -> Host:
    """Read a host whose last label is a number: an address to every client (WHATWG URL, "ends in a number")."""
    if DOTTED_QUAD.fullmatch(host):
        try:
            address = IPv4Address(host)
        except AddressValueError:
            return malformed("no_address")
        return Host(str(address), address)
    parts = host.split(".")
    if len(parts) <= 4 and all(NUMBER.fullmatch(part) for part in parts):
        return spoofed("address_in_disguise")
    return malformed("no_address")


def _ipv6(raw: str) -> Host:
    if not raw.endswith("]") or "%" in raw:
        return malformed("no_address")
    try:
        address = IPv6Address(raw[1:-1])
    except AddressValueError:
        return malformed("no_address")
    if int(address) > 1 and any(address in network for network in WRAPPING):
        return spoofed("wrapped_address")
    return Host(f"[{address}]", address)


def _to_ascii(raw: str) -> tuple[str, Host | None]:
    """Encode a host of Unicode letters; refuse what clients encode differently and what only looks like ASCII."""
    if any(character in DEVIATIONS for character in raw):
        return "", malformed("two_encodings")
    composed = unicodedata.normalize("NFC", raw)
    compatible = unicodedata.normalize("NFKC", composed)
    if compatible != composed or any(unicodedata.normalize("NFC", character) != character for character in raw):
        return "", spoofed(
            "look_alike_letters"
        )  # fullwidth letters, circled digits, the Kelvin sign: ASCII in disguise
    if any(unicodedata.category(character)[0] in "CZ" or character in "。．｡" for character in composed):
        return "", spoofed("look_alike_letters")
    if any(unicodedata.category(character)[0] == "N" for character in composed if not character.isascii()):
        return "", spoofed("look_alike_letters")
    if any(pretends_in_unicode(label) for label in composed.lower().split(".")):
        return "", spoofed("look_alike_letters")
    return _idna(composed)


def _idna(text: str) -> tuple[str, Host | None]:
    import idna

    if ".." in text:
        return "", malformed("no_host_name")
    try:
        return idna.encode(text.lower().removesuffix("."), uts46=True).decode("ascii"), None
    except idna.IDNAError:
        return "", malformed("no_host_name")


def _from_a_labels(host: str) -> Host:
    """Look behind `xn--`: the letters that a person would see must not pretend either."""
    import idna

    try:
        shown = idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return malformed("no_host_name")
    if any(pretends_in_unicode(label) for label in shown.split(".")):
        return spoofed("look_alike_letters")
    return Host(host)
