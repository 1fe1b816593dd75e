"""Who answers the task's DNS questions? A resolver inside the notifier, and only for names that a decision opened.

No question reaches a name server: data spelled into a name (tunnelling) stays here. What the task is told is pinned, so
an answer and the address that is then connected to agree. RFC 1035, RFC 3596.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.airflow.kernel.addresses import spelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.kernel.openings import Openings

PORT = 53
_HEADER = struct.Struct(">HHHHHH")
_A, _PTR, _AAAA, _INTERNET = 1, 12, 28, 1
_RESPONSE, _RECURSION = 0x8000, 0x0180
_FORMAT_ERROR, _NO_SUCH_NAME = 1, 3
_MOST = 20  # addresses: an answer over UDP stays within 512 bytes, and a pinned set small
_IDLE = 30.0  # seconds


class Question(NamedTuple):
    """A question as it came: its name, type and class, and its own bytes."""

    name: str
    kind: int
    class_: int
    raw: bytes


class System(NamedTuple):
    """What the machine's resolv.conf says, as glibc reads it."""

    servers: frozenset[str]
    search: tuple[str, ...]


def system(file: Path = Path("/etc/resolv.conf")) -> System:
    """Read the name servers and the search list."""
    servers: set[str] = set()
    search: tuple[str, ...] = ()
    with contextlib.suppress(OSError):
        for line in file.read_text(errors="replace").splitlines():
            words = line.split()
            if len(words) > 1 and words[0] == "nameserver":
                servers.add(spelled(words[1].partition("%")[0]) or "")
            elif len(words) > 1 and words[0] in {"search", "domain"}:
                search = tuple(word.strip(".").lower() for word in words[1:])
    return System(frozenset(servers - {""}) or frozenset({"127.0.0.1"}), search)


def question(message: bytes) -> Question | None:
    """Read the one question of a message; None for what is none."""
    if len(message) < _HEADER.size:
        return None
    _, flags, questions, *_ = _HEADER.unpack_from(message)
    if flags & _RESPONSE or questions != 1:
        return None
    labels, at = [], _HEADER.size
    while at < len(message) and message[at]:
        length = message[at]
        if length > 63 or at + 1 + length >= len(message):
            return None
        labels.append(message[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    if at + 5 > len(message):
        return None
    kind, class_ = struct.unpack_from(">HH", message, at + 1)
    return Question(".".join(labels), kind, class_, message[_HEADER.size : at + 5])


class Resolver:
    """Answers on the loopback, over UDP and TCP.

    Args:
        openings: Which names are open.
        refused: Told each name that was asked for and isn't.
        everything: Answer every name (the door only warns).
    """

    def __init__(self, openings: Openings, refused: Callable[[str], None], *, everything: bool = False) -> None:
        self._openings = openings
        self._refused = refused
        self._everything = everything
        self.system = system()
        self._own = {os.uname().nodename.lower(), "localhost"}
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._tcp = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.udp_port = int(self._udp.getsockname()[1])
        self.tcp_port = int(self._tcp.getsockname()[1])

    def start(self) -> None:
        """Answer from now on, in threads."""
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._udp.close()
        self._tcp.close()

    def _serve_udp(self) -> None:
        while True:
            message, sender = self._udp.recvfrom(4096)
            threading.Thread(target=self._answer_udp, args=(message, sender), daemon=True).start()

    def _answer_udp(self, message: bytes, sender: tuple[str, int]) -> None:
        if answer := self.answer(message):
            with contextlib.suppress(OSError):
                self._udp.sendto(answer, sender)

    def _serve_tcp(self) -> None:
        while True:
            connection, _ = self._tcp.accept()
            threading.Thread(target=self._answer_tcp, args=(connection,), daemon=True).start()

    def _answer_tcp(self, connection: socket.socket) -> None:
        connection.settimeout(_IDLE)
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as stream:
            while len(head := stream.read(2)) == 2:
                answer = self.answer(stream.read(int.from_bytes(head, "big")))
                if answer is None:
                    return
                connection.sendall(len(answer).to_bytes(2, "big") + answer)

    def answer(self, message: bytes) -> bytes | None:
        """The answer to a message; None for what isn't answered at all."""
        asked = question(message)
        if asked is None:
            return None if len(message) < _HEADER.size else _reply(message, b"", _FORMAT_ERROR)
        if not (self._everything or self._openings.knows(asked.name)):
            self._note(asked)
            return _reply(message, asked.raw, _NO_SUCH_NAME)
        if asked.class_ != _INTERNET or asked.kind not in {_A, _AAAA}:
            return _reply(message, asked.raw, 0)
        found = self._openings.look_up(asked.name)
        if not found:
            return _reply(message, asked.raw, _NO_SUCH_NAME)
        wanted = 4 if asked.kind == _A else 6
        packed = [ip_address(text).packed for text in found if ip_address(text).version == wanted]
        return _reply(message, asked.raw, 0, kind=asked.kind, addresses=packed[:_MOST])

    def _note(self, asked: Question) -> None:
        """A violation, unless a resolver asks so by itself: the search list, this machine, an address's name."""
        name = asked.name.lower()
        stems = [name] + [name.removesuffix(f".{domain}") for domain in self.system.search if domain]
        address = asked.kind == _PTR and name.endswith((".in-addr.arpa", ".ip6.arpa"))
        if not address and not any(stem in self._own or self._openings.knows(stem) for stem in stems):
            self._refused(asked.name)


def _reply(message: bytes, raw: bytes, code: int, *, kind: int = 0, addresses: list[bytes] | None = None) -> bytes:
    id_, flags, *_ = _HEADER.unpack_from(message)
    records = b"".join(
        struct.pack(">HHHIH", 0xC00C, kind, _INTERNET, 30, len(address)) + address for address in addresses or ()
    )
    header = _HEADER.pack(
        id_, _RESPONSE | _RECURSION | (flags & 0x0100) | code, 1 if raw else 0, len(addresses or ()), 0, 0
    )
    return header + raw + records
