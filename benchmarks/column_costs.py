"""What do threads, dictionaries, one long value and accents cost a pseudonymized column, or save it?

`python benchmarks/column_costs.py [ROWS]` prints a Markdown table of ourselves against ourselves.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from timing import CAPITALS, CHANCE, DIGITS, compare, heading, strings

from transforms import Key, pseudonymize, surrogate, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

# Both sides are fast, so that more turns cost little, and the median shakes less.
TURNS = 15
KEY = Key(bytes(range(32)), domain="benchmark", id="k1")


def pseudonyms(column: pa.Array, **options: str) -> Callable[[], object]:
    """Give the work on a column, to be timed."""
    return lambda: pseudonymize(column, KEY, field="f", **options)


def costs(rows: int) -> None:
    """Measure what must cost little."""
    heading("What it costs", "column", "against", "million rows/s", "speed against that", "at least")
    plain = strings(CHANCE.integers(4, 13, rows), CAPITALS)
    names = ["Dupont", "Lefèvre", "Zoé", "Martin", "François", "Müller", "Le Goff", "Hélène", "Nguyễn", "Moreau"]
    accented = pa.array(names).take(pa.array(CHANCE.integers(0, len(names), rows)))
    decomposed = pa.array([*names[:8], "Nguye\u0302\u0303n", "Moreau"]).take(pa.array(CHANCE.integers(0, 10, rows)))
    skewed = plain.to_pylist()
    skewed[::8192] = ["x" * 4096] * len(skewed[::8192])
    for what, against, ours, theirs, bar in (
        ("names, 4 in 10 accented", "names without accents", pseudonyms(accented), pseudonyms(plain), "0.5"),
        ("names, 1 in 10 decomposed", "names without accents", pseudonyms(decomposed), pseudonyms(plain), ""),
        (
            "names, 4 in 10 accented, `normalize='name'`",
            "names without accents",
            pseudonyms(accented, normalize="name"),
            pseudonyms(plain),
            "",
        ),
        ("names, one of 4 kB in 8,192", "names without it", pseudonyms(pa.array(skewed)), pseudonyms(plain), "0.67"),
        (
            "a dictionary of 10 names",
            "the same as strings",
            pseudonyms(accented.dictionary_encode()),
            pseudonyms(accented),
            "",
        ),
    ):
        compare(what, against, ours, theirs, rows=rows, their_rows=rows, bar=bar, turns=TURNS)


def on_threads(count: int, work: Callable[[], object]) -> Callable[[], object]:
    """Give the work on so many threads, to be timed."""

    def run() -> object:
        pa.set_cpu_count(count)
        return work()

    return run


def threads(rows: int) -> None:
    """Measure what a second thread gains."""
    heading("Two threads", "column", "against", "million rows/s", "speed against that", "at least")
    before = pa.cpu_count()
    ids = strings(np.full(rows, 10), DIGITS)
    names = strings(CHANCE.integers(4, 13, rows), CAPITALS)
    long = strings(np.full(rows, 60), CAPITALS)
    for what, work, bar in (
        ("pseudonymize ids, 10 digits", pseudonyms(ids), "1.5"),
        ("pseudonymize names, 4 to 12 letters", pseudonyms(names), "1.5"),
        ("pseudonymize 60 characters", pseudonyms(long), "1.5"),
        ("tokenize 60 characters", lambda: tokenize(long, KEY, field="f"), ""),
        ("surrogate, names that all differ", lambda: surrogate(names, KEY, kind="person_name"), ""),
    ):
        compare(
            what,
            "one thread",
            on_threads(2, work),
            on_threads(1, work),
            rows=rows,
            their_rows=rows,
            bar=bar,
            turns=TURNS,
        )
    pa.set_cpu_count(before)


def main(rows: int) -> None:
    """Measure and print."""
    costs(rows)
    threads(2 * rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
