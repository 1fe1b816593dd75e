"""What happens to one call that the task waits in? It is judged on a copy, and done here on the task's own socket."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import struct
import threading
from typing import TYPE_CHECKING, NamedTuple

from pipeline.airflow.kernel import calls
from pipeline.airflow.kernel.addresses import Peer, Unreadable, peer, spelled
from pipeline.airflow.kernel.board import Violation
from pipeline.airflow.kernel.descriptors import Made, Unknown
from pipeline.airflow.kernel.memory import MESSAGE_STRIDE, MOST_BYTES, Control, Memory, Message, packed_controls
from pipeline.airflow.kernel.names import PORT
from pipeline.airflow.kernel.unix import UnixSockets, proven, target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.airflow.kernel.calls import Request
    from pipeline.airflow.kernel.descriptors import Descriptors
    from pipeline.airflow.kernel.machine import Machine
    from pipeline.airflow.kernel.names import Resolver
    from pipeline.airflow.kernel.openings import Openings

_INTERNET = (socket.AF_INET, socket.AF_INET6)
_ZERO_COPY = 0x4000000  # MSG_ZEROCOPY: the pages would be ours
_MOST_MESSAGES = 1024
_RIGHTS = (socket.SOL_SOCKET, 1)
# Control messages that change how a packet travels, not where to: TOS, TTL, PKTINFO (both families), UDP_SEGMENT.
_HARMLESS = {(0, 1), (0, 2), (0, 8), (41, 50), (41, 52), (41, 67), (17, 103)}
# Cloud clients look here for credentials before anything else (AWS, Azure and Google; AWS over IPv6; ECS). Shut like
# all else, but no violation: it never leaves the host, and a client without an answer goes on.
_METADATA = {"169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23"}


class Answer(NamedTuple):
    """What the thread gets: a value, an errno, or the kernel's own go."""

    value: int = 0
    error: int = 0
    go_on: bool = False


class Refused(Exception):
    """Not open."""


