"""Which bytes are a dataset in its transfer syntax (PS3.5 7)? What was kept is written as it was read.

pydicom's writer decodes every sequence whose parent names a character set, and encodes it anew: slower (2.5 times,
2026-11-25), and not byte for byte. Here an element is its tag, its length and the bytes that stood in the file.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from pydicom.dataelem import RawDataElement
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from transforms.dicom.elements import encodings_of, vr_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

_LONG: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
"""Value representations with a length of 32 bits (PS3.5 7.1.2)."""

_AMBIGUOUS: Final = {"US or SS": "US", "US or SS or OW": "US", "US or OW": "OW", "OB or OW": "OW"}
_MOST_SHORT: Final = 0xFFFF
_ITEM: Final = (0xFFFE, 0xE000)


class Encoder:
    r"""Writes datasets in one encoding.

    Args:
        implicit: Implicit VR; else explicit.
        little: Little endian; else big.

    Example:
        >>> from pydicom.dataset import Dataset
        >>> dataset = Dataset()
        >>> dataset.PatientID = "8001"
        >>> Encoder(implicit=False, little=True).dataset(dataset)
        b'\x10\x00 \x00LO\x04\x008001'
    """

    def __init__(self, *, implicit: bool, little: bool) -> None:
        self.implicit = implicit
        self.little = little
        order = "<" if little else ">"
        self._implicit = Struct(f"{order}HHL").pack
        self._short = Struct(f"{order}HH2sH").pack
        self._long = Struct(f"{order}HH2s2xL").pack

    def dataset(self, dataset: Dataset) -> bytes:
        """The dataset's bytes, its elements in the order of their tags."""
        parts: list[bytes] = []
        for number, element in sorted((int(tag), element) for tag, element in dataset.items()):
            vr = vr_of(element)
            group, item = number >> 16, number & 0xFFFF
            if vr == "SQ" and not isinstance(element, RawDataElement):
                value = self.items(element.value or ())
            elif isinstance(element, RawDataElement):
                value = element.value or b""
            else:
                parts.append(self._made_in_python(dataset, element))
                continue
            self._put(parts, group, item, vr, value)
        return b"".join(parts)

    def items(self, datasets: Iterable[Dataset]) -> bytes:
        """The bytes of a sequence's value: each dataset as an item of known length."""
        parts: list[bytes] = []
        for item in datasets:
            value = self.dataset(item)
            parts += (self._implicit(*_ITEM, len(value)), value)
        return b"".join(parts)

    def _put(self, parts: list[bytes], group: int, item: int, vr: str, value: bytes) -> None:
        length = len(value)
        if self.implicit:
            parts.append(self._implicit(group, item, length))
        else:
            kind = _AMBIGUOUS.get(vr, vr)
            if kind not in _LONG and length > _MOST_SHORT:
                kind = "UN"  # PS3.5 6.2.2, note 4
            pack = self._long if kind in _LONG else self._short
            parts.append(pack(group, item, kind.encode(), length))
        parts.append(value)

    def _made_in_python(self, dataset: Dataset, element: DataElement) -> bytes:
        out = DicomBytesIO()
        out.is_implicit_VR, out.is_little_endian = self.implicit, self.little
        write_data_element(out, element, list(encodings_of(dataset)))
        return out.getvalue()
