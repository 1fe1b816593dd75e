"""How much of what a field's name says survives a look at its values?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.contradictions import contradicts

if TYPE_CHECKING:
    from transforms.detection.profile import Profile

IDS = (
    "patient_id",
    "encounter_id",
    "practitioner_id",
    "row_id",
    "insurance_id",
    "device_id",
    "study_uid",
    "reference",
    "national_id",
    "facility_id",
)
"""Kinds whose values stand for one thing each."""

_UNFIT, _LESS, _HALF = 0.1, 0.4, 0.6
_SOME = 50
_REPEATED, _AGAIN_AND_AGAIN = 0.5, 0.1
_THINGS_COUNTED = frozenset({"encounter_id", "event_date"})
_MAY_COUNT = frozenset({"technical", "date_technical", "event_date"})
"""What may run 1, 2, 3 from row to row beside ids: an order, or days since the start."""
_TELLING, _HINT = 3.0, 2.0
_FEW_DAYS, _DOZEN = 100, 12
_LONGEST_SCORE = 5
_YEARS = 1900


def doubt(kind: str, weight: float, profile: Profile, *, among: int) -> tuple[float, str]:
    """The share of a name's weight for a kind that its values leave, and what speaks against it; (1.0, "") if nothing does.

    Args:
        kind: What the name speaks for.
        weight: How strongly it does.
        profile: The field's values.
        among: How many kinds the name speaks for.
    """
    several = profile.rows >= _SOME
    again = several and profile.variety < _REPEATED
    against = contradicts(kind, profile) or _other_shape(kind, profile)
    cases = (
        (bool(against), _UNFIT, against),
        (profile.counting and kind not in IDS and kind not in _MAY_COUNT, _UNFIT, "its values count the rows"),
        (
            kind == "person_name" and weight < _HINT and several and profile.variety < _AGAIN_AND_AGAIN,
            _LESS,
            "its values come again and again",
        ),
        (
            kind in _THINGS_COUNTED and weight < _TELLING and again and _are_small_counts(profile),
            _LESS,
            "its values are small counts",
        ),
        (
            kind == "severity" and several and profile.shape == "integer" and profile.length >= _LONGEST_SCORE,
            _UNFIT,
            "no score has as many figures",
        ),
        (kind == "encounter_id" and again and _are_tiny(profile), _LESS, "its values are a few small numbers"),
        (_is_no_date(kind, weight, profile), _LESS, "no day, month or year is 0"),
        (kind == "row_id" and among > 1 and again, _HALF, "its values come again"),
    )
    return next(((share, words) for holds, share, words in cases if holds), (1.0, ""))


def _other_shape(kind: str, profile: Profile) -> str:
    allowed = lexicons.shapes()
    fits = profile.shape == "empty" or kind not in allowed or profile.shape in allowed[kind]
    return "" if fits else f"its values look like {profile.shape}"


def _are_small_counts(profile: Profile) -> bool:
    whole = profile.shape in {"integer", "flag"}
    return whole and bool(profile.numbers) and max(profile.numbers) <= _FEW_DAYS


def _are_tiny(profile: Profile) -> bool:
    """Numbers of visits, or of the visit: nobody tells stays apart by a dozen numbers."""
    return profile.shape == "integer" and bool(profile.numbers) and max(profile.numbers) <= _DOZEN


def _is_no_date(kind: str, weight: float, profile: Profile) -> bool:
    if kind != "event_date" or weight >= _TELLING or profile.shape != "integer" or not profile.numbers:
        return False
    return min(profile.numbers) == 0 and max(profile.numbers) < _YEARS
