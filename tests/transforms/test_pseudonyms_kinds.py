"""Formats by kind: check digits are right again, separators stay, and the key turns all of it back."""

from __future__ import annotations

import random
import re

import pandas as pd
import pyarrow as pa
import pytest
from stdnum import iban
from stdnum.fr import nir

from transforms import Key
from transforms.errors import InvalidColumn, InvalidValue
from transforms.formats import KINDS
from transforms.pseudonyms import format_preserving

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
SAMPLES = {
    "phone": ["0612345678", "06 12 34 56 78", "+33 6 12 34 56 78", "+33612345678", "01.23.45.67.89"],
    "patient_id": ["8001234567", "IPP-800.123", "000000"],
    "encounter_id": ["NDA 20261124-001", "123456789"],
    "iban": [
        "FR1420041010050500013M02606",
        "FR76 3000 6000 0112 3456 7890 189",
        "MC5811222000010123456789030",
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "BE68 5390 0754 7034",
    ],
    "nir": ["285057512345623", "2 85 05 75 123 456 23", "2850575123456", "1 99 12 2A 004 001 89", "199122B004001"],
}


def sealed(values, kind: str, *, decrypt: bool = False) -> list:
    result = format_preserving(pa.array(values, pa.string()), KEY, field=kind, kind=kind, decrypt=decrypt)
    result.validate(full=True)
    return result.to_pylist()


def key_of(thirteen: str) -> str:
    return f"{97 - int(thirteen.replace('2A', '19').replace('2B', '18')) % 97:02}"


def test_every_kind_has_samples():
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", SAMPLES)
def test_values_keep_their_shape_and_turn_back(kind):
    values = [*SAMPLES[kind], None, ""]
    result = sealed(values, kind)
    for value, other in zip(values, result, strict=True):
        if not value:
            assert value == other
        else:
            assert other != value
            assert re.sub(r"\d", "0", other) == re.sub(r"\d", "0", value)
    assert sealed(result, kind, decrypt=True) == values


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_container(container, as_list, key, kind):
    values = [SAMPLES[kind][0], None, SAMPLES[kind][1], "", SAMPLES[kind][0]]
    column = container(values)
    result = format_preserving(column, key, field="f", kind=kind)
    assert as_list(result)[0] == as_list(result)[4] != values[0]
    assert as_list(format_preserving(result, key, field="f", kind=kind, decrypt=True)) == values


def nirs(count: int) -> list[str]:
    chance = random.Random(3)
    result = []
    for _ in range(count):
        month = chance.choice([chance.randrange(1, 13), 20, 55])
        place = chance.choice(["2A", "2B", "01", "75", "97", "99"])
        body = f"{chance.choice('12')}{chance.randrange(100):02}{month:02}{place}{chance.randrange(1, 991):03}"
        body += f"{chance.randrange(1, 1000):03}"
        result.append(body + key_of(body))
    return result


def test_a_nir_stays_a_nir_of_the_same_sex_and_departement():
    values = nirs(3000)
    result = sealed(values, "nir")
    assert len(set(result)) == len(set(values))
    for value, other in zip(values, result, strict=True):
        assert nir.is_valid(other)
        assert (value[0], value[5:7]) == (other[0], other[5:7])
        assert (1 <= int(value[3:5]) <= 12) == (1 <= int(other[3:5]) <= 12)
        assert "000" not in (other[7:10], other[10:13])
    assert sealed(result, "nir", decrypt=True) == values


def test_a_nir_with_and_without_key_or_spaces_becomes_one():
    with_key, spaced, alone = sealed(["285057512345623", "2 85 05 75 123 456 23", "2850575123456"], "nir")
    assert spaced.replace(" ", "") == with_key
    assert with_key[:13] == alone


