"""Are a field's values sentences?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.detection.recognizers.evidence import ValueEvidence, share_of

if TYPE_CHECKING:
    from transforms.detection.profile import Profile

_SENTENCE = re.compile(r"[^\W\d_]{3,}[.!?](?:\s+[A-ZÀ-Ý]|\s*$)")
"""The end of a sentence; a doctor's title or a unit has fewer letters before its point."""


def read(profile: Profile) -> list[ValueEvidence]:
    """Count the words of a value: labels have few and come again, sentences many and don't."""
    if profile.shape not in {"text", "words"}:
        return []
    average = sum(len(value.split()) for value in profile.distinct) / len(profile.distinct)
    if average >= 8 and (profile.variety >= 0.2 or len(profile.distinct) >= 50):
        words = f"its values are sentences of {average:.0f} words on average"
        return [ValueEvidence("free_text", min(5.0, 2.0 + average / 10), words)]
    if average >= 8:
        words = f"its values are sentences of {average:.0f} words on average, that come again"
        return [ValueEvidence("free_text", 1.0, words)]
    marked = share_of(profile, lambda value: len(value.split()) >= 5 and bool(_SENTENCE.search(value)))
    if marked >= 0.5:
        return [ValueEvidence("free_text", 3.0, f"{marked:.0%} of its values are sentences")]
    if average >= 4.5 and profile.variety >= 0.5 and len(profile.distinct) > 20:
        words = f"its values are phrases of {average:.0f} words on average, most of them different"
        return [ValueEvidence("free_text", 1.8, words)]
    return []
