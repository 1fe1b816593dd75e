"""The process beside the task: it waits for calls, answers each in a thread of its own, and ends when the task ends.

It stands in a session of its own, can't be read or traced by others of its user, and holds nothing of the task's open
files. When it is killed, the kernel refuses every call that it would have answered.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from pipeline.airflow.kernel import calls
from pipeline.airflow.kernel.answering import Answering, Counter
from pipeline.airflow.kernel.board import Board, Violation
from pipeline.airflow.kernel.descriptors import Copied, Made
from pipeline.airflow.kernel.memory import Memory
from pipeline.airflow.kernel.names import Resolver
from pipeline.airflow.kernel.openings import Opening, Openings, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.kernel.machine import Machine
    from pipeline.airflow.kernel.openings import Resolve

COPY, MAKE, BLIND = b"copy", b"make", b"blind"
"""What the notifier can do: copy descriptors; only make sockets; not even read the task."""

_MOST_THREADS = 512
_SPARE = 4
_MESSAGE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Order:
    """How the door is to stand.

    Attributes:
        enforce: Refuse what isn't open; False only notes it.
        openings: What is open from the start (the installation's own needs).
        loopback: Whether the task may listen on the loopback.
        vet: Asked in the notifier, out of the task's reach, before anything more is opened; gives why not, or "".
        record: Told each violation once, in the notifier (the journal).
        resolve: How names are looked up.
        copies: False forgoes `pidfd_getfd` also where it is allowed.
    """

    enforce: bool = True
    openings: tuple[Opening, ...] = ()
    loopback: bool = False
    vet: Callable[[Opening], str] | None = None
    record: Callable[[Violation], None] | None = None
    resolve: Resolve = resolve
    copies: bool = True


def serve(machine: Machine, order: Order, control: socket.socket) -> NoReturn:
    """Be the notifier; never returns.

    The talk on `control`: the board's descriptor and our number go out, "traced" comes in, what we can do goes out, the
    listener comes in, "ready" goes out; then each message opens something more.
    """
    try:
        _serve(machine, order, control)
    finally:
        os._exit(1)


def _serve(machine: Machine, order: Order, control: socket.socket) -> None:
    _stand_apart(control)
    board = Board.make()
    socket.send_fds(control, [str(os.getpid()).encode()], [board.fd])
    task, probe = (int(word) for word in control.recv(64).split())
    way = _way(machine, task, probe, copies=order.copies)
    control.send(way)
    _, received, _, _ = socket.recv_fds(control, 1, 1)
    listener = received[0]
    os.set_inheritable(listener, False)
    openings = Openings(order.resolve)
    note = Counter(board.write, order.record)
    resolver = Resolver(openings, lambda name: note(Violation("name", name, 0, 0)), everything=not order.enforce)
    resolver.start()
    answering = Answering(
        machine,
        Copied(machine) if way == COPY else Made(listener),
        openings,
        resolver,
        note,
        enforce=order.enforce,
        loopback=order.loopback,
    )
    Workers(listener, answering).start()
    control.send(b"ready")
    for opening in order.openings:
        openings.add(opening)
    _attend(listener, control, openings, order)


def _stand_apart(control: socket.socket) -> None:
    os.setsid()
    calls.hide()
    socket.setdefaulttimeout(None)  # else every copy of a socket would be switched to it, and the task's with it
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN if number != signal.SIGCHLD else signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if control.fileno() != standard:
            os.dup2(null, standard)
    os.closerange(3, control.fileno())
    os.closerange(control.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    os.chdir("/")


def _way(machine: Machine, task: int, probe: int, *, copies: bool) -> bytes:
    try:
        with Memory(task):
            pass
    except OSError:
        return BLIND
    if not copies:
        return MAKE
    try:
        process = calls.process_of(machine, task)
        os.close(calls.copy_descriptor(machine, process, probe))
        os.close(process)
    except OSError:
        return MAKE
    return COPY


class Workers:
    """Threads that wait for calls: always one more than are busy, so that a slow connect holds up nobody."""

    def __init__(self, listener: int, answering: Answering) -> None:
        self._listener = listener
        self._answering = answering
        self._lock = threading.Lock()
        self._all = 0
        self._idle = 0

    def start(self) -> None:
        """Start one more, up to a limit."""
        with self._lock:
            if self._all >= _MOST_THREADS:
                return
            self._all += 1
            self._idle += 1
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            try:
                request = calls.receive(self._listener)
            except OSError:  # the thread that asked was ended by a signal
                continue
            with self._lock:
                self._idle -= 1
                short = self._idle == 0
            if short:
                self.start()
            answer = self._answering.answer(self._listener, request)
            if answer is not None:
                with contextlib.suppress(OSError):  # likewise
                    calls.answer(self._listener, request.id, value=answer.value, error=answer.error, go_on=answer.go_on)
            with self._lock:
                if self._idle >= _SPARE:
                    self._all -= 1
                    return
                self._idle += 1


def _attend(listener: int, control: socket.socket, openings: Openings, order: Order) -> None:
    """Open more as it is asked for, until the last process behind the door has ended."""
    poll = select.poll()
    poll.register(listener, 0)
    poll.register(control, select.POLLIN)
    while True:
        for fd, event in poll.poll():
            if fd == listener and event & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                os._exit(0)
            if fd == control.fileno():
                message = control.recv(_MESSAGE)
                if not message:  # the task closed its end; what it started goes on behind the door
                    poll.unregister(control)
                    continue
                control.send(json.dumps(_open(message, openings, order)).encode())


def _open(message: bytes, openings: Openings, order: Order) -> dict[str, object]:
    refused = []
    try:
        asked = json.loads(message)
        if "ask" in asked:
            host, port = asked["ask"]
            return {"id": asked["id"], "refused": [], "open": openings.leads_to(host, port) or openings.knows(host)}
        for host, port, path in asked["open"]:
            opening = Opening(str(host), int(port), None if path is None else str(path))
            why = order.vet(opening) if order.vet else ""
            if why:
                refused.append(why)
            else:
                openings.add(opening)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong opens nothing
        refused.append(f"what was asked can't be read ({type(error).__name__})")
        asked = {}
    return {"id": asked.get("id") if isinstance(asked, dict) else None, "refused": refused}
