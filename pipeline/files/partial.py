"""How does a folder appear under its name whole or not at all, and who sweeps up after a killed process?"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from typing import TYPE_CHECKING, Final, Self

from pipeline.files.durable import PRIVATE_FILE, PRIVATE_FOLDER, sync_folder, sync_tree

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_PREFIX: Final = ".douane-partial-"


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
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from pipeline.files.durable import write_file
        >>> with TemporaryDirectory() as folder:
        ...     with PartialFolder(Path(folder, "release")) as partial:
        ...         write_file(partial.path / "a.txt", b"whole")
        ...         partial.publish()
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['release']
    """

    def __init__(self, final: Path, *, mode: int = PRIVATE_FOLDER) -> None:
        self.final = final
        sweep_partial(final.parent)
        while True:
            path = final.with_name(f"{_PREFIX}{secrets.token_hex(8)}")
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
    for path in parent.glob(f"{_PREFIX}*.lock"):
        lock = Lock(path)
        if lock.acquire():
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            lock.release()
            swept += 1
    return swept
