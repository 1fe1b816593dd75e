"""Which number has each system call on this machine? From the kernel's own tables (arch/*/entry/syscalls, unistd.h)."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.airflow.kernel.errors import DoorCannotStand

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Machine:
    """One architecture as seccomp sees it.

    Attributes:
        name: As `platform.machine()` says it.
        audit: `AUDIT_ARCH_*` (linux/audit.h): a call by another ABI (i386 on x86_64) carries another one.
        foreign: Numbers from here on belong to a second ABI under the same architecture (x32); None where there is none.
        numbers: System call to number.
    """

    name: str
    audit: int
    foreign: int | None
    numbers: Mapping[str, int]


# The calls since Linux 5.1 have the same number everywhere.
_SINCE_5_1 = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "pidfd_open": 434,
    "clone3": 435,
    "close_range": 436,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_restrict_self": 446,
}

X86_64 = Machine(
    "x86_64",
    0xC000003E,
    0x40000000,
    {
        **_SINCE_5_1,
        "socket": 41,
        "connect": 42,
        "sendto": 44,
        "sendmsg": 46,
        "listen": 50,
        "setsockopt": 54,
        "clone": 56,
        "ptrace": 101,
        "capget": 125,
        "capset": 126,
        "pivot_root": 155,
        "mount": 165,
        "umount2": 166,
        "init_module": 175,
        "kexec_load": 246,
        "unshare": 272,
        "perf_event_open": 298,
        "sendmmsg": 307,
        "setns": 308,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "kcmp": 312,
        "finit_module": 313,
        "seccomp": 317,
        "kexec_file_load": 320,
        "bpf": 321,
        "userfaultfd": 323,
    },
)

AARCH64 = Machine(
    "aarch64",
    0xC00000B7,
    None,
    {
        **_SINCE_5_1,
        "umount2": 39,
        "mount": 40,
        "pivot_root": 41,
        "capget": 90,
        "capset": 91,
        "unshare": 97,
        "kexec_load": 104,
        "init_module": 105,
        "ptrace": 117,
        "socket": 198,
        "listen": 201,
        "connect": 203,
        "sendto": 206,
        "setsockopt": 208,
        "sendmsg": 211,
        "clone": 220,
        "perf_event_open": 241,
        "setns": 268,
        "sendmmsg": 269,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "kcmp": 272,
        "finit_module": 273,
        "seccomp": 277,
        "bpf": 280,
        "userfaultfd": 282,
        "kexec_file_load": 294,
    },
)

MACHINES = {machine.name: machine for machine in (X86_64, AARCH64)}


def this_machine() -> Machine:
    """The architecture that runs this process.

    Raises:
        DoorCannotStand: Not Linux, or an architecture without a table here.
    """
    name = platform.machine()
    if platform.system() != "Linux" or name not in MACHINES:
        raise DoorCannotStand(
            f"the kernel door knows Linux on {' and '.join(MACHINES)}, not {platform.system()} on {name}"
        )
    return MACHINES[name]
