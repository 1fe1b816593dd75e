"""Who is on the other side of an SFTP address, and what does its refusal mean in one line?

The server's key is pinned: no file of known hosts, no configuration, no agent and no proxy of the machine has a say.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pipeline.errors import InvalidDocument
from pipeline.optional import load_library
from pipeline.sinks import DeliveryFailed, DeliveryRefused
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pipeline.connections import SftpConnection

_PATIENCE_SECONDS = 30
_KEEPALIVE_SECONDS = 15
# AES has its own instructions in every server's processor: measured on 2026-11-25, twice the throughput of ChaCha20,
# which asyncssh puts first.
_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr")


def folder_of(address: str) -> str:
    """The folder that an address names: `sftp://host/in` is `/in`, `sftp://host` the login's own.

    Example:
        >>> folder_of("sftp://host/d%C3%A9p%C3%B4t/"), folder_of("sftp://host"), folder_of("sftp://host/~/in")
        ('/dépôt', '.', 'in')
    """
    path = unquote(urlsplit(address).path).rstrip("/")
    return path.removeprefix("/~/") if path.startswith("/~/") else path or "."


@asynccontextmanager
async def open_client(address: str, connection: SftpConnection) -> AsyncIterator[Any]:
    """Connect to the host of `address` and give asyncssh's SFTP client; errors inside are one line.

    Raises:
        MissingLibrary: asyncssh is not installed.
        DeliveryRefused: The server shows another key than the pinned one, or refuses the login.
        DeliveryFailed: It doesn't answer, breaks off, or its disk says no.
    """
    asyncssh = load_library("asyncssh", extra="sftp", what=f"delivering to {address}")
    parts = urlsplit(address)
    options = _login(asyncssh, connection, address)
    try:
        async with (
            asyncssh.connect(
                (parts.hostname or "").strip("[]"),
                parts.port or 22,
                username=connection.user,
                known_hosts=(_pinned(asyncssh, connection, address), [], []),
                encryption_algs=_CIPHERS,
                config=None,
                agent_path=None,
                agent_forwarding=False,
                proxy_command=None,
                preferred_auth=["publickey"] if connection.private_key else ["password", "keyboard-interactive"],
                connect_timeout=_PATIENCE_SECONDS,
                login_timeout=_PATIENCE_SECONDS,
                keepalive_interval=_KEEPALIVE_SECONDS,
                **options,
            ) as session,
            session.start_sftp_client() as client,
        ):
            yield client
    except DouaneError:
        raise
    except asyncssh.HostKeyNotVerifiable:
        raise DeliveryRefused(
            f"{address} shows another host key than the one on file",
            hint="Ask the server's operator for its key before you change `host_key`.",
        ) from None
    except asyncssh.PermissionDenied:
        raise DeliveryRefused(
            f"{address} refuses the login", hint="Correct user and key (or password) in private/connections.yaml."
        ) from None
    except asyncssh.SFTPPermissionDenied:
        raise DeliveryRefused(
            f"{address}: the login may not write there", hint="Ask the server's operator for the right."
        ) from None
    except asyncssh.SFTPNoSuchFile:
        raise DeliveryFailed(f"{address} is no folder that exists", hint="Ask for it, or correct the path.") from None
    except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.DisconnectError, OSError) as error:
        raise DeliveryFailed(
            f"{address} does not answer, or broke off ({type(error).__name__})",
            hint="Run again when it answers: what is there already is not sent again.",
        ) from None
    except asyncssh.Error as error:
        raise DeliveryFailed(
            f"{address}: the server did not take it ({type(error).__name__})", hint="Is its disk full? Then run again."
        ) from None


def _pinned(asyncssh: Any, connection: SftpConnection, address: str) -> list[Any]:  # noqa: ANN401 - a module
    lines = (connection.host_key,) if isinstance(connection.host_key, str) else connection.host_key
    try:
        return [asyncssh.import_public_key(line) for line in lines]
    except (asyncssh.KeyImportError, ValueError):
        raise InvalidDocument(
            f"the host_key on file for {address} is no public key", hint="Copy the server's ssh_host_ed25519_key.pub."
        ) from None


def _login(asyncssh: Any, connection: SftpConnection, address: str) -> dict[str, Any]:  # noqa: ANN401 - a module
    if connection.private_key is None:
        password = connection.password
        return {"client_keys": None, "password": password.get_secret_value() if password else None}
    phrase = connection.passphrase.get_secret_value() if connection.passphrase else None
    try:
        return {"client_keys": [asyncssh.read_private_key(str(connection.private_key), phrase)]}
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
        raise InvalidDocument(
            f"the private key for {address} can't be read: {connection.private_key}",
            hint="Correct its path, rights or passphrase in private/connections.yaml.",
        ) from None
