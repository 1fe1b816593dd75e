"""Which département and which région does a French postal code belong to? Only data.

Source: INSEE, Code officiel géographique 2026 (départements, régions since the law of 16 January 2015, collectivités
d'outre-mer), and La Poste, base officielle des codes postaux (laposte-hexasmal). Both Licence Ouverte 2.0. Read on
2026-11-24. In the latter, a postal code begins with the code of a département that it serves, but for Corsica, Monaco
and `EXCEPTIONS`. Sixteen codes also serve communes across that département's border; they count where they begin.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

REGIONS: Final = MappingProxyType(
    {
        "Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74",
        "Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90",
        "Bretagne": "22 29 35 56",
        "Centre-Val de Loire": "18 28 36 37 41 45",
        "Corse": "2A 2B",
        "Grand Est": "08 10 51 52 54 55 57 67 68 88",
        "Guadeloupe": "971",
        "Guyane": "973",
        "Hauts-de-France": "02 59 60 62 80",
        "Île-de-France": "75 77 78 91 92 93 94 95",
        "La Réunion": "974",
        "Martinique": "972",
        "Mayotte": "976",
        "Normandie": "14 27 50 61 76",
        "Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
        "Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82",
        "Pays de la Loire": "44 49 53 72 85",
        "Provence-Alpes-Côte d'Azur": "04 05 06 13 83 84",
    }
)
"""The eighteen régions and the codes of their départements."""

COLLECTIVITIES: Final = MappingProxyType(
    {
        "Saint-Pierre-et-Miquelon": "975",
        "Saint-Barthélemy": "977",
        "Saint-Martin": "978",
        "Terres australes et antarctiques françaises": "984",
        "Wallis-et-Futuna": "986",
        "Polynésie française": "987",
        "Nouvelle-Calédonie": "988",
        "La Passion-Clipperton": "989",
        "Étranger": "99",
    }
)
"""What is in no région stands for itself. 99 is INSEE's code for abroad, which hospitals write before a country's."""

CORSICA: Final = MappingProxyType({"2A": "200 201 203 207", "2B": "202 204 206"})
"""The first three digits of Corsica's postal codes; 203, 204 and 207 are those of CEDEX codes."""

EXCEPTIONS: Final = MappingProxyType({"97133": "977", "97150": "978", "98799": "989"})
"""Postal codes that begin with another's code: Saint-Barthélemy, Saint-Martin, La Passion-Clipperton."""

MONACO: Final = "980"
"""Monaco's postal codes begin so; to INSEE it lies abroad."""

REGION_OF: Final = MappingProxyType(
    {code: name for name, codes in (*REGIONS.items(), *COLLECTIVITIES.items()) for code in codes.split()}
)
"""Code of a département (or of what stands in its place) to the name of its région."""


def _departements_by_prefix() -> dict[str, str]:
    """Spell out the first three characters of every postal code and INSEE commune code."""
    prefixes = {code if len(code) == 3 else code + digit: code for code in REGION_OF for digit in "0123456789"}
    corsican = {prefix: code for code, listed in CORSICA.items() for prefix in listed.split()}
    return prefixes | corsican | {MONACO: "99"}


DEPARTEMENT_OF: Final = MappingProxyType(_departements_by_prefix())
"""First three characters of a postal code (or of a commune's INSEE code, as 2A004) to its département."""
