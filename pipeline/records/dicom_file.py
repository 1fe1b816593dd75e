"""What is in a DICOM file (PS3.10): its header as a dataset, and where its pixels stand, which nobody loads?"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, Final

import pydicom
from pydicom import config
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from pipeline.errors import InvalidInput
from transforms.dicom import Encoder, file_meta
from transforms.dicom.elements import quietly

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import Dataset, FileDataset

MARK: Final = b"DICM"
PREAMBLE: Final = bytes(128)
_PIXEL_GROUP: Final = 0x7FE0
_UNDEFINED: Final = 0xFFFFFFFF
_ITEM, _END_OF_ITEMS = (0xFFFE, 0xE000), (0xFFFE, 0xE0DD)
_LONG: Final = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"UN", b"UT", b"UC", b"UR", b"SQ", b"SV", b"UV"})
_CHUNK: Final = 1 << 20
_MOST_INFLATED: Final = 1 << 31
_DAMAGED: Final = "Copy it again from the archive that it came from."


@dataclass(frozen=True)
class DicomFile:
    """A file that was read up to its pixels.

    Attributes:
        path: Where it stands.
        dataset: Its elements before the pixels (all of them in a deflated file).
        transfer_syntax: How it is encoded.
        pixels: Where its pixel elements begin and end in the file: from, to; equal where it has none.
    """

    path: Path
    dataset: Dataset
    transfer_syntax: str
    pixels: tuple[int, int]

    @property
    def has_pixels(self) -> bool:
        """Whether there is pixel data."""
        return self.pixels[0] < self.pixels[1] or any(tag >> 16 == _PIXEL_GROUP for tag in self.dataset.keys())  # noqa: SIM118 - iterating over a dataset parses its elements


def read_dicom(path: Path) -> DicomFile:
    """Read a DICOM file up to its pixels.

    Raises:
        InvalidInput: It is no DICOM file, is cut short, or can't be parsed. Names the file, never a value.
    """
    with path.open("rb") as stream:
        dataset = _parsed(stream, path)
        syntax = _transfer_syntax(dataset)
        if syntax == DeflatedExplicitVRLittleEndian:
            last = max(dataset.values(), key=_place, default=None)
            if isinstance(last, RawDataElement) and last.length not in (_UNDEFINED, len(last.value or b"")):
                raise InvalidInput(f"{path} ends in the middle of an element", hint=_DAMAGED)
            return DicomFile(path, dataset, syntax, (0, 0))
        start, size = stream.tell(), path.stat().st_size
        _require_whole(dataset, start, size, path)
        implicit, little = dataset.original_encoding
        end = _end_of_pixels(stream, start, size, path, implicit=bool(implicit), little=bool(little))
        return DicomFile(path, dataset, syntax, (start, end))


def write_dicom(file: DicomFile, dataset: Dataset, out: BinaryIO) -> None:
    """Write the de-identified dataset of a file, and its pixels byte for byte.

    Raises:
        InvalidInput: The object has no SOP class or instance UID, so that no DICOM file can hold it.
    """
    with quietly():
        if not dataset.get("SOPClassUID") or not dataset.get("SOPInstanceUID"):
            raise InvalidInput(f"{file.path} has no SOP class or instance UID", hint=_DAMAGED)
        meta = Encoder(implicit=False, little=True).dataset(file_meta(dataset, file.transfer_syntax))
    implicit, little = file.dataset.original_encoding
    body = Encoder(implicit=bool(implicit), little=bool(little)).dataset(dataset)
    # The 128 bytes before the mark are anybody's (PS3.10 7.1): a TIFF header, or a name.
    length = Struct("<HH2sHL").pack(0x0002, 0x0000, b"UL", 4, len(meta))
    out.write(PREAMBLE + MARK + length + meta)
    if file.transfer_syntax == DeflatedExplicitVRLittleEndian:
        deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        deflated = deflater.compress(body) + deflater.flush()
        out.write(deflated + bytes(len(deflated) % 2))
        return
    out.write(body)
    _copy(file, out)


def _copy(file: DicomFile, out: BinaryIO) -> None:
    start, end = file.pixels
    if start == end:
        return
    with file.path.open("rb") as source:
        source.seek(start)
        left = end - start
        while left:
            chunk = source.read(min(left, _CHUNK))
            if not chunk:
                raise InvalidInput(f"{file.path} became shorter while it was read", hint="Run again.")
            out.write(chunk)
            left -= len(chunk)


def _parsed(stream: BinaryIO, path: Path) -> FileDataset:
    if stream.read(len(PREAMBLE) + len(MARK))[len(PREAMBLE) :] != MARK:
        raise InvalidInput(
            f"{path} is no DICOM file: it has no DICM mark after its preamble",
            hint="Take it out of the folder, or make a DICOM file (PS3.10) of it.",
        )
    stream.seek(0)
    _refuse_bombs(stream, path)
    with quietly():
        try:
            return _strictly(stream)
        except (EOFError, zlib.error):
            raise InvalidInput(f"{path} is cut short or damaged", hint=_DAMAGED) from None
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a parser under damaged bytes raises whatever it stumbles over
            stream.seek(0)
            try:
                return pydicom.dcmread(stream, stop_before_pixels=not _is_deflated(stream))
            except Exception:  # noqa: BLE001 - as above
                raise InvalidInput(f"{path} can't be read as DICOM", hint=_DAMAGED) from None


def _strictly(stream: BinaryIO) -> FileDataset:
    """Read so that an end in the middle of an element raises; otherwise the library keeps what it has and is silent."""
    before = config.settings.reading_validation_mode
    config.settings.reading_validation_mode = config.RAISE
    try:
        return pydicom.dcmread(stream, stop_before_pixels=not _is_deflated(stream))
    finally:
        config.settings.reading_validation_mode = before


def _is_deflated(stream: BinaryIO) -> bool:
    """Whether the file is deflated: then nothing can be skipped, as its pixels have no place in the file."""
    at = stream.tell()
    head = stream.read(1024)
    stream.seek(at)
    return str(DeflatedExplicitVRLittleEndian).encode() in head


def _refuse_bombs(stream: BinaryIO, path: Path) -> None:
    if not _is_deflated(stream):
        return
    stream.seek(132)
    length = Struct("<HH2sHL").unpack(stream.read(12))[-1] if path.stat().st_size > 144 else 0
    stream.seek(144 + length)
    inflater, total = zlib.decompressobj(-zlib.MAX_WBITS), 0
    try:
        while chunk := inflater.unconsumed_tail or stream.read(_CHUNK):
            total += len(inflater.decompress(chunk, _CHUNK))
            if total > _MOST_INFLATED:
                raise InvalidInput(f"{path} inflates to more than 2 GiB", hint="Store it in another transfer syntax.")
            if inflater.eof:
                break
        if not inflater.eof:
            raise InvalidInput(f"{path} is cut short or damaged", hint=_DAMAGED)
    except zlib.error:
        raise InvalidInput(f"{path} is cut short or damaged", hint=_DAMAGED) from None
    stream.seek(0)


def _transfer_syntax(dataset: FileDataset) -> str:
    named = dataset.file_meta.get("TransferSyntaxUID")
    if named:
        return str(named)
    implicit, little = dataset.original_encoding
    if implicit:
        return str(ImplicitVRLittleEndian)
    return str(ExplicitVRLittleEndian if little else ExplicitVRBigEndian)


def _require_whole(dataset: Dataset, start: int, size: int, path: Path) -> None:
    """Refuse a file that ends within an element: the library gives what there is of it."""
    if not len(dataset):
        raise InvalidInput(f"{path} holds no elements", hint=_DAMAGED)
    if start < size:
        return
    last = max(dataset.values(), key=_place)
    if not isinstance(last, RawDataElement) or last.length == _UNDEFINED:
        return  # an unfinished sequence has raised
    if last.value_tell + last.length != size:
        raise InvalidInput(f"{path} ends in the middle of an element", hint=_DAMAGED)


def _place(element: RawDataElement | DataElement) -> int:
    return element.value_tell if isinstance(element, RawDataElement) else int(element.file_tell or 0)


def _end_of_pixels(stream: BinaryIO, start: int, size: int, path: Path, *, implicit: bool, little: bool) -> int:
    """Where the last pixel element ends; signatures, padding and private elements behind it are not part of it."""
    order = "<" if little else ">"
    head, long = Struct(f"{order}HHL"), Struct(f"{order}L")
    at = end = start
    while at + 8 <= size:
        stream.seek(at)
        raw = stream.read(8)
        group, _, length = head.unpack(raw)
        if group != _PIXEL_GROUP:
            break
        at += 8
        explicit = not implicit and raw[4:6].isalpha()  # some writers change to implicit in the middle
        if explicit and raw[4:6] in _LONG:
            length = long.unpack(stream.read(4))[0]
            at += 4
        elif explicit:
            length = Struct(f"{order}H").unpack(raw[6:8])[0]
        at = _end_of_items(stream, at, size, head, path) if length == _UNDEFINED else at + length
        if at > size:
            raise InvalidInput(f"{path} ends in the middle of its pixels", hint=_DAMAGED)
        end = at
    return end


def _end_of_items(stream: BinaryIO, at: int, size: int, head: Struct, path: Path) -> int:
    """Where compressed pixels end: from item to item, since what looks like an end may stand within one."""
    while at + 8 <= size:
        stream.seek(at)
        group, element, length = head.unpack(stream.read(8))
        at += 8
        if (group, element) == _END_OF_ITEMS:
            return at
        if (group, element) != _ITEM:
            break
        at += length
    raise InvalidInput(f"{path} ends in the middle of its pixels", hint=_DAMAGED)
