"""That what was kept is written as it was read."""

from io import BytesIO

import pytest
from pydicom.filereader import read_dataset

from transforms.dicom import Encoder

FILES = [
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "rtplan.dcm",
    "reportsi.dcm",
    "UN_sequence.dcm",
    "liver_1frame.dcm",
]


@pytest.mark.parametrize("name", FILES)
def test_a_dataset_reads_back_as_it_was(name, test_file):
    dataset = test_file(name)
    implicit, little = dataset.original_encoding
    again = read_dataset(BytesIO(Encoder(implicit=implicit, little=little).dataset(dataset)), implicit, little)
    assert str(again) == "\n".join(line for line in str(dataset).splitlines() if line in str(again).splitlines())
    assert len(again) == len([tag for tag in dataset.keys() if tag.element or tag.group < 8])  # noqa: SIM118


def test_a_long_text_of_a_short_representation_becomes_unknown():
    from pydicom.dataelem import RawDataElement
    from pydicom.dataset import Dataset
    from pydicom.tag import Tag

    tag, text = Tag(0x00204000), b"a" * 70_000
    dataset = Dataset({tag: RawDataElement(tag, "LT", len(text), text, 0, False, True)})
    written = Encoder(implicit=False, little=True).dataset(dataset)
    assert written[4:8] == b"UN\0\0"
    assert len(written) == 12 + 70_000
