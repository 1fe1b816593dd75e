"""What does a de-identified object say of itself (PS3.15 E.1.1, PS3.3 C.7.1.1, CID 7050), and what does its file say?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from transforms.dicom.elements import Element, made
from transforms.dicom.encoding import Encoder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transforms.dicom.profile import Options

METHOD: Final = "Douane: DICOM PS3.15 2026d Annex E, basic profile with options"
IMPLEMENTATION_UID: Final = "2.25.261414537412907284404377229871064921745"
"""Douane's own: a UUID drawn once, on 2026-11-25."""

_CODES: Final = {
    "basic": ("113100", "Basic Application Confidentiality Profile"),
    "content": ("113104", "Clean Structured Content Option"),
    "descriptors": ("113105", "Clean Descriptors Option"),
    "dates": ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    "patient": ("113108", "Retain Patient Characteristics Option"),
    "device": ("113109", "Retain Device Identity Option"),
    "institution": ("113112", "Retain Institution Identity Option"),
}
"""PS3.16 CID 7050, De-identification Method (edition 2026d)."""


def marked(dataset: Dataset, elements: dict[Any, Element], options: Options) -> dict[Any, Element]:
    """The object's elements with those that say that, and how, it was de-identified."""
    implicit, little = dataset.original_encoding
    return elements | _marks(options, implicit=bool(implicit), little=little is not False)


def file_meta(dataset: Dataset, transfer_syntax: str) -> Dataset:
    """The header of the object's file: made anew, since the old one names stations and applications (PS3.10 7.1).

    Example:
        >>> dataset = Dataset()
        >>> dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "2.25.1"
        >>> str(file_meta(dataset, "1.2.840.10008.1.2.1").MediaStorageSOPInstanceUID)
        '2.25.1'
    """
    values = (
        (0x00020001, "OB", b"\0\1"),
        (0x00020002, "UI", str(dataset.get("SOPClassUID", "")).encode()),
        (0x00020003, "UI", str(dataset.get("SOPInstanceUID", "")).encode()),
        (0x00020010, "UI", transfer_syntax.encode()),
        (0x00020012, "UI", IMPLEMENTATION_UID.encode()),
        (0x00020013, "SH", b"DOUANE"),
    )
    return _dataset(_new(*value) for value in values)


@cache
def _marks(options: Options, *, implicit: bool, little: bool) -> dict[Any, Element]:
    """The marks of all objects of an encoding: as bytes, so that no two objects share what someone may change."""
    codes = [_code(*_CODES[name]) for name in _CODES if name == "basic" or name in options.kept]
    items = Encoder(implicit=implicit, little=little).items(codes)
    fresh = (
        _new(0x00120062, "CS", b"YES", implicit=implicit, little=little),
        _new(0x00120063, "LO", METHOD.encode(), implicit=implicit, little=little),
        _new(0x00120064, "SQ", items, implicit=implicit, little=little),
        _new(0x00280303, "CS", b"MODIFIED" if options.modified_dates else b"REMOVED", implicit=implicit, little=little),
    )
    return {element.tag: element for element in fresh}


def _new(tag: int, vr: str, value: bytes, *, implicit: bool = False, little: bool = True) -> RawDataElement:
    return made(RawDataElement(Tag(tag), vr, 0, b"", 0, implicit, little), value)


def _code(value: str, meaning: str) -> Dataset:
    return _dataset(
        (
            _new(0x00080100, "SH", value.encode()),
            _new(0x00080102, "SH", b"DCM"),
            _new(0x00080104, "LO", meaning.encode()),
        )
    )


def _dataset(elements: Iterable[Element]) -> Dataset:
    return Dataset({element.tag: element for element in elements})
