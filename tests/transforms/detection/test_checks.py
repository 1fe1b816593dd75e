from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as std_iban
from stdnum import luhn as std_luhn
from stdnum.be import nn as std_niss
from stdnum.ch import ssn as std_ahv
from stdnum.de import idnr as std_steuer_id
from stdnum.es import dni as std_dni
from stdnum.fr import nir as std_nir
from stdnum.gb import nhs as std_nhs
from stdnum.nl import bsn as std_bsn

from transforms.detection.checks import CHECKS


@pytest.mark.parametrize(
    ("check", "value"),
    [
        ("nir_key", "2 95 10 99 126 111 93"),
        ("nir_key", "255122A00101639"),
        ("luhn", "10000001114"),
        ("npi", "1245319599"),
        ("loinc", "718-7"),
        ("loinc", "2345-7"),
        ("dni", "12345678Z"),
        ("dni", "X1234567L"),
        ("kvnr", "A123456780"),
        ("iban", "FR14 2004 1010 0505 0001 3M02 606"),
        ("snomed", "22298006"),
        ("snomed", "73211009"),
        ("icd10", "E11.9"),
        ("atc", "N02BE01"),
    ],
)
def test_numbers_from_their_standards_pass(check, value):
    assert CHECKS[check](value)


@pytest.mark.parametrize(
    ("check", "value"),
    [("nir_key", "295109912611194"), ("npi", "1245319598"), ("loinc", "718-8"), ("dni", "12345678A"), ("snomed", "22298007"),
     ("icd10", "U18.1"), ("atc", "Z02BE01"), ("iban", "FR15 2004 1010 0505 0001 3M02 606"), ("ipv4", "1.2.3.256")],
)  # fmt: skip
def test_numbers_with_a_wrong_digit_fail(check, value):
    assert not CHECKS[check](value)


@pytest.mark.parametrize(
    ("check", "oracle", "length"),
    [
        ("luhn", std_luhn, 11),
        ("niss", std_niss, 11),
        ("bsn", std_bsn, 9),
        ("nhs", std_nhs, 10),
        ("mod11_10", std_steuer_id, 11),
    ],
)
def test_agrees_with_stdnum_on_what_stdnum_accepts(check, oracle, length):
    @given(st.integers(min_value=10 ** (length - 1), max_value=10**length - 1))
    def law(number):
        if oracle.is_valid(str(number)):
            assert CHECKS[check](str(number))

    law()


@given(st.integers(min_value=10**12, max_value=3 * 10**12))
def test_the_nir_key_is_stdnums(body):
    key = f"{97 - body % 97:02d}"
    assert CHECKS["nir_key"](f"{body}{key}")
    assert std_nir.calc_check_digits(str(body)) == key


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_the_ahv_digit_is_stdnums(body):
    number = f"756{body:09d}"
    digit = next(each for each in "0123456789" if CHECKS["ean13"](number + each))
    assert std_ahv.is_valid(number + digit)


@given(st.integers(min_value=0, max_value=10**8 - 1))
def test_the_dni_letter_is_stdnums(number):
    assert CHECKS["dni"](f"{number:08d}{std_dni.calc_check_digit(f'{number:08d}')}")


def test_stdnum_accepts_the_iban_of_the_example():
    assert std_iban.is_valid("FR14 2004 1010 0505 0001 3M02 606")