class Answering:
    """Answers calls, in as many threads as there are waiting.

    Args:
        machine: Whose numbers.
        descriptors: The way to the task's sockets.
        openings: What is open.
        resolver: Who answers DNS.
        note: Told each violation.
        enforce: False only notes, and lets the call be done.
        loopback: Whether the task may listen on the loopback.
    """

    def __init__(
        self,
        machine: Machine,
        descriptors: Descriptors,
        openings: Openings,
        resolver: Resolver,
        note: Callable[[Violation], None],
        *,
        enforce: bool = True,
        loopback: bool = False,
    ) -> None:
        self._machine = machine
        self._descriptors = descriptors
        self._openings = openings
        self._resolver = resolver
        self._note = note
        self._enforce = enforce
        self._loopback = loopback
        self._unix = UnixSockets(openings)
        self._by_number = {
            machine.numbers[name]: do
            for name, do in (
                ("connect", self._connect),
                ("sendto", self._sendto),
                ("sendmsg", self._sendmsg),
                ("sendmmsg", self._sendmmsg),
                ("listen", self._listen),
            )
        }

    def answer(self, listener: int, request: Request) -> Answer | None:
        """Do the call or refuse it; None where it was answered already. Whatever goes wrong refuses."""
        try:
            if request.number == self._machine.numbers["socket"] and isinstance(self._descriptors, Made):
                self._descriptors.make(request)
                return None
            with Memory(request.thread) as memory:
                # Only now is it certain that this memory is the waiting thread's, and no later process's.
                if not calls.waits(listener, request.id):
                    return None
                return self._by_number[request.number](request, memory)
        except (Unreadable, Refused, Unknown, OSError) as error:
            return Answer(error=self._code(error))

    def _code(self, error: Exception) -> int:
        if isinstance(error, PermissionError):
            # Yama lets a process read its own children only: what the task starts then stays without a network.
            self._note(Violation("connect", "of a process that the notifier may not read", 0, 0))
        if isinstance(error, Unreadable):
            return error.code
        if isinstance(error, Unknown) and self._descriptors.copies:
            return errno.EBADF
        return (error.errno if isinstance(error, OSError) else None) or errno.EACCES

    @contextlib.contextmanager
    def _socket(self, request: Request) -> Iterator[int]:
        descriptor = self._descriptors.get(request, request.arguments[0])
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _connect(self, request: Request, memory: Memory) -> Answer:
        raw = memory.sockaddr(request.arguments[1], _signed(request.arguments[2]))
        with self._socket(request) as descriptor, self._judged("connect", request, descriptor, raw) as judged:
            code = calls.connect(descriptor, judged.sockaddr)
            if judged.own and not code and not proven(descriptor):
                calls.connect(descriptor, struct.pack("=H14x", socket.AF_UNSPEC))
                with socket.socket(fileno=os.dup(descriptor)) as connected, contextlib.suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)
                self._refuse(Violation("socket", judged.peer.path.decode("utf-8", "replace"), 0, socket.AF_UNIX))
            if not self._descriptors.copies and code in {0, errno.EINPROGRESS}:
                self._descriptors.connected(descriptor)
            return Answer(error=code)

    def _sendto(self, request: Request, memory: Memory) -> Answer:
        _, start, length, flags, name, name_length = request.arguments
        raw = memory.sockaddr(name, _signed(name_length)) if _signed(name_length) else b""
        return self._send(request, Message(raw, memory.read(start, min(length, MOST_BYTES)), ()), flags)

    def _sendmsg(self, request: Request, memory: Memory) -> Answer:
        if not self._descriptors.copies:
            return self._unjudged([memory.message(request.arguments[1])])
        return self._send(request, memory.message(request.arguments[1]), request.arguments[2])

    def _sendmmsg(self, request: Request, memory: Memory) -> Answer:
        _, start, count, flags, *_ = request.arguments
        places = [start + index * MESSAGE_STRIDE for index in range(min(count & 0xFFFFFFFF, _MOST_MESSAGES))]
        if not self._descriptors.copies:
            return self._unjudged([memory.message(place) for place in places])
        for done, place in enumerate(places):
            try:
                answer = self._send(request, memory.message(place), flags)
            except (Refused, Unreadable):
                if done:
                    return Answer(value=done)
                raise
            if answer.error:
                return Answer(value=done) if done else answer
            memory.write(place + MESSAGE_STRIDE - 8, struct.pack("=I", answer.value))
        return Answer(value=len(places))

    def _unjudged(self, messages: list[Message]) -> Answer:
        """Without copies: to a connected peer the kernel sends; datagram sockets don't leave the loopback device."""
        for message in messages:
            if message.name:
                self._refuse(_violation("send", peer(message.name)))
        return Answer(go_on=True)

    def _send(self, request: Request, message: Message, flags: int) -> Answer:
        flags = flags & 0xFFFFFFFF & ~_ZERO_COPY
        with self._socket(request) as descriptor, contextlib.ExitStack() as stack:
            to = b""
            if message.name:
                to = stack.enter_context(self._judged("send", request, descriptor, message.name)).sockaddr
            control = packed_controls(self._controls(request, descriptor, message.control, stack))
            value, error = calls.send(descriptor, to, message.payload, control, flags)
            return Answer(value, error)

    def _controls(
        self, request: Request, descriptor: int, controls: tuple[Control, ...], stack: contextlib.ExitStack
    ) -> tuple[Control, ...]:
        """The same control messages, with descriptors as they are numbered here."""
        unix = _family(descriptor) == socket.AF_UNIX
        made = []
        for control in controls:
            which = (control.level, control.kind)
            if unix and which == _RIGHTS:
                numbers = struct.unpack(f"={len(control.content) // 4}i", control.content[: len(control.content) & ~3])
                copies = []
                for number in numbers:
                    copies.append(self._descriptors.get(request, number))
                    stack.callback(os.close, copies[-1])
                made.append(control._replace(content=struct.pack(f"={len(copies)}i", *copies)))
            elif not unix and which in _HARMLESS:
                made.append(control)
            else:
                raise Unreadable(errno.EPERM)
        return tuple(made)

    def _listen(self, request: Request, _memory: Memory) -> Answer:
        with self._socket(request) as descriptor:
            family = _family(descriptor)
            if family == socket.AF_UNIX:
                self._unix.listened(request.thread, descriptor)
            elif family in _INTERNET:
                with socket.socket(fileno=os.dup(descriptor)) as bound:
                    host, port = bound.getsockname()[:2]
                here = spelled(host) if host not in {"0.0.0.0", "::"} else None  # noqa: S104 - refused below
                if self._loopback and here in {"127.0.0.1", "::1"}:
                    self._openings.add_own(here, port)
                else:
                    self._refuse(Violation("listen", str(host), int(port), family))
            return Answer(error=calls.listen(descriptor, _signed(request.arguments[1])))

    @contextlib.contextmanager
    def _judged(self, what: str, request: Request, descriptor: int, raw: bytes) -> Iterator[_Judged]:
        """The address to use instead of the one asked for, held while it is used.

        Raises:
            Refused: It isn't open.
        """
        to = peer(raw)
        if to.family == socket.AF_UNIX:
            with target(request.thread, to.path) as found:
                own = self._unix.is_own(found)
                if not own and not self._unix.is_open(found):
                    self._refuse(None if found.quiet else Violation("socket", found.name, 0, to.family))
                yield _Judged(to, found.sockaddr, own=own and what == "connect")
        elif to.family in _INTERNET:
            yield _Judged(to, self._reached(what, descriptor, to, raw))
        elif to.family == socket.AF_UNSPEC and what == "connect":
            yield _Judged(to, raw)  # lets go of a peer
        elif to.family == socket.AF_NETLINK:
            yield _Judged(to, raw)
        else:
            # UDP takes a send to family 0 as one to an IPv4 address.
            raise Unreadable(errno.EAFNOSUPPORT)

    def _reached(self, what: str, descriptor: int, to: Peer, raw: bytes) -> bytes:
        if self._openings.leads_to(to.host, to.port):
            return raw
        if to.port == PORT and to.host in self._resolver.system.servers:
            stream = _kind(descriptor) == socket.SOCK_STREAM
            return _loopback(to.family, self._resolver.tcp_port if stream else self._resolver.udp_port)
        self._refuse(None if to.host in _METADATA else _violation(what, to))
        return raw

    def _refuse(self, violation: Violation | None) -> None:
        if violation is not None:
            self._note(violation)
        if self._enforce:
            raise Refused


