"""How many times faster is a transform of a whole column than the loop that a user would write?

`python benchmarks/column.py [ROWS]` prints a Markdown table. Each ratio is of medians in one run: what is compared runs
in turns, so that a busy machine slows both. Loops run on a part of the rows, since they take their time.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import platform
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.cmac import CMAC

from transforms import Key
from transforms.crypto.ff1 import ColumnFf1
from transforms.pseudonyms import detokenize, format_preserving, pseudonymize, surrogate, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = Key(bytes(range(32)), domain="benchmark", id="k1")
SECRET = bytes(range(16))
TURNS = 5
CHANCE = np.random.default_rng(2026)


def strings(lengths: np.ndarray, letters: bytes) -> pa.Array:
    """Make random strings of given lengths over some letters."""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    data = np.frombuffer(letters, np.uint8)[CHANCE.integers(0, len(letters), int(offsets[-1]))]
    return pa.Array.from_buffers(pa.string(), len(lengths), [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def columns(rows: int) -> dict[str, pa.Array]:
    """Make the columns that are measured."""
    capitals, digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
    return {
        "ids, 10 digits": strings(np.full(rows, 10), digits),
        "names, 4 to 12 letters": strings(CHANCE.integers(4, 13, rows), capitals),
        "NIRs, 15 digits": strings(np.full(rows, 15), digits),
        "60 characters": strings(np.full(rows, 60), capitals),
    }


def ratio(
    ours: Callable[[], object], theirs: Callable[[], object], *, rows: int, their_rows: int
) -> tuple[float, float]:
    """Run both in turns; give our millions of rows a second, and how many times theirs that is."""
    times: tuple[list[float], list[float]] = ([], [])
    ours()
    for _ in range(TURNS):
        for taken, run in zip(times, (ours, theirs), strict=True):
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start)
    our_speed = rows / statistics.median(times[0])
    return our_speed / 1e6, our_speed / (their_rows / statistics.median(times[1]))


def loops(values: list[str]) -> dict[str, Callable[[], object]]:
    """Name the loops that a user would write for irreversible pseudonyms."""

    def cmac(value: str) -> str:
        tag = CMAC(algorithms.AES(SECRET))
        tag.update(value.encode())
        return tag.finalize().hex()

    def blake(value: str) -> str:
        return hashlib.blake2b(value.encode(), key=SECRET, digest_size=16).hexdigest()

    return {
        "hmac.digest, SHA-256": lambda: pa.array(
            [hmac.digest(SECRET, value.encode(), "sha256").hex() for value in values]
        ),
        "keyed blake2b": lambda: pa.array([blake(value) for value in values]),
        "CMAC of cryptography": lambda: pa.array([cmac(value) for value in values]),
    }


def line(what: str, against: str, speed: float, times: float) -> None:
    """Print one line of the table."""
    print(f"| {what} | {against} | {speed:.1f} | {times:.1f} |", flush=True)


def main(rows: int) -> None:
    """Measure and print."""
    part = max(1, rows // 20)
    print(
        f"{rows:,} rows, {TURNS} turns, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n"
    )
    print("| column and transform | against | million rows/s | ratio |\n| --- | --- | ---: | ---: |")
    data = columns(rows)
    for name, column in data.items():
        for loop, run in loops(column[:part].to_pylist()).items():
            speed = ratio(lambda column=column: pseudonymize(column, KEY, field="f"), run, rows=rows, their_rows=part)
            line(f"pseudonymize {name}", f"loop over {loop}", *speed)
    reversible(data, rows, part)
    ours_against_ours(data, rows)
    surrogates(rows, part)


def reversible(data: dict[str, pa.Array], rows: int, part: int) -> None:
    """Measure tokens and format-preserving encipherment."""
    siv = AESSIV(KEY.derive("tokenize", "f", length=32))
    for name, column in data.items():
        few, tokens = column[:part].to_pylist(), tokenize(column, KEY, field="f")

        def seal(few: list[str] = few) -> object:
            return pa.array([siv.encrypt(value.encode(), None).hex() for value in few])

        sealed = tokens[:part].to_pylist()

        def unseal(few: list[str] = sealed) -> object:
            return pa.array([siv.decrypt(bytes.fromhex(value), None).decode() for value in few])

        line(
            f"tokenize {name}",
            "loop over AESSIV",
            *ratio(lambda column=column: tokenize(column, KEY, field="f"), seal, rows=rows, their_rows=part),
        )
        line(
            f"detokenize {name}",
            "loop over AESSIV",
            *ratio(lambda tokens=tokens: detokenize(tokens, KEY, field="f"), unseal, rows=rows, their_rows=part),
        )
    column = strings(np.full(rows, 13), b"0123456789")
    few = column[: max(1, part // 20)].to_pylist()
    for other, run in fpe_loops(few).items():
        speed = ratio(lambda: format_preserving(column, KEY, field="f"), run, rows=rows, their_rows=len(few))
        line("format_preserving, 13 digits", other, *speed)


def fpe_loops(few: list[str]) -> dict[str, Callable[[], object]]:
    """Name the loops for format-preserving encipherment; pyffx where it is installed."""
    ff1 = ColumnFf1(SECRET, 10)
    found: dict[str, Callable[[], object]] = {
        "our own FF1, value by value": lambda: [ff1.one(int(value[:6]), int(value[6:]), 13) for value in few]
    }
    try:
        import pyffx  # noqa: PLC0415 - only there for comparison
    except ImportError:
        return found
    peer = pyffx.String(SECRET, alphabet="0123456789", length=13)
    return found | {"loop over pyffx": lambda: [peer.encrypt(value) for value in few]}


def ours_against_ours(data: dict[str, pa.Array], rows: int) -> None:
    """Measure what must cost little: accents, one long value in a chunk, dictionaries, a second thread."""
    plain = data["names, 4 to 12 letters"]

    def against(what: str, column: pa.Array, other: str, base: pa.Array = plain, **options: str) -> None:
        speed = ratio(
            lambda: pseudonymize(column, KEY, field="f", **options),
            lambda: pseudonymize(base, KEY, field="f"),
            rows=rows,
            their_rows=rows,
        )
        line(what, other, *speed)

    names = ["Dupont", "Lefèvre", "Zoé", "Martin", "François", "Müller", "Le Goff", "Hélène", "Nguyễn", "Moreau"]
    picked = CHANCE.integers(0, len(names), rows)
    accented = pa.array(names).take(pa.array(picked))
    against("pseudonymize names, 4 in 10 accented, 1 in 10 past U+0300", accented, "names without accents")
    against("the same with normalize='name'", accented, "names without accents", normalize="name")
    skewed = plain.to_pylist()
    skewed[::8192] = ["x" * 4096] * len(skewed[::8192])
    against("pseudonymize names, one of 4 kB in 8,192", pa.array(skewed), "names without it")
    against("pseudonymize a dictionary of 10 names", accented.dictionary_encode(), "the same as strings", accented)

    def both() -> None:
        half = rows // 2
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda part: pseudonymize(part, KEY, field="f"), [plain[:half], plain[half:]]))

    line(
        "pseudonymize names in two threads",
        "one thread",
        *ratio(both, lambda: pseudonymize(plain, KEY, field="f"), rows=rows, their_rows=rows),
    )


def surrogates(rows: int, part: int) -> None:
    """Measure surrogates against Faker, plain and seeded by the value as it must be for the same name each time."""
    try:
        from faker import Faker  # noqa: PLC0415 - only there for comparison
    except ImportError:
        return
    fake, few = Faker("fr_FR"), range(max(1, part // 20))

    def seeded() -> None:
        for number in few:
            fake.seed_instance(number)
            fake.name()

    people = pa.array([f"{a} {b}" for a in ("Jean", "Marie", "Paul", "Zoé") for b in ("Dupont", "Martin", "Le Goff")])
    column = people.take(pa.array(CHANCE.integers(0, len(people), rows)))
    distinct = strings(np.full(rows, 12), b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for what, names in (("names that repeat", column), ("names that all differ", distinct)):
        for other, run in (
            ("Faker.name", lambda: [fake.name() for _ in few]),
            ("Faker.name, seeded by the value", seeded),
        ):
            speed = ratio(
                lambda names=names: surrogate(names, KEY, kind="person_name"), run, rows=rows, their_rows=len(few)
            )
            line(f"surrogate, {what}", f"loop over {other}", *speed)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
