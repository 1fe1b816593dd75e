"""How is something written so that a crash leaves the old state or the new one, never a half of it?

Aside, fsync, then one rename or link: POSIX makes those atomic, and the fsync of the folder makes them last.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote

from transforms.errors import DouaneError

if TYPE_CHECKING:
    from types import TracebackType

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600

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
        raise StorageFailed(f"a table's name of {len(table)} characters makes no file name", hint="Rename the table.")
    return safe + suffix


class Lock:
    """A lock file that one process holds while it lives: the kernel lets go of it even when the process is killed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1

    def acquire(self) -> bool:
        """Take the lock without waiting; false if a living process holds it."""
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            # Whoever let go may have removed the file between our open and our lock: then we hold a lock on nothing.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), self.path.stat()):
                    self._descriptor = descriptor
                    return True
            os.close(descriptor)

    def release(self) -> None:
        """Remove the lock file and let go; a second call does nothing."""
        if self._descriptor >= 0:
            self.path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1


class PartialFolder:
    """A hidden folder beside a final name, which becomes that name in one rename, or vanishes.

    What a killed process left is told from what a living one is making by a lock, and swept by the next to come.

    Args:
        final: The folder that shall appear, whole, when `publish` is called. Its parent must exist.
        mode: Its rights, less the umask.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     with PartialFolder(Path(folder, "release")) as partial:
        ...         write_file(partial.path / "a.txt", b"whole")
        ...         partial.publish()
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['release']
    """

    _PREFIX: Final = ".douane-partial-"

    def __init__(self, final: Path, *, mode: int = PRIVATE_FOLDER) -> None:
        self.final = final
        sweep_partial(final.parent)
        while True:
            path = final.with_name(f"{self._PREFIX}{secrets.token_hex(8)}")
            self._lock = Lock(path.with_name(path.name + ".lock"))
            if self._lock.acquire():
                break
        self.path = path
        try:
            path.mkdir(mode=mode)
        except OSError:
            self._lock.release()
            raise

    def publish(self) -> None:
        """Fsync everything and give the folder its final name; `FileExistsError` if that name is taken."""
        sync_tree(self.path)
        if self.final.exists():  # rename would replace an empty folder without a word
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.final))
        try:
            self.path.rename(self.final)
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.final)) from None
            raise
        sync_folder(self.final.parent)
        self._lock.release()

    def discard(self) -> None:
        """Remove the folder if it was not published; a second call does nothing."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.discard()


def sweep_partial(parent: Path) -> int:
    """Remove the hidden folders in `parent` whose process is dead; returns how many there were."""
    swept = 0
    for path in parent.glob(f"{PartialFolder._PREFIX}*.lock"):  # noqa: SLF001 - the same idea, in the same file
        lock = Lock(path)
        if lock.acquire():
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            lock.release()
            swept += 1
    return swept
