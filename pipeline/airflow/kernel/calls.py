"""How are the kernel's calls made that Python has no name for? Thin, each raising OSError with the kernel's errno."""

from __future__ import annotations

import ctypes
import os
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.airflow.kernel.machine import Machine

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_libc.sendmsg.restype = ctypes.c_ssize_t
_libc.ioctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)

# linux/prctl.h, linux/seccomp.h, linux/pidfd.h, linux/landlock.h, linux/capability.h
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_SET_PTRACER = 4, 24, 38, 0x59616D61
_SET_MODE_FILTER = 1
_TSYNC, _NEW_LISTENER, _TSYNC_ESRCH, _WAIT_KILLABLE = 1, 8, 16, 32
_RECV, _SEND, _ID_VALID, _ADDFD = 0xC0502100, 0xC0182101, 0x40082102, 0x40182103
_PIDFD_THREAD = 0o200  # O_EXCL
_SCOPES = 0b11  # LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL
_SCOPES_SINCE = 6
_CAPABILITIES_3 = 0x20080522
# CAP_NET_ADMIN, NET_RAW, SYS_MODULE, SYS_RAWIO, SYS_PTRACE, SYS_ADMIN, SYS_BOOT, PERFMON, BPF, CHECKPOINT_RESTORE:
# each lets root read or write another process, or send packets without a socket's address.
_DROPPED = (12, 13, 16, 17, 19, 21, 22, 38, 39, 40)

_REQUEST = struct.Struct("=QIIiIQ6Q")
_RESPONSE = struct.Struct("=QqiI")
_ADDITION = struct.Struct("=QIIII")


class Request(NamedTuple):
    """`struct seccomp_notif`: one call that a thread waits in.

    Attributes:
        id: The kernel's name for it.
        thread: The thread that waits, as this process sees it.
        number: Which call.
        arguments: Its six registers.
    """

    id: int
    thread: int
    number: int
    arguments: tuple[int, ...]


def _checked(result: int, what: str) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), what)
    return int(result)


def call(machine: Machine, name: str, *arguments: int | ctypes.Array[ctypes.c_char] | None) -> int:
    """One system call by its name; integers go as 64-bit registers, buffers as pointers."""
    registers = [ctypes.c_uint64(a & 0xFFFFFFFFFFFFFFFF) if isinstance(a, int) else a for a in arguments]
    return _checked(_libc.syscall(ctypes.c_long(machine.numbers[name]), *registers), name)


def no_new_privileges() -> None:
    """What a filter and Landlock ask for: nothing that is started gains more rights by its file."""
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def install(machine: Machine, code: bytes, *, listen: bool) -> int:
    """Put a filter on every thread of this process; gives the listener's descriptor if asked for one."""
    instructions = ctypes.create_string_buffer(code, len(code))
    length = len(code) // 8
    pointer = ctypes.addressof(instructions)
    header = ctypes.create_string_buffer(struct.pack("=H6xQ", length, pointer))
    flags = _TSYNC | _TSYNC_ESRCH | (_NEW_LISTENER if listen else 0)
    if not listen:
        return call(machine, "seccomp", _SET_MODE_FILTER, flags, header)
    try:
        # A call that the notifier has begun isn't begun again by a signal: its bytes would be sent twice.
        return call(machine, "seccomp", _SET_MODE_FILTER, flags | _WAIT_KILLABLE, header)
    except OSError:  # before Linux 5.19
        return call(machine, "seccomp", _SET_MODE_FILTER, flags, header)


def receive(listener: int) -> Request:
    """Wait for the next request."""
    buffer = ctypes.create_string_buffer(_REQUEST.size)
    _checked(_libc.ioctl(listener, _RECV, ctypes.byref(buffer)), "receive")
    id_, thread, _flags, number, _arch, _pointer, *arguments = _REQUEST.unpack(buffer.raw)
    return Request(id_, thread, number, tuple(arguments))


def answer(listener: int, id_: int, *, value: int = 0, error: int = 0, go_on: bool = False) -> None:
    """Let the thread go with a value or an errno, or let the kernel run the call as it stands."""
    buffer = ctypes.create_string_buffer(_RESPONSE.pack(id_, value, -error, int(go_on)), _RESPONSE.size)
    _checked(_libc.ioctl(listener, _SEND, ctypes.byref(buffer)), "answer")


def waits(listener: int, id_: int) -> bool:
    """Whether that thread still waits: else its number may be another's by now."""
    return bool(_libc.ioctl(listener, _ID_VALID, ctypes.byref(ctypes.c_uint64(id_))) == 0)


def give(listener: int, id_: int, descriptor: int, *, close_on_exec: bool) -> None:
    """Put a descriptor into the waiting process, and answer its call with the number there."""
    flags = os.O_CLOEXEC if close_on_exec else 0
    buffer = ctypes.create_string_buffer(_ADDITION.pack(id_, 2, descriptor, 0, flags), _ADDITION.size)
    _checked(_libc.ioctl(listener, _ADDFD, ctypes.byref(buffer)), "give")


