"""How is one DICOM element read and made as the bytes that stand in the file?

Elements stay raw (`RawDataElement`: the bytes of the file) unless a rule changes them. What is kept is written back byte
for byte, in whatever character set and number format a device gave it; and nothing is validated, so that no warning of
the library quotes a value.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pydicom.charset import convert_encodings, decode_bytes, default_encoding, encode_string
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence as DicomSequence
from pydicom.tag import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

Element = RawDataElement | DataElement

TEXT_VRS: Final = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "PN"})
"""Those whose text is written in the dataset's character set (PS3.5 6.1.2.3) and may hold words that someone typed."""

LONGEST: Final = {"AE": 16, "CS": 16, "SH": 16, "LO": 64, "PN": 64, "ST": 1024, "LT": 10240, "UC": 2**16, "UT": 2**16}
"""Characters that a value may have (PS3.5 6.2); UC and UT may have more than this."""

_LOGGER: Final = logging.getLogger("pydicom")
_DELIMITERS: Final = {0x0D, 0x0A, 0x09, 0x0C}
_PADDED_BY_ZERO: Final = frozenset({"UI", "OB", "UN"})

DUMMIES: Final = {
    "AE": b"REMOVED",
    "AS": b"000Y",
    "CS": b"REMOVED",
    "DA": b"19000101",
    "DS": b"0",
    "DT": b"19000101000000",
    "IS": b"0",
    "LO": b"REMOVED",
    "LT": b"REMOVED",
    "OB": b"\0\0",
    "PN": b"REMOVED",
    "SH": b"REMOVED",
    "ST": b"REMOVED",
    "TM": b"000000",
    "UC": b"REMOVED",
    "UI": b"2.25.0",
    "UN": b"\0\0",
    "UR": b"urn:removed",
    "UT": b"REMOVED",
}
"""A value that says nothing, for each value representation that the profile replaces."""


@contextmanager
def quietly() -> Iterator[None]:
    """Let the library warn nobody: its warnings and log lines quote values of persons."""
    before = _LOGGER.disabled
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _LOGGER.disabled = True
        try:
            yield
        finally:
            _LOGGER.disabled = before


def vr_of(element: Element) -> str:
    """The value representation of an element; that of the dictionary where the file says none, or UN.

    Example:
        >>> vr_of(RawDataElement(Tag(0x00100010), None, 4, b"A^B ", 0, True, True))
        'PN'
    """
    vr = element.VR
    if vr is not None and vr != "UN":
        return str(vr)
    return dictionary_VR(element.tag) if dictionary_has_tag(element.tag) else "UN"


def value_bytes(element: Element, encodings: Sequence[str]) -> bytes:
    """The value as it stands in a file: as it was read, or text encoded for elements that were made in Python."""
    if isinstance(element, RawDataElement):
        return element.value or b""
    value = element.value
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    parts = list(value) if isinstance(value, (list, tuple, MultiValue)) else [value]
    return encoded("\\".join(map(str, parts)), encodings)


def made(element: Element, value: bytes, *, vr: str | None = None) -> RawDataElement:
    """The element with this value, padded to an even length as PS3.5 6.2 says."""
    kind = vr or vr_of(element)
    if len(value) % 2:
        value += b"\0" if kind in _PADDED_BY_ZERO else b" "
    implicit, little = (
        (element.is_implicit_VR, element.is_little_endian) if isinstance(element, RawDataElement) else (False, True)
    )
    return RawDataElement(Tag(element.tag), kind, len(value), value, 0, implicit, little)


def sequence(tag: int, items: list[Dataset]) -> DataElement:
    """A sequence of these items; their raw elements stay raw."""
    return DataElement(Tag(tag), "SQ", DicomSequence(items))


def decoded(value: bytes, encodings: Sequence[str]) -> str | None:
    """The text of a value, or None where it isn't in the character set that the file names."""
    if value.isascii() and b"\x1b" not in value:
        return value.decode().strip(" \0")
    with quietly():
        try:
            text = decode_bytes(value, list(encodings), _DELIMITERS)
        except (LookupError, UnicodeError):
            return None
    return None if "�" in text else text.strip(" \0")


def encoded(text: str, encodings: Sequence[str]) -> bytes:
    """A text in the file's character set."""
    if text.isascii():
        return text.encode()
    with quietly():
        return bytes(encode_string(text, list(encodings)))


def encodings_of(dataset: Dataset, parent: Sequence[str] = (default_encoding,)) -> Sequence[str]:
    """The Python names of the dataset's character sets (PS3.3 C.12.1.1.2); an item's are its parent's."""
    found = dataset.original_character_set
    if found:
        return [found] if isinstance(found, str) else list(found)
    named = dataset.get("SpecificCharacterSet")  # an object that was made in Python
    return convert_encodings(named) if named else parent
