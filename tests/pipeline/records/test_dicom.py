"""A folder of DICOM files in, a release of DICOM files out: by the profile, by the plan, and never past its pixels."""

import shutil
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pydicom
import pytest
from pydicom.filewriter import dcmwrite

from pipeline.errors import InvalidInput
from pipeline.manifest import verify_release
from pipeline.records.dicom import DicomFormat
from pipeline.records.dicom_file import read_dicom, write_dicom
from pipeline.records.drafting import draft_records_plan, try_records
from pipeline.records.source import find_records
from transforms import Key, pseudonymize
from transforms.dicom import deidentify
from transforms.errors import DouaneError

KEY = Key(bytes(range(32)), domain="eds", id="eds")
TEST_FILES = Path(pydicom.__file__).parent / "data" / "test_files"


@pytest.fixture
def study(tmp_path):
    """A folder of DICOM files under names of patients."""

    def make(*names):
        folder = tmp_path / "DUPONT_JEAN"
        folder.mkdir(exist_ok=True)
        for name in names:
            shutil.copy(TEST_FILES / name, folder / Path(name).name)
        return find_records([str(folder)])

    return make


def objects_of(result):
    return [pydicom.dcmread(path) for path in sorted(result.made.release.folder.glob("*.dcm"))]


def test_a_study_becomes_a_release_that_verifies(study, release, installation):
    result = release(study("CT_small.dcm", "MR_small.dcm", "rtplan.dcm"))
    ct, mr, _ = objects_of(result)
    key = installation.rooms.keyring.get("eds")
    original = pydicom.dcmread(TEST_FILES / "CT_small.dcm")
    expected = pseudonymize(pa.array([original.PatientID]), key, field="patient_id", normalize="compact")[0].as_py()
    assert ct.PatientID == expected
    assert ct.PixelData == original.PixelData
    assert mr.PixelData == pydicom.dcmread(TEST_FILES / "MR_small.dcm").PixelData
    assert verify_release(result.made.release.folder, installation.rooms.keyring.public_key_path).ok
    assert result.made.release.manifest["data_class"] == "pseudonymized-health"


def test_nothing_of_names_of_files_and_folders_is_in_the_release(study, release):
    folder = release(study("CT_small.dcm")).made.release.folder
    everything = (
        b"".join(path.read_bytes() for path in folder.iterdir())
        + "".join(path.name for path in folder.iterdir()).encode()
    )
    assert b"DUPONT" not in everything
    assert b"CT_small" not in everything


def test_the_file_s_own_header_is_made_anew(study, release):
    (ct,) = objects_of(release(study("CT_small.dcm")))
    assert ct.file_meta.MediaStorageSOPInstanceUID == ct.SOPInstanceUID
    assert ct.preamble == bytes(128)
    assert "SourceApplicationEntityTitle" not in ct.file_meta
    assert ct.file_meta.ImplementationVersionName == "DOUANE"


def test_an_image_that_may_show_a_name_stays_out_until_a_person_clears_it(study, release):
    source = study("CT_small.dcm", "examples_rgb_color.dcm")
    held = release(source)
    assert len(objects_of(held)) == 1
    (why,) = held.made.documents.left_out
    assert why.startswith("Pixels.ultrasound is not cleared")
    cleared = release(source, changes={"Pixels.ultrasound": "keep"})
    assert len(objects_of(cleared)) == 2


def test_a_directory_of_files_is_left_out(study, release):
    result = release(study("CT_small.dcm", "dicomdirtests/DICOMDIR"))
    assert len(objects_of(result)) == 1
    assert "DICOMDIR" in next(iter(result.made.documents.left_out))


