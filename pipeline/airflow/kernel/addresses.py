"""Where does a `sockaddr` really lead? One canonical address and port, or the name of a unix socket.

Only what the kernel itself takes for another address is rewritten: IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2) and "any".
What some router might unwrap (NAT64, 6to4, Teredo) stays as it is written, so an opening of the inner address doesn't open it.
"""

from __future__ import annotations

import errno
import socket
import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

Address = IPv4Address | IPv6Address


class Unreadable(Exception):
    """A sockaddr that the kernel itself would refuse; `code` is the errno it would give."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(errno.errorcode[code])


class Peer(NamedTuple):
    """Where a call would go.

    Attributes:
        family: `AF_*` as asked.
        host: The canonical address without wrapping or scope; empty for other families.
        port: TCP or UDP port.
        path: A unix socket's name as the kernel holds it: a path, or an abstract name that starts with a zero byte.
    """

    family: int
    host: str = ""
    port: int = 0
    path: bytes = b""


def peer(raw: bytes) -> Peer:
    """Read a sockaddr.

    Args:
        raw: The bytes, as long as the caller said that they are.

    Raises:
        Unreadable: Too short for its family, or longer than any.

    Example:
        >>> import socket, struct
        >>> raw = struct.pack("=HHI16sI", socket.AF_INET6, socket.htons(443), 0, socket.inet_pton(10, "::ffff:192.0.2.1"), 0)
        >>> peer(raw).host
        '192.0.2.1'
    """
    if not 2 <= len(raw) <= 128:
        raise Unreadable(errno.EINVAL)
    (family,) = struct.unpack_from("=H", raw)
    if family == socket.AF_INET:
        if len(raw) < 16:
            raise Unreadable(errno.EINVAL)
        return Peer(family, str(canonical(IPv4Address(raw[4:8]))), _port(raw))
    if family == socket.AF_INET6:
        if len(raw) < 24:  # SIN6_LEN_RFC2133: the kernel takes it without the scope
            raise Unreadable(errno.EINVAL)
        return Peer(family, str(canonical(IPv6Address(raw[8:24]))), _port(raw))
    if family == socket.AF_UNIX:
        name = raw[2:]
        return Peer(family, path=name if name[:1] == b"\0" else name.partition(b"\0")[0])
    return Peer(family)


def _port(raw: bytes) -> int:
    return int.from_bytes(raw[2:4], "big")


def canonical(address: Address) -> Address:
    """Give an address as the kernel takes it: IPv4 out of its mapping, "any" as the loopback, without a scope.

    Example:
        >>> str(canonical(ip_address("::ffff:192.0.2.1"))), str(canonical(ip_address("0.0.0.0")))
        ('192.0.2.1', '127.0.0.1')
    """
    if isinstance(address, IPv4Address):
        return IPv4Address("127.0.0.1") if int(address) == 0 else address
    if address.ipv4_mapped is not None:
        return canonical(address.ipv4_mapped)
    return IPv6Address(int(address) or 1)


def spelled(host: str) -> str | None:
    """A host that is an address, in canonical form; None for a name."""
    try:
        return str(canonical(ip_address(host.strip("[]"))))
    except ValueError:
        return None
