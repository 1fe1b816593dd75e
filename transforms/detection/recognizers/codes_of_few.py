"""Are a field's few values codes of sex, or units of measure?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.recognizers.evidence import ValueEvidence, share_of

if TYPE_CHECKING:
    from transforms.detection.profile import Profile

_UNIT = re.compile(
    r"(?:\[?[a-zµμ%°\"]{1,6}\]?|10\*?\^?\d|x?10[e^*]\d+|mm\[hg\]|\{[^}]*\})(?:[²³23])?"
    r"(?:\s?[/.]\s?(?:\d*\.?\d*\s?[a-zµμ]{1,6}[²³23]?|\{[^}]*\}|1\.73\s?m2|\[[a-z_]+\]|10\^?\d))*(?:\{[^}]*\})?",
    re.IGNORECASE,
)


_NEITHER = frozenset(
    "u o x n i d t 0 3 9 99 unknown other undetermined divers inconnu indetermine autre unbekannt desconocido altro otro nc".split()
)
"""What stands beside the two codes of sex: unknown, other, intersex, not said."""
_FLAGS = frozenset("h l n hh ll a high low normal abnormal".split())
_SIDES = frozenset(
    "left right gauche droit droite links rechts izquierda izquierdo derecha derecho sinistra sinistro destra destro".split()
)
_BOTH_SIDES = frozenset(["both", "bilateral", "bilateraux", "bilaterale", "beidseits", "beide", "ambos", "none", "n a"])


def read(profile: Profile) -> list[ValueEvidence]:
    """Compare the values with sex_codes.txt and units.txt."""
    return _read_sex(profile) or _read_sides(profile) or _read_flags(profile) or _read_units(profile)


def _read_flags(profile: Profile) -> list[ValueEvidence]:
    different = frozenset(profile.folded) if len(profile.distinct) <= len(_FLAGS) else frozenset()
    if different <= _FLAGS and ({"h", "l"} <= different or {"high", "low"} <= different):
        return [ValueEvidence("lab_result", 2.8, "its values say high and low")]
    return []


def _read_sides(profile: Profile) -> list[ValueEvidence]:
    different = frozenset(profile.folded) if len(profile.distinct) <= len(_SIDES) else frozenset()
    if len(different & _SIDES) >= 2 and different <= _SIDES | _BOTH_SIDES:
        return [ValueEvidence("technical", 2.5, "its values are sides of the body")]
    return []


def _read_sex(profile: Profile) -> list[ValueEvidence]:
    if profile.shape not in {"word", "flag", "code", "words", "integer"}:
        return []
    different = frozenset(value for value in profile.folded if value)
    if not 2 <= len(different) <= 4:
        return []
    for codes in lexicons.sex_codes():
        if different <= codes or (codes < different and different - codes <= _NEITHER):
            return [ValueEvidence("sex", 4.5, "its values are codes of sex")]
    if different in (frozenset("12"), frozenset("129")):
        return [ValueEvidence("sex", 0.8, "its values are 1 and 2")]
    return []


def _read_units(profile: Profile) -> list[ValueEvidence]:
    if profile.shape not in {"word", "words", "text", "code"} or profile.length > 14:
        return []
    if all(len(value) == 1 and value.isalpha() for value in profile.distinct):
        return []
    known = lexicons.units()
    share = share_of(profile, lambda value: value.lower() in known or ("/" in value and bool(_UNIT.fullmatch(value))))
    return (
        [ValueEvidence("unit", 1 + 4 * share, f"{share:.0%} of its values are units of measure")]
        if share >= 0.5
        else []
    )
