"""Which system calls does the kernel answer itself, which does it ask the notifier about, and which does it refuse?

A classic BPF program over `struct seccomp_data` (linux/seccomp.h). It sees registers, never memory: addresses are the
notifier's part. What is refused here has no use in a task, or would go round the notifier.
"""

from __future__ import annotations

import errno
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.airflow.kernel.machine import Machine

ALLOW = 0x7FFF0000
NOTIFY = 0x7FC00000
REFUSE = 0x00050000
"""`SECCOMP_RET_*`; a refusal carries its errno in the low 16 bits."""

LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

# The installer hands the listener to the notifier by the one sendmsg that this program lets pass unasked: the upper
# half of its flags, which the kernel itself ignores, is the cookie. A second program then refuses the cookie for good.
COOKIE = 0x444F5541

# CLONE_NEW*: a namespace of one's own has its own network, mounts, users and process ids.
_NAMESPACES = 0x00000080 | 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_MSG_FASTOPEN = 0x20000000

_NO_USE_IN_A_TASK = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "process_madvise"),  # of the notifier
    *("setns", "mount", "umount2", "pivot_root", "open_tree", "move_mount", "fsopen", "mount_setattr"),
    *("bpf", "perf_event_open", "userfaultfd", "init_module", "finit_module", "kexec_load", "kexec_file_load"),
)
# Answered as by a kernel that lacks them: callers then use the calls that are seen here. A ring's connects are not.
_ABSENT = ("io_uring_setup", "io_uring_enter", "io_uring_register", "clone3")

_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_STREAM, _DATAGRAM = 1, 2
# An SCTP socket connects by setsockopt, a raw one writes its own addresses.
_PROTOCOLS = {_STREAM: (0, 6), _DATAGRAM: (0, 17, 1, 58)}
# (level, option): a source route makes the first hop another host than the one that was allowed.
_ROUTES = ((0, 4), (41, 57), (41, 5), (41, 6))
_OWN_DEVICE = (1, 25)  # SO_BINDTODEVICE: without pidfd_getfd the notifier binds datagram sockets to the loopback


class Instruction(NamedTuple):
    """`struct sock_filter`: what to do, where to jump by how many (true, false), and its constant."""

    code: int
    true: int
    false: int
    constant: int


def program(machine: Machine, *, sockets: bool = False) -> tuple[Instruction, ...]:
    """Build the filter for a machine.

    Args:
        machine: Whose system calls.
        sockets: Also ask about new sockets: the way where `pidfd_getfd` is forbidden.
    """
    made = [
        Instruction(LOAD, 0, 0, _ARCHITECTURE),
        Instruction(EQUAL, 1, 0, machine.audit),
        _refuse(errno.EPERM),
        Instruction(LOAD, 0, 0, _NUMBER),
    ]
    if machine.foreign is not None:
        made += [Instruction(AT_LEAST, 0, 1, machine.foreign), _refuse(errno.EPERM)]
    number = machine.numbers
    for name in _NO_USE_IN_A_TASK:
        made += _when(number[name], [_refuse(errno.EPERM)])
    for name in _ABSENT:
        made += _when(number[name], [_refuse(errno.ENOSYS)])
    made += _when(number["connect"], [_give(NOTIFY)])
    made += _when(number["listen"], [_give(NOTIFY)])
    made += _when(number["sendmmsg"], _messages(flags=3))
    made += _when(number["sendmsg"], _sendmsg())
    made += _when(number["sendto"], _sendto())
    made += _when(number["socket"], _socket(NOTIFY if sockets else ALLOW))
    made += _when(number["setsockopt"], _setsockopt())
    for name in ("clone", "unshare"):
        made += _when(number[name], [*_argument(0), *_if_any(_NAMESPACES, _refuse(errno.EPERM)), _give(ALLOW)])
    return (*made, _give(ALLOW))


