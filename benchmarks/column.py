"""How many times faster is a transform of a whole column than what a user would write instead?

`python benchmarks/column.py [ROWS]` prints Markdown tables. Loops run on a part of the rows, since they take their
time. Peers that aren't installed are left out, and said so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.cmac import CMAC
from timing import CAPITALS, CHANCE, DIGITS, columns, compare, heading, strings

from transforms import Key, detokenize, format_preserving, generalize, pseudonymize, shift_dates, surrogate, tokenize
from transforms import truncate_dates as truncate
from transforms.pools import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    Runs = dict[str, Callable[[], object]]

KEY = Key(bytes(range(32)), domain="benchmark", id="k1")
SECRET = bytes(range(16))
WORDS = ("column", "against", "million rows/s", "ratio", "at least")
BARS = {"ids, 10 digits": "60", "names, 4 to 12 letters": "60", "NIRs, 15 digits": "50", "60 characters": "28"}


def loops(values: list[str]) -> Runs:
    """Name the loops that a user would write for irreversible pseudonyms."""

    def with_cmac(value: str) -> str:
        tag = CMAC(algorithms.AES(SECRET))
        tag.update(value.encode())
        return tag.finalize().hex()

    def with_blake(value: str) -> str:
        return hashlib.blake2b(value.encode(), key=SECRET, digest_size=16).hexdigest()

    def with_hmac(value: str) -> str:
        return hmac.digest(SECRET, value.encode(), "sha256").hex()

    runs: Runs = {
        "a loop over `hmac.digest`, SHA-256": lambda: pa.array([with_hmac(value) for value in values]),
        "a loop over keyed `blake2b`": lambda: pa.array([with_blake(value) for value in values]),
        "a loop over CMAC of `cryptography`": lambda: pa.array([with_cmac(value) for value in values]),
    }
    if find_spec("pandas"):
        import pandas as pd  # noqa: PLC0415 - only there for comparison

        series = pd.Series(values)
        runs["pandas `.apply(hmac)`"] = lambda: series.apply(with_hmac)
    return runs


def engines(column: pa.Array) -> Runs:
    """Name the engines that hash a whole column of key and value, which is no keyed PRF but what people do."""
    runs: Runs = {}
    if find_spec("duckdb"):
        import duckdb  # noqa: PLC0415 - only there for comparison

        base = duckdb.connect()
        base.register("t", pa.table({"value": column}))
        query = f"SELECT sha256('{SECRET.hex()}' || value) AS value FROM t"  # noqa: S608 - our own words
        runs["DuckDB `sha256` of key and value"] = lambda: base.sql(query).to_arrow_table()
    if find_spec("polars_hash"):
        import polars as pl  # noqa: PLC0415 - only there for comparison
        import polars_hash as plh  # noqa: PLC0415 - only there for comparison

        frame = pl.DataFrame({"value": pl.Series(column)})
        keyed = plh.concat_str(pl.lit(SECRET.hex()), pl.col("value"))
        runs["polars-hash `sha256` of key and value"] = lambda: frame.select(keyed.chash.sha2_256())
    return runs


def irreversible(data: dict[str, pa.Array], rows: int) -> None:
    """Measure pseudonyms that nobody turns back."""
    heading("pseudonymize, to 32 hex characters", *WORDS)
    part = max(1, rows // 20)
    for name, column in data.items():

        def ours(column: pa.Array = column) -> object:
            return pseudonymize(column, KEY, field="f")

        for other, run in loops(column[:part].to_pylist()).items():
            bar = BARS[name] if "hmac.digest" in other else ""
            compare(name, other, ours, run, rows=rows, their_rows=part, bar=bar)
        for other, run in engines(column).items():
            compare(name, other, ours, run, rows=rows, their_rows=rows)


def reversible(data: dict[str, pa.Array], rows: int) -> None:
    """Measure tokens."""
    heading("tokenize and detokenize", *WORDS)
    part = max(1, rows // 20)
    siv = AESSIV(KEY.derive("tokenize", "f", length=32))
    for name, column in data.items():
        tokens = tokenize(column, KEY, field="f")
        few, sealed = column[:part].to_pylist(), tokens[:part].to_pylist()
        compare(
            f"tokenize {name}",
            "a loop over `AESSIV`",
            lambda column=column: tokenize(column, KEY, field="f"),
            lambda few=few: pa.array([siv.encrypt(value.encode(), None).hex() for value in few]),
            rows=rows,
            their_rows=part,
            bar="15",
        )
        compare(
            f"detokenize {name}",
            "a loop over `AESSIV`",
            lambda tokens=tokens: detokenize(tokens, KEY, field="f"),
            lambda few=sealed: pa.array([siv.decrypt(bytes.fromhex(value), None).decode() for value in few]),
            rows=rows,
            their_rows=part,
        )


def of_one_format(rows: int) -> None:
    """Measure format-preserving encipherment."""
    heading("format_preserving, 13 digits", *WORDS)
    column = strings(np.full(rows, 13), DIGITS)
    few = column[: max(1, rows // 400)].to_pylist()
    peers: list[tuple[str, Callable[[], object], str]] = []
    if find_spec("pyffx"):
        import pyffx  # noqa: PLC0415 - only there for comparison

        one = pyffx.String(SECRET, alphabet="0123456789", length=13)
        peers.append(("a loop over pyffx", lambda: [one.encrypt(value) for value in few], "400"))
    if find_spec("ff3"):
        from ff3 import FF3Cipher  # noqa: PLC0415 - only there for comparison

        other = FF3Cipher(SECRET.hex(), bytes(7).hex())
        peers.append(("a loop over ff3 (FF3-1)", lambda: [other.encrypt(value) for value in few], ""))
    for against, run, bar in peers:
        compare(
            "13 digits",
            against,
            lambda: format_preserving(column, KEY, field="f"),
            run,
            rows=rows,
            their_rows=len(few),
            bar=bar,
        )


def dates(rows: int) -> None:
    """Measure what is done with dates; five dates a patient."""
    heading("shift_dates (one shift a patient) and truncate_dates", *WORDS)
    part = max(1, rows // 20)
    numbers = CHANCE.integers(0, rows // 5, rows)
    days = pa.array(CHANCE.integers(0, 25_000, rows).astype(np.int32)).view(pa.date32())
    text = days.cast(pa.string())
    few = days[:part].to_pylist()

    def shift(patients: list[object]) -> object:
        known: dict[object, int] = {}
        result = []
        for patient, day in zip(patients, few, strict=True):
            if patient not in known:
                tag = hmac.digest(SECRET, str(patient).encode(), "sha256")
                known[patient] = int.from_bytes(tag[:8], "big") % 730 - 365
            result.append(day + dt.timedelta(days=known[patient]))
        return pa.array(result)

    ids = pc.binary_join_element_wise("8", pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 9, "0"), "")
    for what, column, by in (
        ("dates by number of patient", days, pa.array(numbers)),
        ("dates by a patient's 10 digits", days, ids),
        ("ISO text by number of patient", text, pa.array(numbers)),
    ):
        persons = by[:part].to_pylist()
        compare(
            what,
            "a loop with `hmac` and `timedelta`",
            lambda column=column, by=by: shift_dates(column, KEY, by=by),
            lambda persons=persons: shift(persons),
            rows=rows,
            their_rows=part,
            bar="20 million rows/s" if column is days else "",
        )
    compare(
        "dates cut to the month",
        "a loop over `replace`",
        lambda: truncate(days, to="month"),
        lambda: pa.array([day.replace(day=1) for day in few]),
        rows=rows,
        their_rows=part,
    )


def coarser(rows: int) -> None:
    """Measure generalizing."""
    heading("generalize", *WORDS)
    part = max(1, rows // 20)
    ages = pa.array(CHANCE.integers(0, 105, rows).astype(np.int32))
    codes = pc.utf8_lpad(pa.array(CHANCE.integers(1000, 96_000, rows)).cast(pa.string()), 5, "0")
    known = generalize(codes, to="departement", invalid="suppress").is_valid()
    codes = codes.filter(known)
    few, shown = ages[:part].to_pylist(), codes[:part].to_pylist()
    compare(
        "ages in bands of 5",
        "a loop with an f-string",
        lambda: generalize(ages, width=5),
        lambda: pa.array([f"[{age // 5 * 5}, {age // 5 * 5 + 5})" for age in few]),
        rows=rows,
        their_rows=part,
    )
    compare(
        "postal codes to départements",
        "a loop over a slice (wrong for Corsica and overseas)",
        lambda: generalize(codes, to="departement"),
        lambda: pa.array([code[:2] for code in shown]),
        rows=len(codes),
        their_rows=len(shown),
    )


def surrogates(rows: int) -> None:
    """Measure surrogates against Faker, plain and seeded by the value as it must be for the same name each time."""
    if not find_spec("faker"):
        return
    from faker import Faker  # noqa: PLC0415 - only there for comparison

    heading("surrogate, person_name", *WORDS)
    fake, few = Faker("fr_FR"), range(max(1, rows // 400))

    def seeded() -> None:
        for number in few:
            fake.seed_instance(number)
            fake.name()

    first = pool("fr_FR", "first_names_f")
    people = pc.binary_join_element_wise(
        first.take(pa.array(CHANCE.integers(0, len(first), rows))), strings(np.full(rows, 8), CAPITALS), " "
    )
    for what, names in (
        ("names that repeat, 12 of them", people[:12].take(pa.array(CHANCE.integers(0, 12, rows)))),
        ("names of one word that all differ", strings(np.full(rows, 12), CAPITALS)),
        ("first and last names that all differ", people),
    ):
        for other, run in (
            ("a loop over `Faker.name`", lambda: [fake.name() for _ in few]),
            ("a loop over `Faker.name`, seeded by the value", seeded),
        ):
            compare(
                what,
                other,
                lambda names=names: surrogate(names, KEY, kind="person_name"),
                run,
                rows=rows,
                their_rows=len(few),
                bar="50",
            )


def main(rows: int) -> None:
    """Measure and print."""
    data = columns(rows)
    irreversible(data, rows)
    reversible(data, rows)
    of_one_format(rows)
    dates(rows)
    coarser(rows)
    surrogates(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
