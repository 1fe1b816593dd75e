"""What does a key file hold, and who else may have read it?"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from pipeline.files.durable import storage_named
from transforms.errors import DouaneError
from transforms.keys import Key

if TYPE_CHECKING:
    from pathlib import Path

SECRET_BYTES: Final = 32


class KeyRefused(DouaneError, PermissionError):
    """A key that others can read, of another domain, or already there; names the file and the mend."""


def read_private(path: Path) -> bytes:
    """Read a file of secrets, if nobody but its owner can; rights and content are those of one open file."""
    check_folder(path.parent)
    with storage_named(f"read {path}"), path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        content = file.read()
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyRefused(
            f"others can read the key file {path} (mode {mode:03o})",
            hint=f"Run `chmod 600 {path}`, and make a new key if someone may have copied it.",
        )
    return content


def check_folder(folder: Path) -> None:
    """Refuse a folder into which others could put a key of theirs."""
    with storage_named(f"enter {folder}"):
        mode = folder.stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise KeyRefused(f"others can put keys into {folder}", hint=f"Run `chmod 700 {folder}`.")


def write_key(key: Key) -> bytes:
    """Write a pseudonymization key as a key file of format 1."""
    return _json(
        id=key.id,
        domain=key.domain,
        version=key.version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        secret=base64.b64encode(key.reveal_secret()).decode(),
    )


def read_key(path: Path) -> Key:
    """Read a pseudonymization key, or say that the file is none without quoting it."""
    fields = _read_json(path)
    secret = _secret(path, fields)
    try:
        return Key(secret, domain=fields["domain"], id=fields["id"], version=fields["version"])
    except (KeyError, ValueError, TypeError):
        raise _damaged(path) from None


def new_secret() -> bytes:
    """Make a file of 32 random bytes that no domain owns."""
    return _json(secret=base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode())


def read_secret(path: Path) -> bytes:
    """Read what `new_secret` made."""
    return _secret(path, _read_json(path))


def new_signing_key() -> bytes:
    """Make an Ed25519 private key, as PEM (PKCS #8)."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Give the public half of a signing key, as PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """Read what `new_signing_key` made."""
    try:
        key = load_pem_private_key(read_private(path), password=None)
    except (ValueError, TypeError):
        raise _damaged(path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _damaged(path)
    return key


def _json(**fields: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    return json.dumps({"format": 1, **fields}, indent=2).encode() + b"\n"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        fields = json.loads(read_private(path))
    except ValueError:
        raise _damaged(path) from None
    if not isinstance(fields, dict) or fields.get("format") != 1:
        raise _damaged(path)
    return fields


def _secret(path: Path, fields: dict[str, Any]) -> bytes:
    try:
        secret = base64.b64decode(fields["secret"], validate=True)
    except (KeyError, ValueError, TypeError):
        raise _damaged(path) from None
    if len(secret) != SECRET_BYTES:
        raise _damaged(path)
    return secret


def _damaged(path: Path) -> KeyRefused:
    return KeyRefused(f"{path} is not a key file of format 1", hint="Restore it from the backup of the keyring.")
