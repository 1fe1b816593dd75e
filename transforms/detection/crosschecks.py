"""Do the fields of one table say the same thing twice, row by row: a NIR and a birth date, a code and its label, an age and a year?

Rows are compared on a sample that is spread evenly over the table; a finding gives shares, never a value.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from transforms.detection.profile import MISSING, SAMPLE_ROWS, as_text, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.detection.classify import Scores
    from transforms.detection.profile import Profile
    from transforms.detection.tables import Field

_LEAST_ROWS = 20
_AGREE = 0.9
_CHANCE = 0.02
_UNSURE = 0.6
_MOST_CODES = 300
_NIR = re.compile(
    r"([1-478])\s?(\d\d)\s?(0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d\d|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d\d)?", re.IGNORECASE
)
_DAY = re.compile(
    r"(?P<year>(?:18|19|20)\d\d)[-/.]?(?P<month>0[1-9]|1[0-2])\b.*|(?P<year1>(?:18|19|20)\d\d)[-/.]?(?P<month1>0[1-9]|1[0-2])(?:[-/.]?\d\d).*"
    r"|\d{1,2}[-/.]?(?P<month2>0[1-9]|1[0-2])[-/.]?(?P<year2>(?:19|20)\d\d).*"
)
_SHARED_BY_LABEL = frozenset(
    {
        "diagnosis",
        "procedure",
        "drug",
        "lab_test",
        "allergy",
        "drg",
        "ward",
        "facility_id",
        "city",
        "care_reason",
        "severity",
    }
)
_MEASURED = frozenset({"decimal", "date", "time", "text", "empty", "flag"})

Rows = list[str | None]


class _Aligned:
    """The same sampled rows of each field, read once and only when asked for."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._rows: dict[int, Rows] = {}
        self.length = Counter(len(field.column) for field in fields).most_common(1)[0][0] if fields else 0

    def fits(self, number: int) -> bool:
        return len(self._fields[number].column) == self.length

    def of(self, number: int) -> Rows:
        if number not in self._rows:
            texts = as_text(spread(self._fields[number].column, SAMPLE_ROWS), keep_nulls=True)
            self._rows[number] = [None if text is None or text.lower() in MISSING else text for text in texts]
        return self._rows[number]


def ask_cross_checks(fields: Sequence[Field], profiles: Sequence[Profile], scores: Sequence[Scores]) -> None:
    """Let fields of one table confirm each other, row by row."""
    rows = _Aligned(fields)
    if rows.length < _LEAST_ROWS:
        return
    usable = [number for number in range(len(fields)) if rows.fits(number) and profiles[number].values]
    for number in usable:
        if any(kind in scores[number].of for kind in ("nir", "ins")) and _looks_like_nir(profiles[number]):
            _ask_nir(number, usable, rows, profiles, scores)
    _ask_ages(usable, rows, profiles, scores)
    _ask_labels(usable, rows, profiles, scores)


def _looks_like_nir(profile: Profile) -> bool:
    probe = profile.distinct[:20]
    return sum(bool(_NIR.fullmatch(value)) for value in probe) >= _AGREE * len(probe)


def _ask_nir(
    number: int, usable: Sequence[int], rows: _Aligned, profiles: Sequence[Profile], scores: Sequence[Scores]
) -> None:
    """A NIR says sex, year and month of birth (INSEE): a date that agrees is the birth date, a code that follows the first digit the sex."""
    said = [_NIR.fullmatch(value) if value else None for value in rows.of(number)]
    name = profiles[number].name
    kind = "ins" if scores[number].best()[0] == "ins" else "nir"
    for other in usable:
        if other == number:
            continue
        shape = profiles[other].shape
        if shape == "date" or (shape == "integer" and profiles[other].length == 8):
            pairs = [
                (nir[2] + nir[3], _year_month(value))
                for nir, value in zip(said, rows.of(other), strict=True)
                if nir and value and nir[3] <= "12"
            ]
            share = _share([left == right for left, right in pairs])
            if len(pairs) >= _LEAST_ROWS and share >= _AGREE:
                scores[other].add(
                    "birth_date", 4.0, f"year and month are those that {name} says, in {share:.0%} of the rows"
                )
                scores[number].add(
                    kind, 2.0, f"it agrees with the birth date in {profiles[other].name}, in {share:.0%} of the rows"
                )
        elif len(profiles[other].distinct) in {2, 3, 4} and shape in {"flag", "word", "integer", "words", "code"}:
            share = _follows([nir[1] in "137" if nir else None for nir in said], rows.of(other))
            if share >= 0.97:
                scores[other].add("sex", 4.0, f"it follows the first digit of {name}, in {share:.0%} of the rows")
                scores[number].add(
                    kind, 1.0, f"it agrees with the sex in {profiles[other].name}, in {share:.0%} of the rows"
                )


