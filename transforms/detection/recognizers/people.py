"""Are a field's values names of persons?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.recognizers.evidence import ValueEvidence, enough

if TYPE_CHECKING:
    from transforms.detection.profile import Profile


def read(profile: Profile) -> list[ValueEvidence]:
    """Look the words of the values up among first and last names; a full name holds one of each."""
    if profile.shape not in {"word", "words", "text", "code"}:
        return []
    first, last = lexicons.first_names(), lexicons.last_names()
    words = [value.split() for value in profile.folded]
    few = enough(profile, 15)

    def share(counted: list[list[str]]) -> float:
        return len(counted) / len(words)

    short = [parts for parts in words if 1 <= len(parts) <= 2]
    firsts = share([parts for parts in short if first.issuperset(parts)])
    lasts = share([parts for parts in short if " ".join(parts) in last or last.issuperset(parts)])
    found = []
    if firsts >= 0.5:
        weight = 3.5 if firsts >= lasts else 2.5
        found.append(
            ValueEvidence("first_name", weight * firsts * few, f"{firsts:.0%} of its values are known first names")
        )
    if lasts >= 0.35 and lasts > firsts:
        found.append(
            ValueEvidence("last_name", (1 + 3 * lasts) * few, f"{lasts:.0%} of its values are known last names")
        )
    long = [parts for parts in words if 2 <= len(parts) <= 5]
    full = share([parts for parts in long if not first.isdisjoint(parts) and not last.isdisjoint(parts)])
    if full >= 0.3 and share(long) >= 0.7:
        words_of = f"{full:.0%} of its values hold a first and a last name"
        found.append(ValueEvidence("person_name", (1.5 + 3.5 * full) * few, words_of))
    return found
