"""What an object loses, what it keeps, and what links it to tables and to other objects."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

import transforms.dicom.profile as profile_module
from transforms import pseudonymize, shift_dates
from transforms.dicom import Encoder, Options, deidentify, remapped_uids

PLANTED = {
    "DA": "19530817",
    "DT": "19530817083011",
    "TM": "083011",
    "UI": "1.2.999.77",
    "AS": "093Y",
    "DS": "53.817",
    "IS": "530817",
    "US": 53081,
    "OB": b"QUERVAIN",
    "UR": "http://quervain.example",
}
TRACES = (b"QUERVAIN", b"quervain", b"YSOLINE", b"19530817", b"1.2.999.77", b"093Y")
# Size and weight are kept with patient characteristics, times of day with modified dates.


def made_of(dataset, key, **options):
    return deidentify([dataset], key, options=Options(**options)).datasets[0]


def bytes_of(dataset):
    return Encoder(implicit=False, little=True).dataset(dataset)


def with_every_attribute():
    """An object with an identifier in every attribute that the standard's table names."""
    lines = Path(profile_module.__file__).with_name("attributes.csv").read_text("utf-8").splitlines()
    dataset = Dataset()
    dataset.set_original_encoding(False, True, "utf8")
    dataset.SpecificCharacterSet = "ISO_IR 192"
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        if "x" in row["tag"] or int(row["tag"], 16) < 0x00080000:
            continue
        tag = int(row["tag"], 16)
        try:
            vr = dictionary_VR(tag)
        except KeyError:
            continue
        value = PLANTED.get(vr, "QUERVAIN Ysoline")
        if vr == "SQ":
            item = Dataset()
            item.PatientName, item.PatientID, item.StudyDate = "QUERVAIN^YSOLINE", "QUERVAIN-1", "19530817"
            item.SOPInstanceUID, item.StudyDescription = "1.2.999.77", "Bilan QUERVAIN"
            value = Sequence([item])
        elif vr in {"CS", "AE", "SH"}:
            value = "QUERVAIN"
        elif vr in {"UN", "OB or OW", "OW"}:
            value, vr = b"QUERVAIN", "OB"
        dataset.add_new(tag, vr, value)
    dataset.PatientName, dataset.PatientID = "QUERVAIN^YSOLINE", "QUERVAIN-1"
    return dataset


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"modified_dates": False, "descriptors": "drop", "structured_content": False, "patient_characteristics": False},
    ],
)
def test_an_identifier_in_every_attribute_of_the_profile_is_gone(key, options):
    dataset = with_every_attribute()
    assert len(dataset) > 550
    before, after = bytes_of(dataset), bytes_of(made_of(dataset, key, **options))
    assert all(trace in before for trace in TRACES)
    assert [trace for trace in TRACES if trace in after] == []


def test_what_is_medical_stays(ct, key):
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "T-A0100", "SRT", "Brain"
    made = made_of(
        ct(
            StudyDescription="IRM cérébrale sans injection",
            BodyPartExamined="HEAD",
            PatientWeight="61.5",
            AdmittingDiagnosesDescription="Sclérose en plaques",
            AnatomicRegionSequence=[code],
            Allergies="Pénicilline",
            KVP="120",
        ),
        key,
    )
    assert made.StudyDescription == "IRM cérébrale sans injection"
    assert made.AdmittingDiagnosesDescription == "Sclérose en plaques"
    assert made.Allergies == "Pénicilline"
    assert (made.BodyPartExamined, made.PatientWeight, made.PatientSex, made.PatientAge) == ("HEAD", 61.5, "F", "047Y")
    assert made.AnatomicRegionSequence[0].CodeMeaning == "Brain"
    assert made.StudyTime == "083000"


def test_a_patient_id_has_the_pseudonym_that_a_table_gives(ct, key):
    made = made_of(ct(PatientID=" 80 01"), key)
    expected = pseudonymize(pa.array(["80 01"]), key, field="patient_id", normalize="compact")[0].as_py()
    assert made.PatientID == made.PatientName == expected


