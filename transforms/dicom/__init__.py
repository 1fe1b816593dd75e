"""DICOM objects under the confidentiality profile of PS3.15 Annex E; needs pydicom (`pip install douane[dicom]`)."""

from __future__ import annotations

from transforms.dicom.deidentification import Deidentified, Deidentifier, deidentify, remapped_uids
from transforms.dicom.encoding import Encoder
from transforms.dicom.marks import file_meta
from transforms.dicom.pixels import RISKS, pixel_risks
from transforms.dicom.profile import Action, Options, Profile, Rule, read_profile

__all__ = [
    "RISKS",
    "Action",
    "Deidentified",
    "Deidentifier",
    "Encoder",
    "Options",
    "Profile",
    "Rule",
    "deidentify",
    "file_meta",
    "pixel_risks",
    "read_profile",
    "remapped_uids",
]
