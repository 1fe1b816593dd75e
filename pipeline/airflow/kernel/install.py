"""How does the door close behind a task's process, and what does the task still ask of it afterwards?"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import socket
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.airflow.kernel import calls, notifier
from pipeline.airflow.kernel.board import Board, Violation
from pipeline.airflow.kernel.errors import DoorCannotStand, DoorViolated
from pipeline.airflow.kernel.machine import this_machine
from pipeline.airflow.kernel.program import COOKIE, closing, packed, program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.airflow.kernel.machine import Machine
    from pipeline.airflow.kernel.notifier import Order

_SECONDS = 20.0  # a machine under load; the notifier answers in a millisecond
_ENDED = Violation("notifier", "has ended", 0, 0)


@dataclass(frozen=True)
class _Door:
    control: socket.socket
    board: Board
    notifier: int  # a pidfd
    fenced: bool
    way: str
    enforce: bool
    lock: threading.Lock
    ids: itertools.count[int]


_standing: list[_Door] = []


def close(order: Order | None = None) -> None:
    """Close the door behind this process and all that it starts: from now on it reaches only what was opened.

    There is no way back. A second call does nothing. Threads that run already are behind the door too.

    Args:
        order: How it is to stand; enforced and with nothing open by default.

    Raises:
        DoorCannotStand: The kernel or the container's own profile doesn't allow it; the process may be confined by
            then, with nothing open.
    """
    if _standing and standing():
        return
    machine = this_machine()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = _fork_notifier(machine, order or notifier.Order(), ours, theirs)
    theirs.close()
    ours.settimeout(_SECONDS)
    try:
        _standing[:] = [_install(machine, ours, enforce=order is None or order.enforce)]
    except (OSError, ValueError, IndexError) as error:
        ours.close()
        if isinstance(error, DoorCannotStand):
            raise
        raise DoorCannotStand(
            f"the kernel door can't stand here: {type(error).__name__} {getattr(error, 'strerror', '') or ''}".rstrip(),
            hint="In a container, give the pod deploy/kubernetes/douane-seccomp.json as its seccomp profile.",
        ) from None
    finally:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _fork_notifier(machine: Machine, order: Order, ours: socket.socket, theirs: socket.socket) -> int:
    """Fork twice: the notifier is no child of the task, so that waiting for one's children doesn't find it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads may run: the child uses none of their locks
        child = os.fork()
    if child:
        return child
    try:
        if os.fork():
            os._exit(0)
        ours.close()
        notifier.serve(machine, order, theirs)
    finally:
        os._exit(1)


def _install(machine: Machine, control: socket.socket, *, enforce: bool) -> _Door:
    said, descriptors, _, _ = socket.recv_fds(control, 64, 1)
    number, board = int(said), Board.read(descriptors[0])
    pidfd = os.pidfd_open(number)
    calls.let_trace(number)
    control.send(f"{os.getpid()} {control.fileno()}".encode())
    way = control.recv(64)
    if way not in {notifier.COPY, notifier.MAKE}:
        raise DoorCannotStand(
            "the notifier may not read the task's memory",
            hint="Yama's ptrace_scope or the container's profile forbids it.",
        )
    calls.no_new_privileges()
    calls.drop_capabilities(machine)
    fenced = calls.fence(machine)
    listener = calls.install(machine, packed(program(machine, sockets=way == notifier.MAKE)), listen=True)
    try:
        calls.send_listener(machine, control.fileno(), listener, COOKIE)
        calls.install(machine, packed(closing(machine)), listen=False)
        if control.recv(64) != b"ready":
            raise DoorCannotStand("the notifier ended before it began")
    finally:
        os.close(listener)
    return _Door(control, board, pidfd, fenced, way.decode(), enforce, threading.Lock(), itertools.count(1))


def standing() -> bool:
    """Whether this process is behind a door whose notifier lives: the kernel says so, not a flag of Python's."""
    return bool(_standing) and _filtered() and not _ended(_standing[0])


def _filtered() -> bool:
    with contextlib.suppress(OSError):
        return "\nSeccomp:\t2\n" in Path("/proc/self/status").read_text()
    return False


def _ended(door: _Door) -> bool:
    poll = select.poll()
    poll.register(door.notifier, select.POLLIN)
    return bool(poll.poll(0))


def enforced() -> bool:
    """Whether the door refuses what isn't open; one that only warns fails no task."""
    return bool(_standing) and _standing[0].enforce


def way() -> str:
    """How the notifier gets at sockets: `copy` or `make`; empty where no door stands."""
    return _standing[0].way if _standing else ""


def allow(openings: Iterable[tuple[str, int, str | None]]) -> None:
    """Open more, while the task runs; returns when it is open. Without a door, nothing is shut and nothing happens.

    Args:
        openings: Host, port and path of each, as `pipeline.guard.egress.openings` names them.

    Raises:
        DoorCannotStand: The notifier has ended: nothing can be opened any more.
        DoorViolated: The notifier was told to vet what is opened, and says no.
    """
    asked = [[opening[0], opening[1], opening[2]] for opening in openings]
    if not _standing or not asked:
        return
    answer = _ask({"open": asked})
    if answer["refused"]:
        raise DoorViolated("; ".join(answer["refused"]), hint="Only what the guard allows can be opened.")


def is_open(host: str, port: int) -> bool:
    """Whether an address is open at a port now, or a name was opened at all; True without a door.

    Raises:
        DoorCannotStand: The notifier has ended.
    """
    return not _standing or bool(_ask({"ask": [host, port]})["open"])


def _ask(message: dict[str, Any]) -> dict[str, Any]:
    door = _standing[0]
    with door.lock:
        id_ = f"{os.getpid()}-{next(door.ids)}"
        try:
            door.control.send(json.dumps({"id": id_, **message}).encode())
            answer = json.loads(door.control.recv(1 << 20) or b"{}")
        except (OSError, ValueError):
            answer = {}
    if answer.get("id") != id_:
        raise DoorCannotStand("the kernel door's notifier doesn't answer", hint="Run the task again.")
    return dict(answer)


def violations() -> tuple[Violation, ...]:
    """What was tried and refused so far, in order; the end of the notifier counts too."""
    if not _standing:
        return ()
    door = _standing[0]
    return door.board.lines() + ((_ENDED,) if _ended(door) else ())
