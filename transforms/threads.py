"""How do two cores work on one column, and on how many does it pay?

numpy, Arrow and OpenSSL let other threads run while they work, but each call takes the interpreter's lock for a moment:
pieces must be large, or threads wait for each other (on pieces of 8,192 rows two threads take 1.4 times as long as one,
on 131,072 rows they take two thirds; 2026-11-25). What comes out never depends on the number of threads.

The number is pyarrow's, `pyarrow.cpu_count()`: it follows OMP_NUM_THREADS, and `pyarrow.set_cpu_count(1)` turns
threads off.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Given = TypeVar("Given")
Made = TypeVar("Made")

ROWS: Final = 1 << 14
"""Rows that one thread works on at a time: 256 KiB of blocks, which stay in the second-level cache."""

SPAN: Final = 1 << 17
"""Rows that a thread takes at a time."""

MOST: Final = 4
"""Beyond this many, threads wait for the interpreter's lock."""


def spans(rows: int) -> list[tuple[int, int]]:
    """Cut rows into spans that are worth a thread's while: first row, row after the last.

    Example:
        >>> spans(200_000)
        [(0, 131072), (131072, 200000)]
    """
    return [(low, min(rows, low + SPAN)) for low in range(0, rows, SPAN)]


def rows_at_a_time(rows: int) -> int:
    """Say how long pieces of a column are best: as the cache likes them, or as threads do."""
    return SPAN if pa.cpu_count() > 1 and rows > SPAN else ROWS


def in_threads(work: Callable[[Given], Made], pieces: Iterable[Given]) -> list[Made]:
    """Work on every piece, on as many threads as pyarrow may use; results in the order of the pieces.

    An error in one piece is raised here, that of the first piece that has one.

    Example:
        >>> in_threads(lambda number: number + 1, [1, 2])
        [2, 3]
    """
    listed = list(pieces)
    count = min(MOST, pa.cpu_count(), len(listed))
    if count < 2:
        return [work(piece) for piece in listed]
    with ThreadPoolExecutor(count, thread_name_prefix="douane-column") as pool:
        return list(pool.map(work, listed))
