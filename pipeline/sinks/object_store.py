"""How does a release reach Google Cloud Storage or Azure: whole, read back and compared, its manifest last?"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.connections import AzureConnection, GoogleConnection, connection_for, covers
from pipeline.files.durable import digest_file
from pipeline.filesystems import filesystem_at
from pipeline.sinks import Delivery, DeliveryFailed, DeliveryRefused, cleared_release, delivery_of, names_in_order
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.guard.decision import Clearance

_READ_BYTES = 8 << 20


class ObjectStoreSink:
    """Puts a release at `ADDRESS/RELEASE_ID/`, each object only where none stands, and reads every one back.

    Args:
        connection: The login; None: the one on file for the address.
    """

    def __init__(self, connection: GoogleConnection | AzureConnection | None = None) -> None:
        self._connection = connection

    def deliver(self, release_folder: Path, clearance: Clearance) -> Delivery:
        """Deliver a release to the bucket or container that the guard cleared.

        Args:
            release_folder: A sealed release.
            clearance: The guard's, for this release, today, and `gs://bucket/prefix` or
                `abfss://container@account.dfs.core.windows.net/prefix`.

        Returns:
            What was done. Objects that are there with the same content are not sent again.

        Raises:
            DeliveryRefused: The clearance is another's, the store refuses the login, or something else stands there.
            DeliveryFailed: The store did not answer, or broke off; without its manifest nothing looks whole there.
            MissingLibrary: The store's library (gcsfs, adlfs) is not installed.
        """
        release = cleared_release(release_folder, clearance)
        connection = self._connection or connection_for(clearance.address)
        if not isinstance(connection, (GoogleConnection, AzureConnection)) or not covers(connection, clearance.address):
            raise DeliveryRefused(
                f"no login for {clearance.address} is on file", hint="Add it to private/connections.yaml."
            )
        store, base = filesystem_at(clearance.address, connection, endpoint=clearance.endpoint)
        folder, names = f"{base}/{release.id}", names_in_order(release)
        with told_in_one_line(clearance.address):
            there = {key.removeprefix(f"{folder}/") for key in store.find(folder)}
            _refuse_strangers(folder, there - set(names), release.id)
            for name in sorted(there):
                _compare(store, release.folder / name, f"{folder}/{name}")
            sent = [_put(store, release.folder / name, f"{folder}/{name}") for name in names if name not in there]
        return delivery_of(release, clearance, already_there=not any(sent))


def _put(store: Any, file: Path, key: str) -> bool:  # noqa: ANN401 - fsspec's
    """Put a file there unless another run has meanwhile, and compare; whether it was sent."""
    sent = True
    try:
        store.put_file(str(file), key, mode="create")
    except FileExistsError:
        sent = False
    _compare(store, file, key)
    return sent


def _compare(store: Any, file: Path, key: str) -> None:  # noqa: ANN401 - fsspec's
    digest = hashlib.sha256()
    with store.open(key, "rb", block_size=_READ_BYTES, cache_type="readahead") as stream:
        for block in iter(lambda: stream.read(_READ_BYTES), b""):
            digest.update(block)
    if digest.hexdigest() != digest_file(file):
        raise DeliveryRefused(
            f"{key} is there and is something else", hint="Move it away after finding out what it is."
        )


def _refuse_strangers(folder: str, strangers: set[str], release_id: str) -> None:
    if strangers:
        raise DeliveryRefused(
            f"{folder} holds an object that is not of the release {release_id}",
            hint="Move it away after finding out what it is.",
        )


@contextmanager
def told_in_one_line(address: str) -> Iterator[None]:
    """Turn what a store's library raises into one line; its own text may quote keys, headers and signatures."""
    try:
        yield
    except DouaneError:
        raise
    except Exception as error:  # noqa: BLE001 - each library has classes of its own
        status = getattr(error, "status_code", None) or getattr(error, "code", None)
        if str(status) in {"401", "403"} or isinstance(error, PermissionError):
            raise DeliveryRefused(
                f"{address}: the store refuses the login", hint="Correct it in private/connections.yaml, or its rights."
            ) from None
        if str(status) == "404" or isinstance(error, FileNotFoundError):
            place = urlsplit(address).netloc.partition("@")[0]
            raise DeliveryFailed(f"{address}: there is no {place}", hint="Make it, or correct the name.") from None
        raise DeliveryFailed(
            f"{address} does not answer, or broke off ({type(error).__name__})",
            hint="Run again when it answers: what is there already is not sent again.",
        ) from None
