"""Could what an image shows name its patient? Told by what the object says of itself; no pixel is looked at.

Clean Pixel Data (PS3.15 E.3.1) needs a person's eyes or a reader of text: an object that may show text is held back
until a person has said that its kind may go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transforms.dicom.elements import encodings_of, value_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydicom.dataset import Dataset

RISKS: Final[Mapping[str, str]] = {
    "burned_in_annotation": "the object says that text is burned in (Burned In Annotation YES)",
    "recognizable_features": "the object says that a face can be recognized (Recognizable Visual Features YES)",
    "secondary_capture": "a screen, a film or a page was captured (Secondary Capture)",
    "ultrasound": "ultrasound images show the patient's name",
    "endoscopy": "endoscopy images show the patient's name",
    "angiography": "angiography and fluoroscopy images may show text",
    "photograph": "photographs and microscopy may show a face, a label or text",
    "other_modality": "the modality is none of those whose images are made without text",
    "overlay_in_pixels": "an overlay is drawn into unused bits of the pixels",
    "document": "a document (PDF, CDA, model) is encapsulated",
    "audio": "a voice is recorded",
}
"""What holds an object back, by the word that a plan clears it with."""

_MODALITIES: Final = {
    "US": "ultrasound",
    "IVUS": "ultrasound",
    "ES": "endoscopy",
    "XA": "angiography",
    "RF": "angiography",
    "XC": "photograph",
    "GM": "photograph",
    "SM": "photograph",
    "OP": "photograph",
    "DMS": "photograph",
    "SC": "secondary_capture",
    "DOC": "document",
    "AU": "audio",
}
# Images that a device writes from its detector; RT objects, reports and states have no pixels of their own.
_PLAIN: Final = frozenset(
    "CT MR PT NM CR DX MG DR IO PX OCT OPT BMD RTDOSE RTIMAGE RTPLAN RTSTRUCT RTRECORD SR KO PR SEG REG ECG EPS HD"
    " RESP EEG EMG EOG FID RWV IVOCT LS KER AR SRF VA OAM OPM OPV OPTENF OPTBSV TG SMR BI ASMT PLAN M3D POS TA".split()
)
_SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
_ENCAPSULATED: Final = "1.2.840.10008.5.1.4.1.1.104."

_SOP_CLASS, _MODALITY, _CONVERSION = 0x00080016, 0x00080060, 0x00080064
_BURNED_IN, _FEATURES = 0x00280301, 0x00280302
_BIT_POSITION: Final = 0x0102
_DOCUMENT: Final = 0x00420011


def pixel_risks(dataset: Dataset, *, has_pixels: bool) -> tuple[str, ...]:
    """Tell what in an object could show whom it is of, as words of `RISKS`.

    "Burned In Annotation NO" clears nothing: devices write it whatever a technician typed into the image.

    Args:
        dataset: The object as it was read, before it was de-identified.
        has_pixels: Whether it has pixel data (which need not have been read).

    Example:
        >>> from pydicom.dataset import Dataset
        >>> dataset = Dataset()
        >>> dataset.Modality = "US"
        >>> pixel_risks(dataset, has_pixels=True), pixel_risks(dataset, has_pixels=False)
        (('ultrasound',), ())
    """
    sop_class, modality = _word(dataset, _SOP_CLASS), _word(dataset, _MODALITY)
    risks = []
    if _DOCUMENT in dataset or sop_class.startswith(_ENCAPSULATED):
        risks.append("document")
    if not has_pixels:
        return tuple(risks)
    if _word(dataset, _BURNED_IN) == "YES":
        risks.append("burned_in_annotation")
    if _word(dataset, _FEATURES) == "YES":
        risks.append("recognizable_features")
    if sop_class == _SECONDARY_CAPTURE or sop_class.startswith(f"{_SECONDARY_CAPTURE}.") or _CONVERSION in dataset:
        risks.append("secondary_capture")
    if any(_in_pixels(dataset, tag) for tag, _ in dataset.items()):
        risks.append("overlay_in_pixels")
    if modality not in _PLAIN:
        risks.append(_MODALITIES.get(modality, "other_modality"))
    return tuple(dict.fromkeys(risks))


def _in_pixels(dataset: Dataset, tag: int) -> bool:
    """Whether this is the bit position of an overlay plane without data: it is drawn into the pixels (retired)."""
    return (
        0x6000 <= tag >> 16 <= 0x60FF and tag & 0xFFFF == _BIT_POSITION and (tag & 0xFFFF0000 | 0x3000) not in dataset
    )


def _word(dataset: Dataset, tag: int) -> str:
    if tag not in dataset:
        return ""
    raw = value_bytes(dataset.get_item(tag), encodings_of(dataset))
    return raw.decode("ascii", "replace").strip(" \0").upper()
