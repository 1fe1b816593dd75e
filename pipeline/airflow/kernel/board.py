"""What did the notifier see? A shared page that only the notifier can write, and that the task can only read.

A sealed memory file (`F_SEAL_FUTURE_WRITE`): mappings made before the seal stay writable (the notifier's), later ones
can't become so, not even by `mprotect`, `/proc/self/mem` or a second `open`.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from typing import NamedTuple, Self

_SIZE = 64 * 1024
_HEAD = struct.Struct("=QQ")  # how many in all, how many are written below
_LINE = struct.Struct("=64sHH188s")  # what, family, port, host
_LINES = (_SIZE - _HEAD.size) // _LINE.size
_GROWTH = fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK if hasattr(fcntl, "F_SEAL_GROW") else 0
_FUTURE_WRITE = 0x0010  # F_SEAL_FUTURE_WRITE, linux/fcntl.h, Linux 5.1; Python has no name for it
_SEAL = 0x0001  # F_SEAL_SEAL


class Violation(NamedTuple):
    """One thing that the task tried and the kernel refused. Never what it would have sent.

    Attributes:
        what: `connect`, `send`, `name` (a DNS question), `socket` (of the machine), `listen`, or `notifier`.
        host: The address, the name that was asked for, or the socket's path; cut at 188 bytes.
        port: 0 where there is none.
        family: `AF_*`; 0 for a name.
    """

    what: str
    host: str
    port: int
    family: int

    def __str__(self) -> str:
        where = f"[{self.host}]:{self.port}" if ":" in self.host and self.port else self.host
        if self.port and ":" not in self.host:
            where = f"{self.host}:{self.port}"
        return f"{self.what} {where}".rstrip()


class Board:
    """The page, from the notifier's side or from the task's."""

    def __init__(self, fd: int, page: mmap.mmap) -> None:
        self.fd = fd
        self._page = page

    @classmethod
    def make(cls) -> Self:
        """Make a page to write on, and seal it for everyone else."""
        fd = os.memfd_create("douane-door", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, _SIZE)
        page = mmap.mmap(fd, _SIZE)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _GROWTH | _FUTURE_WRITE | _SEAL)
        return cls(fd, page)

    @classmethod
    def read(cls, fd: int) -> Self:
        """Look at the page behind a descriptor."""
        return cls(fd, mmap.mmap(fd, _SIZE, prot=mmap.PROT_READ))

    def write(self, violation: Violation) -> None:
        """Add one; beyond the page's end only the count grows. For one thread at a time."""
        total, written = _HEAD.unpack_from(self._page)
        if written < _LINES:
            what, host = violation.what.encode()[:64], violation.host.encode("utf-8", "replace")[:188]
            _LINE.pack_into(self._page, _HEAD.size + written * _LINE.size, what, violation.family, violation.port, host)
            written += 1
        _HEAD.pack_into(self._page, 0, total + 1, written)

    @property
    def count(self) -> int:
        """How many violations there were."""
        return int(_HEAD.unpack_from(self._page)[0])

    def lines(self) -> tuple[Violation, ...]:
        """The first violations, in order."""
        _, written = _HEAD.unpack_from(self._page)
        found = []
        for index in range(written):
            what, family, port, host = _LINE.unpack_from(self._page, _HEAD.size + index * _LINE.size)
            text = host.rstrip(b"\0").decode("utf-8", "replace")
            found.append(Violation(what.rstrip(b"\0").decode(), text, port, family))
        return tuple(found)
