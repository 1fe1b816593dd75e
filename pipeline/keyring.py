"""Which keys does this installation hold?

One file a key and version, mode 0600, in a folder of mode 0700; a file that others can read is refused, because a
secret that others may have copied can't be made secret again by `chmod` alone. Nothing here is ever overwritten.
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline import keyfiles
from pipeline.files.durable import create_file, make_private_folder, storage_named
from pipeline.keyfiles import KeyRefused
from transforms.errors import DouaneError
from transforms.keys import Key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["FolderKeyring", "KeyRefused", "Keyring", "UnknownKey"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FILE: Final = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_-]{0,63})\.v(?P<version>[1-9][0-9]*)\.json")
_NONCE_BYTES: Final = 12
_PUBLIC_FILE: Final = 0o644


class UnknownKey(DouaneError, KeyError):
    """No key of that name on this keyring."""


@runtime_checkable
class Keyring(Protocol):
    """What a run needs of a keyring. An entry point of the group `douane.keyrings`."""

    def get(self, name: str = "default", *, domain: str | None = None, version: int | None = None) -> Key:
        """Give a key, its newest version unless told otherwise; refuse one of another domain."""

    def signing_key(self) -> Ed25519PrivateKey:
        """Give the key that signs releases."""

    def wrap(self, secret: bytes, *, context: str) -> bytes:
        """Encipher a short secret so that only this keyring opens it, and only for `context`."""

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """Turn `wrap` back, or refuse."""


class FolderKeyring:
    """Keys in a folder that only this user can enter.

    Holds, apart: secrets of pseudonymization domains (`NAME.vN.json`), the Ed25519 key that signs releases
    (`signing.pem`, and `signing.pub.pem` to hand out) and the AES-256 key that wraps staging's keys (`wrapping.json`).

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     keyring = FolderKeyring(Path(folder, "keys"))
        ...     made = keyring.new("cardio", domain="eds-cardio")
        ...     keyring.get("cardio") == made, keyring.names(), keyring.rotate("cardio").version
        (True, ['cardio'], 2)
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def new(self, name: str = "default", *, domain: str = "default") -> Key:
        """Make a key of 32 random bytes; also the signing key, if this keyring has none yet.

        Raises:
            KeyRefused: A key of that name exists, the name is no name, or the folder is open to others.
            StorageFailed: The folder can't be written.
        """
        if not _NAME.fullmatch(name):
            raise KeyRefused("that is no name for a key", hint="Use 1 to 64 letters, digits, - and _.")
        key = Key.generate(domain=domain, id=f"{name}-{secrets.token_hex(4)}")
        self._store(name, key)
        self._ensure_signing_key()
        return key

    def rotate(self, name: str) -> Key:
        """Make the next version of a key. Its pseudonyms don't link to the old ones; old versions stay, to turn back.

        Raises:
            UnknownKey: There is no key to rotate.
            KeyRefused: Another process is making the same version.
        """
        old = self.get(name)
        key = Key.generate(domain=old.domain, id=old.id, version=old.version + 1)
        self._store(name, key)
        return key

    def get(self, name: str = "default", *, domain: str | None = None, version: int | None = None) -> Key:
        """Read a key, its newest version unless `version` says otherwise.

        Args:
            name: As given to `new`.
            domain: The domain in which it is about to be used; a key of another domain is refused.
            version: An older version, to turn back what was made with it.

        Raises:
            UnknownKey: No such name or version.
            KeyRefused: Others can read the file, it is damaged, or it belongs to another domain.
        """
        held = self.versions(name)
        if not held or (version is not None and version not in held):
            which = f"version {version} of the key {name}" if held else f"key named {name}"
            have = ", ".join(self.names()) or "none"
            raise UnknownKey(f"no {which} in {self.folder} (there: {have})", hint=f"Run `douane keys new {name}`.")
        key = keyfiles.read_key(self._path(name, held[-1] if version is None else version))
        if domain is not None and key.domain != domain:
            raise KeyRefused(
                f"the key {name} is of the domain {key.domain}, not {domain}",
                hint=f"Name a key of {domain}, or make one: `douane keys new NAME --domain {domain}`.",
            )
        return key

    def names(self) -> list[str]:
        """List the names of the keys, in order; no file is read."""
        return sorted({match["name"] for match in self._files()})

    def versions(self, name: str) -> list[int]:
        """List the versions of one key, oldest first; empty if there is none of that name."""
        return sorted(int(match["version"]) for match in self._files() if match["name"] == name)

    @property
    def public_key_path(self) -> Path:
        """The PEM file of the public key that verifies releases: the one file here that is made to be given away."""
        return self.folder / "signing.pub.pem"

    def signing_key(self) -> Ed25519PrivateKey:
        """Read the Ed25519 key that signs releases.

        Raises:
            UnknownKey: `new` has never run here.
            KeyRefused: Others can read the file, or it holds no Ed25519 key.
        """
        path = self.folder / "signing.pem"
        if not path.exists():
            raise UnknownKey(f"no signing key in {self.folder}", hint="Run `douane keys new`.")
        return keyfiles.read_signing_key(path)

    def wrap(self, secret: bytes, *, context: str) -> bytes:
        """Encipher a short secret under this keyring's wrapping key (AES-256-GCM), bound to `context`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._wrapping_key()).encrypt(nonce, secret, context.encode())

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """Turn `wrap` back.

        Raises:
            KeyRefused: It was wrapped by another keyring or for another context, or it was changed.
        """
        try:
            return AESGCM(self._wrapping_key()).decrypt(
                wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], context.encode()
            )
        except (InvalidTag, ValueError):
            raise KeyRefused(
                f"the wrapped key of {context} does not open with the keyring {self.folder}",
                hint="Use the keyring that the run was started with, or start the run again.",
            ) from None

    def _files(self) -> list[re.Match[str]]:
        with storage_named(f"read {self.folder}"):
            names = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else []
        return [match for name in names if (match := _FILE.fullmatch(name))]

    def _path(self, name: str, version: int) -> Path:
        return self.folder / f"{name}.v{version}.json"

    def _store(self, name: str, key: Key) -> None:
        path = self._path(name, key.version)
        try:
            self._create(path, keyfiles.write_key(key))
        except FileExistsError:
            raise KeyRefused(
                f"{path} exists, and a key is never overwritten",
                hint="Use it, choose another name, or make its next version: `douane keys rotate`.",
            ) from None

    def _create(self, path: Path, content: bytes, *, mode: int = 0o600) -> None:
        """Create one file whole; `FileExistsError` passes: another process may have made it first."""
        make_private_folder(self.folder)
        keyfiles.check_folder(self.folder)
        with storage_named(f"write {path}"):
            create_file(path, content, mode=mode)

    def _ensure_signing_key(self) -> None:
        path = self.folder / "signing.pem"
        if not path.exists():
            with suppress(FileExistsError):
                self._create(path, keyfiles.new_signing_key())
        if not self.public_key_path.exists():
            with suppress(FileExistsError):
                self._create(self.public_key_path, keyfiles.public_pem(self.signing_key()), mode=_PUBLIC_FILE)

    def _wrapping_key(self) -> bytes:
        path = self.folder / "wrapping.json"
        if not path.exists():
            with suppress(FileExistsError):
                self._create(path, keyfiles.new_secret())
        return keyfiles.read_secret(path)
