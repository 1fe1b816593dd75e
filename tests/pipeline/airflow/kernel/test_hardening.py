"""Whoever tries to take the door down, or to leave by a window: nothing opens."""

import pytest

NOTIFIER = """
    def notifier():
        from pipeline.airflow.kernel.install import _standing
        with open(f'/proc/self/fdinfo/{_standing[0].notifier}') as info:
            return next(int(line.split()[1]) for line in info if line.startswith('Pid:'))
"""
KILL = (
    NOTIFIER
    + """
    libc.syscall(62, notifier(), 9)
"""
)

# Body, and what is said behind the door. Without it each works (or fails differently) for root on this kernel.
WINDOWS = {
    "io_uring": ("said['it'] = checked(libc.syscall(425, 8, ctypes.create_string_buffer(120)))", "ENOSYS"),
    "ptrace": (
        "other = subprocess.Popen(['sleep', '9']); said['it'] = checked(libc.ptrace(16, other.pid, 0, 0)); other.kill()",
        "EPERM",
    ),
    "a network namespace": ("said['it'] = checked(libc.unshare(0x40000000))", "EPERM"),
    "a user namespace": ("said['it'] = checked(libc.unshare(0x10000000))", "EPERM"),
    "a packet socket": (
        "said['it'] = outcome(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))",
        "EAFNOSUPPORT",
    ),
    "a raw socket": ("said['it'] = outcome(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))", "EPERM"),
    "vsock": ("said['it'] = outcome(lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))", "EAFNOSUPPORT"),
    "SCTP": ("said['it'] = outcome(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132))", "EPROTONOSUPPORT"),
    "netlink beyond routes": ("said['it'] = outcome(lambda: socket.socket(16, socket.SOCK_RAW, 4))", "EPROTONOSUPPORT"),
    "a source route": (
        "s = socket.socket(); said['it'] = outcome(lambda: s.setsockopt(0, 4, bytes([131, 7, 4, 127, 0, 0, 2, 0])))",
        "EPERM",
    ),
    "listening": ("said['it'] = outcome(lambda: socket.create_server(('127.0.0.1', 0)))", "EACCES"),
    "the memory of another process": (
        "said['it'] = outcome(lambda: os.open(f'/proc/{os.getppid()}/mem', os.O_RDWR))",
        "EACCES",
    ),
    "the notifier's memory": (
        NOTIFIER + "\n    said['it'] = outcome(lambda: os.open(f'/proc/{notifier()}/mem', os.O_RDWR))",
        "EACCES",
    ),
    "a copy of another process's socket": (
        "said['it'] = checked(libc.syscall(438, os.pidfd_open(os.getppid()), 0, 0))",
        "EPERM",
    ),
}
# There is no notifier without a door, and SCTP is a module that few kernels load.
ONLY_BEHIND = {"the notifier's memory", "SCTP"}


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_is_shut(run, name):
    body, refused = WINDOWS[name]
    assert run(body).said == {"it": refused}


@pytest.mark.parametrize("name", sorted(set(WINDOWS) - ONLY_BEHIND))
def test_the_window_would_be_open_without_the_door(run, name):
    body, refused = WINDOWS[name]
    assert run(body, door=False).said != {"it": refused}


def test_a_signal_does_not_reach_the_notifier(run, forbidden):
    seen = run(
        NOTIFIER
        + """
    said['kill'] = outcome(lambda: os.kill(notifier(), signal.SIGKILL))
    said['it'] = outcome(lambda: socket.create_connection(FORBIDDEN))
    """
    )
    assert forbidden.visits == 0
    assert seen.said["it"] in {"EACCES", "ENOSYS"}


def test_the_notifiers_death_closes_everything_and_counts(run, forbidden, allowed):
    """Here it is killed from outside: Landlock keeps the task from doing it on a new kernel."""
    seen = run(
        NOTIFIER
        + """
    helper.stdin.write(f'{notifier()}\\n'); helper.stdin.flush()
    helper.wait()
    select.select([__import__('pipeline.airflow.kernel.install', fromlist=['_'])._standing[0].notifier], [], [], 10)
    said['allowed'] = outcome(lambda: socket.create_connection(ALLOWED))
    said['forbidden'] = outcome(lambda: socket.create_connection(FORBIDDEN))
    said['udp'] = outcome(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', FORBIDDEN))
    """,
        before="""
        killer = 'import os, sys; os.kill(int(sys.stdin.readline()), 9)'
        helper = subprocess.Popen([sys.executable, '-c', killer], stdin=subprocess.PIPE, text=True)
        """,
    )
    assert seen.said == {"allowed": "ENOSYS", "forbidden": "ENOSYS", "udp": "ENOSYS"}
    assert not seen.standing
    assert seen.violations == ["notifier has ended"]
    assert forbidden.visits == allowed.visits == 0


