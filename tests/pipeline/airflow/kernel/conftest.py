"""Two places on the loopback that count who comes, and fresh processes that try to reach them."""

import json
import os
import select
import socket
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


@dataclass
class Place:
    """Listens on an address over TCP, UDP (same port) and a unix socket, and remembers what came."""

    address: str
    folder: Path
    tcp: list[bytes] = field(default_factory=list)
    udp: list[bytes] = field(default_factory=list)
    unix: list[bytes] = field(default_factory=list)

    def __post_init__(self):
        self._stream = socket.create_server((self.address, 0), backlog=256)
        self.port = self._stream.getsockname()[1]
        self._datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagram.bind((self.address, self.port))
        self.path = self.folder / "docker.sock"
        self._local = socket.socket(socket.AF_UNIX)
        self._local.bind(str(self.path))
        self._local.listen()
        for serve, listening, came in (
            (self._accept, self._stream, self.tcp),
            (self._accept, self._local, self.unix),
            (self._receive, self._datagram, self.udp),
        ):
            threading.Thread(target=serve, args=(listening, came), daemon=True).start()

    def _accept(self, listening, came):
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            came.append(b"")
            threading.Thread(target=self._talk, args=(connection, came), daemon=True).start()

    @staticmethod
    def _talk(connection, came):
        """Echo, and end at once when a peer says "bye"."""
        with connection:
            connection.settimeout(20)
            try:
                while content := connection.recv(1 << 16):
                    came.append(content)
                    connection.sendall(content)
            except OSError:
                return

    def _receive(self, listening, came):
        while True:
            try:
                content, sender = listening.recvfrom(1 << 16)
                came.append(content)
                listening.sendto(content, sender)
            except OSError:
                return

    @property
    def visits(self):
        """Everything that came here, by any way; also what still waits to be taken."""
        while select.select([self._stream, self._local, self._datagram], [], [], 0.05)[0]:
            time.sleep(0.01)
        return len(self.tcp) + len(self.udp) + len(self.unix)

    def close(self):
        for listening in (self._stream, self._datagram, self._local):
            listening.close()


@pytest.fixture
def allowed(tmp_path):
    """The place that a decision opened."""
    (tmp_path / "allowed").mkdir()
    place = Place("127.0.0.1", tmp_path / "allowed")
    yield place
    place.close()


@pytest.fixture
def forbidden(tmp_path):
    """The place that nobody may reach."""
    (tmp_path / "forbidden").mkdir()
    place = Place("127.0.0.2", tmp_path / "forbidden")
    yield place
    place.close()


PRELUDE = """
import ctypes, errno, json, os, select, signal, socket, struct, subprocess, sys, threading, time
from pipeline.airflow.kernel import Opening, Order, allow, close, standing, violations
ALLOWED, FORBIDDEN, PORTS, PATHS = {allowed!r}, {forbidden!r}, {ports!r}, {paths!r}
libc = ctypes.CDLL(None, use_errno=True)
def sockaddr(host, port):
    return struct.pack("=HH4s8x", socket.AF_INET, socket.htons(port), socket.inet_aton(host))
def outcome(call):
    try:
        return repr(call())
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
def checked(result):
    return 'done' if result >= 0 else errno.errorcode.get(ctypes.get_errno())
said = {{}}
"""
CLOSED = """
close(Order({order}))
allow([Opening(*ALLOWED)])
"""
EPILOGUE = """
print(json.dumps({"said": said, "standing": standing(), "violations": [str(v) for v in violations()]}))
sys.stdout.flush()
os._exit(0)
"""


@dataclass
class Seen:
    """What a process said at its end."""

    said: dict
    standing: bool
    violations: list
    log: str = ""


@pytest.fixture
def run(allowed, forbidden, tmp_path):
    """Run a program in a fresh process: `before` the door closes, then `body`. `door=False` leaves it open."""

    def run(body, *, before="", door=True, order="", environment=None):
        prelude = PRELUDE.format(
            allowed=(allowed.address, allowed.port),
            forbidden=(forbidden.address, forbidden.port),
            ports=(allowed.port, forbidden.port),
            paths=(str(allowed.path), str(forbidden.path)),
        )
        closed = CLOSED.format(order=order) if door else ""
        program = "\n".join((prelude, textwrap.dedent(before), closed, textwrap.dedent(body), EPILOGUE))
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return Seen(**json.loads(done.stdout.splitlines()[-1]), log=done.stderr)

    return run
