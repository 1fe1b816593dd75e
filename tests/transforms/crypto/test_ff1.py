"""FF1 over a column is SP 800-38G's FF1 of each value, both ways, in 64 bits and past them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.crypto.ff1 import SMALLEST_DOMAIN, ColumnFf1, shortest
from transforms.errors import InvalidColumn

SYMBOLS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94"
TEN, ELEVEN = "39383736353433323130", "3737373770717273373737"

# NIST, "FF1 samples" to SP 800-38G: bytes of the key, radix, tweak, plaintext, ciphertext.
NIST = [
    (16, 10, "", "0123456789", "2433477484"),
    (16, 10, TEN, "0123456789", "6124200773"),
    (16, 36, ELEVEN, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    (24, 10, "", "0123456789", "2830668132"),
    (24, 10, TEN, "0123456789", "2496655549"),
    (24, 36, ELEVEN, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    (32, 10, "", "0123456789", "6657667009"),
    (32, 10, TEN, "0123456789", "1001623463"),
    (32, 36, ELEVEN, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]
# Project Wycheproof, aes_ff1_base10_test.json, tests 19 to 25 (Apache-2.0, read 2026-11-24): edges of the arithmetic.
EDGE_KEY, EDGE_TWEAK = "26dbd1998c3a046ac3ff11937079c034", "5e551c3daad7e5fa"
WYCHEPROOF = [
    ("474bbf2aff5c252419c49a07d50e2bdf", "d64296c362368a3d", "302141", "166088"),
    (EDGE_KEY, EDGE_TWEAK, "000000", "894813"),
    (EDGE_KEY, EDGE_TWEAK, "999999", "851002"),
    (EDGE_KEY, EDGE_TWEAK, "512512", "543335"),
    (EDGE_KEY, EDGE_TWEAK, "511511", "671811"),
    (EDGE_KEY, EDGE_TWEAK, "481001", "833412"),
    (EDGE_KEY, EDGE_TWEAK, "218807", "404917"),
]
VECTORS = [(KEY[: 2 * size], radix, tweak, text, sealed) for size, radix, tweak, text, sealed in NIST] + [
    (key, 10, tweak, text, sealed) for key, tweak, text, sealed in WYCHEPROOF
]


def halves(text: str, radix: int) -> tuple[int, int]:
    middle = len(text) // 2
    return int(text[:middle], radix), int(text[middle:], radix)


@pytest.mark.parametrize(("key", "radix", "tweak", "text", "sealed"), VECTORS)
def test_published_vectors(key, radix, tweak, text, sealed):
    ff1 = ColumnFf1(bytes.fromhex(key), radix, bytes.fromhex(tweak))
    for source, result, decrypt in ((text, sealed, False), (sealed, text, True)):
        left, right = halves(source, radix)
        assert ff1.one(left, right, len(text), decrypt=decrypt) == halves(result, radix)
        many = ff1.many(np.full(3, left, np.uint64), np.full(3, right, np.uint64), len(text), decrypt=decrypt)
        assert {(int(one), int(other)) for one, other in zip(*many, strict=True)} == {halves(result, radix)}


def by_the_book(key: bytes, radix: int, tweak: bytes, digits: list[int]) -> list[int]:
    """Follow SP 800-38G algorithm 7 line by line, on lists of numerals."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the permutation inside the mode

    def number(numerals):
        value = 0
        for numeral in numerals:
            value = value * radix + numeral
        return value

    def numerals(value, length):
        result = []
        for _ in range(length):
            result.insert(0, value % radix)
            value //= radix
        return result

    def prf(message):
        state = bytes(16)
        for start in range(0, len(message), 16):
            block = bytes(x ^ y for x, y in zip(state, message[start : start + 16], strict=True))
            state = encryptor.update(block)
        return state

    n, t = len(digits), len(tweak)
    u = n // 2
    v = n - u
    a, b = digits[:u], digits[u:]
    bits = 0
    while 2**bits < radix**v:
        bits += 1
    width = -(-bits // 8)
    d = 4 * -(-width // 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([10, u % 256]) + n.to_bytes(4, "big") + t.to_bytes(4, "big")
    for i in range(10):
        q = tweak + bytes((-t - width - 1) % 16) + bytes([i]) + number(b).to_bytes(width, "big")
        r = prf(p + q)
        s = r
        for j in range(1, -(-d // 16)):
            s += encryptor.update(bytes(x ^ y for x, y in zip(r, j.to_bytes(16, "big"), strict=True)))
        y = int.from_bytes(s[:d], "big")
        m = u if i % 2 == 0 else v
        c = numerals((number(a) + y) % radix**m, m)
        a, b = b, c
    return a + b


RADICES = [2, 3, 10, 16, 26, 36, 62, 85, 255, 256, 1000, 65535, 65536]


@pytest.mark.parametrize("radix", RADICES)
@pytest.mark.parametrize("tweak", [b"", b"1234567", bytes(range(16)), bytes(range(33))])
def test_every_length_agrees_with_the_standard_read_line_by_line(radix, tweak):
    chance = random.Random(radix)
    key = chance.randbytes(16)
    ff1 = ColumnFf1(key, radix, tweak)
    for length in range(shortest(radix), shortest(radix) + 30, 3):
        middle = length // 2
        for digits in ([0] * length, [radix - 1] * length, [chance.randrange(radix) for _ in range(length)]):
            expected = by_the_book(key, radix, tweak, digits)
            want = _number(expected[:middle], radix), _number(expected[middle:], radix)
            left, right = _number(digits[:middle], radix), _number(digits[middle:], radix)
            assert ff1.one(left, right, length) == want
            if ff1.in_64_bits(length):
                one, other = ff1.many(np.array([left], np.uint64), np.array([right], np.uint64), length)
                assert (int(one[0]), int(other[0])) == want


def _number(digits: list[int], radix: int) -> int:
    value = 0
    for digit in digits:
        value = value * radix + digit
    return value


@given(st.sampled_from([10, 26, 36, 62]), st.integers(6, 20), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_deciphering_turns_back(radix, length, chance):
    ff1 = ColumnFf1(bytes(16), radix)
    middle = length // 2
    lefts = [chance.randrange(radix**middle) for _ in range(20)]
    rights = [chance.randrange(radix ** (length - middle)) for _ in range(20)]
    if ff1.in_64_bits(length):
        sealed = ff1.many(np.array(lefts, np.uint64), np.array(rights, np.uint64), length)
        left, right = ff1.many(*sealed, length, decrypt=True)
        assert (left.tolist(), right.tolist()) == (lefts, rights)
    for left, right in zip(lefts[:3], rights[:3], strict=True):
        assert ff1.one(*ff1.one(left, right, length), length, decrypt=True) == (left, right)


def test_a_whole_domain_is_permuted():
    numbers = np.arange(10**6, dtype=np.uint64)
    left, right = ColumnFf1(bytes(16), 10).many(numbers // 1000, numbers % 1000, 6)
    assert np.array_equal(np.sort(left * 1000 + right), numbers)


@pytest.mark.parametrize("radix", RADICES)
def test_the_shortest_length_has_a_million_values_and_one_less_has_not(radix):
    assert radix ** shortest(radix) >= SMALLEST_DOMAIN > radix ** (shortest(radix) - 1)


@pytest.mark.parametrize("radix", [-1, 0, 1, 65537])
def test_other_radices_are_refused(radix):
    with pytest.raises(InvalidColumn):
        ColumnFf1(bytes(16), radix)
