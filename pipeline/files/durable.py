"""How is a file written so that a crash leaves the old state or the new one, never a half of it?

Aside, fsync, then one link: POSIX makes that atomic, and the fsync of the folder makes it last.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pipeline.errors import InvalidInput
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
SHARED_FILE: Final = 0o666  # less the umask: a plan is there for its reviewers

_LONGEST_NAME: Final = 200  # bytes; ext4, xfs and NFS stop at 255, and partial names carry a prefix
_COPY_BYTES: Final = 1 << 20

_MENDS: Final = {
    errno.ENOSPC: "Free space there, then run again.",
    errno.EDQUOT: "Raise the quota or free space there, then run again.",
    errno.EFBIG: "Raise the limit on file sizes (ulimit -f), then run again.",
    errno.EACCES: "Give this user the right to write there.",
    errno.EPERM: "Give this user the right to write there.",
    errno.EROFS: "Mount it writable, or choose another folder.",
    errno.ENOENT: "Create it first.",
    errno.ENOTDIR: "Name a folder.",
}


class StorageFailed(DouaneError, OSError):
    """The disk or the file system said no: full, read-only, not ours; nothing stands under the final name."""

    @classmethod
    def of(cls, error: OSError, *, doing: str) -> StorageFailed:
        """Build the sentence from what was being done (`write the journal /x/journal.jsonl`) and the system's reason."""
        # Arrow's own text is a paragraph that names native source lines; the number says it all.
        reason = (os.strerror(error.errno) if error.errno else type(error).__name__).lower()
        mend = _MENDS.get(error.errno or 0, "Check the disk, then run again.")
        return cls(f"could not {doing}: {reason}", hint=mend)


@contextlib.contextmanager
def storage_named(doing: str) -> Iterator[None]:
    """Turn a system error that is raised inside into one line that says what was being done.

    Errors that are one line already pass, and so does `FileExistsError`: what it means only the caller knows.

    Example:
        >>> with storage_named("read the plan"):
        ...     Path("/no/such/plan.yaml").read_bytes()
        Traceback (most recent call last):
        ...
        pipeline.files.durable.StorageFailed: could not read the plan: no such file or directory. Create it first.
    """
    try:
        yield
    except (DouaneError, FileExistsError):
        raise
    except OSError as error:
        raise StorageFailed.of(error, doing=doing) from None


def make_private_folder(path: Path) -> Path:
    """Make the folder `path` (and its parents) that only this user can enter; one that exists stays as it is."""
    try:
        path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed.of(error, doing=f"make the folder {path}") from None
    return path


def sync_folder(path: Path) -> None:
    """Make names that were added to, renamed in or removed from the folder `path` survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # SMB and some FUSE shares have no fsync for folders: their server decides
            raise
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Fsync every file below `folder`, then every folder, from the leaves up."""
    for place, _, names in os.walk(folder, topdown=False):
        for name in names:
            descriptor = os.open(Path(place, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(place))


def write_file(path: Path, content: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Write `content` to a file that doesn't exist yet, and fsync it; the file is not yet safe from a crash midway."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def create_file(path: Path, content: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Create the file `path` whole, or not at all; of two processes that try, one gets `FileExistsError`.

    A hard link, unlike a rename, never replaces a file: a key that stands is never overwritten.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     create_file(Path(folder, "a"), b"first")
        ...     try:
        ...         create_file(Path(folder, "a"), b"second")
        ...     except FileExistsError:
        ...         Path(folder, "a").read_text()
        'first'
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write_file(aside, content, mode=mode)
        os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace_file(path: Path, content: bytes, *, mode: int = SHARED_FILE) -> None:
    """Write the file `path` whole, in the place of an older one: readers see the old or the new, never a half.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     for content in (b"first", b"second"):
        ...         replace_file(Path(folder, "plan.yaml"), content)
        ...     Path(folder, "plan.yaml").read_text()
        'second'
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with storage_named(f"write {path}"):
        try:
            write_file(aside, content, mode=mode)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(path.parent)


def digest_file(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, in hex, read as a stream."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copy bytes into a new file and fsync it; rights and times of the source are not copied."""
    with source.open("rb") as reader, target.open("xb") as writer:
        shutil.copyfileobj(reader, writer, _COPY_BYTES)
        writer.flush()
        os.fsync(writer.fileno())


def file_name(table: str, suffix: str) -> str:
    """Turn a table's name into a safe file name; two tables never get the same one.

    Letters of any alphabet stay; what a file system or a shell could read as something else is percent-encoded.

    Example:
        >>> file_name("séjours", ".parquet"), file_name("../a b", ".parquet")
        ('séjours.parquet', '%2E.%2Fa%20b.parquet')
    """
    try:
        safe = re.sub(r"[^\w.-]|^\.", lambda match: "%2E" if match[0] == "." else quote(match[0], safe=""), table)
    except UnicodeEncodeError:
        safe = ""
    if not 0 < len(safe.encode()) <= _LONGEST_NAME:
        raise InvalidInput(f"a table's name of {len(table)} characters makes no file name", hint="Rename the table.")
    return safe + suffix
