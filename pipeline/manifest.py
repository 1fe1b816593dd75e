"""What does a release say of itself, and does it still say so?

`manifest.json` is canonical JSON (RFC 8785); `manifest.json.sig` is the 64 bytes of its Ed25519 signature (RFC 8032),
so that anyone can verify it without Douane: `openssl pkeyutl -verify -pubin -inkey KEY -rawin -in manifest.json
-sigfile manifest.json.sig`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import rfc8785
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pipeline.errors import InvalidDocument
from pipeline.files.durable import digest_file, storage_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.journal import Journal

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.json.sig"
PART: Final = ".part-"
"""What stands between the name of a table of several files and the number of each."""
RELEASE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True)
class Release:
    """A sealed release.

    Attributes:
        folder: Where it stands.
        id: Its id, a hash of what it was made from.
        manifest_sha256: SHA-256 of `manifest.json`, in hex: what decisions, clearances and the journal name it by.
        manifest: What the manifest says.
    """

    folder: Path
    id: str
    manifest_sha256: str
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class Verification:
    """What `verify_release` found.

    Attributes:
        folder: The release.
        ok: Whether every file is what was sealed.
        file: The first file that is not, by its name in the release; empty if all are.
        problem: What is wrong, in one sentence that names the file; empty if nothing is.
        release: The release, if it is what was sealed.
        files: Files whose hashes were compared.
    """

    folder: Path
    ok: bool
    file: str = ""
    problem: str = ""
    release: Release | None = None
    files: int = 0


def read_release(folder: Path) -> Release:
    """Read the manifest of a sealed release; its hashes and signature are not checked.

    Raises:
        InvalidDocument: The folder holds no manifest of format 1.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError:
        raise InvalidDocument(f"{folder} holds no {MANIFEST}", hint="Name the folder of a sealed release.") from None
    return _read(folder, raw)


def verify_release(folder: Path | str, public_key_path: Path | str, journal: Journal | None = None) -> Verification:
    """Compare a release with what was sealed: signature, every file's hash and size, nothing missing, nothing added.

    Args:
        folder: The release, or a delivered copy of it.
        public_key_path: PEM file of the public key of whoever sealed it, got from them and not from the release.
        journal: If given, the release must also be one that the journal's (whole) chain says was sealed.

    Returns:
        The first difference, or that there is none.

    Raises:
        InvalidDocument: The public key can't be read. That says nothing of the release.
    """
    folder, public_key = Path(folder), read_public_key(Path(public_key_path))
    with storage_named(f"read the release {folder}"):
        file, problem = next(_differences(folder, public_key, journal), ("", ""))
    if problem:
        return Verification(folder, ok=False, file=file, problem=f"{folder / file}: {problem}")
    release = read_release(folder)
    return Verification(folder, ok=True, release=release, files=len(release.manifest["files"]))


def _differences(folder: Path, public_key: Ed25519PublicKey, journal: Journal | None) -> Iterator[tuple[str, str]]:
    """Give each difference as (file, what is wrong with it), the one that explains the others first."""
    seal = _broken_seal(folder, public_key)
    if seal:
        yield seal
        return  # what an unsigned manifest says of the files proves nothing
    release = read_release(folder)
    yield from changed_files(release)
    unknown = _not_journaled(release, journal) if journal else ""
    if unknown:
        yield MANIFEST, unknown


def _broken_seal(folder: Path, public_key: Ed25519PublicKey) -> tuple[str, str] | None:
    for name in (MANIFEST, SIGNATURE):
        if (folder / name).is_symlink() or not (folder / name).is_file():
            return name, "is missing or a link, so this is no sealed release"
    raw, signature = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
    if len(signature) != _SIGNATURE_BYTES:
        return SIGNATURE, f"is no Ed25519 signature of {_SIGNATURE_BYTES} bytes, it has {len(signature)}"
    try:
        _read(folder, raw)
        public_key.verify(signature, raw)
    except InvalidDocument:
        return MANIFEST, "was changed: it is not the canonical JSON that was sealed"
    except InvalidSignature:
        return MANIFEST, f"is not what {SIGNATURE} signs: one of them was changed, or another key sealed this release"
    return None


def changed_files(release: Release) -> Iterator[tuple[str, str]]:
    """Give each file that is not what the release's manifest says, is missing, or was added: (name, what is wrong)."""
    listed = {entry["name"]: entry for entry in release.manifest["files"]}
    for name, entry in sorted(listed.items()):
        problem = _difference(release.folder / name, entry)
        if problem:
            yield name, problem
    for name in sorted(_present(release.folder) - listed.keys() - {MANIFEST, SIGNATURE}):
        yield name, "is not in the manifest"


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Read an Ed25519 public key from a PEM file.

    Raises:
        InvalidDocument: It can't be read, or is another sort of key.
    """
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise InvalidDocument(
            f"the public key {path} can't be read: {error.strerror}", hint="Check the path."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidDocument(f"{path} is no Ed25519 public key in PEM", hint="Use the keyring's signing.pub.pem.")
    return key


def _read(folder: Path, raw: bytes) -> Release:
    try:
        manifest = json.loads(raw)
        whole = isinstance(manifest, dict) and manifest.get("format") == 1 and rfc8785.dumps(manifest) == raw
        files = manifest["files"] if whole else None
        good = isinstance(files, list) and all(_is_entry(entry) for entry in files)
        identity = manifest["release_id"] if good else None
    except (ValueError, TypeError, RecursionError, KeyError, AttributeError, rfc8785.CanonicalizationError):
        identity = None
    if not isinstance(identity, str) or not RELEASE_ID.fullmatch(identity):
        raise InvalidDocument(f"{folder / MANIFEST} is no manifest of format 1", hint="Seal the release again.")
    return Release(folder, identity, hashlib.sha256(raw).hexdigest(), manifest)


def _is_entry(entry: dict[str, Any]) -> bool:
    return {"name", "sha256", "bytes"} <= entry.keys() and Path(entry["name"]).name == entry["name"]


def _difference(path: Path, entry: dict[str, Any]) -> str:
    if path.is_symlink() or not path.is_file():
        return "is a link or no file" if path.is_symlink() or path.exists() else "is missing"
    size = path.stat().st_size
    if size != entry["bytes"]:
        return f"was changed: it has {size} bytes, sealed were {entry['bytes']}"
    return "" if digest_file(path) == entry["sha256"] else "was changed: its SHA-256 is not the one that was sealed"


def _present(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in _walk(folder)}


def _walk(folder: Path) -> Iterator[Path]:
    """Give everything below that is no true folder, and folders that are empty: nothing may ride along unseen."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink() and any(path.iterdir()):
            yield from _walk(path)
        else:
            yield path


def _not_journaled(release: Release, journal: Journal) -> str:
    state = journal.verify()
    if not state.whole:
        return f"can't be checked with {journal.path}, whose line {state.broken_line} {state.problem}"
    sealed = [line for line in journal.lines() if line["event"] == "release.sealed"]
    if any(line.get("manifest_sha256") == release.manifest_sha256 for line in sealed):
        return ""
    if any(line.get("release_id") == release.id for line in sealed):
        return f"is not the manifest that {journal.path} says was sealed for {release.id}"
    return f"was never sealed according to {journal.path}"
