"""Do a field's values fit the grammar of a code or a number, and pass its check digit?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.checks import CHECKS
from transforms.detection.recognizers.evidence import ValueEvidence, enough

if TYPE_CHECKING:
    from transforms.detection.lexicons import Pattern
    from transforms.detection.profile import Profile

_LEAST_FITTING = 0.5
_LEAST_PASSING = 0.6
_STRICTER = {"icd10": 0.88, "atc": 0.88, "snomed": 0.7, "loinc": 0.7}
"""Checks that a made-up code passes by chance more often than one time in twelve ask for more."""


def read(profile: Profile) -> list[ValueEvidence]:
    """Match the different values of a sample against patterns.txt."""
    values = profile.distinct
    lengths = sorted(len(value) for value in values)
    low, high = lengths[len(lengths) // 10], lengths[-1 - len(lengths) // 10]
    probe = values[:: max(1, len(values) // 12)][:12]
    return [
        evidence
        for pattern in lexicons.patterns()
        if high >= pattern.least and low <= pattern.most and any(pattern.regex.fullmatch(value) for value in probe)
        if (evidence := _match(pattern, profile))
    ]


def _match(pattern: Pattern, profile: Profile) -> ValueEvidence | None:
    values = profile.distinct
    fitting = [value for value in values if pattern.regex.fullmatch(value)]
    share, least, how = len(fitting) / len(values), _LEAST_FITTING, "fit"
    if pattern.check and share >= least:
        share = sum(1 for value in fitting if CHECKS[pattern.check](value)) / len(values)
        least = _STRICTER.get(pattern.check, _LEAST_PASSING) if len(values) >= 5 else 1.0
        how = "pass the check of"
    if share < least:
        return None
    weight = pattern.weight * share * enough(profile, 8)
    return ValueEvidence(pattern.kind, weight, f"{share:.0%} of its values {how} {pattern.name}")
