"""Are a field's values words of medicine or of civil status: diseases, medicines, acts, wards, marital states?"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.recognizers.evidence import ValueEvidence, share_of

if TYPE_CHECKING:
    from transforms.detection.profile import Profile

_HOLDING = ("diagnosis", "drug", "procedure", "lab_test", "vital_sign", "allergy", "ward", "facility_id")
"""Kinds whose words may stand anywhere in a label."""

_BEING = (
    "lifestyle", "marital_status", "ethnicity", "nationality", "care_reason", "severity", "occupation", "drug_route",
)  # fmt: skip
"""Kinds whose words must be the whole value."""


def read(profile: Profile) -> list[ValueEvidence]:
    """Look the values, or the words in them, up among the stems of terms.txt."""
    if profile.shape not in {"word", "words", "text", "code", "flag"}:
        return []
    few = min(1.0, 0.4 + len(profile.distinct) / 10)
    shares = {kind: share_of(profile, partial(_holds, kind), folded=True) for kind in _HOLDING}
    found = [
        ValueEvidence(
            kind, (1 + 2.5 * share) * few, f"{share:.0%} of its values hold words of {kind.replace('_', ' ')}"
        )
        for kind, share in shares.items()
        if share >= 0.25
    ]
    for kind in _BEING:
        share = share_of(profile, _whole_terms(kind).__contains__, folded=True)
        if share >= 0.5:
            means = "drug" if kind == "drug_route" else kind  # how a medicine is given tells of the medicine
            words = f"{share:.0%} of its values are words of {kind.replace('_', ' ')}"
            found.append(ValueEvidence(means, (3 + 2.5 * share) * few, words))
    return found


def _holds(kind: str, value: str) -> bool:
    return kind in terms_of(value)


@lru_cache(maxsize=65_536)
def terms_of(value: str) -> frozenset[str]:
    """The kinds whose stems occur in a folded value."""
    whole, beginnings, endings = _index()
    words = value.split()
    found: set[str] = set()
    for size in (1, 2, 3):
        for start in range(len(words) - size + 1):
            found |= whole.get(" ".join(words[start : start + size]), frozenset())
    for word in words:
        if len(word) > 4:
            for size in range(3, min(9, len(word)) + 1):
                found |= endings.get(word[-size:], frozenset())
                found |= beginnings.get(word[:size], frozenset())
    return frozenset(found)


@cache
def _index() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    whole: dict[str, frozenset[str]] = {}
    beginnings: dict[str, frozenset[str]] = {}
    endings: dict[str, frozenset[str]] = {}
    for stem, kind in lexicons.terms():
        index = endings if stem.startswith("*") else beginnings if stem.endswith("*") else whole
        bare = stem.strip("*")
        index[bare] = index.get(bare, frozenset()) | {kind}
    return whole, beginnings, endings


@cache
def _whole_terms(kind: str) -> frozenset[str]:
    return frozenset(stem for stem, of in lexicons.terms() if of == kind)
