"""Are a field's values names of persons?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.recognizers.evidence import ValueEvidence, enough, share_of

if TYPE_CHECKING:
    from transforms.detection.profile import Profile

_MANY = 30
_MOST = 0.5
_HANDFUL = 4
_HUNDRED = 100
_SMALL_WORD = re.compile(
    r"(?<!\S)(?!(?:d[aeiu]|du|des|del|della|dello|dos|la|las|le|les|los|van|von|der|den|zu|y|e)\b)[^\W\d_A-ZÀ-Ý][^\s.]*(?=\s|$)"
)
_TITLE = re.compile(r"\b(?:M|Mr|Mme|Mlle|Dr|Pr|Mrs|Ms|Herr|Frau|Sr|Sra|Sig|Dott)\b\.? [A-ZÀ-Ý]")
_NAME = re.compile(r"(?<!\S)[A-ZÀ-Ý]")


def _is_sentence(value: str) -> bool:
    return bool(_NAME.search(value) and _SMALL_WORD.search(value))


def read(profile: Profile) -> list[ValueEvidence]:
    """Look the words of the values up among first and last names; a full name holds one of each."""
    if profile.shape not in {"word", "words", "text", "code"}:
        return []
    if len(profile.distinct) <= _HANDFUL and len(profile.values) >= _HUNDRED:
        return []  # a few words that come again and again are states of something, however many families bear them
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
    if len(profile.distinct) == 1 and profile.rows >= _MANY:
        return []
    if share_of(profile, _is_sentence) >= _MOST:
        spoken_of = share_of(profile, lambda value: bool(_TITLE.search(value)))
        if spoken_of >= _MOST:
            found.append(ValueEvidence("free_text", 2.5, f"{spoken_of:.0%} of its values speak of persons"))
        return found
    long = [parts for parts in words if 2 <= len(parts) <= 5]
    full = share([parts for parts in long if not first.isdisjoint(parts) and not last.isdisjoint(parts)])
    if full >= 0.3 and share(long) >= 0.7:
        words_of = f"{full:.0%} of its values hold a first and a last name"
        found.append(ValueEvidence("person_name", (1.5 + 3.5 * full) * few, words_of))
    return found
