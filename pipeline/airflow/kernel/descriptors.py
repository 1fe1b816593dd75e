"""How does the notifier get at a waiting thread's socket? By a copy of it, or because it made the socket itself.

`pidfd_getfd` copies. Where a container forbids it, the notifier answers `socket` with sockets of its own making
(`SECCOMP_IOCTL_NOTIF_ADDFD`) and keeps each until it is connected. It binds its datagram sockets to the loopback device.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.airflow.kernel import calls

if TYPE_CHECKING:
    from pipeline.airflow.kernel.calls import Request
    from pipeline.airflow.kernel.machine import Machine

_KEPT = 1024
_KIND = 0xF
_NONBLOCK, _CLOEXEC = os.O_NONBLOCK, os.O_CLOEXEC


class Unknown(Exception):
    """A descriptor that is no socket, or one that the notifier can't get at."""


class Descriptors(Protocol):
    """A way to the task's sockets."""

    copies: bool
    """Whether any descriptor can be had, also one that was there before."""

    def get(self, request: Request, number: int) -> int:
        """A descriptor of one's own for the thread's; to be closed."""

    def connected(self, descriptor: int) -> None:
        """A stream was connected: its peer must see the end when the task closes it."""


class Copied:
    """By `pidfd_getfd`: any descriptor, its options kept."""

    copies = True

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def get(self, request: Request, number: int) -> int:
        """Copy it."""
        try:
            process = calls.process_of(self._machine, request.thread)
        except OSError:
            raise Unknown from None
        try:
            return calls.copy_descriptor(self._machine, process, number)
        except OSError:
            raise Unknown from None
        finally:
            os.close(process)

    def connected(self, descriptor: int) -> None:
        """Nothing was kept."""


class Made:
    """By making every socket: only what was made after the door was closed can be connected."""

    copies = False

    def __init__(self, listener: int) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, int] = OrderedDict()

    def make(self, request: Request) -> None:
        """Answer `socket` with a new one.

        Raises:
            OSError: The kernel wouldn't have made it either.
        """
        family, kind, protocol = (argument & 0xFFFFFFFF for argument in request.arguments[:3])
        made = socket.socket(family, kind & _KIND, protocol)
        try:
            if family != socket.AF_UNIX and kind & _KIND == socket.SOCK_DGRAM:
                # A send can't be judged without a copy, so it can't leave the machine either.
                made.setsockopt(socket.SOL_SOCKET, 25, b"lo\0")
            os.set_blocking(made.fileno(), not kind & _NONBLOCK)
            self._keep(_inode("self", made.fileno()), os.dup(made.fileno()))
            calls.give(self._listener, request.id, made.fileno(), close_on_exec=bool(kind & _CLOEXEC))
        finally:
            made.close()

    def _keep(self, key: str, descriptor: int) -> None:
        # Before it is given: the task may connect it at once. An inode comes again when its last socket was closed.
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = descriptor
            gone = [self._kept.popitem(last=False)[1]] if len(self._kept) > _KEPT else []
        for old in [before, *gone]:
            if old is not None:
                os.close(old)

    def get(self, request: Request, number: int) -> int:
        """Find the one that was made."""
        try:
            key = _inode(request.thread, number & 0xFFFFFFFF)
        except OSError:
            raise Unknown from None
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                raise Unknown
            return os.dup(kept)

    def connected(self, descriptor: int) -> None:
        """Let go of it."""
        with contextlib.suppress(OSError):
            with socket.socket(fileno=os.dup(descriptor)) as looked_at:
                if looked_at.type == socket.SOCK_DGRAM:
                    return
            key = _inode("self", descriptor)
            with self._lock:
                kept = self._kept.pop(key, None)
            if kept is not None:
                os.close(kept)


def _inode(process: int | str, descriptor: int) -> str:
    """The kernel's own name of a socket, the same whichever process looks."""
    return str(Path(f"/proc/{process}/fd/{descriptor}").readlink())
