"""How does a release reach an SFTP server: beside its name first, read back, and then under it?"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from pipeline.connections import SftpConnection, connection_for, covers
from pipeline.errors import InvalidDocument
from pipeline.files.durable import digest_file
from pipeline.optional import load_library
from pipeline.sinks import (
    Delivery,
    DeliveryFailed,
    DeliveryRefused,
    cleared_release,
    delivery_of,
    names_in_order,
)
from pipeline.sinks.sftp_client import folder_of, open_client

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.guard.decision import Clearance
    from pipeline.manifest import Release

_CHUNK_BYTES = 8 << 20


class SftpSink:
    """Writes a release to `FOLDER/RELEASE_ID` on an SFTP server whose key is on file.

    Args:
        connection: The login; None: the one on file for the address.
    """

    def __init__(self, connection: SftpConnection | None = None) -> None:
        self._connection = connection

    def deliver(self, release_folder: Path, clearance: Clearance) -> Delivery:
        """Deliver a release to the server that the guard cleared.

        Files are written into `.RELEASE_ID.partial`, read back and compared by SHA-256, and the folder is renamed when
        all of them are whole. A run after one that broke off sends only what is missing.

        Args:
            release_folder: A sealed release.
            clearance: The guard's, for this release, today, and `sftp://host/folder`.

        Returns:
            What was done.

        Raises:
            DeliveryRefused: The clearance is another's, the server's key or the login is, or the name is taken.
            DeliveryFailed: The server doesn't answer or broke off; nothing stands under the release's name.
            MissingLibrary: asyncssh is not installed.
        """
        release = cleared_release(release_folder, clearance)
        address = clearance.address
        if not address.startswith("sftp://"):
            raise DeliveryRefused(f"{address} is no SFTP server", hint="Use the sink of its kind.")
        connection = self._connection or connection_for(address)
        if not isinstance(connection, SftpConnection):
            raise InvalidDocument(
                f"no login is on file for {address}", hint="Add it to private/connections.yaml, with its host_key."
            )
        if not covers(connection, address):
            raise DeliveryRefused(f"the connection is not for {address}", hint="Name the one of this address.")
        # In a thread of its own: a notebook's has a loop that runs already.
        with ThreadPoolExecutor(1) as thread:
            already_there = thread.submit(asyncio.run, _deliver(release, address, connection)).result()
        return delivery_of(release, clearance, already_there=already_there)


async def _deliver(release: Release, address: str, connection: SftpConnection) -> bool:
    asyncio.get_running_loop().set_exception_handler(_tell_what_nobody_asked_for)
    async with open_client(address, connection) as client:
        folder = folder_of(address)
        await client.stat(folder)
        final, partial = f"{folder}/{release.id}", f"{folder}/.{release.id}.partial"
        if await client.exists(final):
            await _compare(client, release, final)
            return True
        await client.makedirs(partial, exist_ok=True)
        await _refuse_strangers(client, release, partial)
        for name, digest in _digests(release).items():
            await _Upload(client, release.folder / name, f"{partial}/{name}").send(digest)
        await client.rename(partial, final)
        return False


def _tell_what_nobody_asked_for(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Leave a broken connection to the one line that tells of it.

    The chunks that were on their way beside the first that failed end in errors that asyncssh never collects: asyncio
    would write a traceback of each into the log, whenever the garbage is.
    """
    asyncssh = load_library("asyncssh", extra="sftp", what="SFTP")
    if not isinstance(context.get("exception"), (asyncssh.Error, OSError)):
        loop.default_exception_handler(context)


class _Upload:
    """One file on its way: sent from the first chunk that is not there, then read back whole."""

    def __init__(self, client: Any, file: Path, remote: str) -> None:  # noqa: ANN401 - asyncssh's
        self._client = client
        self._file = file
        self._name = remote
        self._bytes = file.stat().st_size

    async def send(self, digest: str) -> None:
        """Send what is missing; `digest` is the SHA-256 that the copy must have.

        Raises:
            DeliveryFailed: What was read back is something else.
        """
        start = await self._first_missing()
        if start == 0:
            await self._client.put(str(self._file), self._name)
        if start < self._bytes:
            async with self._client.open(self._name, "r+b") as remote:
                for begin in range(start, self._bytes, _CHUNK_BYTES) if start else ():
                    await remote.write(self._chunk(begin), begin)
                with contextlib.suppress(load_library("asyncssh", extra="sftp", what="SFTP").SFTPOpUnsupported):
                    await remote.fsync()
        # After the sending, not beside it: both at once took half as long again (OpenSSH's server, 2026-11-25).
        if await _digest(self._client, self._name) != digest:
            await self._client.remove(self._name)
            raise DeliveryFailed(f"{self._name} is not what was sent", hint="Run again; check the server's disk.")

    async def _first_missing(self) -> int:
        """Where the copy of an earlier run ends; chunks go out side by side, so one before the last may lack."""
        if not await self._client.exists(self._name):
            return 0
        there: int = await self._client.getsize(self._name)
        if there > self._bytes:
            return 0
        async with self._client.open(self._name, "rb") as remote:
            for start in range(0, there, _CHUNK_BYTES):
                if await remote.read(_CHUNK_BYTES, start) != self._chunk(start):
                    return start
        return there

    def _chunk(self, start: int) -> bytes:
        with self._file.open("rb") as stream:
            stream.seek(start)
            return stream.read(_CHUNK_BYTES)


def _digests(release: Release) -> dict[str, str]:
    """SHA-256 of each file, by name: the manifest's word, which was compared with the files a moment ago."""
    said = {entry["name"]: entry["sha256"] for entry in release.manifest["files"]}
    return {name: said.get(name) or digest_file(release.folder / name) for name in names_in_order(release)}


async def _digest(client: Any, path: str) -> str:  # noqa: ANN401 - asyncssh's
    """SHA-256 of a file there, hashed while the next chunk is on its way."""
    digest, start = hashlib.sha256(), 0
    async with client.open(path, "rb") as remote:
        block = await remote.read(_CHUNK_BYTES, start)
        while block:
            start += len(block)
            _, block = await asyncio.gather(asyncio.to_thread(digest.update, block), remote.read(_CHUNK_BYTES, start))
    return digest.hexdigest()


async def _names(client: Any, folder: str) -> set[str]:  # noqa: ANN401 - asyncssh's
    return set(await client.listdir(folder)) - {".", ".."}


async def _refuse_strangers(client: Any, release: Release, folder: str) -> None:  # noqa: ANN401 - asyncssh's
    if not await _names(client, folder) <= set(names_in_order(release)):
        raise DeliveryRefused(
            f"{folder} holds a file that is not of the release {release.id}",
            hint="Move it away after finding out what it is.",
        )


async def _compare(client: Any, release: Release, final: str) -> None:  # noqa: ANN401 - asyncssh's
    wanted = _digests(release)
    same = await client.isdir(final) and await _names(client, final) == wanted.keys()
    for name, digest in wanted.items() if same else ():
        same = same and await client.getsize(f"{final}/{name}") == (release.folder / name).stat().st_size
        same = same and await _digest(client, f"{final}/{name}") == digest
    if not same:
        raise DeliveryRefused(
            f"{final} exists and is not the release {release.id}", hint="Move it away after finding out what it is."
        )
