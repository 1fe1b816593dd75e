"""Are the third party's tables what a test of the whole way needs?"""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pandas as pd
import pytest

SCRIPT = runpy.run_path(str(Path(__file__).with_name("fhir_tables.py")))
fhir_tables, personal_values = SCRIPT["fhir_tables"], SCRIPT["personal_values"]


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str)
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.DataFrame([json.loads(line) for line in path.read_text("utf-8").splitlines()])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fhir") / "out"


@pytest.fixture(scope="module")
def tables(folder) -> dict[str, pd.DataFrame]:
    return {name: read(path) for name, path in fhir_tables(folder, patients=12, seed=3).items()}


def test_each_resource_becomes_a_table_with_flat_headers(tables):
    assert set(tables) == {
        "patients",
        "practitioners",
        "encounters",
        "observations",
        "conditions",
        "medications",
        "allergies",
        "reports",
    }
    assert len(tables["patients"]) == 12
    for header in [
        "id",
        "name_family",
        "name_given",
        "birthDate",
        "gender",
        "telecom_phone",
        "telecom_email",
        "address_line",
        "address_city",
        "address_postalCode",
        "identifier_value",
    ]:
        assert tables["patients"][header].notna().all(), header
    assert {"subject_reference", "code_coding_code", "valueQuantity_value", "valueQuantity_unit"} <= set(
        tables["observations"].columns
    )


def test_measures_and_times_are_typed_and_leading_zeros_stay(tables):
    assert tables["observations"]["valueQuantity_value"].dtype == "float64"
    assert isinstance(tables["observations"]["effectiveDateTime"].dtype, pd.DatetimeTZDtype)
    assert tables["patients"]["address_postalCode"].str.fullmatch(r"0\d{4}").all()


def test_references_join(tables):
    known = set(tables["patients"]["id"])
    for name in ("encounters", "observations", "conditions", "medications"):
        assert set(tables[name]["subject_reference"]) <= known, name
    assert set(tables["medications"]["requester_reference"]) <= set(tables["practitioners"]["id"])


def test_references_can_keep_their_type(tmp_path):
    found = fhir_tables(tmp_path / "typed", patients=2, seed=3, bare_references=False, narratives=False)
    encounters = read(found["encounters"])
    assert encounters["subject_reference"].str.startswith("Patient/").all()
    assert "text_div" not in encounters


def test_every_personal_value_is_listed_and_stands_in_the_tables(folder, tables):
    values = personal_values(folder)
    people = pd.concat([tables["patients"], tables["practitioners"]])
    assert values["phones"] == set(people["telecom_phone"])
    assert values["mails"] == set(people["telecom_email"])
    assert values["addresses"] == set(people["address_line"])
    assert values["names"] == set(people["name_family"]) | set(people["name_given"].str.split().explode())
    assert values["ids"] == {*people["id"], *people["identifier_value"], *tables["encounters"]["id"]}


def test_narratives_repeat_names_as_a_trap(tables):
    for person in tables["patients"].itertuples():
        assert person.name_family in person.text_div


def test_the_same_seed_gives_the_same_tables(tmp_path, folder, tables):
    again = fhir_tables(tmp_path / "again", patients=12, seed=3)
    for name, path in again.items():
        pd.testing.assert_frame_equal(read(path), tables[name])