def test_the_count_cannot_be_written_by_the_task(run):
    seen = run(
        """
        import mmap
        from pipeline.airflow.kernel.install import _standing
        outcome(lambda: socket.create_connection(FORBIDDEN))
        board = _standing[0].board.fd
        said['mmap'] = outcome(lambda: mmap.mmap(board, 4096))
        said['write'] = outcome(lambda: os.pwrite(board, bytes(16), 0))
        said['again'] = outcome(lambda: os.write(os.open(f'/proc/self/fd/{board}', os.O_RDWR), bytes(16)))
        page = next(line for line in open('/proc/self/maps') if 'douane-door' in line)
        start = int(page.split('-')[0], 16)
        said['mprotect'] = (libc.mprotect(ctypes.c_void_p(start), 4096, 3), errno.errorcode.get(ctypes.get_errno()))[1]
        mem = os.open('/proc/self/mem', os.O_RDWR)
        said['mem'] = outcome(lambda: os.pwrite(mem, bytes(16), start))
        """
    )
    assert seen.said == {"mmap": "EPERM", "write": "EPERM", "again": "EPERM", "mprotect": "EACCES", "mem": "EIO"}
    assert len(seen.violations) == 1


def test_the_door_stays_shut_for_a_program_that_replaces_this_one(run, forbidden):
    run(
        """
        if not (child := os.fork()):
            os.execv(sys.executable, [sys.executable, '-c', f'import socket; socket.create_connection({FORBIDDEN})'])
        os.waitpid(child, 0)
        """
    )
    assert forbidden.visits == 0


def test_closing_twice_is_closing_once(run):
    seen = run(
        "close(); close(Order(openings=(Opening(*FORBIDDEN),))); said['it'] = outcome(lambda: socket.create_connection(FORBIDDEN))"
    )
    assert seen.said == {"it": "EACCES"}


def test_waiting_for_ones_children_does_not_find_the_notifier(run):
    seen = run("said['it'] = outcome(lambda: os.waitpid(-1, 0))")
    assert seen.said == {"it": "ECHILD"}


def test_the_notifier_ends_with_the_task(run):
    seen = run(NOTIFIER + "\n    said['notifier'] = notifier()")
    import time
    from pathlib import Path

    status = Path(f"/proc/{seen.said['notifier']}/stat")
    for _ in range(100):
        if not status.exists() or " Z " in status.read_text():
            return
        time.sleep(0.05)
    pytest.fail("the notifier outlived its task")


def test_a_second_thread_that_swaps_the_address_wins_nothing(run, forbidden):
    """What is judged is a copy: the address in memory may change as it likes while the call waits."""
    seen = run(
        """
        address = ctypes.create_string_buffer(sockaddr(*ALLOWED), 16)
        good, bad = sockaddr(*ALLOWED), sockaddr(*FORBIDDEN)
        going = True
        def swap():
            while going:
                ctypes.memmove(address, bad, 16)
                ctypes.memmove(address, good, 16)
        thread = threading.Thread(target=swap)
        thread.start()
        for _ in range(300):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            libc.sendto(s.fileno(), b'x', 1, 0, address, 16)
            s.close()
        going = False
        thread.join()
        """
    )
    assert forbidden.visits == 0
    assert seen.standing


def test_where_the_door_cannot_stand_it_says_so_and_nothing_opens(run, forbidden):
    """A process has one listener at most: behind a first door a second can't stand."""
    seen = run(
        """
        from pipeline.airflow.kernel import DoorCannotStand, install
        first = install._standing.pop()
        try:
            close()
        except DoorCannotStand as error:
            said['close'] = type(error).__name__
        said['it'] = outcome(lambda: socket.create_connection(FORBIDDEN))
        install._standing.append(first)
        """
    )
    assert seen.said == {"close": "DoorCannotStand", "it": "EACCES"}
    assert forbidden.visits == 0


@pytest.mark.parametrize(("missing", "code"), [("refuse", 124), ("warn", 0), ("wrn", 124)])
def test_a_process_that_cannot_be_confined_ends_unless_the_setting_says_warn(run, missing, code, tmp_path):
    seen = run(
        """
        from pipeline.airflow.kernel import install
        if not (child := os.fork()):
            from pipeline.airflow.kernel import shutting
            install._standing.clear()
            shutting.shut_or_end()
            os._exit(0)
        said['it'] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        """,
        environment={"AIRFLOW__DOUANE__DOOR_RUN_MISSING": missing, "AIRFLOW__DOUANE__HOME": str(tmp_path)},
    )
    assert seen.said == {"it": code}
