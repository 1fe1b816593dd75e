"""Published vectors of CMAC, SIV and FF1 come out right in every layout of a column.

One check is one vector in one layout of a column, in one direction, with one assertion: `CHECKS` lists them all, the
tests run them layout by layout, and one test counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from transforms.crypto.blocks import Run, run_of
from transforms.crypto.cmac import cmac_column, cmac_hex
from transforms.crypto.numerals import Numerals
from transforms.crypto.siv import ColumnSiv
from transforms.format_preservation import _bytes, _enciphered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parent / "vectors"


@dataclass(frozen=True)
class Layout:
    """How a value stands in a column: the column, and the row that it is in."""

    column: Callable[[bytes], pa.Array | pa.ChunkedArray]
    row: int = 0


def _lengths(value: bytes) -> list[bytes | None]:
    """The value among others of many lengths, in no order, with nulls."""
    return [b"", b"x" * 40, None, b"yy", b"z" * 16, value, b"0123456789abcdef" * 7, b"\xff" * 15, None, b"q" * 33]


LAYOUTS = {
    "alone": Layout(lambda value: pa.array([value], pa.binary())),
    "repeated": Layout(lambda value: pa.array([value] * 20, pa.binary()), 13),
    "among others": Layout(lambda value: pa.array(_lengths(value), pa.binary()), 5),
    "large": Layout(lambda value: pa.array(_lengths(value), pa.large_binary()), 5),
    "view": Layout(lambda value: pa.array(_lengths(value), pa.binary_view()), 5),
    "fixed size": Layout(lambda value: pa.array([value, None, value], pa.binary(len(value))), 2),
    "dictionary": Layout(lambda value: pa.array(_lengths(value), pa.binary()).dictionary_encode(), 5),
    "sliced": Layout(lambda value: pa.array(_lengths(value), pa.binary()).slice(4, 3), 1),
    "chunked": Layout(lambda value: pa.chunked_array([[b"a", None], [], [value], [b"b"]], pa.binary()), 2),
    "at the end": Layout(lambda value: pa.array([b"before", value], pa.binary()), 1),
}


def read(name: str) -> list[list[str]]:
    """Read the vectors of a file: the columns that its last comment names."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def _one(column: pa.Array | pa.ChunkedArray, row: int) -> pa.Array:
    """The chunk that holds a row, cut to begin with it, since SIV works run by run."""
    if isinstance(column, pa.Array):
        return column
    return next(chunk for chunk in column.slice(row).chunks if len(chunk))


def _value(run: Run, row: int) -> bytes:
    begin, end = list(pairwise(run.offsets.tolist()))[row]
    return run.data[begin:end].tobytes()