def process_of(machine: Machine, thread: int) -> int:
    """A descriptor of a thread, or of its process where the kernel has no thread's (before Linux 6.9)."""
    try:
        return call(machine, "pidfd_open", thread, _PIDFD_THREAD)
    except OSError:
        return call(machine, "pidfd_open", leader(thread), 0)


def leader(thread: int) -> int:
    """The process that a thread belongs to."""
    with open(f"/proc/{thread}/status", "rb") as status:  # noqa: PTH123 - on the way of every call
        for line in status:
            if line.startswith(b"Tgid:"):
                return int(line.split()[1])
    raise ProcessLookupError(thread)


def copy_descriptor(machine: Machine, process: int, descriptor: int) -> int:
    """The same open file, here."""
    return call(machine, "pidfd_getfd", process, descriptor & 0xFFFFFFFF, 0)


def connect(descriptor: int, raw: bytes) -> int:
    """Connect; gives 0 or the errno."""
    return 0 if _libc.connect(descriptor, raw, len(raw)) == 0 else ctypes.get_errno()


def listen(descriptor: int, backlog: int) -> int:
    """Listen; gives 0 or the errno."""
    return 0 if _libc.listen(descriptor, ctypes.c_int(backlog)) == 0 else ctypes.get_errno()


def send_listener(machine: Machine, to: int, listener: int, cookie: int) -> None:
    """Hand over the listener by the one message that the filter lets pass."""
    byte = ctypes.create_string_buffer(b"L", 1)
    vector = ctypes.create_string_buffer(struct.pack("=QQ", ctypes.addressof(byte), 1), 16)
    control = ctypes.create_string_buffer(struct.pack("=QiiiI", 20, 1, 1, listener, 0), 24)  # SOL_SOCKET, SCM_RIGHTS
    message = ctypes.create_string_buffer(
        struct.pack("=QI4xQQQQi4x", 0, 0, ctypes.addressof(vector), 1, ctypes.addressof(control), 24, 0), 56
    )
    call(machine, "sendmsg", to, message, cookie << 32)


def let_trace(process: int) -> None:
    """Let the notifier read this process where Yama would forbid it; other kernels don't know the call."""
    _libc.prctl(_PR_SET_PTRACER, process, 0, 0, 0)


def hide() -> None:
    """No other process of this user reads, writes or traces this one."""
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl")


def fence(machine: Machine) -> bool:
    """By Landlock: no signal to, and no trace of, what stands outside this task. False before Linux 6.12."""
    try:
        if call(machine, "landlock_create_ruleset", 0, 0, 1) < _SCOPES_SINCE:
            return False
        rules = ctypes.create_string_buffer(struct.pack("=QQQ", 0, 0, _SCOPES), 24)
        ruleset = call(machine, "landlock_create_ruleset", rules, 24, 0)
    except OSError:
        return False
    try:
        call(machine, "landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def drop_capabilities(machine: Machine) -> None:
    """Take from a task of root, and from what it starts, the powers to go round the door."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITIES_3, 0), 8)
    data = ctypes.create_string_buffer(24)
    call(machine, "capget", header, data)
    sets = list(struct.unpack("=6I", data.raw))
    if not any(sets):
        return
    for capability in _DROPPED:
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
        for word in range(3):
            sets[3 * (capability // 32) + word] &= ~(1 << (capability % 32)) & 0xFFFFFFFF
    data = ctypes.create_string_buffer(struct.pack("=6I", *sets), 24)
    call(machine, "capset", header, data)


def renew_resolver() -> None:
    """Have glibc read RES_OPTIONS again in this thread; other C libraries have no such call."""
    again = getattr(_libc, "__res_init", None)
    if again is not None:
        again()


def send(descriptor: int, name: bytes, payload: bytes, control: bytes, flags: int) -> tuple[int, int]:
    """Send one message; gives how much was taken, and the errno (0: none)."""
    to = ctypes.create_string_buffer(name, len(name) or 1)
    body = ctypes.create_string_buffer(payload, len(payload) or 1)
    extra = ctypes.create_string_buffer(control, len(control) or 1)
    vector = ctypes.create_string_buffer(struct.pack("=QQ", ctypes.addressof(body), len(payload)), 16)
    packed = struct.pack(
        "=QI4xQQQQi4x",
        ctypes.addressof(to) if name else 0,
        len(name),
        ctypes.addressof(vector),
        1,
        ctypes.addressof(extra) if control else 0,
        len(control),
        0,
    )
    sent = _libc.sendmsg(descriptor, ctypes.create_string_buffer(packed, 56), ctypes.c_int(flags))
    return (int(sent), 0) if sent >= 0 else (0, ctypes.get_errno())
