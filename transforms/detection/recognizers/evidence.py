"""What does a recognizer give, and what must it be?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from transforms.detection.profile import Profile


@dataclass(frozen=True)
class ValueEvidence:
    """One thing that values say: a kind, its log-odds (4 near certain, 3 strong, 2 likely, 1 a hint), and why in words."""

    kind: str
    weight: float
    words: str


class Recognizer(Protocol):
    """Reads a field's profile and says which kinds its values speak for; it repeats no value.

    A package adds one by an entry point in the group `douane.recognizers`.
    """

    def __call__(self, profile: Profile, /) -> Iterable[ValueEvidence]:
        """Read one field."""


def share_of(profile: Profile, holds: Callable[[str], bool], *, folded: bool = False) -> float:
    """The share of a profile's different values (or of their folded forms) that hold something; 0 without values."""
    values = profile.folded if folded else profile.distinct
    return sum(1 for value in values if holds(value)) / len(values) if values else 0.0


def enough(profile: Profile, plenty: int) -> float:
    """How much a handful of different values proves: 0.3 for none, 1 from `plenty` on."""
    return min(1.0, 0.3 + 0.7 * len(profile.distinct) / plenty)