class _Judged(NamedTuple):
    peer: Peer
    sockaddr: bytes
    own: bool = False


class Counter:
    """Writes violations on the board and has them recorded, one after another."""

    def __init__(self, write: Callable[[Violation], None], record: Callable[[Violation], None] | None) -> None:
        self._write = write
        self._record = record
        self._lock = threading.Lock()
        self._recorded: set[Violation] = set()

    def __call__(self, violation: Violation) -> None:
        """Count it; record each different one once."""
        with self._lock:
            self._write(violation)
            if self._record is None or violation in self._recorded:
                return
            self._recorded.add(violation)
            with contextlib.suppress(Exception):  # a journal that can't be written must not open the door
                self._record(violation)


def _violation(what: str, to: Peer) -> Violation:
    return Violation(what, to.host, to.port, to.family)


def _signed(register: int) -> int:
    low = register & 0xFFFFFFFF
    return low - (1 << 32) if low >= 1 << 31 else low


def _option(descriptor: int, option: int) -> int:
    with socket.socket(fileno=os.dup(descriptor)) as looked_at:
        return looked_at.getsockopt(socket.SOL_SOCKET, option)


def _kind(descriptor: int) -> int:
    return _option(descriptor, socket.SO_TYPE)


def _family(descriptor: int) -> int:
    return _option(descriptor, socket.SO_DOMAIN)


def _loopback(family: int, port: int) -> bytes:
    if family == socket.AF_INET:
        return struct.pack("=HH4s8x", family, socket.htons(port), socket.inet_aton("127.0.0.1"))
    mapped = socket.inet_pton(socket.AF_INET6, "::ffff:127.0.0.1")
    return struct.pack("=HHI16sI", family, socket.htons(port), 0, mapped, 0)
