"""Does a number carry the check digit that its standard asks for? Each check takes one value, blanks allowed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from transforms.detection import lexicons

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_ALNUM = re.compile(r"[^0-9A-Za-z]")


def _bare(value: str) -> str:
    return _NOT_ALNUM.sub("", value).upper()


def _luhn_sum(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total


def nir_key(value: str) -> bool:
    """French NIR: key = 97 - (number mod 97), Corsica's 2A and 2B counted as 19 and 18 (INSEE)."""
    bare = _bare(value)
    body, key = bare[:13], bare[13:]
    body = (
        body.replace("2A", "19", 1) if body[5:7] == "2A" else body.replace("2B", "18", 1) if body[5:7] == "2B" else body
    )
    return len(key) == 2 and (body + key).isdigit() and 97 - int(body) % 97 == int(key)


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1."""
    bare = _bare(value).replace("2A", "20").replace("2B", "21")
    return bare.isdigit() and _luhn_sum(bare) % 10 == 0


def luhn_tail(value: str) -> bool:
    """An RPPS behind the digit that says its type."""
    return luhn(value[1:])


def npi(value: str) -> bool:
    """US NPI: Luhn with the prefix 80840."""
    return luhn("80840" + value)


def loinc(value: str) -> bool:
    """LOINC: Luhn check digit behind the dash."""
    return luhn(value)


def dni(value: str) -> bool:
    """Spanish DNI and NIE: letter by the number modulo 23."""
    bare = _bare(value)
    number = bare[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == bare[-1]


def niss(value: str) -> bool:
    """Belgian national number: 97 - (first nine, with a 2 before them since 2000, mod 97)."""
    bare = _bare(value)
    return bare.isdigit() and len(bare) == 11 and any(97 - int(p + bare[:9]) % 97 == int(bare[9:]) for p in ("", "2"))


def bsn(value: str) -> bool:
    """Dutch BSN: eleven test with -1 for the last digit."""
    return (
        value.isdigit() and sum(int(d) * w for d, w in zip(value, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=False)) % 11 == 0
    )


def nhs(value: str) -> bool:
    """NHS number: modulus 11."""
    bare = _bare(value)
    return len(bare) == 10 and (11 - sum(int(d) * (10 - i) for i, d in enumerate(bare[:9])) % 11) % 11 == int(bare[9])


def ean13(value: str) -> bool:
    """GS1 EAN-13, as the Swiss AHV number uses it."""
    bare = _bare(value)
    return len(bare) == 13 and bare.isdigit() and sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(bare)) % 10 == 0


def mod11_10(value: str) -> bool:
    """ISO 7064 mod 11,10 (German tax id); one digit of the first ten stands twice or three times."""
    bare = _bare(value)
    if len(bare) != 11 or not bare.isdigit() or len(set(bare[:10])) not in (8, 9):
        return False
    product = 10
    for digit in bare[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(bare[10])


def kvnr(value: str) -> bool:
    """German Krankenversichertennummer: letter as two digits, weights 1 and 2, digit sums modulo 10."""
    number = f"{ord(value[0].upper()) - 64:02d}{value[1:9]}"
    total = sum(sum(map(int, str(int(d) * (1 + i % 2)))) for i, d in enumerate(number))
    return total % 10 == int(value[9])


def iban(value: str) -> bool:
    """ISO 13616: modulo 97 of the rotated number is 1."""
    bare = _bare(value)
    return len(bare) >= 15 and int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1


def ipv4(value: str) -> bool:
    """Four numbers under 256."""
    return all(int(part) < 256 for part in value.partition("/")[0].split("."))


def has_letters_and_digits(value: str) -> bool:
    """Neither a number nor a word."""
    return not value.isdigit() and not value.isalpha()


_D = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_P = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")


def snomed(value: str) -> bool:
    """SNOMED CT identifier: partition in the second and third digit from the right, Verhoeff digit last."""
    if value[-3:-1] not in {"00", "01", "02", "10", "11", "12"}:
        return False
    check = 0
    for place, digit in enumerate(reversed(value)):
        check = int(_D[check][int(_P[place % 8][int(digit)])])
    return check == 0


@cache
def _categories() -> frozenset[str]:
    return lexicons.names("icd10_categories")


def icd10(value: str) -> bool:
    """The three-character category exists."""
    return value[:3].upper() in _categories()


_ATC = "A01-16 B01-06 C01-10 D01-11 G01-04 H01-05 J01-07 L01-04 M01-09 N01-07 P01-03 R01-07 S01-03 V01-20"  # WHO ATC, levels 1-2


@cache
def _atc_groups() -> frozenset[str]:
    return frozenset(
        f"{part[0]}{number:02d}" for part in _ATC.split() for number in range(int(part[1:3]), int(part[4:6]) + 1)
    )


def atc(value: str) -> bool:
    """The therapeutic group (level 2) exists."""
    return value[:3].upper() in _atc_groups()


def blood_group(value: str) -> bool:
    """More than a bare letter."""
    return len(value) > 1


CHECKS: dict[str, Callable[[str], bool]] = {
    check.__name__: check
    for check in (
        nir_key, luhn, luhn_tail, npi, loinc, dni, niss, bsn, nhs, ean13, mod11_10, kvnr, iban, ipv4,
        has_letters_and_digits, snomed, icd10, atc, blood_group,
    )
}  # fmt: skip
"""Check by the name that patterns.txt calls it."""
