"""What does a field's name say of its kind?

The name is read as concepts (wording.py, concepts.txt), and rules (rules.txt) say what concepts mean together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from transforms.detection import lexicons
from transforms.detection.wording import read_concepts

_NUMBERED = re.compile(
    r"(?:unnamed|col|column|colonne|var|variable|v|x|c|f|q|field|champ|campo|feld|spalte)[ _:.\-]*\d+(?:[ _.]level[ _]\d+)?",
    re.IGNORECASE,
)
"""Names that only number the columns, as spreadsheets and data frames give them."""
_THINGS = frozenset(
    [
        "patient",
        "relative",
        "practitioner",
        "facility",
        "ward",
        "encounter",
        "drug",
        "lab",
        "diagnosis",
        "procedure",
        "allergy",
        "insurer",
        "device",
        "specimen",
        "image",
        "study",
        "document",
        "order",
        "trial",
        "gene",
        "system",
    ]
)
_WEAK = frozenset(["id", "name", "code", "label", "value", "number", "date", "type", "sequence", "quantity", "flag"])


@dataclass(frozen=True)
class HeaderEvidence:
    """What a name says.

    Attributes:
        weights: Kind to log-odds, most telling first.
        words: How the name was read, for the finding's evidence.
        concepts: The concepts read in the name (first readings).
        opaque: Nothing in the name was understood.
    """

    weights: dict[str, float]
    words: str
    concepts: frozenset[str]
    opaque: bool


@lru_cache(maxsize=8_192)
def table_things(table: str) -> frozenset[str]:
    """What a table is about, by its name: patients, visits, drugs...

    Example:
        >>> sorted(table_things("lab_results"))
        ['lab']
    """
    found: list[str] = []
    for _, concepts in read_concepts(table):
        found += [concept for concept in concepts if concept in _THINGS][:1]
    return frozenset(found[:2])


@lru_cache(maxsize=16_384)
def read_header(name: str, table: str = "") -> HeaderEvidence:
    """Score the kinds that a field's name speaks for.

    Args:
        name: The field's name, of any style and in any of five languages.
        table: The table's name; it says what bare words (id, name, code, date) are about.
    """
    readings = () if _NUMBERED.fullmatch(name.strip()) else read_concepts(name)
    understood = [(phrase, concepts) for phrase, concepts in readings if concepts and concepts != ("noise",)]
    lost = sum(1 for phrase, concepts in readings if not concepts and len(phrase) > 2)
    if not understood:
        return HeaderEvidence({}, "", frozenset(), opaque=True)
    all_understood = all(concepts for _, concepts in readings)
    weights: dict[str, float] = {}
    for number, choice in enumerate(product(*(concepts[:4] for _, concepts in understood[:6]))):
        if number >= 24:
            break
        shrink = 0.92 if number else 1.0
        for kind, weight in _apply(frozenset(choice), table if all_understood else "").items():
            weights[kind] = max(weights.get(kind, 0.0), weight * shrink * 0.85**lost)
    first = frozenset(concepts[0] for _, concepts in understood)
    read_as = ", ".join(f"“{phrase}”" for phrase, _ in understood)
    ordered = dict(sorted(weights.items(), key=lambda item: -item[1]))
    return HeaderEvidence(ordered, f"the name says {read_as}", first, opaque=False)


def _apply(concepts: frozenset[str], table: str) -> dict[str, float]:
    concepts -= {"noise"}
    weights = _first_rules(concepts)
    about = table_things(table)
    if "type" in concepts:
        about -= {"ward"}  # the status of a clinic's appointment is no ward
    if about and concepts <= _WEAK and not concepts & _THINGS:
        for kind, weight in _first_rules(concepts | about).items():
            weights[kind] = max(weights.get(kind, 0.0), weight * 0.9)
    return weights


@lru_cache(maxsize=16_384)
def _rules_for(concepts: frozenset[str]) -> tuple[tuple[str, float], ...]:
    weights: dict[str, float] = {}
    scale = 1.0
    for rule in lexicons.rules():
        if rule.concepts <= concepts:
            for kind, weight in rule.weights:
                weights.setdefault(kind, weight * scale)
            scale *= 0.5
            if scale < 0.25:
                break
    return tuple(weights.items())


def _first_rules(concepts: frozenset[str]) -> dict[str, float]:
    return dict(_rules_for(concepts))
