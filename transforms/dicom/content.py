"""What is done with one content item of a structured report (PS3.15 E.3.4, Clean Structured Content option)?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from transforms.dicom.elements import DUMMIES, Element, encodings_of, made, value_bytes, vr_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from transforms.dicom.profile import Profile, Rule

_CONCEPT_NAME: Final = 0x0040A043
_CODE_VALUE: Final = 0x00080100
_CODING_SCHEME: Final = 0x00080102
_VALUES: Final = (0x0040A160, 0x0040A123)
"""Text Value and Person Name: the other values have rules of their own, which replace dates, times and UIDs."""


def rule_of_item(item: Dataset, profile: Profile) -> Rule | None:
    """The rule of the item's concept, or None where the standard names none."""
    concepts = item[_CONCEPT_NAME].value if _CONCEPT_NAME in item else None
    if not concepts:
        return None
    return profile.items.get((_text(concepts[0], _CODE_VALUE), _text(concepts[0], _CODING_SCHEME)))


def without_value(elements: dict[Any, Element]) -> None:
    """Put a dummy in the place of a content item's text or name."""
    for tag in _VALUES:
        if tag in elements:
            elements[tag] = made(elements[tag], DUMMIES[vr_of(elements[tag])])


def _text(dataset: Dataset, tag: int) -> str:
    if tag not in dataset:
        return ""
    return value_bytes(dataset.get_item(tag), encodings_of(dataset)).decode("ascii", "replace").strip(" \0")
