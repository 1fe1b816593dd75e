"""What the profile says of an attribute, from the standard's table and the options."""

import csv
from pathlib import Path

import pytest

import transforms.dicom.profile as profile_module
from transforms.dicom import Action, Options, read_profile
from transforms.errors import InvalidOption


def rows(name):
    lines = Path(profile_module.__file__).with_name(name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_the_tables_of_the_standard_are_whole():
    attributes, items = rows("attributes.csv"), rows("content_items.csv")
    assert len(attributes) == 656
    assert len({row["tag"] for row in attributes}) == 656
    assert len(items) == 214
    assert {row["basic"] for row in attributes} == {"D", "Z", "X", "U", "X/Z", "X/D", "Z/D", "X/Z/D", "X/Z/U*"}


@pytest.mark.parametrize("name", ["attributes.csv", "content_items.csv"])
def test_the_tables_name_edition_licence_and_day(name):
    head = Path(profile_module.__file__).with_name(name).read_text("utf-8")[:700]
    assert "2026d" in head
    assert "MIT" in head
    assert "read 2026-11-25" in head


@pytest.mark.parametrize(
    ("tag", "vr", "action"),
    [
        (0x00080090, "PN", Action.EMPTY),  # Referring Physician's Name: Z
        (0x00080050, "SH", Action.EMPTY),  # Accession Number: Z
        (0x00100030, "DA", Action.EMPTY),  # Patient's Birth Date: Z, with every option
        (0x00101000, "LO", Action.REMOVE),  # Other Patient IDs: X
        (0x00080018, "UI", Action.UID),  # SOP Instance UID: U
        (0x00080016, "UI", Action.KEEP),  # SOP Class UID: not in the table
        (0x00080020, "DA", Action.SHIFT),  # Study Date: C with modified dates
        (0x00081030, "LO", Action.CLEAN),  # Study Description: C with clean descriptors
        (0x0040A730, "SQ", Action.CONTENT),  # Content Sequence: C with clean structured content
        (0x00100040, "CS", Action.KEEP),  # Patient's Sex: K with patient characteristics
        (0x00081010, "SH", Action.DUMMY),  # Station Name: X/Z/D
    ],
)
def test_the_default_options_give(tag, vr, action):
    assert read_profile().rule(tag, vr).action is action


@pytest.mark.parametrize(
    ("options", "tag", "vr", "action"),
    [
        (Options(modified_dates=False), 0x00080020, "DA", Action.EMPTY),
        (Options(descriptors="drop"), 0x00081030, "LO", Action.REMOVE),
        (Options(structured_content=False), 0x0040A730, "SQ", Action.DUMMY),
        (Options(patient_characteristics=False), 0x00100040, "CS", Action.EMPTY),
        (Options(device=True), 0x00181000, "LO", Action.KEEP),
        (Options(institution=True), 0x00080080, "LO", Action.KEEP),
    ],
)
def test_an_option_changes_its_attributes(options, tag, vr, action):
    assert read_profile(options).rule(tag, vr).action is action


@pytest.mark.parametrize(
    ("vr", "action"), [("PN", Action.EMPTY), ("UR", Action.REMOVE), ("DT", Action.SHIFT), ("LT", Action.CLEAN)]
)
def test_an_attribute_that_came_after_the_table_is_not_kept_blindly(vr, action):
    assert read_profile().rule(0x0008FFFE, vr).action is action


def test_options_that_there_are_not_are_refused():
    with pytest.raises(InvalidOption, match="redact, drop"):
        Options(descriptors="clean")
    with pytest.raises(InvalidOption, match="days"):
        Options(days=0)