def test_an_iban_stays_an_iban():
    for value, other in zip(SAMPLES["iban"], sealed(SAMPLES["iban"], "iban"), strict=True):
        assert iban.is_valid(other) or not iban.is_valid(value)
        assert other[:2] == value[:2]
    chance = random.Random(4)
    values = []
    for _ in range(500):
        bank, branch, account = chance.randrange(10**5), chance.randrange(10**5), chance.randrange(10**11)
        rib = 97 - (89 * bank + 15 * branch + 3 * account) % 97
        body = f"{bank:05}{branch:05}{account:011}{rib:02}"
        values.append(f"FR{iban.calc_check_digits('FR00' + body)}{body}")
    result = sealed(values, "iban")
    for other in result:
        assert iban.is_valid(other)
        bank, branch, account, rib = int(other[4:9]), int(other[9:14]), int(other[14:25]), int(other[25:])
        assert rib == 97 - (89 * bank + 15 * branch + 3 * account) % 97
    assert sealed(result, "iban", decrypt=True) == values


def test_one_phone_written_in_two_ways_stays_one():
    plain, spaced, abroad = sealed(["0612345678", "06 12 34 56 78", "+33612345678"], "phone")
    assert spaced.replace(" ", "") == plain
    assert abroad == "+33" + plain[1:]
    assert plain.startswith("06")


BAD = [
    ("nir", "28505751234561", "another shape"),
    ("nir", "28505751234", "another shape"),
    ("nir", "2850Z7512345612"[:13], "another shape"),
    ("nir", "285057512345624", "wrong NIR key"),
    ("nir", "28505751234561Z", "wrong NIR key"),
    ("iban", "FR1420041010050500013M02607", "wrong IBAN or RIB key"),
    ("iban", "1420041010050500", "wrong IBAN or RIB key"),
    ("iban", "DE", "wrong IBAN or RIB key"),
    ("phone", "12345678", "fewer than 9 digits"),
    ("phone", "inconnu", "fewer than 9 digits"),
    ("patient_id", "12345", "fewer than 6 digits"),
    ("patient_id", "é", "fewer than 6 digits"),
]


@pytest.mark.parametrize(("kind", "bad", "why"), BAD)
def test_what_has_not_the_format_is_refused_by_row_and_never_quoted(kind, bad, why):
    good = SAMPLES[kind][0]
    for column in (pa.chunked_array([[good, None], [bad]]), pd.Series([good, None, bad], dtype="category")):
        with pytest.raises(InvalidValue, match=rf"1 value .*{why}.*\(row 2, counted from 0\)") as caught:
            format_preserving(column, KEY, field="f", kind=kind)
        assert bad not in str(caught.value)


def test_a_right_iban_with_a_wrong_rib_key_is_refused():
    body = "20041010050500013M02607"[:21] + "07"
    value = f"FR{iban.calc_check_digits('FR00' + body)}{body}"
    with pytest.raises(InvalidValue, match="RIB key"):
        sealed([value], "iban")


def test_an_unknown_kind_is_refused():
    with pytest.raises(InvalidColumn, match="nir"):
        format_preserving(pa.array(["a"]), KEY, field="f", kind="last_name")


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize(
    "column",
    [pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.nulls(3), pa.nulls(2, pa.large_string())],
)
def test_columns_of_nothing(kind, column):
    assert format_preserving(column, KEY, field="f", kind=kind).to_pylist() == column.to_pylist()


@pytest.mark.parametrize("kind", SAMPLES)
def test_nothing_of_what_stands_under_a_null_comes_out(kind):
    value = SAMPLES[kind][0].encode()
    size = len(value).to_bytes(4, "little")
    offsets = pa.py_buffer(bytes(4) + size + (2 * len(value)).to_bytes(4, "little"))
    column = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\x01"), offsets, pa.py_buffer(value * 2)])
    result = format_preserving(column, KEY, field=kind, kind=kind)
    assert result.to_pylist() == [sealed([value.decode()], kind)[0], None]
    assert len(result.buffers()[2].to_pybytes().rstrip(b"\x00")) == len(value)
