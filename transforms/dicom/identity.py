"""What does an object itself call its patient and the people around, so that it can be looked for where it shouldn't be?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from transforms.dicom.elements import decoded, encodings_of, value_bytes, vr_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

_NAME: Final = 0x00100010
_PATIENT_ID: Final = 0x00100020
_NUMBERS: Final = (_PATIENT_ID, 0x00080050, 0x00101000, 0x00380010, 0x00100021)
"""Patient ID, accession number, other patient IDs, admission ID, issuer: what a technician copies into a comment."""

_UNSAID: Final = frozenset({None, "UN"})
_SHORTEST_NAME: Final = 3
_SHORTEST_NUMBER: Final = 4
_FIRST_IDEOGRAPH: Final = "\u2e80"
_ESCAPE: Final = b"\x1b"
_PARTS: Final = re.compile(r"[\^=\\ ,;/_-]+")


@dataclass(frozen=True)
class Identity:
    """The names and numbers of one object.

    Attributes:
        patient: The Patient ID, or None.
        record: The patient as `redact_notes` takes one.
        people: Names of others in the object: physicians, operators.
        words: All of it in lower case, as words to look for.
    """

    patient: str | None
    record: dict[str, str]
    people: tuple[str, ...]
    words: tuple[str, ...]
    ascii: tuple[bytes, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ascii", tuple(word.encode() for word in self.words if word.isascii()))

    def is_in(self, value: bytes, encodings: Sequence[str]) -> bool:
        """Whether a value as it stands in the file holds one of the names or numbers."""
        if value.isascii() and _ESCAPE not in value:
            low = value.lower()
            # Most values hold none, and bytes tell so without being decoded.
            return any(word in low for word in self.ascii) and self.is_in_text(value.decode())
        text = decoded(value, encodings)
        return text is None or self.is_in_text(text)

    def is_in_text(self, text: str) -> bool:
        """Whether a text holds one of the names or numbers, in any case; as a word of its own in our alphabet."""
        low = text.casefold()
        return any(word in low and (not word.isascii() or _stands_alone(word, low)) for word in self.words)


def identity_of(dataset: Dataset) -> Identity:
    """Read who the object is of, from its top level.

    Example:
        >>> from pydicom.dataset import Dataset
        >>> dataset = Dataset()
        >>> dataset.PatientID, dataset.PatientName = "8001", "LE GOFF^Anne"
        >>> identity = identity_of(dataset)
        >>> identity.patient, identity.record["nom"]
        ('8001', 'LE GOFF')
        >>> identity.is_in_text("Thorax de Le Goff"), identity.is_in_text("Thorax")
        (True, False)
    """
    encodings = encodings_of(dataset)
    name, people, words = "", [], []
    for tag, element in dataset.items():
        if element.VR != "PN" and (element.VR not in _UNSAID or vr_of(element) != "PN"):
            continue
        text = decoded(value_bytes(element, encodings), encodings) or ""
        words += [part.casefold() for part in _PARTS.split(text) if _names(part)]
        if tag == _NAME:
            name = text
        else:
            people += [_spoken(one) for one in text.split("\\") if one.strip("^= ")]
    numbers = {tag: _plain(dataset, tag, encodings) for tag in _NUMBERS}
    words += [
        number.casefold() for text in numbers.values() for number in text.split("\\") if len(number) >= _SHORTEST_NUMBER
    ]
    patient = numbers[_PATIENT_ID] or None
    return Identity(patient, _record(name, patient), tuple(dict.fromkeys(people)), tuple(dict.fromkeys(words)))


def _names(part: str) -> bool:
    """Whether a part of a name is long enough to be looked for: one sign names a family in Chinese, not in French."""
    return len(part) >= _SHORTEST_NAME or (bool(part) and part[0] >= _FIRST_IDEOGRAPH)


def _stands_alone(word: str, low: str) -> bool:
    """Whether the word is there by itself: `Le` of a name must not empty every `Left`."""
    at = low.find(word)
    while at >= 0:
        before, after = low[at - 1 : at] if at else "", low[at + len(word) : at + len(word) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = low.find(word, at + 1)
    return False


def _plain(dataset: Dataset, tag: int, encodings: Sequence[str]) -> str:
    if tag not in dataset:
        return ""
    return decoded(value_bytes(dataset.get_item(tag), encodings), encodings) or ""


def _record(name: str, patient: str | None) -> dict[str, str]:
    alphabetic = name.split("=", maxsplit=1)[0].split("^")
    record = {"nom": alphabetic[0].strip(), "prenom": " ".join(alphabetic[1:3]).strip(), "ipp": patient or ""}
    return {key: value for key, value in record.items() if value}


def _spoken(name: str) -> str:
    parts = name.split("=", maxsplit=1)[0].split("^")
    return " ".join(part.strip() for part in (*parts[1:3], parts[0]) if part.strip())
