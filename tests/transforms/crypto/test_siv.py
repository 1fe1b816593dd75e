"""AES-SIV over a column is RFC 5297's AES-SIV of each value, and notices every change."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.crypto.blocks import Run, run_of
from transforms.crypto.siv import ColumnSiv

KEY = bytes(range(32))

# RFC 5297, appendix A.1 and A.2: key, associated data (the nonce last), plaintext, output.
OFFICIAL = [
    (
        "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ["101112131415161718191a1b1c1d1e1f2021222324252627"],
        "112233445566778899aabbccddee",
        "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
    ),
    (
        "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
        [
            "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
            "102030405060708090a0",
            "09f911029d74e35bd84156c5635688c0",
        ],
        "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
        (
            "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829"
            "ea64ad544a272e9c485b62a3fd5c0d"
        ),
    ),
]


def pieces(run: Run) -> list[bytes]:
    offsets = run.offsets.tolist()
    return [run.data[begin:end].tobytes() for begin, end in itertools.pairwise(offsets)]


@pytest.mark.parametrize(("key", "associated", "text", "sealed"), OFFICIAL)
@pytest.mark.parametrize("count", [1, 5])
def test_official_vectors(key, associated, text, sealed, count):
    siv = ColumnSiv(bytes.fromhex(key), *map(bytes.fromhex, associated))
    result = siv.encrypt(run_of(pa.array([bytes.fromhex(text)] * count, pa.binary())))
    assert [piece.hex() for piece in pieces(result)] == [sealed] * count
    opened, authentic = siv.decrypt(result)
    assert authentic.all()
    assert [piece.hex() for piece in pieces(opened)] == [text] * count


@pytest.mark.parametrize("key", [KEY, bytes(range(48)), bytes(range(64))])
@pytest.mark.parametrize("order", ["shuffled", "sorted", "reversed"])
def test_every_length_agrees_with_openssl_one_by_one(key, order):
    chance = random.Random(order)
    values = [chance.randbytes(length) for length in range(201)] * 2 + [None] * 9
    chance.shuffle(values)
    if order != "shuffled":
        values.sort(key=lambda value: len(value or b""), reverse=order == "reversed")
    siv, scalar = ColumnSiv(key), AESSIV(key)
    sealed = siv.encrypt(run_of(pa.array(values, pa.binary())))
    assert pieces(sealed) == [b"" if value is None else scalar.encrypt(value, None) for value in values]
    opened, authentic = siv.decrypt(sealed)
    assert authentic.all()
    assert pieces(opened) == [value or b"" for value in values]


@pytest.mark.parametrize("length", range(0, 201, 3))
def test_columns_of_one_length_agree_with_openssl(length):
    chance = random.Random(length)
    values = [chance.randbytes(length) for _ in range(20)]
    sealed = ColumnSiv(KEY).encrypt(run_of(pa.array(values, pa.binary()).slice(2)))
    assert pieces(sealed) == [AESSIV(KEY).encrypt(value, None) for value in values[2:]]


def test_very_long_values_among_short_ones():
    chance = random.Random(1)
    values = [chance.randbytes(chance.choice([0, 3, 16, 33])) for _ in range(9000)]
    for row, length in ((0, 100_000), (100, 4096), (8192, 100_001), (8999, 5_000)):
        values[row] = chance.randbytes(length)
    sealed = ColumnSiv(KEY).encrypt(run_of(pa.array(values, pa.binary())))
    assert pieces(sealed) == [AESSIV(KEY).encrypt(value, None) for value in values]
    opened, authentic = ColumnSiv(KEY).decrypt(sealed)
    assert authentic.all()
    assert pieces(opened) == values


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20), st.data())
@settings(max_examples=80)
def test_one_changed_bit_is_noticed_in_its_row_alone(values, data):
    siv = ColumnSiv(KEY)
    sealed = siv.encrypt(run_of(pa.array(values, pa.binary())))
    row = data.draw(st.integers(0, len(values) - 1))
    place = data.draw(st.integers(int(sealed.offsets[row]), int(sealed.offsets[row + 1]) - 1))
    sealed.data[place] ^= 1 << data.draw(st.integers(0, 7))
    _, authentic = siv.decrypt(sealed)
    assert np.flatnonzero(~authentic).tolist() == [row]


@pytest.mark.parametrize("kept", range(16))
def test_a_ciphertext_without_a_whole_tag_is_not_authentic(kept):
    siv = ColumnSiv(KEY)
    whole = pieces(siv.encrypt(run_of(pa.array([b"value"], pa.binary()))))[0]
    _, authentic = siv.decrypt(run_of(pa.array([whole, whole[:kept], whole], pa.binary())))
    assert authentic.tolist() == [True, False, True]


def test_nothing_stands_under_a_null():
    offsets = pa.py_buffer(np.array([0, 6, 12], np.int32))
    column = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\x01"), offsets, pa.py_buffer(b"DupontDurand")])
    sealed = ColumnSiv(KEY).encrypt(run_of(column))
    assert pieces(sealed) == [AESSIV(KEY).encrypt(b"Dupont", None), b""]
    assert sealed.data[22:].tobytes() == bytes(16)


def test_an_empty_column_stays_empty():
    siv = ColumnSiv(KEY)
    sealed = siv.encrypt(run_of(pa.array([], pa.binary())))
    assert (len(sealed), len(siv.decrypt(sealed)[0])) == (0, 0)
