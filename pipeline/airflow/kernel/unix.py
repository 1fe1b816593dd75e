"""Which unix sockets of the machine are open? Those a decision named, and those that the task itself listens on.

A socket of docker, containerd or a proxy leads out of the task. What is judged is the file behind the path (symlinks
followed, held open), and it is connected to by that descriptor: exchanging the path in between changes nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import struct
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.airflow.kernel.addresses import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.airflow.kernel.openings import Openings

# C libraries, loggers and PAM knock on these by themselves, and go on without an answer: refused, but no violation.
# /run is meant where /var/run is asked for (a symlink, followed). From glibc's nscd_proto.h, nss-resolve, sssd, syslog(3).
_QUIET = ("/run/nscd", "/run/systemd", "/var/lib/sss", "/dev/log", "/run/dbus", "/run/avahi-daemon")


class Target(NamedTuple):
    """The file behind a path: its real name, its identity, and a sockaddr that reaches it whatever the path says now."""

    name: str
    identity: tuple[int, int] | bytes
    sockaddr: bytes

    @property
    def quiet(self) -> bool:
        """Whether the machine's own libraries ask for it unbidden."""
        return self.name.startswith(_QUIET)


@contextlib.contextmanager
def target(thread: int, path: bytes) -> Iterator[Target]:
    """Hold the file that a thread means by a path, seen from its own root and working directory.

    Raises:
        Unreadable: There is no such file.
    """
    if path[:1] == b"\0":
        yield Target("@" + path[1:].decode("utf-8", "replace"), path, struct.pack("=H", socket.AF_UNIX) + path)
        return
    start = f"/proc/{thread}/root" if path[:1] == b"/" else f"/proc/{thread}/cwd/"
    try:
        fd = os.open(os.fsencode(start) + path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(error.errno or errno.ENOENT) from None
    try:
        status = os.fstat(fd)
        held = f"/proc/self/fd/{fd}"
        name = str(Path(held).readlink())
        yield Target(name, (status.st_dev, status.st_ino), struct.pack("=H", socket.AF_UNIX) + held.encode() + b"\0")
    finally:
        os.close(fd)


class UnixSockets:
    """Judges unix sockets, and remembers those that the task listens on."""

    def __init__(self, openings: Openings) -> None:
        self._openings = openings
        self._lock = threading.Lock()
        self._own: set[tuple[int, int] | bytes] = set()

    def is_open(self, found: Target) -> bool:
        """Whether a decision opened it."""
        return not found.name.startswith("@") and self._openings.has_path(found.name)

    def is_own(self, found: Target) -> bool:
        """Whether the task listens on it, as far as names tell; `proven` tells for certain."""
        with self._lock:
            return found.identity in self._own

    def listened(self, thread: int, descriptor: int) -> None:
        """Remember a socket that the task is about to listen on."""
        with socket.socket(fileno=os.dup(descriptor)) as listening:
            name = listening.getsockname()
        raw = name if isinstance(name, bytes) else os.fsencode(name)
        if not raw:
            return
        with contextlib.suppress(Unreadable), target(thread, raw) as found, self._lock:
            self._own.add(found.identity)


def proven(descriptor: int) -> bool:
    """Whether the other end was listened on through this notifier: the kernel then names this process as the peer.

    A task could have us remember a stranger's socket under its own name; the kernel's answer can't be made up.
    """
    with socket.socket(fileno=os.dup(descriptor)) as connected:
        pid, _, _ = struct.unpack("=iII", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return bool(pid == os.getpid())
