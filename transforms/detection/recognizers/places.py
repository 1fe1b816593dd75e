"""Are a field's values names of cities, regions or countries, or postal codes?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.recognizers.evidence import ValueEvidence, enough, share_of

if TYPE_CHECKING:
    from transforms.detection.profile import Profile


def read(profile: Profile) -> list[ValueEvidence]:
    """Look the values up among communes, cities, regions, countries and La Poste's codes."""
    if profile.shape == "integer" or (profile.shape == "code" and profile.length == 5):
        return _read_codes(profile)
    if profile.shape not in {"word", "words", "text", "code"}:
        return []
    found = []
    for kind, list_of in (
        ("city", lexicons.cities()),
        ("country", lexicons.names("countries")),
        ("geo", lexicons.names("regions")),
    ):
        share = share_of(profile, partial(_is_in, list_of), folded=True)
        if share >= 0.5:
            words = f"{share:.0%} of its values are names of a {kind.replace('geo', 'region')}"
            found.append(ValueEvidence(kind, 3.2 * share * enough(profile, 12), words))
    return found


def _read_codes(profile: Profile) -> list[ValueEvidence]:
    values = profile.distinct
    if any(len(value) != 5 for value in values):
        return []
    postal = share_of(profile, lexicons.names("postal_codes_france").__contains__)
    communes = share_of(profile, lexicons.names("communes_codes_france").__contains__)
    if communes >= 0.9 and communes > postal:
        words = f"{communes:.0%} of its values are codes of French communes"
        return [ValueEvidence("city", 3.0 * communes * enough(profile, 8), words)]
    if postal >= 0.7:
        return [ValueEvidence("postal_code", 3.5 * postal, f"{postal:.0%} of its values are French postal codes")]
    if len(values) >= 20 and profile.variety >= 0.1 and any(value[0] == "0" for value in values):
        return [ValueEvidence("postal_code", 1.5, "its values are codes of five digits, some with a leading zero")]
    return []


def _is_in(list_of: frozenset[str], value: str) -> bool:
    return value in list_of or value.replace("st ", "saint ", 1) in list_of
