"""Recognizers: what a field's values say of its kind, whatever its name. One file each; a package adds its own by entry point."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from transforms.detection.recognizers import calendar, codes_of_few, labels, numbers, patterns, people, places, prose

if TYPE_CHECKING:
    from transforms.detection.profile import Profile
    from transforms.detection.recognizers.evidence import Recognizer, ValueEvidence

_BUILT_IN: tuple[Recognizer, ...] = (
    patterns.read,
    codes_of_few.read,
    people.read,
    labels.read,
    places.read,
    calendar.read,
    numbers.read,
    prose.read,
)


@cache
def recognizers() -> tuple[Recognizer, ...]:
    """The built-in recognizers, then those of installed packages by name."""
    found = sorted(entry_points(group="douane.recognizers"), key=lambda entry: entry.name)
    return (*_BUILT_IN, *(entry.load() for entry in found))


def read_values(profile: Profile) -> list[ValueEvidence]:
    """Score the kinds that a field's sampled values speak for."""
    if not profile.values:
        return []
    found = [evidence for recognizer in recognizers() for evidence in recognizer(profile)]
    if any(evidence.kind == "sex" and evidence.weight > 2 for evidence in found):
        found = [evidence for evidence in found if evidence.kind not in {"first_name", "last_name"}]
    return [_weigh_against_places(evidence, found) for evidence in found]


def _weigh_against_places(evidence: ValueEvidence, found: list[ValueEvidence]) -> ValueEvidence:
    """Many places gave families their name: if nearly all values are places, that some are last names says little."""
    if evidence.kind == "last_name" and any(each.kind in {"city", "country"} and each.weight >= 2.5 for each in found):
        return replace(evidence, weight=evidence.weight * 0.5)
    return evidence
