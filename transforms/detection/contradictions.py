"""Which values can a kind not have, however telling the field's name?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from transforms.detection.profile import Profile

_DIGIT = re.compile(r"\d")
_LEAST = 0.5
_OWN_TO_A_PERSON = frozenset({"insurance_id", "national_id", "nir", "ins", "phone", "email", "iban"})
_MANY = 200
_FEW = 0.03


def _share(profile: Profile, holds: Callable[[str], bool]) -> float:
    return sum(1 for value in profile.distinct if holds(value)) / max(1, len(profile.distinct))


def _digits(value: str) -> int:
    return len(_DIGIT.findall(value))


def _is_date_like(value: str) -> bool:
    """A written date, a year, or the number of a month or a day; other small numbers are none."""
    if _digits(value) >= 4:
        return True
    number = value.lstrip("+-")
    return number.isdigit() and 1 <= int(number) <= 31


_COMPACT = re.compile(
    r"(?:(?:19|20)\d\d|\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d"
)


def _is_moment(value: str) -> bool:
    """A date, a time or an offset; a long number must read as a date without separators or as seconds since 1970."""
    if value.isdigit() and 6 <= len(value) <= 9:
        return bool(_COMPACT.fullmatch(value))
    return _digits(value) > 0 or len(value) < 20


_YEAR = re.compile(r"(?:19|20)\d\d")

_DEMANDS: dict[str, tuple[Callable[[str], bool], str]] = {
    "email": (lambda value: "@" in value or len(value) >= 32, "an @"),
    "phone": (lambda value: _digits(value) >= 3 or len(value) >= 32, "three digits"),
    "image": (lambda value: any(sign in value for sign in "/.\\") or len(value) >= 16, "a path or a picture"),
    "url": (lambda value: "/" in value or "." in value, "a dot or a slash"),
    "address": (lambda value: " " in value or _digits(value) > 0 or len(value) > 12, "several words"),
    "ip_address": (lambda value: value.count(".") == 3 or value.count(":") >= 2 or len(value) >= 32, "dots or colons"),
    "mac_address": (lambda value: len(value) >= 12, "twelve characters"),
    "iban": (lambda value: len(value) >= 8, "eight characters"),
    "nir": (lambda value: len(value) >= 10 or _digits(value) >= 8, "ten characters"),
    "ins": (lambda value: len(value) >= 10, "ten characters"),
    "national_id": (lambda value: len(value) >= 4, "four characters"),
    "patient_id": (lambda value: not _YEAR.fullmatch(value), "more than a year"),
    "insurance_id": (lambda value: len(value) >= 3, "three characters"),
    "first_name": (lambda value: _digits(value) <= 1 or len(value) >= 32, "letters"),
    "last_name": (lambda value: _digits(value) <= 1 or len(value) >= 32, "letters"),
    "person_name": (lambda value: _digits(value) <= len(value) / 2 or len(value) >= 32, "letters"),
    "postal_code": (lambda value: 2 <= len(value) <= 10 and (_digits(value) > 0), "digits"),
    "birth_date": (_is_date_like, "a date"),
    "study_uid": (lambda value: len(value) >= 4, "four characters"),
    "age": (lambda value: _digits(value) > 0 or len(value) < 20, "a number"),
    "sex": (lambda value: len(value) <= 25, "a short code"),
    "blood_group": (lambda value: len(value) <= 20, "a short code"),
    "event_date": (_is_moment, "a date"),
    "date_technical": (lambda value: _is_moment(value) and _is_date_like(value), "a date"),
    "amount": (lambda value: _digits(value) > 0, "a number"),
}
"""Kind to what its values must hold, in half of them at least. Values of 32 characters and more may be keyed hashes."""


def contradicts(kind: str, profile: Profile) -> str:
    """Say what the values lack to be of a kind; empty if nothing speaks against it."""
    if not profile.values:
        return ""
    if kind in _OWN_TO_A_PERSON and len(profile.values) >= _MANY and profile.variety < _FEW:
        return "the same values come again and again"
    if kind not in _DEMANDS:
        return ""
    holds, what = _DEMANDS[kind]
    return "" if _share(profile, holds) >= _LEAST else f"few of its values hold {what}"