def _year_month(value: str) -> str:
    match = _DAY.fullmatch(value)
    if not match:
        return ""
    year = match["year"] or match["year1"] or match["year2"]
    month = match["month"] or match["month1"] or match["month2"]
    return year[2:] + month


def _share(agreeing: Sequence[bool]) -> float:
    return sum(agreeing) / len(agreeing) if agreeing else 0.0


def _follows(sides: Sequence[bool | None], values: Rows) -> float:
    """How often the more frequent code of each side is the one that a row has; 0 unless both sides are there and differ."""
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for side, value in zip(sides, values, strict=True):
        if side is not None and value is not None:
            counts[side][value] += 1
    least = min(sum(each.values()) for each in counts.values())
    if least < 5 or counts[True].most_common(1)[0][0] == counts[False].most_common(1)[0][0]:
        return 0.0
    return min(each.most_common(1)[0][1] / sum(each.values()) for each in counts.values())


def _ask_ages(usable: Sequence[int], rows: _Aligned, profiles: Sequence[Profile], scores: Sequence[Scores]) -> None:
    """An age and a year of birth add up to nearly the same year in every row."""
    births = [n for n in usable if scores[n].best()[0] == "birth_date" and scores[n].best()[1] >= _UNSURE]
    for birth in births[:2]:
        years = [_year(value) for value in rows.of(birth)]
        for number in usable:
            if profiles[number].shape != "integer" or number == birth:
                continue
            ages = [int(value) if value and value.isdigit() and len(value) <= 3 else None for value in rows.of(number)]
            sums = sorted(y + a for y, a in zip(years, ages, strict=True) if y and a is not None)
            seen = [a for a in ages if a is not None]
            if len(sums) < _LEAST_ROWS or max(seen) - min(seen) < 20:
                continue
            middle = sums[len(sums) // 20 : len(sums) - len(sums) // 20]
            if middle[-1] - middle[0] <= 8 and 1950 <= middle[0] <= 2060:
                scores[number].add(
                    "age", 3.5, f"with the year of birth in {profiles[birth].name} it adds up to the same years"
                )


def _year(value: str | None) -> int | None:
    match = re.search(r"(?<!\d)(?:18|19|20)\d\d", value or "")
    return int(match[0]) if match else None


def _ask_labels(usable: Sequence[int], rows: _Aligned, profiles: Sequence[Profile], scores: Sequence[Scores]) -> None:
    """A code that has one label, and a label that has one code, mean the same; the unsure one takes the sure one's kind."""
    best = [each.best() for each in scores]
    coded = [
        number
        for number in usable
        if profiles[number].shape not in _MEASURED and 3 <= len(set(profiles[number].values)) <= _MOST_CODES
    ]
    sure = [number for number in coded if best[number][0] in _SHARED_BY_LABEL and best[number][1] >= _UNSURE]
    for number in coded:
        if best[number][1] >= _UNSURE:
            continue
        for label in sure:
            if _same_partition(rows.of(number), rows.of(label)):
                kind = best[label][0]
                scores[number].add(kind, 3.0, f"each of its values goes with one value of {profiles[label].name}")
                break


def _same_partition(codes: Rows, labels: Rows) -> bool:
    pairs = Counter((code, label) for code, label in zip(codes, labels, strict=True) if code and label)
    rows = sum(pairs.values())
    common = {pair for pair, count in pairs.items() if count > 1}
    left, right = {code for code, _ in common}, {label for _, label in common}
    if len(left) < 3 or rows < 2 * _LEAST_ROWS or rows < 3 * len(left):
        return False
    strays = sum(count for pair, count in pairs.items() if pair not in common)
    return len(common) == len(left) == len(right) and strays <= _CHANCE * rows
