"""Whoever tries to go round the door: each reaches the forbidden place without it, and none behind it."""

import pytest

TRIES = {
    "a socket of Python": "said['it'] = outcome(lambda: socket.create_connection(FORBIDDEN))",
    "connect by ctypes": """
        s = socket.socket()
        said['it'] = libc.connect(s.fileno(), sockaddr(*FORBIDDEN), 16)
    """,
    "the bare system call": """
        s = socket.socket()
        address = ctypes.create_string_buffer(sockaddr(*FORBIDDEN))
        said['it'] = libc.syscall(42 if os.uname().machine == 'x86_64' else 203, s.fileno(), address, 16)
    """,
    "IPv4-mapped IPv6": "said['it'] = outcome(lambda: socket.create_connection(('::ffff:127.0.0.2', FORBIDDEN[1])))",
    "a non-blocking connect": """
        s = socket.socket()
        s.setblocking(False)
        said['it'] = s.connect_ex(FORBIDDEN)
        select.select([], [s], [], 1)
    """,
    "asyncio": """
        import asyncio
        said['it'] = outcome(lambda: asyncio.run(asyncio.open_connection(*FORBIDDEN)))
    """,
    "UDP by sendto": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        said['it'] = outcome(lambda: s.sendto(b'x', FORBIDDEN))
    """,
    "UDP by connect": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        said['it'] = outcome(lambda: (s.connect(FORBIDDEN), s.send(b'x')))
    """,
    "UDP by sendmsg": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        said['it'] = outcome(lambda: s.sendmsg([b'x'], [], 0, FORBIDDEN))
    """,
    "UDP by sendmmsg": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        name = ctypes.create_string_buffer(sockaddr(*FORBIDDEN), 16)
        part = ctypes.create_string_buffer(struct.pack('=QQ', ctypes.addressof(ctypes.create_string_buffer(b'x')), 1))
        one = struct.pack('=QI4xQQQQi4x', ctypes.addressof(name), 16, ctypes.addressof(part), 1, 0, 0, 0) + bytes(8)
        said['it'] = libc.sendmmsg(s.fileno(), ctypes.create_string_buffer(one), 1, 0)
    """,
    "UDP to family 0, which the kernel takes for IPv4": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        said['it'] = libc.sendto(s.fileno(), b'x', 1, 0, bytes(2) + sockaddr(*FORBIDDEN)[2:], 16)
    """,
    "UDP from an IPv6 socket": """
        s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        said['it'] = outcome(lambda: s.sendto(b'x', ('::ffff:127.0.0.2', FORBIDDEN[1])))
    """,
    "a UDP socket that was connected to the allowed place": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect(ALLOWED)
        said['it'] = outcome(lambda: s.sendto(b'x', FORBIDDEN))
    """,
    "TCP Fast Open": """
        s = socket.socket()
        said['it'] = libc.sendto(s.fileno(), b'x', 1, 0x20000000, sockaddr(*FORBIDDEN), 16)
    """,
    "TCP Fast Open by sendmsg": "s = socket.socket(); said['it'] = outcome(lambda: s.sendmsg([b'x'], [], 0x20000000, FORBIDDEN))",
    "a forked child": """
        if not (child := os.fork()):
            try:
                socket.create_connection(FORBIDDEN)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    """,
    "a daemon in a session of its own": """
        if not (child := os.fork()):
            os.setsid()
            if os.fork():
                os._exit(0)
            try:
                socket.create_connection(FORBIDDEN)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        time.sleep(0.3)
    """,
    "_posixsubprocess": """
        import _posixsubprocess
        code = f'import socket; socket.create_connection({FORBIDDEN})'
        r, w = os.pipe()
        child = _posixsubprocess.fork_exec(
            [sys.executable, '-c', code], [os.fsencode(sys.executable)], True, (w,), None, None,
            -1, -1, -1, -1, -1, -1, r, w, True, False, -1, None, None, None, -1, None, False)
        os.waitpid(child, 0)
    """,
    "curl": "said['it'] = subprocess.run(['curl', '-s', '-m', '3', f'http://127.0.0.2:{FORBIDDEN[1]}/']).returncode",
    "bash's /dev/tcp": "said['it'] = subprocess.run(['bash', '-c', f'echo x > /dev/tcp/127.0.0.2/{FORBIDDEN[1]}']).returncode",
    "libpq": """
        import psycopg2
        try:
            psycopg2.connect(host='127.0.0.2', port=FORBIDDEN[1], user='u', password='p', dbname='d', connect_timeout=2)
        except psycopg2.OperationalError as error:
            said['it'] = str(error)
    """,
    "pyarrow's S3": """
        from pyarrow import fs
        s3 = fs.S3FileSystem(endpoint_override=f'127.0.0.2:{FORBIDDEN[1]}', scheme='http', region='eu-west-3',
                             access_key='k', secret_key='s', connect_timeout=2, request_timeout=2,
                             retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1))
        said['it'] = outcome(lambda: s3.get_file_info('bucket/key'))
    """,
    "gRPC": """
        import grpc
        channel = grpc.insecure_channel(f'127.0.0.2:{FORBIDDEN[1]}')
        try:
            grpc.channel_ready_future(channel).result(timeout=2)
        except grpc.FutureTimeoutError:
            said['it'] = 'no answer'
    """,
    "an error that is swallowed": """
        try:
            socket.create_connection(FORBIDDEN)
        except Exception:
            pass
    """,
    "Python's own state taken away": """
        for name in [name for name in sys.modules if name.startswith('pipeline')]:
            if 'install' in name:
                kept = sys.modules[name]._standing
                sys.modules[name]._standing = []
        said['it'] = outcome(lambda: socket.create_connection(FORBIDDEN))
        for name in [name for name in sys.modules if name.startswith('pipeline')]:
            if 'install' in name:
                sys.modules[name]._standing = kept
    """,
    "a socket of the machine (docker)": "s = socket.socket(socket.AF_UNIX); said['it'] = outcome(lambda: s.connect(PATHS[1]))",
    "docker's socket by a link": """
        os.symlink(PATHS[1], 'harmless')
        s = socket.socket(socket.AF_UNIX)
        said['it'] = outcome(lambda: s.connect('harmless'))
    """,
}
SETUP = {
    "a thread that ran before the door closed": (
        """
        closed = threading.Event()
        def go():
            closed.wait()
            said['it'] = outcome(lambda: socket.create_connection(FORBIDDEN))
        early = threading.Thread(target=go)
        early.start()
        """,
        "closed.set(); early.join()",
    ),
    "a socket that was made before the door closed": (
        "s = socket.socket()",
        "said['it'] = outcome(lambda: s.connect(FORBIDDEN))",
    ),
}
CASES = {**{name: ("", body) for name, body in TRIES.items()}, **SETUP}


@pytest.mark.parametrize("name", CASES)
def test_reaches_the_place_without_the_door(run, forbidden, name):
    before, body = CASES[name]
    run(body, before=before, door=False)
    assert forbidden.visits > 0


@pytest.mark.parametrize("name", CASES)
def test_reaches_nothing_behind_the_door_and_is_noted(run, forbidden, name):
    before, body = CASES[name]
    seen = run(body, before=before)
    assert forbidden.visits == 0
    assert seen.standing
    if "Fast Open" not in name and "family 0" not in name:  # answered as unsupported, so that callers connect instead
        assert seen.violations, seen.said


@pytest.mark.parametrize("name", CASES)
def test_reaches_nothing_where_descriptors_cannot_be_copied(run, forbidden, name):
    before, body = CASES[name]
    run(body, before=before, order="copies=False")
    assert forbidden.visits == 0
