"""Which chapter of CIM-10 / ICD-10 does a code belong to? Only data.

Source: WHO, International Statistical Classification of Diseases and Related Health Problems, 10th revision (2019
version), tabular list, chapters and their ranges; CIM-10-FR (ATIH) has the same chapters. Facts of a classification: a
chapter's number and the range of its codes, none of the text that WHO licenses. Read on 2026-11-24.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

CHAPTERS: Final = MappingProxyType(
    {
        "I": "A0-B9",
        "II": "C0-D4",
        "III": "D5-D8",
        "IV": "E0-E9",
        "V": "F0-F9",
        "VI": "G0-G9",
        "VII": "H0-H5",
        "VIII": "H6-H9",
        "IX": "I0-I9",
        "X": "J0-J9",
        "XI": "K0-K9",
        "XII": "L0-L9",
        "XIII": "M0-M9",
        "XIV": "N0-N9",
        "XV": "O0-O9",
        "XVI": "P0-P9",
        "XVII": "Q0-Q9",
        "XVIII": "R0-R9",
        "XIX": "S0-T9",
        "XX": "V0-Y9",
        "XXI": "Z0-Z9",
        "XXII": "U0-U9",
    }
)
"""Chapter to the first and last two characters of its codes: no chapter ends within a group of ten."""


def _chapters_by_group() -> dict[str, str]:
    groups = [letter + digit for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for digit in "0123456789"]
    spans = {chapter: span.split("-") for chapter, span in CHAPTERS.items()}
    return {group: chapter for chapter, (first, last) in spans.items() for group in groups if first <= group <= last}


CHAPTER_OF: Final = MappingProxyType(_chapters_by_group())
"""First two characters of a code to its chapter, in the Roman number that the classification uses."""
