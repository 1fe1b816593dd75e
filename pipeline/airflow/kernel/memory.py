"""What does a waiting thread ask for? Read once from its memory, so that what is judged is what is done."""

from __future__ import annotations

import errno
import os
import struct
from typing import NamedTuple, Self

from pipeline.airflow.kernel.addresses import Unreadable

_MESSAGE = struct.Struct("=QI4xQQQQi4x")  # struct msghdr
_VECTOR = struct.Struct("=QQ")  # struct iovec
MESSAGE_STRIDE = _MESSAGE.size + 8  # struct mmsghdr: a message and how much of it was sent
MOST_BYTES = 4 << 20  # of one message; a stream is told that so much was taken
_MOST_VECTORS = 1024  # UIO_MAXIOV
_MOST_CONTROL = 64 * 1024
_CONTROL = struct.Struct("=Qii")  # struct cmsghdr


class Control(NamedTuple):
    """One control message: its level, type, and bytes."""

    level: int
    kind: int
    content: bytes


class Message(NamedTuple):
    """What `sendmsg` would send: to whom (empty: to the connected peer), what, with which control messages."""

    name: bytes
    payload: bytes
    control: tuple[Control, ...]


class Memory:
    """A waiting thread's memory."""

    def __init__(self, thread: int) -> None:
        try:
            self._fd = os.open(f"/proc/{thread}/mem", os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise ProcessLookupError(thread) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)

    def read(self, address: int, length: int) -> bytes:
        """Exactly so many bytes.

        Raises:
            Unreadable: EFAULT, as the kernel would say.
        """
        if not length:
            return b""
        try:
            found = os.pread(self._fd, length, address)
        except (OSError, OverflowError):
            raise Unreadable(errno.EFAULT) from None
        if len(found) < length:
            raise Unreadable(errno.EFAULT)
        return found

    def write(self, address: int, content: bytes) -> None:
        """Write a result where the caller asked for it."""
        try:
            os.pwrite(self._fd, content, address)
        except (OSError, OverflowError):
            raise Unreadable(errno.EFAULT) from None

    def sockaddr(self, address: int, length: int) -> bytes:
        """A `sockaddr` of the length that the caller says."""
        if not 0 <= length <= 128:
            raise Unreadable(errno.EINVAL)
        return self.read(address, length)

    def message(self, address: int) -> Message:
        """A whole `struct msghdr`, with what it points to."""
        name, name_length, vectors, count, control, control_length, _ = _MESSAGE.unpack(
            self.read(address, _MESSAGE.size)
        )
        if count > _MOST_VECTORS or control_length > _MOST_CONTROL:
            raise Unreadable(errno.EMSGSIZE if count > _MOST_VECTORS else errno.ENOBUFS)
        table = self.read(vectors, count * _VECTOR.size)
        parts, room = [], MOST_BYTES
        for start, length in _VECTOR.iter_unpack(table):
            parts.append(self.read(start, min(length, room)))
            room -= len(parts[-1])
        raw = self.sockaddr(name, min(name_length, 128)) if name and name_length else b""
        return Message(raw, b"".join(parts), _controls(self.read(control, control_length) if control else b""))


def _controls(raw: bytes) -> tuple[Control, ...]:
    found, at = [], 0
    while at + _CONTROL.size <= len(raw):
        length, level, kind = _CONTROL.unpack_from(raw, at)
        if length < _CONTROL.size or at + length > len(raw):
            raise Unreadable(errno.EINVAL)
        found.append(Control(level, kind, raw[at + _CONTROL.size : at + length]))
        at += (length + 7) & ~7
    return tuple(found)


def packed_controls(controls: tuple[Control, ...]) -> bytes:
    """Control messages as `sendmsg` takes them."""
    made = b""
    for level, kind, content in controls:
        one = _CONTROL.pack(_CONTROL.size + len(content), level, kind) + content
        made += one.ljust((len(one) + 7) & ~7, b"\0")
    return made