def test_dates_move_as_those_of_a_table(ct, key):
    made = made_of(ct(AcquisitionDateTime="20260102083000.5+0100"), key)
    shifted = shift_dates(pa.array(["2026-01-02"]), key, by=pa.array(["8001"]))[0].as_py().replace("-", "")
    assert made.StudyDate == shifted
    assert made.AcquisitionDateTime == f"{shifted}083000.5+0100"


def test_a_date_as_acr_nema_wrote_it_moves_too(ct, key):
    dataset = ct()
    dataset["StudyDate"] = RawDataElement(Tag(0x00080020), "DA", 10, b"2026.01.02", 0, False, True)
    assert made_of(dataset, key).StudyDate == made_of(ct(), key).StudyDate


def test_a_uid_is_the_number_of_its_pseudonym(ct, key):
    made = made_of(ct(), key)
    pseudonym = pseudonymize(pa.array(["1.2.3"]), key, field="study_uid")[0].as_py()
    assert made.StudyInstanceUID == f"2.25.{int(pseudonym, 16)}"
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.2"
    assert len(made.SOPInstanceUID) <= 64


def test_references_between_objects_hold(ct, key):
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.1"
    one, other = deidentify([ct(), ct(SOPInstanceUID="1.2.3.2", SourceImageSequence=[reference])], key).datasets
    assert other.SourceImageSequence[0].ReferencedSOPInstanceUID == one.SOPInstanceUID
    assert other.SourceImageSequence[0].ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.2"


def test_one_at_a_time_gives_what_all_together_give(ct, key):
    objects = [ct(SOPInstanceUID=f"1.2.3.{n}", PatientID=str(n % 3), StudyDescription=f"TDM {n % 2}") for n in range(6)]
    together = deidentify(objects, key).datasets
    assert [bytes_of(made_of(one, key)) for one in objects] == list(map(bytes_of, together))


def test_an_object_is_never_changed_in_place(ct, key):
    dataset = ct(StudyDescription="TDM de LE GOFF")
    before = bytes_of(dataset)
    deidentify([dataset], key)
    assert bytes_of(dataset) == before


def test_private_attributes_overlays_and_unknown_ones_go(ct, key):
    dataset = ct()
    dataset.private_block(0x0029, "SIEMENS CSA", create=True).add_new(0x10, "OB", b"LE GOFF!")
    dataset.add_new(0x60003000, "OW", b"\1\2")
    dataset.add_new(0x60000010, "US", 4)
    dataset.add_new(0x50000010, "US", 4)
    dataset.add_new(0x00089998, "LO", "LE GOFF")
    made = deidentify([dataset], key)
    tags = {int(tag) >> 16 for tag in made.datasets[0].keys()}  # noqa: SIM118 - a dataset is no dict
    assert not tags & {0x0029, 0x6000, 0x5000}
    assert 0x00089998 not in made.datasets[0]
    assert made.tally.counts["DICOM.UnknownAttributes", "unknown"] == 1


def test_a_name_in_an_attribute_that_the_profile_keeps_is_redacted(ct, key):
    made = made_of(ct(ManufacturerModelName="Scanner de LE GOFF", ImageComments="vu par Dr Martin"), key)
    assert made.ManufacturerModelName == "Scanner de <NOM>"
    assert "Martin" not in made.ImageComments


def test_a_name_that_the_finder_does_not_see_takes_the_whole_text_away(ct, key):
    made = made_of(ct(PatientName="XQ7^Zz", SeriesDescription="seq_XQ7_01"), key)
    assert "XQ7" not in str(made)


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
        (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞"),
        (["GB18030"], "Wang^XiaoDong=王^小东"),
        (["ISO_IR 144"], "Люксембург^Ира"),
    ],
)
def test_every_character_set_is_read_and_written(key, charset, name):
    from io import BytesIO

    from pydicom import dcmread, dcmwrite
    from pydicom.dataset import FileDataset, FileMetaDataset

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    dataset = FileDataset("x", {}, file_meta=meta, preamble=bytes(128))
    dataset.SpecificCharacterSet = charset
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.PatientID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3", "1"
    dataset.PatientName = name
    dataset.SeriesDescription = f"T1 {name.split('=')[-1].split('^')[0]}"
    dataset.Manufacturer = "島津" if "87" in charset[-1] else "Siemens"
    buffer = BytesIO()
    dcmwrite(buffer, dataset)
    read = dcmread(BytesIO(buffer.getvalue()))
    made = made_of(read, key)
    for part in name.replace("=", "^").split("^"):
        assert part not in str(made)
    assert made.Manufacturer == dataset.Manufacturer
    assert len(str(made.PatientName)) == 32


