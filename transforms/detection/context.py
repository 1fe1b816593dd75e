"""What do a field's table, its neighbours and the other tables of the extract say of it?"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.counts import ask_counts
from transforms.detection.folding import fold
from transforms.detection.headers import read_header
from transforms.detection.studies import ask_bare_ids, ask_bare_words, describes_care
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

_TELLING = 6
"""A name of so many characters that one schema alone uses is known outside that schema's tables too."""

_LIKELY_IN_CARE = {
    "decimal": ("lab_result", 1.6),
    "integer": ("lab_result", 1.6),
    "flag": ("diagnosis", 2.4),
    "word": ("severity", 1.6),
    "words": ("severity", 1.6),
}
"""What an unexplained field of such values is among fields of care."""

_HL7 = re.compile(r"[a-z]{2}[a-z0-9]_\d{1,2}(?:_\d{1,2})?")
"""A field of an HL7 v2 segment; these are telling however short."""

_DEMOGRAPHY = frozenset({"birth_date", "age", "sex", "ethnicity", "marital_status", "nationality"})
_TELLING_OF_HEALTH = frozenset(
    {"diagnosis", "drug", "procedure", "lab_test", "unit", "allergy", "genetic", "blood_group", "vital_sign"}
)
_TITLES = {
    "synthea": "Synthea",
    "eicu": "eICU",
    "cdisc_any_domain": "CDISC",
    "research": "the research schema",
    "germany": "the German § 21 data set",
}
_SNDS = ("er_", "ir_", "ns_", "da_", "ct_", "ki_")
"""First letters of tables of the French SNDS (DCIR, referentials, causes of death); other French ones are the PMSI's."""
_PERSON_KINDS = ("patient_id", "nir", "ins", "national_id")


def key_of(name: str) -> str:
    """A field's name as schema files write it: lower case, words joined by one underscore."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or fold(name)


@cache
def _schema_names() -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for number, (_, _, columns) in enumerate(lexicons.schemas()):
        for name, kind in columns.items():
            found.setdefault(name, []).append((number, kind))
    return found


def _title(schema: str, table: str) -> str:
    if not schema.startswith("france"):
        return f"{_TITLES.get(schema, schema.upper())} {table}".rstrip()
    if table.startswith(_SNDS):
        return f"the French SNDS {table.upper()}"
    return f"the French PMSI {table.upper()}".replace("VIDHOSP", "VID-HOSP")


def _schema_of(key: str) -> str:
    schema, table, _ = lexicons.schemas()[_schema_names()[key][0][0]]
    return _title(schema, table.removeprefix("=")) if schema.startswith("france") else _title(schema, "")


def recognize_schema(table: str, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Recognize a table of a known schema by its fields; field to (kind, why), for the fields it knows.

    A schema's table is taken when it knows at least three of the fields and half of them, or when the names agree too;
    the one that knows most wins.
    """
    keys = {name: key_of(name) for name in names}
    hits: dict[int, int] = {}
    for key in set(keys.values()):
        for number, _ in _schema_names().get(key, ()):
            hits[number] = hits.get(number, 0) + 1
    wanted = key_of(table)
    best, most = -1, 0.0
    for number, count in hits.items():
        schema_table = lexicons.schemas()[number][1]
        named = bool(wanted) and schema_table.removeprefix("=") == wanted
        if schema_table.startswith("=") and not named:
            continue
        size = len(lexicons.schemas()[number][2])
        share = count / max(1, len(keys))
        if (count >= 3 and share >= 0.5) or (named and count >= 2 and share >= 0.3):
            worth = count + (3 if named else 0) - size / 1000
            if worth > most:
                best, most = number, worth
    found: dict[str, tuple[str, str]] = {}
    if best >= 0:
        schema, schema_table, columns = lexicons.schemas()[best]
        where = _title(schema, schema_table.removeprefix("="))
        found = {name: (columns[key], f"a field of {where}") for name, key in keys.items() if key in columns}
    for name, key in keys.items():
        kinds = {kind for _, kind in _schema_names().get(key, ())}
        telling = len(key) >= _TELLING or bool(_HL7.fullmatch(key))
        if name not in found and len(kinds) == 1 and telling and read_header(name).opaque | ("_" in key):
            found[name] = (next(iter(kinds)), f"a field of {_schema_of(key)}")
    return found


def ask_neighbours(
    profiles: tuple[Profile, ...], headers: Sequence[HeaderEvidence], scores: tuple[Scores, ...]
) -> None:
    """Let the fields of one table explain each other: code beside label, value beside unit, id beside a name."""
    kinds = [each.best()[0] for each in scores]
    if ask_counts(profiles, headers, scores, kinds):
        return
    named = sum(kind in _DESCRIBES_PERSON for kind in kinds) >= 2
    of_persons = named or len(_DEMOGRAPHY.intersection(kinds)) >= 2
    health = [kind for kind in kinds if CATEGORY_OF[kind] == "health"]
    of_care = describes_care(profiles, headers, scores)
    ask_bare_ids(profiles, headers, scores)
    if of_care:
        ask_bare_words(profiles, headers, scores)
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
