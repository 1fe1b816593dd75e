"""Which objects may show whom they are of."""

import pytest
from pydicom.dataset import Dataset

from transforms.dicom import RISKS, pixel_risks


def made_by(**values):
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    ("values", "risks"),
    [
        ({"Modality": "CT"}, ()),
        ({"Modality": "MR", "BurnedInAnnotation": "NO"}, ()),
        ({"Modality": "MR", "BurnedInAnnotation": "YES"}, ("burned_in_annotation",)),
        ({"Modality": "CT", "RecognizableVisualFeatures": "YES"}, ("recognizable_features",)),
        ({"Modality": "US", "BurnedInAnnotation": "NO"}, ("ultrasound",)),
        ({"Modality": "ES"}, ("endoscopy",)),
        ({"Modality": "XC"}, ("photograph",)),
        ({"Modality": "OT"}, ("other_modality",)),
        ({}, ("other_modality",)),
        ({"Modality": "CT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7.2"}, ("secondary_capture",)),
        ({"Modality": "CT", "ConversionType": "WSD"}, ("secondary_capture",)),
    ],
)
def test_an_object_with_pixels(values, risks):
    assert pixel_risks(made_by(**values), has_pixels=True) == risks
    assert pixel_risks(made_by(**values), has_pixels=False) == ()


def test_an_encapsulated_document_needs_no_pixels():
    pdf = made_by(Modality="DOC", SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1", EncapsulatedDocument=b"%PDF")
    assert pixel_risks(pdf, has_pixels=False) == ("document",)


def test_an_overlay_drawn_into_the_pixels_is_seen():
    dataset = made_by(Modality="CT")
    dataset.add_new(0x60000102, "US", 12)
    assert pixel_risks(dataset, has_pixels=True) == ("overlay_in_pixels",)
    dataset.add_new(0x60003000, "OW", b"\0\0")
    assert pixel_risks(dataset, has_pixels=True) == ()


def test_every_risk_has_a_sentence():
    assert all(sentence and "." not in sentence for sentence in RISKS.values())
