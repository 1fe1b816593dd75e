"""Objects to de-identify: made here, and pydicom's own test files."""

from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from transforms import Key

TEST_FILES = Path(pydicom.__file__).parent / "data" / "test_files"


@pytest.fixture
def key():
    return Key(bytes(range(32)), domain="eds", id="eds")


@pytest.fixture
def ct():
    """A CT slice of one patient, as a device writes it."""

    def make(**values):
        dataset = Dataset()
        dataset.set_original_encoding(False, True, "utf8")
        start = {
            "SpecificCharacterSet": "ISO_IR 192",
            "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
            "SOPInstanceUID": "1.2.3.1",
            "StudyInstanceUID": "1.2.3",
            "Modality": "CT",
            "PatientName": "LE GOFF^Anne",
            "PatientID": "8001",
            "PatientSex": "F",
            "PatientAge": "047Y",
            "StudyDate": "20260102",
            "StudyTime": "083000",
        }
        for keyword, value in (start | values).items():
            setattr(dataset, keyword, value)
        return dataset

    return make


@pytest.fixture
def test_file():
    """One of pydicom's test files, read up to its pixels."""

    def read(name):
        return pydicom.dcmread(TEST_FILES / name, stop_before_pixels=True)

    return read
