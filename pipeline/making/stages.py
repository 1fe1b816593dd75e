"""How do reading, computing and writing go on side by side, in the order of the rows, within a bounded memory?

Arrow and OpenSSL let go of the interpreter while they work, so threads are enough. Whoever takes the results is the
write stage: it runs in the caller's own thread, and nothing overtakes anything.
"""

from __future__ import annotations

import contextlib
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

T = TypeVar("T")
U = TypeVar("U")

READ_AHEAD: Final = 2
"""Items that wait, beyond those that are being computed."""


def side_by_side(
    read: Iterator[T], compute: Callable[[T], U], *, workers: int = 1, ahead: int = READ_AHEAD
) -> Generator[U, None, None]:
    """Give `compute(item)` of every item, in order, while the next are read and computed in other threads.

    Args:
        read: The items; taken in a thread of its own. A generator is closed there, too.
        compute: Called once an item, in one of `workers` threads.
        workers: Items that are computed at once.
        ahead: Items that wait besides; memory holds at most `workers + ahead` items that were not given yet, and the
            one that the caller has in hand.

    Returns:
        A generator; use it in `contextlib.closing`. However it ends (exhausted, closed, an error, an interrupt), its
        threads have ended before it has.

    Raises:
        BaseException: What `read` or `compute` raised, when its turn comes: of two errors always that of the earlier
            row, whichever thread was faster.

    Example:
        >>> list(side_by_side(iter([1, 2, 3]), lambda number: number * 10, workers=2))
        [10, 20, 30]
    """
    given: SimpleQueue[Future[U] | None] = SimpleQueue()
    room, stopped = Semaphore(workers + ahead), Event()

    def read_ahead() -> None:
        try:
            while room.acquire() and not stopped.is_set():
                try:
                    item = next(read)
                except StopIteration:
                    break
                given.put(pool.submit(compute, item))
                del item  # else this frame would hold a batch that everybody else is done with
        except BaseException as error:  # noqa: BLE001 - carried across, and raised in the caller's thread
            failed: Future[U] = Future()
            failed.set_exception(error)
            given.put(failed)
        finally:
            with contextlib.suppress(Exception):
                getattr(read, "close", lambda: None)()
            given.put(None)

    pool = ThreadPoolExecutor(workers, thread_name_prefix="douane-compute")
    reader = Thread(target=read_ahead, name="douane-read")
    reader.start()
    try:
        while (future := given.get()) is not None:
            result = future.result()
            del future
            yield result
            del result
            room.release()
    finally:
        stopped.set()
        room.release()
        reader.join()
        pool.shutdown(wait=True, cancel_futures=True)
