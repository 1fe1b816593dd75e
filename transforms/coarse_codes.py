"""How does a code become coarser? A postal code by its area, CIM-10 and ATC by their own hierarchy.

Each rule takes distinct values and answers null to what is no such code.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import InvalidOption
from transforms.icd10_chapters import CHAPTER_OF
from transforms.postal_areas import DEPARTEMENT_OF, EXCEPTIONS, REGION_OF
from transforms.recode import as_text, look_up

if TYPE_CHECKING:
    from transforms.recode import Rule

Hierarchy = Literal["departement", "region", "icd10_chapter", "icd10_three", "atc_level"]
"""What `generalize(to=...)` knows."""

_POSTAL: Final = r"^([0-9]{5}|2[AB][0-9]{3})$"
_ICD10: Final = r"^[A-Z][0-9][0-9A-Z]([0-9A-Z]{0,4}|[.+*†‡-].{0,6}|[0-9A-Z]{1,4}[.+*†‡-].{0,4})$"
_ATC: Final = r"^[ABCDGHJLMNPRSV]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?$"
_ATC_LENGTHS: Final = (1, 3, 4, 5, 7)

NO_SUCH_CODE: Final = MappingProxyType(
    {
        "departement": "can't be read as a French postal code",
        "region": "can't be read as a French postal code",
        "icd10_chapter": "can't be read as a CIM-10 code",
        "icd10_three": "can't be read as a CIM-10 code",
        "atc_level": "can't be read as an ATC code",
    }
)
"""How an error calls what a hierarchy can't take."""


def rule_for(hierarchy: Hierarchy, *, level: int | None) -> Rule:
    """Choose the rule of a hierarchy; `level` belongs to the ATC (1 anatomical group ... 5 substance)."""
    if hierarchy == "atc_level":
        if level not in (1, 2, 3, 4, 5):
            raise InvalidOption("atc_level needs a level from 1 (anatomical group) to 5 (substance)")
        length = _ATC_LENGTHS[level - 1]
        return lambda codes: _atc(codes, length)
    if level is not None:
        raise InvalidOption("a level belongs to atc_level only")
    rules: dict[str, Rule] = {
        "departement": _departement,
        "region": _region,
        "icd10_chapter": _icd10_chapter,
        "icd10_three": _icd10_three,
    }
    if hierarchy not in rules:
        raise InvalidOption(f"generalize knows no {hierarchy!r}", hint=f"It knows {', '.join(NO_SUCH_CODE)}.")
    return rules[hierarchy]


def _tidy(codes: pa.Array) -> pa.Array:
    return pc.utf8_upper(pc.replace_substring_regex(as_text(codes), r"\s+", ""))


def _departement(codes: pa.Array) -> pa.Array:
    # Spreadsheets and integer columns lose the zero of 01000: four digits are five.
    text = pc.replace_substring_regex(_tidy(codes), r"^(FR?-)?([0-9]{4})$", r"0\2")
    text = pc.replace_substring_regex(text, r"^FR?-", "")
    postal = pc.if_else(pc.match_substring_regex(text, _POSTAL), text, None)
    return pc.coalesce(
        look_up(postal, dict(EXCEPTIONS)), look_up(pc.utf8_slice_codeunits(postal, 0, 3), dict(DEPARTEMENT_OF))
    )


def _region(codes: pa.Array) -> pa.Array:
    return look_up(_departement(codes), dict(REGION_OF))


def _icd10(codes: pa.Array) -> pa.Array:
    text = _tidy(codes)
    return pc.if_else(pc.match_substring_regex(text, _ICD10), text, None)


def _icd10_three(codes: pa.Array) -> pa.Array:
    three = pc.utf8_slice_codeunits(_icd10(codes), 0, 3)
    return pc.if_else(pc.is_valid(_chapter(three)), three, None)


def _icd10_chapter(codes: pa.Array) -> pa.Array:
    return _chapter(_icd10(codes))


def _chapter(codes: pa.Array) -> pa.Array:
    return look_up(pc.utf8_slice_codeunits(codes, 0, 2), dict(CHAPTER_OF))


def _atc(codes: pa.Array, length: int) -> pa.Array:
    text = _tidy(codes)
    return pc.utf8_slice_codeunits(pc.if_else(pc.match_substring_regex(text, _ATC), text, None), 0, length)
