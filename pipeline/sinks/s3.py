"""How does a release reach an S3-compatible store: whole, compared there, and its manifest last?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.connections import S3Connection, connection_for, covers
from pipeline.sinks import Delivery, DeliveryRefused, cleared_release, delivery_of, names_in_order
from pipeline.sinks.s3_client import make_client, told_in_one_line
from pipeline.sinks.s3_object import S3Object

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.guard.decision import Clearance


class S3Sink:
    """Puts a release at `s3://BUCKET/PREFIX/RELEASE_ID/`, each object once, checked by the store's own digest of it.

    Args:
        connection: The login; None: the one on file for the address, else the environment's access key.
    """

    def __init__(self, connection: S3Connection | None = None) -> None:
        self._connection = connection

    def deliver(self, release_folder: Path, clearance: Clearance) -> Delivery:
        """Deliver a release to the bucket that the guard cleared, at the endpoint that it decided on.

        Objects that are there with the same content are not sent again, nor are the parts of a large one that a run
        before this one sent. An object is written only where none stands (`If-None-Match: *`).

        Args:
            release_folder: A sealed release.
            clearance: The guard's, for this release, today, and `s3://bucket/prefix`.

        Returns:
            What was done.

        Raises:
            DeliveryRefused: The clearance is another's, the store refuses the key, or something else stands there.
            DeliveryFailed: The store did not answer, or broke off; without its manifest nothing looks whole there.
            MissingLibrary: boto3 is not installed.
        """
        release = cleared_release(release_folder, clearance)
        bucket, prefix = _bucket(clearance.address)
        prefix = f"{prefix}{release.id}/"
        connection = self._connection or connection_for(clearance.address)
        if connection is not None and not (
            isinstance(connection, S3Connection) and covers(connection, clearance.address)
        ):
            raise DeliveryRefused(
                f"the connection is not for {clearance.address}", hint="Name the one of this address."
            )
        client = make_client(clearance.endpoint, connection, clearance.address)
        names = names_in_order(release)
        with told_in_one_line(clearance.address):
            _refuse_strangers(client, bucket, prefix, set(names), release.id)
            sent = [
                S3Object(client, bucket, f"{prefix}{name}", connection).put(release.folder / name) for name in names
            ]
        return delivery_of(release, clearance, already_there=not any(sent))


def _bucket(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    if parts.scheme not in {"s3", "s3a", "s3n"} or not parts.netloc:
        raise DeliveryRefused(f"{address} is no bucket", hint="Use the sink of its kind.")
    path = parts.path.strip("/")  # a key is its letters: no client of S3 decodes `%20` in such an address
    return parts.netloc, f"{path}/" if path else ""


def _refuse_strangers(client: Any, bucket: str, prefix: str, names: set[str], release_id: str) -> None:  # noqa: ANN401 - boto3's
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for entry in page.get("Contents", ()):
            if entry["Key"].removeprefix(prefix) not in names:
                raise DeliveryRefused(
                    f"s3://{bucket}/{prefix} holds an object that is not of the release {release_id}",
                    hint="Move it away after finding out what it is.",
                )
