"""What do a field's numbers measure: ages, coordinates, amounts, results?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.detection.recognizers.evidence import ValueEvidence

if TYPE_CHECKING:
    from transforms.detection.profile import Profile

_ENOUGH = 8


def read(profile: Profile) -> list[ValueEvidence]:
    """Judge range and decimals; a guess that any telling name outweighs."""
    numbers = profile.numbers
    if profile.shape == "decimal":
        measure = ValueEvidence("lab_result", 1.0, "its values are measures")
        guess = _read_decimals(profile) if len(numbers) >= _ENOUGH else None
        return [guess, measure] if guess else [measure]
    if profile.shape == "integer" and len(numbers) >= _ENOUGH:
        low, high = min(numbers), max(numbers)
        if low >= 0 and 60 <= high <= 115 and len(set(numbers)) >= 15 and low < 60:
            return [ValueEvidence("age", 1.2, "its values could be ages")]
    return []


def _read_decimals(profile: Profile) -> ValueEvidence | None:
    low, high = min(profile.numbers), max(profile.numbers)
    places = [len(value.replace(",", ".").partition(".")[2]) for value in profile.distinct]
    fine = min(places) >= 3 and sum(places) / len(places) >= 4.5 and max(places) <= 15
    if fine and low >= -180 and high <= 180 and high - low < 60 and abs(high) > 1:
        return ValueEvidence("geo", 1.9, "its values have the range and the decimals of coordinates")
    if max(places) <= 2 and sum(place == 2 for place in places) >= 0.8 * len(places) and high >= 300 and low >= 0:
        return ValueEvidence("amount", 1.9, "its values have two decimals and reach into the hundreds")
    return None
