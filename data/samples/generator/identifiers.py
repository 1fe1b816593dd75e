"""Which check digits do French health identifiers carry?

NIR: INSEE, key = 97 - (number mod 97), Corsica's 2A and 2B read as 19 and 18. RPPS and FINESS: Luhn (ISO/IEC 7812-1).
CIP13: GS1 (EAN-13). Phone numbers come only from the ranges that Arcep keeps for fiction (decision 2018-0881).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from datetime import date

LANDLINE_RANGES = ("0199 00", "0261 91", "0353 01", "0465 71", "0536 49")
MOBILE_RANGE = "0639 98"


def luhn_digit(body: str) -> str:
    """The digit that makes `body` + digit pass Luhn's test."""
    total = 0
    for place, character in enumerate(reversed(body)):
        digit = int(character) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def ean13_digit(body: str) -> str:
    """The digit that closes the 12 digits of a GS1 code."""
    total = sum(int(character) * (3 if place % 2 else 1) for place, character in enumerate(body))
    return str(-total % 10)


def nir(*, sex: str, born: date, place: str, order: int) -> str:
    """A 15-character NIR: sex, year, month, place of birth (INSEE code or 99 and country), order, key.

    Corsica was département 20 until the end of 1975, and numbers given before keep it.
    """
    if place[:2] in {"2A", "2B"} and born.year < 1976:
        place = "20" + place[2:]
    body = f"{'1' if sex == 'M' else '2'}{born:%y%m}{place}{order:03d}"
    number = int(
        body.replace("2A", "19", 1) if body[5:7] == "2A" else body.replace("2B", "18", 1) if body[5:7] == "2B" else body
    )
    return f"{body}{97 - number % 97:02d}"


def rpps(sequence: int) -> str:
    """An 11-digit RPPS in a range that is not yet given out (1099...)."""
    body = f"1099{sequence:06d}"
    return body + luhn_digit(body)


def finess(department: str, sequence: int) -> str:
    """A 9-digit FINESS of a département, in the 999 series that no establishment has."""
    body = f"{department}0999{sequence:02d}"
    return body + luhn_digit(body)


def cip13(sequence: int) -> str:
    """A 13-digit CIP: the French prefix 34009, an invented body of the unused 99 series, the right key."""
    body = f"3400999{sequence:05d}"
    return body + ean13_digit(body)


def landline(stream: random.Random, area: str | None = None) -> str:
    """A 10-digit landline number kept for fiction, `area` being its first two digits."""
    ranges = [start for start in LANDLINE_RANGES if area is None or start.startswith(area)]
    return stream.choice(ranges).replace(" ", "") + f"{stream.randrange(10_000):04d}"


def mobile(stream: random.Random) -> str:
    """A 10-digit mobile number kept for fiction."""
    return MOBILE_RANGE.replace(" ", "") + f"{stream.randrange(10_000):04d}"
