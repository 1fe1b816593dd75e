"""CMAC over a column is RFC 4493's CMAC of each value, in every Arrow layout and at every length."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.crypto.cmac import cmac_column, cmac_hex
from transforms.errors import InvalidColumn

KEY = bytes(range(16))

# NIST SP 800-38B, appendix D; the four of AES-128 are also those of RFC 4493, section 4.
MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
OFFICIAL = [
    ("2b7e151628aed2a6abf7158809cf4f3c", 0, "bb1d6929e95937287fa37d129b756746"),
    ("2b7e151628aed2a6abf7158809cf4f3c", 16, "070a16b46b4d4144f79bdd9dd04a287c"),
    ("2b7e151628aed2a6abf7158809cf4f3c", 40, "dfa66747de9ae63030ca32611497c827"),
    ("2b7e151628aed2a6abf7158809cf4f3c", 64, "51f0bebf7e3b9d92fc49741779363cfe"),
    ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 0, "d17ddf46adaacde531cac483de7a9367"),
    ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 16, "9e99a7bf31e710900662f65e617c5184"),
    ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 40, "8a1de5be2eb31aad089a82e6ee908b0e"),
    ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 64, "a1d5df0eed790f794d77589659f39a11"),
    ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 0, "028962f61b7bf89efc6b551f4667d983"),
    ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 16, "28a7023f452e8f82bd4bf28d8c37c35c"),
    ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 40, "aaf3d8f1de5640c232f5b169b9c911e6"),
    ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 64, "e1992190549f6ed5696a2c056c315410"),
]


def reference(value: bytes | str | None, key: bytes = KEY) -> bytes:
    if value is None:
        return bytes(16)
    cmac = CMAC(algorithms.AES(key))
    cmac.update(value.encode() if isinstance(value, str) else value)
    return cmac.finalize()


def tags(column, key: bytes = KEY) -> list[bytes]:
    result = cmac_column(column, key)
    assert result.shape == (len(column), 16)
    assert result.dtype == np.uint8
    return [row.tobytes() for row in result]


@pytest.mark.parametrize(("key", "length", "tag"), OFFICIAL)
def test_official_vectors(key, length, tag):
    column = pa.array([MESSAGE[:length]] * 3, pa.binary())
    assert [row.hex() for row in tags(column, bytes.fromhex(key))] == [tag] * 3
    assert cmac_hex(column, bytes.fromhex(key)).to_pylist() == [tag] * 3


@pytest.mark.parametrize(("key", "length", "tag"), OFFICIAL)
def test_official_vectors_beside_values_of_every_other_length(key, length, tag):
    column = pa.array([MESSAGE[:size] for size in range(65)], pa.binary())
    assert tags(column, bytes.fromhex(key))[length].hex() == tag


def mixed(seed: int) -> list[bytes | None]:
    chance = random.Random(seed)
    values = [chance.randbytes(length) for length in range(201)] * 2 + [None] * 20
    chance.shuffle(values)
    return values


LAYOUTS = {
    "binary": lambda values: pa.array(values, pa.binary()),
    "large": lambda values: pa.array(values, pa.large_binary()),
    "view": lambda values: pa.array(values, pa.binary_view()),
    "dictionary": lambda values: pa.array(values, pa.binary()).dictionary_encode(),
    "large dictionary": lambda values: pa.array(values, pa.large_binary()).dictionary_encode(),
    "chunked": lambda values: pa.chunked_array([values[:50], [], values[50:51], values[51:]], pa.binary()),
    "chunked dictionary": lambda values: pa.chunked_array(
        [pa.array(values[:99], pa.binary()).dictionary_encode(), pa.array(values[99:], pa.binary()).dictionary_encode()]
    ),
    "sliced": lambda values: pa.array([b"before"] * 11 + values + [b"after", None], pa.binary()).slice(11, len(values)),
    "sliced dictionary": lambda values: pa.array([b"x"] * 5 + values, pa.binary()).dictionary_encode().slice(5),
    "run end": lambda values: pa.RunEndEncodedArray.from_arrays(
        pa.array(range(1, len(values) + 1), pa.int32()), pa.array(values, pa.binary())
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(3))
def test_every_layout_agrees_with_openssl_one_by_one(layout, seed):
    values = mixed(seed)
    column = LAYOUTS[layout](values)
    assert tags(column) == [reference(value) for value in values]
    text = cmac_hex(column, KEY)
    text.validate(full=True)
    assert text.to_pylist() == [None if value is None else reference(value).hex() for value in values]


@pytest.mark.parametrize("length", range(201))
def test_columns_of_one_length_agree_with_openssl(length):
    chance = random.Random(length)
    values = [chance.randbytes(length) for _ in range(40)]
    column = pa.array(values, pa.binary())
    expected = [reference(value) for value in values]
    assert tags(column) == expected
    assert tags(column.slice(3)) == expected[3:]


@pytest.mark.parametrize("width", [0, 1, 7, 15, 16, 17, 32, 100])
def test_fixed_size_binary_agrees_with_openssl(width):
    chance = random.Random(width)
    values = [chance.randbytes(width) for _ in range(30)] + [None]
    column = pa.array(values, pa.binary(width))
    assert tags(column) == [reference(value) for value in values]
    assert tags(column.slice(4, 20)) == [reference(value) for value in values[4:24]]


SCRIPTS = [
    "Dupont",
    "Zoé Lefèvre-Œuvrard",
    "Ελένη",
    "Владимир",
    "محمد",
    "שרה",
    "王小明",
    "さくら",
    "한국",
    "ไทย",
    "🏥👩🏽‍⚕️",
    "e\u0301",
    "",
]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_text_of_every_script_is_its_utf8(kind):
    column = pa.array([*SCRIPTS, None], kind)
    assert tags(column) == [*(reference(text) for text in SCRIPTS), bytes(16)]


def test_a_few_very_long_values_among_short_ones():
    chance = random.Random(5)
    values = [chance.randbytes(chance.choice([0, 5, 16, 40])) for _ in range(9000)]
    for row, length in ((0, 100_000), (17, 4096), (8191, 100_001), (8192, 99_999), (8999, 4_000)):
        values[row] = chance.randbytes(length)
    assert tags(pa.array(values, pa.binary())) == [reference(value) for value in values]


def test_a_column_of_nothing_but_long_values():
    chance = random.Random(6)
    values = [chance.randbytes(chance.randrange(2000, 2100)) for _ in range(60)]
    assert tags(pa.array(values, pa.binary())) == [reference(value) for value in values]


@pytest.mark.parametrize("column", [pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.nulls(0)])
def test_an_empty_column_has_no_tags(column):
    assert tags(column) == []
    assert cmac_hex(column, KEY).to_pylist() == []


@pytest.mark.parametrize("kind", [pa.null(), pa.string(), pa.large_binary(), pa.string_view(), pa.binary(5)])
def test_a_column_of_nulls_has_zeros(kind):
    assert tags(pa.nulls(5, kind)) == [bytes(16)] * 5
    assert cmac_hex(pa.nulls(5, kind), KEY).null_count == 5


def hidden_under_null() -> pa.Array:
    """Build ["Dupont", null] with Durand's name still standing in the buffer under the null."""
    offsets = pa.py_buffer(np.array([0, 6, 12], np.int32))
    return pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\x01"), offsets, pa.py_buffer(b"DupontDurand")])


