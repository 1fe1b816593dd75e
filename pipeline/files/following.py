"""How is a file hashed and brought to the disk while it is still being written?

By a thread that reads behind the writer. Done at the end, both are time in which no processor computes: a fifth of a
second for each 300 MB (2026-11-25), on a network disk far more.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK_BYTES: Final = 1 << 20
_SYNC_BYTES: Final = 64 << 20


class Follower:
    """Reads a growing file once, to where its writer says that it won't change any more.

    Args:
        path: The file; it exists already.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "a").write_bytes(b"abc")
        ...     follower = Follower(Path(folder, "a"))
        ...     follower.follow(2)
        ...     follower.finish() == hashlib.sha256(b"abc").hexdigest()
        True
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._digest = hashlib.sha256()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="douane-follow")
        self._last: Future[None] | None = None
        self._synced = 0

    def follow(self, size: int) -> None:
        """Read on to this size, in the thread: what is before it was written and stays.

        Raises:
            OSError: What was asked for before failed.
        """
        if self._last and self._last.done():
            self._last.result()
        self._last = self._pool.submit(self._read_on, size, self._last)

    def finish(self) -> str:
        """Read to the end and give the SHA-256; the thread has ended then.

        Raises:
            OSError: Reading, or bringing it to the disk, failed.
        """
        try:
            self.follow(os.fstat(self._file.fileno()).st_size)
            if self._last:
                self._last.result()
        finally:
            self.close()
        return self._digest.hexdigest()

    def close(self) -> None:
        """End the thread; a second call does nothing."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._file.close()

    def _read_on(self, size: int, before: Future[None] | None) -> None:
        if before:
            before.result()  # it is done, since there is one thread; if it failed, so does all that follows
        at = self._file.tell()
        while at < size and (block := self._file.read(min(_BLOCK_BYTES, size - at))):
            self._digest.update(block)
            at += len(block)
        if at - self._synced >= _SYNC_BYTES:
            os.fsync(self._file.fileno())
            self._synced = at