def test_a_plan_changes_single_attributes(study, release):
    changes = {"DICOM.StudyDescription": "drop", "DICOM.StationName": "keep", "Option.ModifiedDates": "drop"}
    (ct,) = objects_of(release(study("CT_small.dcm"), changes=changes))
    original = pydicom.dcmread(TEST_FILES / "CT_small.dcm")
    assert ct.StudyDescription == ""
    assert ct.StationName == original.StationName
    assert ct.StudyDate == ""
    assert ct.LongitudinalTemporalInformationModified == "REMOVED"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"DICOM.NoSuchThing": "drop"}, "DICOM.NoSuchThing is no attribute"),
        ({"Pixels.sepia": "keep"}, "Pixels.sepia is no attribute"),
        ({"DICOM.Rows": "redact"}, "no text that can be redacted"),
        ({"DICOM.StudyDescription": {"shift": None}}, "no date that can be shifted"),
        ({"DICOM.PatientID": "keep"}, "pseudonymized or dropped"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(study, release, changes, complaint):
    with pytest.raises(DouaneError, match=complaint):
        release(study("CT_small.dcm"), changes=changes)


def test_the_same_study_gives_the_same_release(study, release, tmp_path):
    source = study("CT_small.dcm", "reportsi.dcm")
    one = release(source, releases=tmp_path / "a").made.release
    other = release(source, releases=tmp_path / "b").made.release
    assert one.manifest_sha256 == other.manifest_sha256


def test_a_draft_tells_what_would_be_left_out(study, installation):
    source = study("examples_rgb_color.dcm")
    plan = draft_records_plan(source, policy=installation.policy, domain="eds")
    assert "Pixels.ultrasound is not cleared" in next(iter(try_records(source, plan, installation.policy).left_out))


@pytest.mark.parametrize(
    "name",
    [
        "CT_small.dcm",
        "MR_small_implicit.dcm",
        "MR_small_bigendian.dcm",
        "image_dfl.dcm",
        "JPEG2000-embedded-sequence-delimiter.dcm",
        "SC_rgb_rle_2frame.dcm",
        "MR_small_padded.dcm",
        "SC_rgb_jpeg.dcm",
        "rtdose.dcm",
    ],
)
@pytest.mark.filterwarnings("ignore:Expected explicit VR:UserWarning")
def test_pixels_are_the_same_bytes_in_every_transfer_syntax(name):
    file = read_dicom(TEST_FILES / name)
    out = BytesIO()
    write_dicom(file, deidentify([file.dataset], KEY).datasets[0], out)
    before, after = pydicom.dcmread(TEST_FILES / name), pydicom.dcmread(BytesIO(out.getvalue()))
    assert after.PixelData == before.PixelData
    assert after.file_meta.TransferSyntaxUID == file.transfer_syntax
    assert "DataSetTrailingPadding" not in after


def test_what_stands_behind_the_pixels_is_not_copied(tmp_path):
    dataset = pydicom.dcmread(TEST_FILES / "CT_small.dcm")
    dataset.private_block(0x7FE1, "GEMS", create=True).add_new(0x10, "OB", b"DUPONT JEAN!")
    path = tmp_path / "a.dcm"
    dataset.save_as(path)
    out = BytesIO()
    file = read_dicom(path)
    write_dicom(file, deidentify([file.dataset], KEY).datasets[0], out)
    assert b"DUPONT" in path.read_bytes()
    assert b"DUPONT" not in out.getvalue()
    assert pydicom.dcmread(BytesIO(out.getvalue())).PixelData == dataset.PixelData


def refusal(path):
    with pytest.raises(InvalidInput) as caught:
        read_dicom(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["MR_truncated.dcm", "rtplan_truncated.dcm"])
def test_a_file_that_is_cut_short_is_refused(name):
    assert "ends in the middle" in refusal(TEST_FILES / name)


@pytest.mark.parametrize("size", [0, 40, 131, 132, 700, 5000, 39_000])
def test_a_file_is_refused_wherever_it_is_cut(tmp_path, size):
    path = tmp_path / "cut.dcm"
    path.write_bytes((TEST_FILES / "CT_small.dcm").read_bytes()[:size])
    refusal(path)


@pytest.mark.parametrize("name", ["no_meta.dcm", "README.txt", "ExplVR_LitEndNoMeta.dcm"])
def test_a_file_without_the_mark_is_refused(name):
    assert "is no DICOM file" in refusal(TEST_FILES / name)


def test_a_deflated_file_that_is_damaged_is_refused(tmp_path):
    path, whole = tmp_path / "damaged.dcm", (TEST_FILES / "image_dfl.dcm").read_bytes()
    path.write_bytes(whole[:1000])
    assert "cut short or damaged" in refusal(path)
    path.write_bytes(whole[:1000] + b"\xff" * 100)  # what it inflates to ends early
    assert "ends in the middle" in refusal(path)


def test_noise_after_the_mark_is_refused_without_its_words(tmp_path):
    path = tmp_path / "noise.dcm"
    path.write_bytes(bytes(128) + b"DICM" + b"DUPONT JEAN 1 85 05 78 006 084" * 40)
    assert "DUPONT" not in refusal(path)


def test_one_bad_file_stops_the_run_and_leaves_nothing(study, release, tmp_path):
    source = study("CT_small.dcm", "MR_truncated.dcm")
    with pytest.raises(InvalidInput, match=r"MR_truncated\.dcm ends in the middle of its pixels"):
        release(source, releases=tmp_path / "r")
    assert [path for path in (tmp_path / "r").iterdir() if not path.name.startswith(".")] == []


def test_an_object_without_uids_is_refused(tmp_path):
    dataset = pydicom.dcmread(TEST_FILES / "CT_small.dcm")
    del dataset.SOPInstanceUID
    path = tmp_path / "a.dcm"
    dcmwrite(path, dataset)
    file = read_dicom(path)
    with pytest.raises(InvalidInput, match="no SOP class or instance UID"):
        write_dicom(file, deidentify([file.dataset], KEY).datasets[0], BytesIO())


def test_files_are_known_by_their_mark_or_name():
    form = DicomFormat()
    assert form.recognises(Path("IM0001"), bytes(128) + b"DICM")
    assert form.recognises(Path("a.DCM"), b"")
    assert not form.recognises(Path("a.csv"), b"a,b")
