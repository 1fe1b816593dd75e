"""How are two ways of doing the same thing compared, on what columns, and in what table is it told?

What is compared runs in turns within one process, so that a busy machine slows both; the ratio is of medians.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS = 5
CHANCE = np.random.default_rng(2026)
CAPITALS, DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"


def strings(lengths: np.ndarray, letters: bytes) -> pa.Array:
    """Make random strings of given lengths over some letters."""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    data = np.frombuffer(letters, np.uint8)[CHANCE.integers(0, len(letters), int(offsets[-1]))]
    return pa.Array.from_buffers(pa.string(), len(lengths), [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def columns(rows: int) -> dict[str, pa.Array]:
    """Make the columns that are measured; all of their values differ."""
    return {
        "ids, 10 digits": strings(np.full(rows, 10), DIGITS),
        "names, 4 to 12 letters": strings(CHANCE.integers(4, 13, rows), CAPITALS),
        "NIRs, 15 digits": strings(np.full(rows, 15), DIGITS),
        "60 characters": strings(np.full(rows, 60), CAPITALS),
    }


def heading(title: str, *words: str) -> None:
    """Begin a table whose columns are these."""
    print(f"\n### {title}\n\n| {' | '.join(words)} |\n| {' | '.join('---' for _ in words)} |", flush=True)


def compare(
    what: str,
    against: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    rows: int,
    their_rows: int,
    bar: str = "",
    turns: int = TURNS,
) -> None:
    """Run both in turns and print one line: our millions of rows a second, how many times theirs that is, the bar."""
    times: tuple[list[float], list[float]] = ([], [])
    ours()
    for _ in range(turns):
        for taken, run in zip(times, (ours, theirs), strict=True):
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start)
    our_speed = rows / statistics.median(times[0])
    ratio = our_speed / (their_rows / statistics.median(times[1]))
    print(f"| {what} | {against} | {our_speed / 1e6:.1f} | {ratio:.{2 if ratio < 10 else 0}f} | {bar} |", flush=True)