def test_nothing_of_what_stands_under_a_null_comes_out():
    column = hidden_under_null()
    assert tags(column)[1] == bytes(16)
    result = cmac_hex(column, KEY)
    assert result.to_pylist() == [reference("Dupont").hex(), None]
    assert result.buffers()[2].to_pybytes()[32:64] == bytes(32)


def test_values_may_end_where_their_buffer_ends():
    data = bytes(range(97, 97 + 20))
    offsets = pa.py_buffer(np.array([0, 3, 20], np.int32))
    column = pa.Array.from_buffers(pa.binary(), 2, [None, offsets, pa.py_buffer(data)])
    assert tags(column) == [reference(data[:3]), reference(data[3:])]


def test_a_null_entry_of_a_dictionary_has_zeros():
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0]), pa.array(["a", None]))
    assert tags(column) == [reference("a"), bytes(16), bytes(16), reference("a")]
    assert cmac_hex(column, KEY).to_pylist() == [reference("a").hex(), None, None, reference("a").hex()]


def test_dictionary_in_dictionary_out_and_large_in_large_out():
    assert cmac_hex(pa.array(["a"]).dictionary_encode(), KEY).type == pa.dictionary(pa.int32(), pa.string())
    assert cmac_hex(pa.array(["a"], pa.large_string()), KEY).type == pa.large_string()
    assert cmac_hex(pa.array(["a"]), KEY).type == pa.string()
    assert cmac_hex(pa.chunked_array([["a"], ["b"]]), KEY).num_chunks == 2


@pytest.mark.parametrize("column", [pa.array([1]), pa.array([[1]]), pa.array([True])])
def test_a_column_without_text_is_refused(column):
    with pytest.raises(InvalidColumn):
        cmac_column(column, KEY)


@given(st.lists(st.none() | st.binary(max_size=70), max_size=60), st.integers(0, 59), st.integers(0, 59))
@settings(max_examples=60)
def test_a_slice_of_the_result_is_the_result_of_the_slice(values, one, other):
    begin, end = sorted((min(one, len(values)), min(other, len(values))))
    column = pa.array(values, pa.binary())
    assert tags(column.slice(begin, end - begin)) == tags(column)[begin:end] == list(map(reference, values[begin:end]))


@pytest.mark.parametrize(
    "values",
    [
        ["Dupont", None, "x" * 100],
        ["a"],
        ["0123456789abcdef"] * 5,
        ["0123456789abcdef", "x" * 100],
        ["x" * 32] * 3,
        [""],
    ],
)
def test_inputs_are_left_as_they_were(values):
    column = pa.array(values * 2)[: len(values)]
    before = [buffer and buffer.to_pybytes() for buffer in column.buffers()]
    cmac_hex(column, KEY)
    assert [buffer and buffer.to_pybytes() for buffer in column.buffers()] == before
