"""Are a field's values dates or years, and are they those of births?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.detection.recognizers.evidence import ValueEvidence, share_of

if TYPE_CHECKING:
    from transforms.detection.profile import Profile

_YEAR = re.compile(r"(?<!\d)((?:18|19|20|21)\d\d)")
_YEAR_FIRST = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DAY_FIRST = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d")
_CLOCK = re.compile(r"\d[T ](?!00:00(?::00)?(?:\.0+)?(?:Z|[+-]\d\d:?\d\d)?$)\d\d:\d\d")
_LIFETIME = 40
"""Births of an adult population spread over more years than its stays; in years."""


def read(profile: Profile) -> list[ValueEvidence]:
    """Read written dates, eight-digit dates and bare years."""
    if profile.shape == "date":
        years = [int(match.group(1)) for value in profile.distinct if (match := _YEAR.search(value))]
        clock = share_of(profile, lambda value: bool(_CLOCK.search(value)))
        return _dates(years if clock <= 0.1 else [], "its values are dates", 2.5)
    if profile.shape == "integer":
        return _read_eight_digits(profile) or _read_years(profile)
    return []


def _dates(years: list[int], words: str, weight: float) -> list[ValueEvidence]:
    found = [ValueEvidence("event_date", weight, words)]
    if years:
        spread = max(years) - min(years)
        if spread >= _LIFETIME and sum(year < 1990 for year in years) >= len(years) * 0.25:
            found.append(ValueEvidence("birth_date", weight + 0.3, f"{words}, over {spread} years"))
    return found


def _read_eight_digits(profile: Profile) -> list[ValueEvidence]:
    if any(len(value) != 8 for value in profile.distinct):
        return []
    if share_of(profile, lambda value: bool(_YEAR_FIRST.fullmatch(value))) >= 0.95:
        years = [int(value[:4]) for value in profile.distinct]
    elif share_of(profile, lambda value: bool(_DAY_FIRST.fullmatch(value))) >= 0.95:
        years = [int(value[4:]) for value in profile.distinct]
    else:
        return []
    return _dates(years, "its values are dates without separators", 3.0)


def _read_years(profile: Profile) -> list[ValueEvidence]:
    numbers = profile.numbers
    if len(numbers) < 8 or len(set(numbers)) < 2 or min(numbers) < 1900 or max(numbers) > 2035:
        return []
    return _dates([int(number) for number in numbers], "its values are years", 2.0)