def closing(machine: Machine) -> tuple[Instruction, ...]:
    """Build the second filter: from now on nobody passes by the cookie."""
    return (
        Instruction(LOAD, 0, 0, _NUMBER),
        *_when(
            machine.numbers["sendmsg"],
            [*_argument(2, upper=True), *_if_equal(COOKIE, _refuse(errno.EPERM)), _give(ALLOW)],
        ),
        _give(ALLOW),
    )


def packed(instructions: Iterable[Instruction]) -> bytes:
    """The program as `struct sock_filter[]`."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def _give(action: int) -> Instruction:
    return Instruction(RETURN, 0, 0, action)


def _refuse(code: int) -> Instruction:
    return _give(REFUSE | code)


def _when(number: int, block: list[Instruction]) -> list[Instruction]:
    """Run the block, which always returns, for this call only; the number stays loaded for the next."""
    return [Instruction(EQUAL, 0, len(block), number), *block]


def _argument(index: int, *, upper: bool = False) -> list[Instruction]:
    """Load half of an argument; both architectures are little-endian."""
    return [Instruction(LOAD, 0, 0, _ARGUMENTS + 8 * index + 4 * upper)]


def _if_equal(constant: int, then: Instruction) -> list[Instruction]:
    return [Instruction(EQUAL, 0, 1, constant), then]


def _if_any(bits: int, then: Instruction) -> list[Instruction]:
    return [Instruction(ANY_BIT, 0, 1, bits), then]


def _messages(*, flags: int) -> list[Instruction]:
    # TCP Fast Open connects inside a send: refused as unsupported, so that callers connect first.
    return [*_argument(flags), *_if_any(_MSG_FASTOPEN, _refuse(errno.EOPNOTSUPP)), _give(NOTIFY)]


def _sendmsg() -> list[Instruction]:
    return [*_argument(2, upper=True), *_if_equal(COOKIE, _give(ALLOW)), *_messages(flags=2)]


def _sendto() -> list[Instruction]:
    """Ask only when there is an address: `send` on a connected socket stays as fast as it was."""
    return [
        *_argument(3),
        *_if_any(_MSG_FASTOPEN, _refuse(errno.EOPNOTSUPP)),
        *_argument(4),
        Instruction(EQUAL, 0, 2, 0),
        *_argument(4, upper=True),
        Instruction(EQUAL, 1, 0, 0),
        _give(NOTIFY),
        _give(ALLOW),
    ]


def _socket(asked: int) -> list[Instruction]:
    """Let pass unix, TCP, UDP, ping, and the netlink of routes (names of interfaces, getaddrinfo); nothing else."""
    named = [*_argument(0), *_if_equal(_UNIX, _give(asked))]
    netlink = [*_argument(2), *_if_equal(0, _give(ALLOW)), _refuse(errno.EPROTONOSUPPORT)]
    inet: list[Instruction] = []
    for kind, protocols in _PROTOCOLS.items():
        known = [
            *_argument(2),
            *(i for p in protocols for i in _if_equal(p, _give(asked))),
            _refuse(errno.EPROTONOSUPPORT),
        ]
        inet += [*_argument(1), Instruction(AND, 0, 0, 0xF), Instruction(EQUAL, 0, len(known), kind), *known]
    inet += [_refuse(errno.EPERM)]
    return [
        *named,
        Instruction(EQUAL, 0, len(netlink), _NETLINK),
        *netlink,
        Instruction(EQUAL, 2, 0, _INET),
        Instruction(EQUAL, 1, 0, _INET6),
        _refuse(errno.EAFNOSUPPORT),
        *inet,
    ]


def _setsockopt() -> list[Instruction]:
    made: list[Instruction] = []
    for level, option in (*_ROUTES, _OWN_DEVICE):
        block = [*_argument(2), *_if_equal(option, _refuse(errno.EPERM))]
        made += [*_argument(1), Instruction(EQUAL, 0, len(block), level), *block]
    return [*made, _give(ALLOW)]
