"""What a decision opened works as it did before, and what never leaves the process was never touched."""

import pytest

WAYS = {"copies": "", "no copies": "copies=False"}

WORKS = {
    "a blocking connection": """
        with socket.create_connection(ALLOWED) as s:
            s.sendall(b'hello')
            said['it'] = s.recv(5).decode()
    """,
    "a connection with a time limit": """
        with socket.create_connection(ALLOWED, timeout=5) as s:
            s.sendall(b'hello')
            said['it'] = s.recv(5).decode()
    """,
    "a non-blocking connection, in progress first": """
        s = socket.socket()
        s.setblocking(False)
        assert s.connect_ex(ALLOWED) in {0, errno.EINPROGRESS}
        select.select([], [s], [], 5)
        assert s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        s.send(b'hello')
        select.select([s], [], [], 5)
        said['it'] = s.recv(5).decode()
    """,
    "asyncio": """
        import asyncio
        async def talk():
            reader, writer = await asyncio.open_connection(*ALLOWED)
            writer.write(b'hello')
            await writer.drain()
            return (await reader.readexactly(5)).decode()
        said['it'] = asyncio.run(talk())
    """,
    "options that were set before connecting": """
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        size = s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        s.connect(ALLOWED)
        assert s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) == size
        said['it'] = 'hello'
    """,
    "thirty threads at once": """
        def talk(found):
            with socket.create_connection(ALLOWED) as s:
                s.sendall(b'hello')
                found.append(s.recv(5).decode())
        found = []
        threads = [threading.Thread(target=talk, args=(found,)) for _ in range(30)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        assert found == ['hello'] * 30, found
        said['it'] = found[0]
    """,
    "the peer's end, seen after closing": """
        s = socket.create_connection(ALLOWED)
        s.sendall(b'hello')
        s.recv(5)
        s.shutdown(socket.SHUT_WR)
        said['it'] = 'hello' if s.recv(1) == b'' else 'no end'
    """,
    "sendmsg on a connection": """
        with socket.create_connection(ALLOWED) as s:
            assert s.sendmsg([b'he', b'llo']) == 5
            said['it'] = s.recv(5).decode()
    """,
    "a child process": """
        code = f"import socket; s = socket.create_connection({ALLOWED}); s.sendall(b'hello'); print(s.recv(5).decode())"
        said['it'] = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout.strip()
    """,
    "bash": """
        script = f'exec 3<>/dev/tcp/127.0.0.1/{ALLOWED[1]}; printf hello >&3; head -c 5 <&3'
        said['it'] = subprocess.run(['bash', '-c', script], capture_output=True, text=True).stdout
    """,
    "a socket pair with a descriptor in a message": """
        import array
        left, right = socket.socketpair()
        r, w = os.pipe()
        os.write(w, b'hello')
        # multiprocessing hands descriptors over like this
        socket.send_fds(left, [b'x'], [r]) if copies else left.send(b'x')
        _, received, _, _ = socket.recv_fds(right, 1, 1) if copies else (0, [r], 0, 0)
        said['it'] = os.read(received[0], 5).decode()
    """,
    "a pool of processes": """
        from concurrent.futures import ProcessPoolExecutor
        import multiprocessing
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('fork')) as pool:
            said['it'] = pool.submit(str, 'hello').result()
    """,
    "a name of the machine's own files": """
        said['it'] = 'hello' if socket.getaddrinfo('localhost', ALLOWED[1]) else ''
    """,
    "a peer that is let go of": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        libc.connect(s.fileno(), bytes(16), 16)
        said['it'] = 'hello'
    """,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", WORKS)
def test_works_behind_the_door(run, name, way):
    body = f"copies = {way == 'copies'}\n"
    import textwrap

    seen = run(body + textwrap.dedent(WORKS[name]), order=WAYS[way])
    assert (seen.said, seen.violations) == ({"it": "hello"}, [])


UDP = {
    "UDP by sendto": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b'hello', ALLOWED)
        said['it'] = s.recv(5).decode()
    """,
    "UDP by connect": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect(ALLOWED)
        s.send(b'hello')
        said['it'] = s.recv(5).decode()
    """,
    "UDP by sendmmsg, which says how much was sent": """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect(ALLOWED)
        text = ctypes.create_string_buffer(b'hello')
        part = ctypes.create_string_buffer(struct.pack('=QQ', ctypes.addressof(text), 5))
        one = struct.pack('=QI4xQQQQi4x', 0, 0, ctypes.addressof(part), 1, 0, 0, 0) + bytes(8)
        both = ctypes.create_string_buffer(one + one, 128)
        assert libc.sendmmsg(s.fileno(), both, 2, 0) == 2
        assert struct.unpack_from('=I', both.raw, 56) == struct.unpack_from('=I', both.raw, 120) == (5,)
        said['it'] = s.recv(5).decode()
    """,
}


@pytest.mark.parametrize("name", UDP)
def test_datagrams_reach_what_is_open(run, allowed, name):
    seen = run(UDP[name])
    assert (seen.said, seen.violations) == ({"it": "hello"}, [])
    assert b"hello" in allowed.udp


def test_a_connect_that_hangs_holds_up_nobody(run):
    seen = run(
        """
        listening = socket.socket()
        """,
        order="",
    )
    assert seen.violations == []
    body = """
        allow([Opening('127.0.0.1', full[1])])
        started = threading.Barrier(9)
        def hang():
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack('ll', 20, 0))
            started.wait()
            s.connect_ex(full)
        for _ in range(8):
            threading.Thread(target=hang, daemon=True).start()
        started.wait()
        with socket.create_connection(ALLOWED, timeout=10) as s:
            s.sendall(b'hello')
            said['it'] = s.recv(5).decode()
    """
    before = """
        # a listener whose queue is full: the next connects wait
        queue = socket.socket()
        queue.bind(('127.0.0.1', 0))
        queue.listen(0)
        full = queue.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for s in waiting:
            s.setblocking(False)
            s.connect_ex(full)
    """
    seen = run(body, before=before)
    assert seen.said == {"it": "hello"}


def test_the_list_grows_while_the_task_runs(run, forbidden):
    seen = run(
        """
        said['before'] = outcome(lambda: socket.create_connection(FORBIDDEN))
        allow([Opening(*FORBIDDEN)])
        with socket.create_connection(FORBIDDEN) as s:
            s.sendall(b'hello')
            said['after'] = s.recv(5).decode()
        """
    )
    assert seen.said == {"before": "EACCES", "after": "hello"}


def test_what_the_notifier_is_told_to_vet_is_not_opened(run, forbidden):
    seen = run(
        """
        try:
            allow([Opening(*FORBIDDEN)])
        except PermissionError as error:
            said['allow'] = str(error)
        said['connect'] = outcome(lambda: socket.create_connection(FORBIDDEN))
        """,
        order="vet=lambda o: '' if o.host == '127.0.0.1' else f'{o.host} is outside'",
    )
    assert seen.said == {
        "allow": "127.0.0.2 is outside. Only what the guard allows can be opened.",
        "connect": "EACCES",
    }
    assert forbidden.visits == 0


def test_a_port_that_was_not_opened_stays_shut_on_the_same_host(run):
    seen = run("said['it'] = outcome(lambda: socket.create_connection((ALLOWED[0], 9)))")
    assert seen.said == {"it": "EACCES"}


def test_the_unix_sockets_of_an_opened_folder_are_open(run, allowed):
    seen = run(
        """
        allow([Opening('', 0, os.path.dirname(PATHS[0]))])
        s = socket.socket(socket.AF_UNIX)
        s.connect(PATHS[0])
        s.sendall(b'hello')
        said['it'] = s.recv(5).decode()
        """
    )
    assert (seen.said, seen.violations) == ({"it": "hello"}, [])


def test_the_task_reaches_unix_sockets_that_it_listens_on_itself(run):
    seen = run(
        """
        from multiprocessing import get_context
        manager = get_context('fork').Manager()
        held = manager.list(['hello'])
        said['it'] = held[0]
        manager.shutdown()
        """
    )
    assert (seen.said, seen.violations) == ({"it": "hello"}, [])


def test_warning_only_notes_and_lets_through(run, forbidden):
    seen = run("said['it'] = outcome(lambda: socket.create_connection(FORBIDDEN).close())", order="enforce=False")
    assert seen.said == {"it": "None"}
    assert len(seen.violations) == 1
    assert len(forbidden.tcp) == 1


def test_listening_on_the_loopback_is_open_when_declared(run):
    seen = run(
        """
        server = socket.create_server(('127.0.0.1', 0))
        s = socket.create_connection(server.getsockname())
        said['it'] = outcome(lambda: socket.create_server(('0.0.0.0', 0)))
        """,
        order="loopback=True",
    )
    assert seen.said == {"it": "EACCES"}
    assert [violation.split()[0] for violation in seen.violations] == ["listen"]


@pytest.mark.parametrize(("enforce", "fails"), [(True, True), (False, False)])
def test_a_door_that_only_warns_fails_no_task(run, enforce, fails):
    seen = run(
        """
        from pipeline.airflow.kernel.outcome import _line
        outcome(lambda: socket.create_connection(FORBIDDEN).close())
        said['line'] = _line()
        """,
        order=f"enforce={enforce}",
    )
    assert len(seen.violations) == 1
    assert bool(seen.said["line"]) is fails
