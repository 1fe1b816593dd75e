"""What does an object itself call its patient and the people around, so that it can be looked for where it shouldn't be?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from transforms.dicom.elements import decoded, encodings_of, value_bytes, vr_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_NAME: Final = 0x00100010
_NUMBERS: Final = (0x00100020, 0x00080050, 0x00101000, 0x00380010, 0x00100021)
"""Patient ID, accession number, other patient IDs, admission ID, issuer: what a technician copies into a comment."""

_UNSAID: Final = frozenset({None, "UN"})
_SHORTEST_NAME: Final = 3
_SHORTEST_NUMBER: Final = 4
_PARTS: Final = re.compile(rb"[\^=\\ ,;/_-]+")


@dataclass(frozen=True)
class Identity:
    """The names and numbers of one object.

    Attributes:
        patient: The Patient ID, or None.
        record: The patient as `redact_notes` takes one.
        people: Names of others in the object: physicians, operators.
        needles: All of it in lower-case bytes, as the file writes them.
    """

    patient: str | None
    record: dict[str, str]
    people: tuple[str, ...]
    needles: tuple[bytes, ...]

    def is_in(self, value: bytes) -> bool:
        """Whether a value holds one of the names or numbers, in any case."""
        low = value.lower()
        return any(needle in low and _stands_alone(needle, low) for needle in self.needles)


def identity_of(dataset: Dataset) -> Identity:
    """Read who the object is of, from its top level.

    Example:
        >>> from pydicom.dataset import Dataset
        >>> dataset = Dataset()
        >>> dataset.PatientID, dataset.PatientName = "8001", "LE GOFF^Anne"
        >>> identity = identity_of(dataset)
        >>> identity.patient, identity.record["nom"], identity.is_in(b"Thorax LE GOFF"), identity.is_in(b"Thorax")
        ('8001', 'LE GOFF', True, False)
    """
    encodings = encodings_of(dataset)
    names, people, needles = "", [], set()
    for tag, element in dataset.items():
        if element.VR != "PN" and (element.VR not in _UNSAID or vr_of(element) != "PN"):
            continue
        raw = value_bytes(element, encodings)
        needles.update(part.lower() for part in _PARTS.split(raw.strip(b" \0")) if len(part) >= _SHORTEST_NAME)
        text = decoded(raw, encodings) or ""
        if tag == _NAME:
            names = text
        else:
            people += [_spoken(name) for name in text.split("\\") if name.strip("^= ")]
    numbers = {tag: _plain(dataset, tag, encodings) for tag in _NUMBERS}
    needles.update(
        number.lower() for raw in numbers.values() for number in raw.split(b"\\") if len(number) >= _SHORTEST_NUMBER
    )
    patient = decoded(numbers[0x00100020], encodings) or None
    return Identity(patient, _record(names, patient), tuple(dict.fromkeys(people)), tuple(needles))


def _stands_alone(needle: bytes, low: bytes) -> bool:
    """Whether the needle is there as a word of its own: `Le` of a name must not empty every `Left`."""
    at = low.find(needle)
    while at >= 0:
        before, after = low[at - 1 : at], low[at + len(needle) : at + len(needle) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = low.find(needle, at + 1)
    return False


def _plain(dataset: Dataset, tag: int, encodings: list[str]) -> bytes:
    return value_bytes(dataset.get_item(tag), encodings).strip(b" \0") if tag in dataset else b""


def _record(name: str, patient: str | None) -> dict[str, str]:
    alphabetic = name.split("=")[0].split("^")
    record = {"nom": alphabetic[0].strip(), "prenom": " ".join(alphabetic[1:3]).strip(), "ipp": patient or ""}
    return {key: value for key, value in record.items() if value}


def _spoken(name: str) -> str:
    parts = name.split("=")[0].split("^")
    return " ".join(part.strip() for part in (*parts[1:3], parts[0]) if part.strip())
