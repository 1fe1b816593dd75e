"""The filter itself, run by an interpreter of classic BPF over the calls of both architectures."""

import errno
import struct

import pytest

from pipeline.airflow.kernel.machine import MACHINES
from pipeline.airflow.kernel.program import ALLOW, COOKIE, NOTIFY, REFUSE, closing, packed, program

ONE_BY_ONE = sorted(MACHINES)


def verdict(instructions, *, number, audit, arguments=()):
    """What the kernel would answer: seccomp's subset of BPF (Documentation/networking/filter.rst)."""
    registers = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=IIQ6Q", number, audit, 0, *registers)
    at = accumulator = 0
    while True:
        code, true, false, constant = instructions[at]
        at += 1
        if code == 0x20:
            accumulator = struct.unpack_from("=I", data, constant)[0]
        elif code == 0x54:
            accumulator &= constant
        elif code == 0x06:
            return constant
        else:
            jump = {0x15: accumulator == constant, 0x35: accumulator >= constant, 0x45: bool(accumulator & constant)}[
                code
            ]
            at += true if jump else false


@pytest.fixture(params=ONE_BY_ONE)
def machine(request):
    return MACHINES[request.param]


@pytest.fixture
def answer(machine):
    def answer(name, *arguments, sockets=False):
        made = program(machine, sockets=sockets)
        return verdict(made, number=machine.numbers[name], audit=machine.audit, arguments=arguments)

    return answer


def refused(code):
    return REFUSE | code


@pytest.mark.parametrize("name", ["connect", "listen", "sendmsg", "sendmmsg"])
def test_the_notifier_is_asked(answer, name):
    assert answer(name, 3, 4096, 16) == NOTIFY


@pytest.mark.parametrize("address", [4096, 1 << 40])
def test_a_send_with_an_address_is_asked_about(answer, address):
    assert answer("sendto", 3, 4096, 1, 0, address, 16) == NOTIFY


def test_a_send_without_an_address_is_not(answer):
    assert answer("sendto", 3, 4096, 1, 0x4000, 0, 0) == ALLOW


@pytest.mark.parametrize(("name", "place"), [("sendto", 3), ("sendmsg", 2), ("sendmmsg", 3)])
def test_fast_open_is_unsupported(answer, name, place):
    arguments = [3, 4096, 1, 0, 4096, 16]
    arguments[place] = 0x20000000
    assert answer(name, *arguments) == refused(errno.EOPNOTSUPP)


@pytest.mark.parametrize("name", ["io_uring_setup", "io_uring_enter", "clone3"])
def test_what_hides_its_calls_is_absent(answer, name):
    assert answer(name, 8, 4096) == refused(errno.ENOSYS)


@pytest.mark.parametrize("name", ["ptrace", "process_vm_writev", "pidfd_getfd", "setns", "mount", "bpf", "userfaultfd"])
def test_what_reaches_other_processes_is_refused(answer, name):
    assert answer(name, 1, 2, 3) == refused(errno.EPERM)


@pytest.mark.parametrize("name", ["clone", "unshare"])
@pytest.mark.parametrize("flag", [0x00020000, 0x10000000, 0x40000000])
def test_namespaces_are_refused(answer, name, flag):
    assert answer(name, flag | 17) == refused(errno.EPERM)


def test_threads_and_forks_are_not(answer):
    assert answer("clone", 0x003D0F00) == ALLOW  # glibc's threads
    assert answer("clone", 0x01200011) == ALLOW  # glibc's fork
    assert answer("unshare", 0x400) == ALLOW


SOCKETS = [
    ((1, 1, 0), ALLOW),
    ((2, 1, 0), ALLOW),
    ((2, 1 | 0o2004000, 6), ALLOW),
    ((10, 2, 17), ALLOW),
    ((2, 2, 1), ALLOW),
    ((16, 3, 0), ALLOW),
    ((16, 3, 4), REFUSE | errno.EPROTONOSUPPORT),
    ((2, 3, 1), REFUSE | errno.EPERM),
    ((2, 5, 0), REFUSE | errno.EPERM),
    ((2, 1, 132), REFUSE | errno.EPROTONOSUPPORT),
    ((2, 1, 262), REFUSE | errno.EPROTONOSUPPORT),
    ((17, 3, 0), REFUSE | errno.EAFNOSUPPORT),
    ((40, 1, 0), REFUSE | errno.EAFNOSUPPORT),
]


@pytest.mark.parametrize(("arguments", "expected"), SOCKETS)
def test_sockets_are_of_known_kinds(answer, arguments, expected):
    assert answer("socket", *arguments) == expected


@pytest.mark.parametrize(("arguments", "expected"), SOCKETS)
def test_the_notifier_makes_them_where_it_cannot_copy(answer, arguments, expected):
    asked = NOTIFY if expected == ALLOW and arguments[0] != 16 else expected
    assert answer("socket", *arguments, sockets=True) == asked


@pytest.mark.parametrize(("level", "option"), [(0, 4), (41, 57), (41, 5), (1, 25)])
def test_options_that_lead_packets_elsewhere_are_refused(answer, level, option):
    assert answer("setsockopt", 3, level, option) == refused(errno.EPERM)


@pytest.mark.parametrize(("level", "option"), [(6, 1), (1, 2), (0, 1), (41, 26), (6, 4)])
def test_other_options_are_not(answer, level, option):
    assert answer("setsockopt", 3, level, option) == ALLOW


def test_another_abi_gets_nothing():
    x86 = MACHINES["x86_64"]
    i386 = 0x40000003
    assert verdict(program(x86), number=102, audit=i386) == refused(errno.EPERM)  # socketcall
    assert verdict(program(x86), number=0x40000000 | 42, audit=x86.audit) == refused(errno.EPERM)  # x32
    arm = MACHINES["aarch64"]
    assert verdict(program(arm), number=283, audit=0x40000028) == refused(errno.EPERM)  # 32-bit connect


def test_the_cookie_passes_once_and_never_after(machine, answer):
    arguments = (3, 4096, COOKIE << 32)
    assert answer("sendmsg", *arguments) == ALLOW
    after = closing(machine)
    assert verdict(after, number=machine.numbers["sendmsg"], audit=machine.audit, arguments=arguments) == refused(
        errno.EPERM
    )
    assert verdict(after, number=machine.numbers["sendmsg"], audit=machine.audit, arguments=(3, 4096, 0)) == ALLOW


def test_all_else_passes(machine):
    known = set(machine.numbers.values())
    made = program(machine)
    for number in set(range(450)) - known:
        assert verdict(made, number=number, audit=machine.audit) == ALLOW


def test_every_jump_lands_inside_and_every_path_returns(machine):
    for sockets in (False, True):
        made = program(machine, sockets=sockets)
        assert len(made) < 4096
        for at, (code, true, false, _) in enumerate(made):
            assert max(true, false) < 256
            assert at + 1 + max(true, false) < len(made) or code == 0x06
        assert made[-1].code == 0x06
        assert len(packed(made)) == 8 * len(made)
