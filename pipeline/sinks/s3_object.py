"""How does one file become one object: in parts that a later run finds again, and compared with the store's digest?"""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.files.durable import digest_file
from pipeline.sinks import DeliveryFailed, DeliveryRefused
from pipeline.sinks.s3_client import THREADS, code_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.connections import S3Connection

PART_BYTES = 16 << 20
"""Fixed: parts of an earlier run fit, and the digest of a composite object depends on it. 10,000 parts are 156 GiB."""
_MOST_PARTS = 10_000
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_TAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}
_READ_BYTES = 1 << 20


class S3Object:
    """One object of a delivery."""

    def __init__(self, client: Any, bucket: str, key: str, connection: S3Connection | None) -> None:  # noqa: ANN401 - boto3's
        self._client = client
        self._where = {"Bucket": bucket, "Key": key}
        self._name = f"s3://{bucket}/{key}"
        self._connection = connection

    def put(self, file: Path) -> bool:
        """Put the file there unless it is there already; whether anything was sent.

        Raises:
            DeliveryRefused: Another object stands there.
            DeliveryFailed: The store's copy is not the file.
        """
        content = _Content(file)
        if self._is_there(content):
            return False
        try:
            if content.bytes <= PART_BYTES:
                self._put_whole(content)
            else:
                self._put_in_parts(content)
        except Exception as error:
            if code_of(error) not in _TAKEN or not self._is_there(content):
                raise
            return False  # another run has put the same object meanwhile
        if not self._is_there(content):
            raise DeliveryFailed(f"{self._name} is not there after it was sent", hint="Ask the store's operator.")
        return True

    def _put_whole(self, content: _Content) -> None:
        body = content.part(1)
        digest = _base64(content.digest(1, body))
        self._client.put_object(**self._where, **self._asked(), Body=body, ChecksumSHA256=digest, IfNoneMatch="*")

    def _put_in_parts(self, content: _Content) -> None:
        if content.parts > _MOST_PARTS:
            raise DeliveryRefused(
                f"{content.file} is larger than {_MOST_PARTS * PART_BYTES >> 30} GiB", hint="Split the extract."
            )
        upload, there = self._upload_under_way() or (self._start(), {})

        def send(number: int) -> dict[str, Any]:
            body = content.part(number)
            digest = _base64(content.digest(number, body))
            found = there.get(number)
            if found is None or not _same_part(found, digest, body):
                found = self._client.upload_part(
                    **self._where,
                    UploadId=upload,
                    PartNumber=number,
                    Body=body,
                    ChecksumSHA256=digest,
                )
            return {"PartNumber": number, "ETag": found["ETag"], "ChecksumSHA256": digest}

        with ThreadPoolExecutor(THREADS) as pool:
            parts = list(pool.map(send, range(1, content.parts + 1)))
        self._client.complete_multipart_upload(
            **self._where, UploadId=upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
        )

    def _start(self) -> str:
        made = self._client.create_multipart_upload(**self._where, **self._asked(), ChecksumAlgorithm="SHA256")
        return str(made["UploadId"])

    def _upload_under_way(self) -> tuple[str, dict[int, dict[str, Any]]] | None:
        """The upload of this object that an earlier run left, and its parts by number."""
        try:
            listed = self._client.list_multipart_uploads(Bucket=self._where["Bucket"], Prefix=self._where["Key"])
            mine = [item for item in listed.get("Uploads", ()) if item["Key"] == self._where["Key"]]
            if not mine:
                return None
            upload = mine[-1]["UploadId"]
            pages = self._client.get_paginator("list_parts").paginate(**self._where, UploadId=upload)
            return upload, {part["PartNumber"]: part for page in pages for part in page.get("Parts", ())}
        except Exception as error:
            if code_of(error) in {"AccessDenied", "NotImplemented", "NoSuchUpload"}:  # then all of it is sent anew
                return None
            raise

    def _asked(self) -> dict[str, Any]:
        """Encryption and lock, where the connection asks for them."""
        connection = self._connection
        asked: dict[str, Any] = {}
        if connection and connection.encryption:
            asked["ServerSideEncryption"] = connection.encryption
        if connection and connection.kms_key:
            asked["SSEKMSKeyId"] = connection.kms_key
        if connection and connection.object_lock:
            until = datetime.now(UTC) + timedelta(days=connection.object_lock.days)
            asked |= {"ObjectLockMode": connection.object_lock.mode, "ObjectLockRetainUntilDate": until}
        return asked

    def _is_there(self, content: _Content) -> bool:
        """Whether the store has the file under this key, by its own digest of it, or by reading it back."""
        try:
            head = self._client.head_object(**self._where, ChecksumMode="ENABLED")
        except Exception as error:
            if code_of(error) in _ABSENT:
                return False
            raise
        said = head.get("ChecksumSHA256")
        same = head["ContentLength"] == content.bytes and (
            said == content.checksum() or (said is None and self._read_back() == digest_file(content.file))
        )
        if not same:
            raise DeliveryRefused(
                f"{self._name} exists and is another object", hint="Move it away after finding out what it is."
            )
        self._require_asked(head)
        return True

    def _require_asked(self, head: dict[str, Any]) -> None:
        """A server that ignores a header would leave the object less protected than was asked."""
        connection = self._connection
        if connection and connection.encryption and head.get("ServerSideEncryption") != connection.encryption:
            raise DeliveryRefused(
                f"{self._name} is not encrypted by {connection.encryption} as the connection asks",
                hint="Remove it, and ask for what this store offers.",
            )
        if connection and connection.object_lock and head.get("ObjectLockMode") != connection.object_lock.mode:
            raise DeliveryRefused(
                f"{self._name} is not locked as the connection asks", hint="Use a bucket made with object lock."
            )

    def _read_back(self) -> str:
        digest = hashlib.sha256()
        for block in self._client.get_object(**self._where)["Body"].iter_chunks(_READ_BYTES):
            digest.update(block)
        return digest.hexdigest()


class _Content:
    """A file to deliver, and the digest of each part, computed once and beside the sending of others."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.bytes = file.stat().st_size
        self.parts = max(1, -(-self.bytes // PART_BYTES))
        self._digests: dict[int, bytes] = {}

    def part(self, number: int) -> bytes:
        with self.file.open("rb") as stream:
            stream.seek((number - 1) * PART_BYTES)
            return stream.read(PART_BYTES)

    def digest(self, number: int, body: bytes | None = None) -> bytes:
        """SHA-256 of a part."""
        if number not in self._digests:
            self._digests[number] = hashlib.sha256(self.part(number) if body is None else body).digest()
        return self._digests[number]

    def checksum(self) -> str:
        """What a store says of the object: its digest, or that of its parts' digests with their number."""
        digests = [self.digest(number) for number in range(1, self.parts + 1)]
        if len(digests) == 1:
            return _base64(digests[0])
        return f"{_base64(hashlib.sha256(b''.join(digests)).digest())}-{len(digests)}"


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _same_part(found: dict[str, Any], digest: str, content: bytes) -> bool:
    if found.get("Size") != len(content):
        return False
    if found.get("ChecksumSHA256"):
        return bool(found["ChecksumSHA256"] == digest)
    # Not a matter of security: it only tells which parts an earlier run has sent; the whole is compared by SHA-256.
    return bool(found["ETag"].strip('"') == hashlib.md5(content, usedforsecurity=False).hexdigest())
