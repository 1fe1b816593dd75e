from __future__ import annotations

import pyarrow as pa

from transforms.detection import detect
from transforms.detection.context import key_of, recognize_schema


def test_an_omop_table_is_recognized_by_its_fields():
    names = ["person_id", "visit_occurrence_id", "visit_concept_id", "visit_start_date", "care_site_id"]
    found = recognize_schema("", names)
    assert found["visit_concept_id"] == ("care_reason", "a field of OMOP visit_occurrence")
    assert found["visit_occurrence_id"][0] == "encounter_id"


def test_row_ids_of_omop_are_not_direct():
    table = pa.table(
        {
            name: ["1", "2"]
            for name in ("condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date")
        }
    )
    assert detect(table).named("condition_occurrence_id").kind == "row_id"


def test_a_telling_name_is_known_outside_its_table():
    assert recognize_schema("", ["BEN_NIR_PSA", "x"])["BEN_NIR_PSA"] == ("patient_id", "a field of FRANCE")


def test_cdisc_variables_are_known_by_domain_and_suffix():
    assert recognize_schema("ae", ["AETERM", "AESTDTC", "AESEQ"])["AETERM"][0] == "diagnosis"


def test_a_few_shared_words_make_no_schema():
    assert recognize_schema("", ["id", "name", "colour", "size", "weight"]) == {}


def test_hl7_segments_are_known_however_written():
    assert key_of("PID-5.1") == key_of("pid.5.1") == "pid_5_1"


def test_a_value_beside_units_is_a_result():
    table = pa.table({"value": ["3.5", "141"], "unit": ["mmol/L", "mg/dL"], "x": ["a", "b"]})
    assert detect(table).named("value").kind == "lab_result"


def test_an_id_beside_names_is_the_patients():
    table = pa.table(
        {"id": ["17", "4", "92"], "nom_usuel": ["Petit", "Durand", "Le Goff"], "prenom": ["Anne", "Luc", "Zoé"]}
    )
    assert detect(table).named("id").kind == "patient_id"
