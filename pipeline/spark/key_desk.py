"""How do Spark's executors get the key, when all that Spark carries to them may be written to a disk or a log?

A closure is kept in the task's binary, which is a broadcast and may be spilled; a configuration stands in the event log.
So a closure carries a ticket only: where the driver's desk is, the desk's certificate and a token of this run. A task
connects (TLS 1.3, that one certificate), shows the token and reads the key into its memory. Whoever finds the ticket
later finds nobody at the desk; whoever listened can't read it, and nobody else can be the desk.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import ssl
import time
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from threading import Thread
from typing import TYPE_CHECKING, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from transforms import Key
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from types import TracebackType

_TOKEN_BYTES: Final = 32
_PATIENCE: Final = 15.0
_TRIES: Final = 4
_AT_ONCE: Final = 16
_NAME: Final = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "douane key desk")])
# The desk lives as long as its run; clocks of two machines may differ.
_SINCE, _UNTIL = timedelta(days=2), timedelta(days=60)


class KeyNotHandedOut(DouaneError, ConnectionError):
    """A task could not get the key from its driver: the run is over, or the network between them is shut."""


@dataclass(frozen=True)
class Ticket:
    """What a task needs to ask for the key. It holds no key, and opens nothing once the run is over.

    Attributes:
        host: The driver's address as executors reach it.
        port: The desk's.
        certificate: The desk's, in PEM.
        token: Of this run; not shown.
    """

    host: str
    port: int
    certificate: str = field(repr=False)
    token: bytes = field(repr=False)

    def show(self) -> Held:
        """Get what the desk holds for this run.

        Raises:
            KeyNotHandedOut: The run is over, or the driver can't be reached.
        """
        for attempt in range(_TRIES):
            with contextlib.suppress(OSError, ValueError):
                return self._ask()
            time.sleep(0.2 * 2**attempt)
        raise KeyNotHandedOut(
            f"the driver at {self.host}:{self.port} handed out no key",
            hint="Let executors reach that port (spark.douane.port names one), while the driver's run goes on.",
        )

    def _ask(self) -> Held:
        # No name is checked: the one certificate that is trusted is the desk's own.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.load_verify_locations(cadata=self.certificate)
        with (
            socket.create_connection((self.host, self.port), timeout=_PATIENCE) as plain,
            context.wrap_socket(plain) as line,
        ):
            line.sendall(self.token)
            content = bytearray()
            while part := line.recv(1 << 16):
                content += part
        return Held.from_json(bytes(content))


@dataclass(frozen=True)
class Held:
    """What the desk hands out: in a task's memory only.

    Attributes:
        key: The domain's key.
        known: Names of persons that the extract knows, for notes.
    """

    key: Key
    known: tuple[str, ...] = field(default=(), repr=False)

    def to_json(self) -> bytes:
        """For the line between desk and task, which is enciphered."""
        key = {"domain": self.key.domain, "id": self.key.id, "version": self.key.version}
        secret = b64encode(self.key.reveal_secret()).decode()
        return json.dumps({"key": key | {"secret": secret}, "known": self.known}).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Held:
        """Turn `to_json` back; `ValueError` for half of it."""
        read = json.loads(content)
        key = read["key"]
        return cls(Key(b64decode(key.pop("secret")), **key), tuple(read["known"]))


class KeyDesk:
    """Hands the key of one run to the tasks that show its ticket. A context, in the driver; leaving it ends it.

    Args:
        held: What is handed out.
        host: The driver's address as executors reach it.
        bind: The address to listen on; `host` if None.
        port: The port to listen on; 0 for any that is free.

    Example:
        >>> with KeyDesk(Held(Key(bytes(range(32)), domain="eds", id="k1")), host="127.0.0.1") as desk:
        ...     desk.ticket.show().key
        Key(domain='eds', id='k1', version=1, secret=hidden)
    """

    def __init__(self, held: Held, *, host: str, bind: str | None = None, port: int = 0) -> None:
        self._content = held.to_json()
        self._token = secrets.token_bytes(_TOKEN_BYTES)
        certificate, self._context = _identity()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="douane-key-desk")
        try:
            self._listener = socket.create_server((bind or host, port), family=_family(bind or host), backlog=256)
        except OSError as error:
            raise KeyNotHandedOut(
                f"the driver can't listen on {bind or host}:{port}: {os.strerror(error.errno or 0).lower()}",
                hint="Correct spark.driver.bindAddress or spark.douane.port.",
            ) from None
        self.ticket = Ticket(host, self._listener.getsockname()[1], certificate, self._token)
        Thread(target=self._serve, name="douane-key-desk", daemon=True).start()

    def close(self) -> None:
        """Hand out nothing any more; a second call does nothing."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._content = b""

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
                self._pool.submit(self._answer, plain)
            except (OSError, RuntimeError):  # closed, or the pool is
                return

    def _answer(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            plain.settimeout(_PATIENCE)
            with self._context.wrap_socket(plain, server_side=True) as line:
                shown = bytearray()
                while len(shown) < _TOKEN_BYTES and (part := line.recv(_TOKEN_BYTES - len(shown))):
                    shown += part
                if compare_digest(bytes(shown), self._token):
                    line.sendall(self._content)
                    line.unwrap()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _identity() -> tuple[str, ssl.SSLContext]:
    """A certificate of this desk's own, and a TLS context that has its private key, which no disk ever held."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_NAME)
        .issuer_name(_NAME)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SINCE)
        .not_valid_after(now + _UNTIL)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
        .public_bytes(Encoding.PEM)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # OpenSSL reads a private key from a file: this one is a piece of memory with a file's name.
    memory = os.memfd_create("douane-key-desk", os.MFD_CLOEXEC)
    with os.fdopen(memory, "wb") as file:
        file.write(private + certificate)
        file.flush()
        context.load_cert_chain(f"/proc/self/fd/{memory}")
    return certificate.decode(), context


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
