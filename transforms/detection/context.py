"""What do a field's table, its neighbours and the other tables of the extract say of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.detection.studies import ask_study
from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.detection.classify import Scores
    from transforms.detection.findings import Link
    from transforms.detection.headers import HeaderEvidence
    from transforms.detection.profile import Profile

_DESCRIBES_PERSON = frozenset(["last_name", "first_name", "birth_date", "nir", "national_id", "person_name", "ins"])
_UNSURE = 0.5
_SURE = 0.8
_SEVERAL = 3
_NAMELESS = 0.8
"""From this share of names without meaning on, a table says nothing by its names."""
_POSTAL = 5
_NAMES = frozenset({"person_name", "last_name", "first_name"})
_LABELS_AND_CODES = frozenset({"code", "label", "name", "technical_word"})

_LIKELY_IN_CARE = {
    "decimal": ("lab_result", 1.6),
    "integer": ("lab_result", 1.6),
    "flag": ("diagnosis", 2.4),
    "word": ("severity", 1.6),
    "words": ("severity", 1.6),
}
"""What an unexplained field of such values is among fields of care."""

_DEMOGRAPHY = frozenset({"birth_date", "age", "sex", "ethnicity", "marital_status", "nationality"})
_TELLING_OF_HEALTH = frozenset(
    {"diagnosis", "drug", "procedure", "lab_test", "unit", "allergy", "genetic", "blood_group", "vital_sign"}
)
_PERSON_KINDS = ("patient_id", "nir", "ins", "national_id")


def ask_neighbours(
    profiles: tuple[Profile, ...], headers: Sequence[HeaderEvidence], scores: tuple[Scores, ...]
) -> None:
    """Let the fields of one table explain each other: code beside label, value beside unit, id beside a name."""
    kinds = [each.best()[0] for each in scores]
    named = sum(kind in _DESCRIBES_PERSON for kind in kinds) >= 2
    of_persons = named or len(_DEMOGRAPHY.intersection(kinds)) >= 2
    health = [kind for kind in kinds if CATEGORY_OF[kind] == "health"]
    of_care = ask_study(profiles, headers, scores)
    nameless = sum(header.opaque for header in headers) >= _NAMELESS * len(headers)
    surely = sum(
        kind in _TELLING_OF_HEALTH and each.best()[1] >= _UNSURE for each, kind in zip(scores, kinds, strict=True)
    )
    told = any(kind == "patient_id" and not each.unique for each, kind in zip(profiles, kinds, strict=True))
    for number, (each, header, own) in enumerate(zip(profiles, headers, scores, strict=True)):
        if of_persons and not told:
            _ask_persons(each, header, own)
        if named and "birth_date" not in kinds and header.opaque and kinds[number] == "event_date":
            own.add("birth_date", 1.0, "the table holds names")
        if kinds[number] == "sex":
            _doubt_sex(number, header, scores, kinds)
        if (
            header.opaque
            and _could_be_postal(each)
            and "city" in [kinds[other] for other in _around(number, len(kinds))]
        ):
            own.add("postal_code", 2.5, "its codes of five digits stand beside a city")
        bare = header.concepts - {"noise"}
        if bare and bare <= _LABELS_AND_CODES and own.best()[1] < 0.8:
            _ask_beside(own, [kinds[other] for other in _around(number, len(kinds))])
        if bare == {"name"} or ("name" in bare and kinds[number] in _NAMES):
            _ask_other_name(own, kinds[:number] + kinds[number + 1 :])
        if bare == {"value"} and not {"unit", "lab_test", "vital_sign"}.isdisjoint(kinds):
            own.add("lab_result", 2.5, "it stands beside units or tests")
        if health and (header.opaque or own.best()[1] < _UNSURE):
            _ask_health(each, own, kinds[number], of_care=of_care, surely=bool(surely and nameless))


def _could_be_postal(each: Profile) -> bool:
    return each.shape in {"integer", "code"} and each.length == _POSTAL and not each.counting


def _doubt_sex(number: int, header: HeaderEvidence, scores: Sequence[Scores], kinds: Sequence[str]) -> None:
    """Codes 1 and 2 in many fields are answers, as surveys and registries write them; so they are beside a sure sex."""
    if header.opaque and _told_better(scores, number, "sex"):
        scores[number].add("sex", -1.0)
    if scores[number].best()[1] < _UNSURE and kinds.count("sex") >= _SEVERAL:
        scores[number].add("sex", -1.0)


def _told_better(scores: Sequence[Scores], number: int, kind: str) -> bool:
    """Whether another field is surely of a kind that this one is only by two codes, as many things have."""
    mine = scores[number].best()[1]
    others = (each.best() for other, each in enumerate(scores) if other != number)
    return mine < _UNSURE and any(found == kind and sureness >= _SURE for found, sureness in others)


def _around(number: int, count: int) -> list[int]:
    return [other for other in (number - 1, number + 1, number - 2, number + 2) if 0 <= other < count]


def _ask_persons(each: Profile, header: HeaderEvidence, own: Scores) -> None:
    if header.concepts - {"noise", "value"} == {"id"} and each.variety > 0.9:
        own.add("patient_id", 3.5, "it stands beside what describes a person")
    elif header.opaque and each.counting:
        own.add("patient_id", 2.5, "it numbers rows that describe a person")


def _ask_other_name(own: Scores, others: list[str]) -> None:
    """A bare name beside a first name is the last name; beside a last name it is the first."""
    for there, here in (("first_name", "last_name"), ("last_name", "first_name")):
        of_health = bool(own.of) and CATEGORY_OF[own.best()[0]] == "health"
        if there in others and (here not in others or (of_health and here == "last_name")):
            own.add(
                here,
                max(3.5, own.best()[1] + max(own.of.values(), default=0.0)),
                f"it stands beside a {there.replace('_', ' ')}",
            )
            return


def _ask_beside(own: Scores, near: list[str]) -> None:
    for kind in near:
        if kind in {"diagnosis", "procedure", "drug", "lab_test", "allergy"}:
            own.add(kind, 2.5, f"it stands beside a field of {kind.replace('_', ' ')}")
            return


def _ask_health(each: Profile, own: Scores, kind: str, *, of_care: bool, surely: bool) -> None:
    if each.shape == "decimal":
        own.add("lab_result", 0.6, "the table holds other health data")
    if of_care and CATEGORY_OF[kind] == "other" and each.shape in _LIKELY_IN_CARE:
        likely, weight = _LIKELY_IN_CARE[each.shape]
        own.add(likely, weight, "most of its neighbours describe health")
    if surely and not of_care:
        _ask_unexplained(each, own)


def _ask_unexplained(each: Profile, own: Scores) -> None:
    """What nothing explains is more often care than bookkeeping where the table surely holds health data; unsure is the safer category."""
    kind, sureness = own.best()
    if sureness >= _UNSURE or CATEGORY_OF[kind] != "other":
        return
    if each.shape in {"word", "words", "code"} and each.variety <= 0.4:
        own.add("severity", 1.2, "the table holds health data, and nothing explains its few values")
    elif each.shape == "integer" and each.length < 6 and each.numbers and max(each.numbers) >= 20:
        own.add("lab_result", 1.0, "the table holds health data, and nothing explains its numbers")


def follow_links(
    links: Sequence[Link], profiles: dict[str, tuple[Profile, ...]], scores: dict[str, tuple[Scores, ...]]
) -> None:
    """Give a field that points to another table's key the kind of that key, when its own name says less."""

    def of(table: str, field: str) -> Scores:
        return next(s for p, s in zip(profiles[table], scores[table], strict=True) if p.name == field)

    for link in links:
        source, target = of(link.table, link.field), of(link.to_table, link.to_field)
        kind, confidence = target.best()
        own, sureness = source.best()
        if (
            own != kind
            and CATEGORY_OF[kind] == "direct"
            and (sureness < confidence or CATEGORY_OF[own] == "other")
            and sureness < 0.9
        ):
            source.add(kind, 3.0, f"its values are found in {link.to_table}.{link.to_field}")
        elif own == kind:
            source.add(kind, 0.5, f"its values are found in {link.to_table}.{link.to_field}")


def person_field(profiles: tuple[Profile, ...], scores: tuple[Scores, ...]) -> str | None:
    """The field that says which person a row is about: patient_id first, then NIR and its like."""
    surest: dict[str, tuple[str, float]] = {}
    for each, own in zip(profiles, scores, strict=True):
        kind, confidence = own.best()
        if kind in _PERSON_KINDS and confidence > surest.get(kind, ("", 0.0))[1]:
            surest[kind] = (each.name, confidence)
    for kind in _PERSON_KINDS:
        if kind in surest:
            return surest[kind][0]
    return None