def cmac(layout: Layout, key: str, message: str, tag: str, *, valid: bool) -> None:
    tags = cmac_column(layout.column(bytes.fromhex(message)), bytes.fromhex(key))
    assert (tags[layout.row].tobytes()[: len(tag) // 2].hex() == tag) is valid


def cmac_as_text(layout: Layout, key: str, message: str, tag: str, *, valid: bool) -> None:
    text = cmac_hex(layout.column(bytes.fromhex(message)), bytes.fromhex(key))
    assert (text[layout.row].as_py()[: len(tag)] == tag) is valid


@cache
def _siv(key: str, *associated: str) -> ColumnSiv:
    return ColumnSiv(bytes.fromhex(key), *map(bytes.fromhex, associated))


def seal(layout: Layout, key: str, associated: tuple[str, ...], message: str, sealed: str) -> None:
    column = layout.column(bytes.fromhex(message))
    row = layout.row if isinstance(column, pa.Array) else 0
    result = _siv(key, *associated).encrypt(run_of(_one(column, layout.row)))
    assert _value(result, row).hex() == sealed


def open_(layout: Layout, key: str, associated: tuple[str, ...], message: str, sealed: str) -> None:
    column = layout.column(bytes.fromhex(sealed))
    row = layout.row if isinstance(column, pa.Array) else 0
    opened, authentic = _siv(key, *associated).decrypt(run_of(_one(column, layout.row)))
    assert (_value(opened, row).hex(), bool(authentic[row])) == (message, True)


def refuse(layout: Layout, key: str, associated: tuple[str, ...], sealed: str) -> None:
    column = layout.column(bytes.fromhex(sealed))
    row = layout.row if isinstance(column, pa.Array) else 0
    _, authentic = _siv(key, *associated).decrypt(run_of(_one(column, layout.row)))
    assert not authentic[row]


FF1_LAYOUTS = {
    "alone": (lambda value: pa.array([value]), 0),
    "repeated": (lambda value: pa.array([value] * 9), 4),
    "among others": (lambda value: pa.array([value[:6], None, "", value, value[::-1]]), 3),
    "large": (lambda value: pa.array([None, value, value[:7]], pa.large_string()), 1),
    "sliced": (lambda value: pa.array([value[:8], None, value, value[1:]]).slice(1, 2), 1),
    "chunked": (lambda value: pa.chunked_array([[value[:6], None], [], [value]], pa.string()), 2),
}


def ff1(layout, key: str, tweak: str, alphabet: str, message: str, result: str, *, decrypt: bool) -> None:
    build, row = layout
    numerals = Numerals(bytes.fromhex(key), alphabet, bytes.fromhex(tweak))
    column = _enciphered(build(message), partial(_bytes, numerals=numerals, decrypt=decrypt))
    assert column[row].as_py() == result


@dataclass(frozen=True)
class Check:
    """One vector in one layout: a call that asserts once."""

    group: str
    name: str
    run: Callable[[], None]


def _of_cmac() -> Iterator[Check]:
    for number, result, key, message, tag in read("aes_cmac.tsv"):
        if len(key) in {32, 48, 64}:
            for layout, where in LAYOUTS.items():
                for way in (cmac, cmac_as_text):
                    run = partial(way, where, key, message, tag, valid=result == "valid")
                    yield Check(f"{way.__name__}, {layout}", number, run)


def _of_siv(number: str, result: str, key: str, associated: tuple[str, ...], rest: list[str]) -> Iterator[Check]:
    message, sealed = rest
    if result == "valid":
        for layout in ("alone", "repeated", "among others", "view", "fixed size", "dictionary", "sliced", "chunked"):
            for way in (seal, open_):
                run = partial(way, LAYOUTS[layout], key, associated, message, sealed)
                yield Check(f"{way.__name__}, {layout}", number, run)
    else:
        # A null and a value too short for a tag stand beside it: each row is judged by itself.
        for layout in ("alone", "among others", "dictionary"):
            yield Check(f"refuse, {layout}", number, partial(refuse, LAYOUTS[layout], key, associated, sealed))


def _of_ff1() -> Iterator[Check]:
    for number, key, tweak, alphabet, message, sealed in read("ff1.tsv"):
        for layout, where in FF1_LAYOUTS.items():
            for given, made, decrypt in ((message, sealed, False), (sealed, message, True)):
                run = partial(ff1, where, key, tweak, alphabet, given, made, decrypt=decrypt)
                yield Check(f"ff1 {'back' if decrypt else 'forth'}, {layout}", number, run)


def _checks() -> Iterator[Check]:
    yield from _of_cmac()
    for number, result, key, associated, *rest in read("aes_siv_cmac.tsv"):
        yield from _of_siv(number, result, key, (associated,), rest)
    for number, result, key, associated, nonce, *rest in read("aead_aes_siv_cmac.tsv"):
        yield from _of_siv(f"nonce {number}", result, key, (associated, nonce), rest)
    yield from _of_ff1()


CHECKS = list(_checks())
GROUPS = sorted({check.group for check in CHECKS})
WRONG_KEYS = [key for _, _, key, *_ in read("aes_cmac.tsv") if len(key) not in (32, 48, 64)]


@pytest.mark.parametrize("group", GROUPS)
def test_published_vectors(group):
    for check in CHECKS:
        if check.group == group:
            check.run()


@pytest.mark.parametrize("key", WRONG_KEYS)
def test_keys_of_other_sizes_are_refused(key):
    with pytest.raises(ValueError, match="key"):
        cmac_column(pa.array([b"message"]), bytes.fromhex(key))


def test_there_are_five_thousand_checks_and_all_of_them_run():
    """One check is one vector, in one layout, in one direction; none is there twice, and each is in a group above."""
    assert len({(check.group, check.name) for check in CHECKS}) == len(CHECKS) >= 5000
    assert {check.group for check in CHECKS} == set(GROUPS)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.tsv")), ids=lambda file: file.name)
def test_every_file_of_vectors_says_source_licence_and_day(file):
    head = [line for line in file.read_text("utf-8").splitlines() if line.startswith("#")]
    for word in ("# Source: ", "# Licence: ", "# Read: 20"):
        assert any(line.startswith(word) for line in head)