def test_an_object_without_patient_id_loses_its_dates(ct, key):
    made = deidentify([ct(PatientID="")], key)
    assert made.nameless == (0,)
    assert made.datasets[0].StudyDate == ""
    assert made.datasets[0].PatientID == ""
    assert made.datasets[0].PatientName == ""


def test_old_age_is_top_coded(ct, key):
    assert made_of(ct(PatientAge="097Y"), key).PatientAge == "090Y"
    assert made_of(ct(PatientAge="011M"), key).PatientAge == "011M"


def test_the_object_says_what_was_done_to_it(ct, key):
    made = made_of(ct(), key)
    assert made.PatientIdentityRemoved == "YES"
    assert made.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = [item.CodeValue for item in made.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113104", "113105", "113107", "113108"]
    basic = made_of(
        ct(), key, modified_dates=False, descriptors="drop", structured_content=False, patient_characteristics=False
    )
    assert [item.CodeValue for item in basic.DeidentificationMethodCodeSequence] == ["113100"]
    assert basic.LongitudinalTemporalInformationModified == "REMOVED"


def content_item(value_type, code, **values):
    name, item = Dataset(), Dataset()
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = code, "DCM", "a concept"
    item.ValueType, item.ConceptNameCodeSequence = value_type, [name]
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def test_a_report_is_cleaned_item_by_item(ct, key):
    made = made_of(
        ct(
            Modality="SR",
            ContentSequence=[
                content_item("TEXT", "121071", TextValue="Lésion du lobe chez Mme LE GOFF"),
                content_item("TEXT", "121022", TextValue="ACC-4711"),  # Accession Number: X
                content_item("PNAME", "121008", PersonName="MARTIN^Paul"),
                content_item("UIDREF", "110180", UID="1.2.3"),
                content_item("NUM", "121206", ContentSequence=[content_item("DATE", "111060", Date="20260102")]),
            ],
        ),
        key,
    )
    first, person, uid, number = made.ContentSequence
    assert first.TextValue == "Lésion du lobe chez Mme <NOM>"
    assert person.PersonName == "REMOVED"
    assert made.StudyInstanceUID == uid.UID
    assert number.ContentSequence[0].Date == made.StudyDate
    assert "ACC-4711" not in str(made)


def test_without_clean_structured_content_nothing_of_a_report_stays(ct, key):
    dataset = ct(Modality="SR", ContentSequence=[content_item("TEXT", "121071", TextValue="Lésion")])
    assert "Lésion" not in str(made_of(dataset, key, structured_content=False))


@pytest.mark.parametrize("name", ["CT_small.dcm", "rtplan.dcm", "reportsi.dcm", "liver_1frame.dcm", "waveform_ecg.dcm"])
def test_real_objects_lose_their_identifiers_and_keep_their_measures(key, name, test_file):
    read = test_file(name)
    made = made_of(read, key)
    assert made.Modality == read.Modality
    assert made.SOPClassUID == read.SOPClassUID
    assert made.SOPInstanceUID != read.SOPInstanceUID
    for keyword in ("Rows", "Columns", "SliceThickness", "KVP", "PixelSpacing"):
        assert made.get(keyword) == read.get(keyword)
    if len(str(read.get("PatientName", ""))) > 3:
        assert str(read.PatientName) not in str(made)


def test_well_known_uids_stay(key):
    assert remapped_uids(["1.2.840.10008.1.2"], key) == ["1.2.840.10008.1.2"]
