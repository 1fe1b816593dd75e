"""What do a field's values say of its kind, whatever its name?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.checks import CHECKS

if TYPE_CHECKING:
    from transforms.detection.profile import Profile


@dataclass(frozen=True)
class ValueEvidence:
    """One thing that values say: a kind, its log-odds, and why in words."""

    kind: str
    weight: float
    words: str


_SEX = (
    frozenset("m f".split()), frozenset("h f".split()), frozenset("m f u".split()), frozenset("male female".split()), frozenset("m w".split()),
    frozenset("m w d".split()), frozenset("homme femme".split()), frozenset("masculin feminin".split()), frozenset("mannlich weiblich".split()),
    frozenset("maschio femmina".split()), frozenset("hombre mujer".split()), frozenset("h m".split()), frozenset("v m".split()),
    frozenset("male female other unknown".split()), frozenset("m f x".split()), frozenset("m f o".split()), frozenset("man woman".split()),
    frozenset("mannlich weiblich divers".split()), frozenset("maschile femminile".split()), frozenset("varon mujer".split()), frozenset("mr mme".split()),
    frozenset("m mme".split()), frozenset("m mme mlle".split()), frozenset("monsieur madame".split()), frozenset("herr frau".split()), frozenset("mr mrs ms".split()),
    frozenset("mr mrs ms miss".split()), frozenset("mann frau".split()), frozenset("mr ms".split()), frozenset("mr mrs".split()), frozenset("m f o u".split()),
    frozenset("male female other".split()), frozenset("dona don".split()), frozenset("sr sra".split()), frozenset("m f i".split()), frozenset("boy girl".split()),
)  # fmt: skip
_UNITS = re.compile(
    r"(?:\[?[a-zµμ%°\"]{1,6}\]?|10\*?\^?\d|x?10[e^*]\d+|mm\[hg\]|\{[^}]*\}|iu|ui|giga|t[eé]ra|mmhg|k|m)(?:[²³23])?(?:\s?[/.]\s?(?:\d*\.?\d*\s?[a-zµμ]{1,6}[²³23]?|\{[^}]*\}|1\.73\s?m2|\[[a-z_]+\]|mm3|µl|10\^?\d))*(?:\{[^}]*\})?",
    re.IGNORECASE,
)
_KNOWN_UNITS = frozenset(
    "mg g kg µg ug mcg ng pg mmol mol µmol umol nmol pmol ui iu u meq ml l dl cl cm mm m % mmhg bpm °c ° c f in lb lbs kg/m2 g/l g/dl mg/l mg/dl mmol/l"
    " µmol/l umol/l /min fl ratio s sec min h mm/h k/ul m/ul giga/l t/l ui/l u/l ng/ml pg/ml ng/l µg/l ug/l meq/l mosm/kg cpr tab units unit score mm[hg]"
    " [ph] cel kg/m² /mm3 10^9/l 10^12/l 10*9/l 10*12/l 10*3/ul 10*6/ul g/mol ml/min µui/ml mui/l dose mcg/hr mg/hr comprimé gélule beats/minute insp/min breaths/min"
    " mmol/mol pt tera/l cells/ul sec. seconds years months days hours minutes jours heures ans".split()
)
_LEAST_PASSING = {"icd10": 0.88, "atc": 0.88, "snomed": 0.7, "loinc": 0.7}
"""Checks that a made-up code passes by chance more often than one in ten ask for more."""

_LABELS = ("diagnosis", "drug", "procedure", "lab_test", "vital_sign", "allergy", "ward", "facility_id", "lifestyle", "marital_status", "ethnicity", "nationality",
           "care_reason", "severity", "occupation", "drug_route")  # fmt: skip
_WHOLE_VALUE = frozenset(
    {"lifestyle", "marital_status", "ethnicity", "nationality", "care_reason", "severity", "occupation"}
)


def read_values(profile: Profile) -> list[ValueEvidence]:
    """Score the kinds that a field's sampled values speak for."""
    if not profile.values:
        return []
    found = _read_patterns(profile)
    shape = profile.shape
    if shape in {"word", "words", "text", "code", "flag"}:
        found += _read_names(profile) + _read_labels(profile) + _read_units(profile) + _read_places(profile)
    if shape in {"word", "flag", "code", "words", "integer"}:
        found += _read_sex(profile)
    if shape == "date":
        found += _read_dates(profile)
    if shape in {"integer", "decimal", "digits"}:
        found += _read_numbers(profile)
    if shape in {"text", "words"}:
        found += _read_prose(profile)
    if any(evidence.kind == "sex" and evidence.weight > 2 for evidence in found):
        found = [evidence for evidence in found if evidence.kind not in {"unit", "first_name", "last_name"}]
    return found


