"""Does a table count people instead of describing them, and which of its numbers are such counts?

Open data of health (cases by district and day, beds by hospital, vaccinations by age group) uses the words of care for numbers
that describe nobody: there, `deceduti` and `betten_belegt` are quantities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.wording import read_words
from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.detection.classify import Scores
    from transforms.detection.headers import HeaderEvidence
    from transforms.detection.profile import Profile

_GROUPS = frozenset(["geo", "city", "country", "facility_id", "event_date", "postal_code", "age", "sex", "drug"])
"""What the counted are grouped by."""
_KEPT = frozenset(["geo", "city", "country", "postal_code", "date_technical", "amount", "row_id", "sex"])
_CONTACTS = frozenset(["phone", "email", "address", "url", "iban"])
"""What identifies directly and is a facility's as often as a person's."""
_LEAST_COUNTS = 2
_LEAST_SHARE = 0.4
_LEAST_TOLD = 0.5
_SOME = 2
_MEASURED = 3.0
_LONG_ID = 5
_AGES_OF_PERSONS = 15
_SEVERAL = 6
_NAMED, _SURELY = 2.0, 4.0
_COUNT = 4.0
_WIDE, _DENSE = 20, 2
_LAST_DAY = 31
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def ask_counts(profiles: Sequence[Profile], headers: Sequence[HeaderEvidence], scores: Sequence[Scores]) -> bool:
    """Let the numbers of a table that counts people be quantities; whether it is such a table."""
    kinds = [each.best()[0] for each in scores]
    numeric = [each.shape in {"integer", "decimal"} and not each.counting for each in profiles]
    if not _counts_people(profiles, headers, kinds, numeric):
        return False
    for each, header, own, kind, is_number in zip(profiles, headers, scores, kinds, numeric, strict=True):
        padded = any(value.startswith("0") and len(value) > 1 and value.isdigit() for value in each.values)
        counted = is_number and not padded and (len(set(each.numbers)) >= _SEVERAL or _counts(each.name))
        if counted and kind not in _KEPT and not _is_key(header, kind) and not _is_moment(each, kind):
            own.add(
                "quantity",
                max(_COUNT, max(own.of.values(), default=0.0) + 1.0),
                "the table counts persons or things, and its values are numbers",
            )
    return True


def _counts_people(
    profiles: Sequence[Profile], headers: Sequence[HeaderEvidence], kinds: Sequence[str], numeric: Sequence[bool]
) -> bool:
    fields = list(zip(profiles, headers, kinds, numeric, strict=True))
    numbers = [(each, header) for each, header, kind, is_number in fields if is_number and kind not in _KEPT]
    told = sum("quantity" in header.concepts or _counts(each.name) for each, header in numbers)
    if told < max(_LEAST_COUNTS, _LEAST_TOLD * len(numbers)) or sum(numeric) < _LEAST_SHARE * len(kinds):
        return False
    if not any(kind in _GROUPS for kind in kinds) or _measures(numbers) >= _SOME:
        return False
    return not any(_tells_of_a_person(each, header, kind) for each, header, kind, _ in fields)


def _measures(numbers: Sequence[tuple[Profile, HeaderEvidence]]) -> int:
    """How many numbers are measures of somebody's body, by their names: nobody sums weights and pressures."""
    return sum(
        max(header.weights.get(kind, 0.0) for kind in ("vital_sign", "lab_result")) >= _MEASURED
        for each, header in numbers
        if "quantity" not in header.concepts and not _counts(each.name)
    )


def _tells_of_a_person(each: Profile, header: HeaderEvidence, kind: str) -> bool:
    if kind == "age":
        single = each.shape in {"integer", "decimal"} and len(set(each.numbers)) >= _AGES_OF_PERSONS
        return single and "quantity" not in header.concepts
    if each.unique and each.shape == "integer" and kind not in _GROUPS and len(set(map(len, each.values))) == 1:
        return each.length >= _LONG_ID
    if kind != "birth_date" and (CATEGORY_OF[kind] != "direct" or kind in _CONTACTS):
        return False
    named = header.weights.get(kind, 0.0) > _NAMED and not _spans(each)
    return named or each.shape == "uuid"


def _spans(each: Profile) -> bool:
    """Whether numbers reach from small to large, as counts do and the numbers of a series of ids do not."""
    if not each.numbers or (each.unique and max(each.numbers) <= _DENSE * each.rows):
        return False
    return max(each.numbers) > _WIDE * max(1.0, min(each.numbers))


def _counts(name: str) -> bool:
    words, known = read_words(name), lexicons.counted_words()
    return any(
        " ".join(words[start:end]) in known
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + 3) + 1)
    )


def _is_key(header: HeaderEvidence, kind: str) -> bool:
    """A name that is that of a code or an id itself, which no count is."""
    if kind == "age" or CATEGORY_OF[kind] not in {"direct", "quasi"}:
        return False
    return header.weights.get(kind, 0.0) >= _SURELY or bool(header.concepts & {"id", "code"})


def _is_moment(each: Profile, kind: str) -> bool:
    """A year, a month or a day in figures; names with a lone d or f are read as dates too, and are none."""
    return kind == "event_date" and (
        max(each.numbers) <= _LAST_DAY or all(_FIRST_YEAR <= number <= _LAST_YEAR for number in each.numbers)
    )
