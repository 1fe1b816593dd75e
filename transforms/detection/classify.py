"""Which kind does the evidence of name, values and table speak for, and how surely?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import exp
from typing import TYPE_CHECKING

from transforms.detection.doubts import IDS, doubt
from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from transforms.detection.headers import HeaderEvidence
    from transforms.detection.profile import Profile
    from transforms.detection.recognizers.evidence import ValueEvidence

_BASELINE = 0.8
_NEARLY_ALL = 0.9
_TEXT_SAID = 2.5
_CERTAIN = 4.0
_HARDLY = 0.01
_CLEARLY = 2.9
_SAID, _CLEARLY_SAID, _OUTWEIGHS = 2, 3.4, 5.5
_SEVERAL_ROWS = 60
_IN_SENTENCES = frozenset({"person_name", "last_name", "first_name", "diagnosis", "drug", "procedure", "lab_test"})


@dataclass
class Scores:
    """Log-odds a kind, with the reasons, while evidence is being added."""

    of: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, weight: float, words: str = "") -> None:
        """Add evidence for a kind."""
        self.of[kind] = self.of.get(kind, 0.0) + weight
        if words and words not in self.reasons.setdefault(kind, []):
            self.reasons[kind].append(words)

    def best(self) -> tuple[str, float]:
        """The kind that leads and how surely; of equal scores the safer category."""
        if not self.of:
            return "other", 0.3
        kind = max(self.of, key=lambda each: (self.of[each], -_risk(each)))
        top = self.of[kind]
        return kind, 1 / (exp(_BASELINE - top) + sum(exp(score - top) for score in self.of.values()))

    def ranked(self, most: int) -> tuple[tuple[str, float], ...]:
        """The kinds that lead, each with its confidence; at most `most`, and none that is under one in a hundred."""
        top = max(self.of.values(), default=0.0)
        total = exp(_BASELINE - top) + sum(exp(score - top) for score in self.of.values())
        found = ((kind, exp(score - top) / total) for kind, score in self.of.items())
        return tuple(sorted((each for each in found if each[1] >= _HARDLY), key=lambda each: -each[1])[:most])


def _risk(kind: str) -> int:
    return ("direct", "health", "text", "quasi", "other").index(CATEGORY_OF[kind])


def score(
    profile: Profile, header: HeaderEvidence, values: list[ValueEvidence], schema: tuple[str, str] | None
) -> Scores:
    """Add up what name, values and a known schema say of a field."""
    scores = Scores()
    strong = max(header.weights.values(), default=0.0)
    for kind, weight in header.weights.items():
        share, against = doubt(kind, weight, profile, among=len(header.weights))
        if against:
            scores.add(kind, weight * share, f"{header.words}, but {against}")
        else:
            scores.add(kind, weight + (1.0 if weight >= 3.4 else 0.0), header.words)
    if schema:
        kind, words = schema
        scores.add(kind, 6.0, words)
    prose = strong < _CLEARLY and profile.shape == "text" and any(each.kind == "free_text" for each in values)
    for evidence in values:
        spoken_of = prose and evidence.kind in _IN_SENTENCES
        _add_value(scores, replace(evidence, weight=evidence.weight * 0.4) if spoken_of else evidence, profile, strong)
    _add_defaults(scores, profile, header)
    return scores


def _add_value(scores: Scores, evidence: ValueEvidence, profile: Profile, strong: float) -> None:
    weight, kind = evidence.weight, evidence.kind
    if kind in {"uuid", "hash"}:
        leading = [each for each in IDS if each in scores.of]
        for each in leading:
            scores.add(each, 1.0, evidence.words)
        if not leading:
            scores.add("patient_id" if profile.unique or profile.variety < 0.9 else "encounter_id", 2.2, evidence.words)
        return
    if kind == "snomed":
        health = [
            each
            for each in ("diagnosis", "procedure", "drug", "lab_test", "care_reason", "allergy")
            if each in scores.of
        ]
        scores.add(health[0] if health else "diagnosis", 3.0 if not profile.unique else 1.0, evidence.words)
        return
    if kind == "nir" and scores.of.get("ins", 0.0) >= 3:
        kind = "ins"  # an INS is a NIR that a teleservice qualified: only the name tells
    scores.add(kind, weight * _fit(kind, weight, profile, scores, strong), evidence.words)


def _fit(kind: str, weight: float, profile: Profile, scores: Scores, strong: float) -> float:
    """How much of what values speak for counts, beside what the name has said."""
    share = 1.0
    health = CATEGORY_OF[kind] == "health"
    codes = profile.shape in {"code", "integer"}
    apart = profile.unique or profile.variety > _NEARLY_ALL
    if health and codes and apart and profile.rows >= _SEVERAL_ROWS:
        share *= 0.15  # hardly anyone shares a diagnosis with nobody
    in_prose = profile.shape in {"text", "words"} and scores.of.get("free_text", 0.0) >= _TEXT_SAID
    if kind in _IN_SENTENCES and weight < _CERTAIN and in_prose:
        share *= (
            0.3  # persons are spoken of in comments; pure names or numbers under such a name are certain, not prose
        )
    if health and codes and strong >= _SAID and scores.best()[0] in IDS:
        share *= 0.3  # S123 is a subject where the name says so, and no injury
    if kind in scores.of or weight * share >= _OUTWEIGHS:
        return share
    if strong >= _CLEARLY_SAID:
        share *= 0.6
    elif kind == "phone" and strong >= _SAID:
        share *= 0.4  # ten figures are a phone number only where nothing says what else they are
    return share


def _add_defaults(scores: Scores, profile: Profile, header: HeaderEvidence) -> None:
    """Say what a field is for want of better: near-unique and unexplained is an id, few small numbers are codes of care."""
    top = max(scores.of.values(), default=0.0)
    if profile.counting:
        scores.add("row_id", 2.0, "its values count the rows")
    elif profile.unique and profile.rows >= 5 and profile.shape in {"integer", "code", "uuid"} and top < 2.5:
        _add_unique(scores)
    elif profile.shape == "code" and profile.variety > 0.4 and top < 1.5:
        scores.add("patient_id", 1.4, "its values look like codes of many things, and nothing explains them")
    elif profile.shape == "integer" and profile.length >= 6 and profile.variety > 0.2 and top < 1.5:
        scores.add("patient_id", 1.3, "its values are long numbers that nothing explains")
    if header.opaque and top < 1.2:
        _add_varied_words(scores, profile)
    if profile.shape in _BY_SHAPE:
        kind, weight, words = _BY_SHAPE[profile.shape]
        scores.add(kind, weight, words)
    if profile.shape in {"word", "words", "code"} and profile.variety <= 0.4 and top < 1.2:
        scores.add("technical", 0.7, "a few values come again and again")
    if profile.shape == "integer" and profile.length < 6:
        _add_small_numbers(scores, profile, header)


_BY_SHAPE = {
    "text": ("free_text", 1.6, "its values are text"),
    "flag": ("flag", 1.4, "its values are yes or no"),
    "decimal": ("quantity", 0.8, "its values are numbers"),
    "empty": ("other", 0.2, "it holds no value"),
}


def _add_unique(scores: Scores) -> None:
    words = "every value occurs once and nothing explains it"
    for kind in ("patient_id", "encounter_id", "row_id"):
        if kind in scores.of:
            scores.add(kind, 1.0, words)
    if all(scores.of.get(kind, 0.0) < 2.0 for kind in IDS):
        scores.add("patient_id", 1.6, words)


def _add_varied_words(scores: Scores, profile: Profile) -> None:
    kind = {"word": "last_name", "words": "person_name"}.get(profile.shape)
    if kind and profile.variety > 0.6 and len(profile.distinct) >= 15:
        scores.add(kind, 1.2, "its values are words of great variety that nothing explains")


def _add_small_numbers(scores: Scores, profile: Profile, header: HeaderEvidence) -> None:
    scores.add("quantity", 0.5, "its values are small numbers")
    if not header.opaque or not profile.numbers:
        return
    low, high, different = min(profile.numbers), max(profile.numbers), len(set(profile.numbers))
    if different <= 12 and high <= 20:
        scores.add("severity", 0.7, "its values are a few small numbers, as codes of care have them")
    elif low >= 20 and high <= 260 and different >= 15:
        scores.add("vital_sign", 0.7, "its values lie where vital signs do")