def _read_patterns(profile: Profile) -> list[ValueEvidence]:
    found = []
    values = profile.distinct
    lengths = sorted(len(value) for value in values)
    low, high = lengths[len(lengths) // 10], lengths[-1 - len(lengths) // 10]
    probe = values[:: max(1, len(values) // 12)][:12]
    for pattern in lexicons.patterns():
        if high < pattern.least or low > pattern.most or not any(pattern.regex.fullmatch(value) for value in probe):
            continue
        fitting = [value for value in values if pattern.regex.fullmatch(value)]
        share = len(fitting) / len(values)
        if share < 0.5:
            continue
        how = "fit"
        if pattern.check:
            passed = sum(1 for value in fitting if CHECKS[pattern.check](value))
            share = passed / len(values)
            how = "pass the check of"
            if share < (_LEAST_PASSING.get(pattern.check, 0.6) if len(values) >= 5 else 1.0):
                continue
        few = min(1.0, 0.35 + len(values) / 12)
        found.append(
            ValueEvidence(pattern.kind, pattern.weight * share * few, f"{share:.0%} of its values {how} {pattern.name}")
        )
    return found


def _share(hits: int, profile: Profile) -> float:
    return hits / len(profile.distinct) if profile.distinct else 0.0


def _read_names(profile: Profile) -> list[ValueEvidence]:
    first, last = lexicons.first_names(), lexicons.last_names()
    words = [value.split() for value in profile.folded]
    if not words:
        return []
    single = [parts for parts in words if 1 <= len(parts) <= 2]
    found = []
    few = min(1.0, 0.3 + len(words) / 15)
    firsts = _share(sum(1 for parts in single if all(part in first for part in parts)), profile)
    lasts = _share(
        sum(1 for parts in single if " ".join(parts) in last or all(part in last for part in parts)), profile
    )
    if firsts >= 0.5 and firsts >= lasts:
        found.append(
            ValueEvidence("first_name", 3.5 * firsts * few, f"{firsts:.0%} of its values are known first names")
        )
    elif lasts >= 0.35:
        found.append(
            ValueEvidence("last_name", (1 + 3 * lasts) * few, f"{lasts:.0%} of its values are known last names")
        )
        if firsts >= 0.5:
            found.append(
                ValueEvidence("first_name", 2.5 * firsts * few, f"{firsts:.0%} of its values are known first names")
            )
    full = _share(
        sum(
            1
            for parts in words
            if 2 <= len(parts) <= 5 and any(p in first for p in parts) and any(p in last for p in parts)
        ),
        profile,
    )
    plenty = _share(sum(1 for parts in words if 2 <= len(parts) <= 5), profile)
    if full >= 0.3 and plenty >= 0.7:
        found.append(
            ValueEvidence(
                "person_name", (1.5 + 3.5 * full) * few, f"{full:.0%} of its values hold a first and a last name"
            )
        )
    return found


@lru_cache(maxsize=65_536)
def _terms_of(value: str) -> frozenset[str]:
    whole, beginnings, endings = _term_index()
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
def _term_index() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    whole: dict[str, frozenset[str]] = {}
    beginnings: dict[str, frozenset[str]] = {}
    endings: dict[str, frozenset[str]] = {}
    for stem, kind in lexicons.terms():
        index, bare = (
            (endings, stem[1:])
            if stem.startswith("*")
            else (beginnings, stem[:-1])
            if stem.endswith("*")
            else (whole, stem)
        )
        index[bare] = index.get(bare, frozenset()) | {kind}
    return whole, beginnings, endings


@cache
def _whole_terms(kind: str) -> frozenset[str]:
    return frozenset(stem for stem, of in lexicons.terms() if of == kind)


def _read_labels(profile: Profile) -> list[ValueEvidence]:
    found = []
    hits = [_terms_of(value) for value in profile.folded]
    for kind in _LABELS:
        if kind in _WHOLE_VALUE:
            share = _share(sum(1 for value in profile.folded if value in _whole_terms(kind)), profile)
            least, weight = 0.5, 3.0
        else:
            share = _share(sum(1 for each in hits if kind in each), profile)
            least, weight = 0.25, 1.0
        if share >= least:
            few = min(1.0, 0.4 + len(hits) / 10)
            found.append(
                ValueEvidence(
                    "drug" if kind == "drug_route" else kind,
                    (weight + 2.5 * share) * few,
                    f"{share:.0%} of its values hold words of {kind.replace('_', ' ')}",
                )
            )
    return found


def _read_units(profile: Profile) -> list[ValueEvidence]:
    if profile.length > 14:
        return []
    known = _share(
        sum(
            1
            for value in profile.distinct
            if value.lower() in _KNOWN_UNITS or ("/" in value and _UNITS.fullmatch(value))
        ),
        profile,
    )
    return (
        [ValueEvidence("unit", 1 + 4 * known, f"{known:.0%} of its values are units of measure")]
        if known >= 0.5
        else []
    )


def _read_places(profile: Profile) -> list[ValueEvidence]:
    found = []
    for kind, list_of in (
        ("city", lexicons.cities()),
        ("country", lexicons.names("countries")),
        ("geo", lexicons.names("regions")),
    ):
        share = _share(
            sum(1 for value in profile.folded if value in list_of or value.replace("st ", "saint ") in list_of), profile
        )
        if share >= 0.5:
            few = min(1.0, 0.3 + len(profile.folded) / 12)
            found.append(
                ValueEvidence(
                    kind, 3.2 * share * few, f"{share:.0%} of its values are names of a {kind.replace('geo', 'region')}"
                )
            )
    return found


def _read_sex(profile: Profile) -> list[ValueEvidence]:
    different = frozenset(value for value in profile.folded if value)
    if 2 <= len(different) <= 4:
        for words in _SEX:
            if different <= words or (different & words == words and len(different) == len(words) + 1):
                return [ValueEvidence("sex", 4.5, "its values are codes of sex")]
    if different == {"1", "2"} or different == {"1", "2", "9"}:
        return [ValueEvidence("sex", 0.8, "its values are 1 and 2")]
    return []


def _read_dates(profile: Profile) -> list[ValueEvidence]:
    years = [
        int(match) for value in profile.distinct for match in re.findall(r"(?<!\d)((?:18|19|20|21)\d\d)", value)[:1]
    ]
    if not years:
        return [ValueEvidence("event_date", 2.5, "its values are dates")]
    spread = max(years) - min(years)
    clock = sum(
        1
        for value in profile.distinct
        if re.search(r"\d[T ]\d\d:\d\d", value)
        and not re.search(r"00:00(?::00)?(?:\.0+)?(?:Z|[+-]\d\d:?\d\d)?$", value)
    )
    old = sum(1 for year in years if year < 1990) / len(years)
    found = [ValueEvidence("event_date", 2.5, "its values are dates")]
    if spread >= 40 and old >= 0.25 and clock <= len(years) * 0.1:
        found.append(ValueEvidence("birth_date", 2.8, f"its values are dates over {spread} years"))
    return found


def _read_numbers(profile: Profile) -> list[ValueEvidence]:
    found = []
    text = [value for value in profile.distinct if value.isdigit()]
    if text and len(text) >= len(profile.distinct) * 0.95:
        same = len({len(value) for value in text}) == 1
        if same and len(text[0]) == 5:
            known = _share(sum(1 for value in text if value in lexicons.names("postal_codes_france")), profile)
            if known >= 0.7:
                found.append(
                    ValueEvidence("postal_code", 3.5 * known, f"{known:.0%} of its values are French postal codes")
                )
        if same and len(text[0]) == 8:
            dates = _share(
                sum(1 for v in text if re.fullmatch(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", v)),
                profile,
            )
            french = _share(
                sum(1 for v in text if re.fullmatch(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d", v)),
                profile,
            )
            if max(dates, french) >= 0.95:
                years = [int(v[:4] if dates >= french else v[4:]) for v in text]
                found.append(ValueEvidence("event_date", 3.0, "its values are dates without separators"))
                if max(years) - min(years) >= 40 and sum(y < 1990 for y in years) >= len(years) * 0.25:
                    found.append(
                        ValueEvidence("birth_date", 3.3, f"its values are dates over {max(years) - min(years)} years")
                    )
    numbers = profile.numbers
    if len(numbers) >= 8 and profile.shape == "integer":
        low, high = min(numbers), max(numbers)
        if low >= 1900 and high <= 2035 and len(set(numbers)) > 1:
            found.append(ValueEvidence("event_date", 2.0, "its values are years"))
            if high - low >= 45:
                found.append(ValueEvidence("birth_date", 2.3, f"its values are years over {high - low:.0f} years"))
        elif low >= 0 and 60 <= high <= 115 and len(set(numbers)) >= 15:
            found.append(ValueEvidence("age", 1.2, "its values could be ages"))
    if profile.shape == "decimal" and (kind := _read_decimals(profile)):
        found.append(kind)
    if profile.shape == "decimal":
        found.append(ValueEvidence("lab_result", 1.0, "its values are measures"))
    return found


def _read_decimals(profile: Profile) -> ValueEvidence | None:
    numbers = profile.numbers
    places = [len(value.replace(",", ".").partition(".")[2]) for value in profile.distinct]
    if len(numbers) < 8 or not places:
        return None
    low, high = min(numbers), max(numbers)
    if (
        min(places) >= 3
        and sum(places) / len(places) >= 4.5
        and max(places) <= 15
        and -180 <= low
        and high <= 180
        and high - low < 60
        and abs(high) > 1
    ):
        return ValueEvidence("geo", 1.9, "its values have the range and the decimals of coordinates")
    if max(places) <= 2 and sum(place == 2 for place in places) >= 0.8 * len(places) and high >= 300 and low >= 0:
        return ValueEvidence("amount", 1.9, "its values have two decimals and reach into the hundreds")
    return None


def _read_prose(profile: Profile) -> list[ValueEvidence]:
    words = [len(value.split()) for value in profile.distinct]
    average = sum(words) / len(words)
    if average >= 8 and profile.variety >= 0.2:
        return [
            ValueEvidence(
                "free_text", min(5.0, 2.0 + average / 10), f"its values are sentences of {average:.0f} words on average"
            )
        ]
    if average >= 4.5 and profile.variety >= 0.5 and len(profile.distinct) > 20:
        return [
            ValueEvidence(
                "free_text", 1.8, f"its values are phrases of {average:.0f} words on average, most of them different"
            )
        ]
    return []
