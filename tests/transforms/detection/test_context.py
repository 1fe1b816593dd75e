from __future__ import annotations

import pyarrow as pa

from transforms.detection import detect
from transforms.detection.known_schemas import key_of, recognize_schema


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
    assert recognize_schema("", ["BEN_NIR_PSA", "x"])["BEN_NIR_PSA"] == (
        "patient_id",
        "a field of the French SNDS ER_PRS_F",
    )


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


def test_a_bare_name_beside_a_first_name_is_the_last_name():
    table = pa.table({"nom": ["Petit", "Durand", "Le Goff"], "prenom": ["Anne", "Luc", "Zoé"], "rpps": ["1", "2", "3"]})
    assert detect(table).named("nom").kind == "last_name"


def test_a_bare_nombre_beside_apellidos_is_the_first_name():
    table = pa.table({"nombre": ["Lucía", "Javier", "Pablo"], "apellidos": ["García", "Moreno", "Ruiz"]})
    assert detect(table).named("nombre").kind == "first_name"


def test_codes_that_nobody_shares_are_no_diagnoses():
    table = pa.table({"id_courrier": [f"L{row:05d}" for row in range(1, 400)]})
    assert detect(table).named("id_courrier").kind == "row_id"


def test_an_ins_is_told_from_a_nir_by_its_name():
    numbers = [f"1850578006{row:03d}" for row in range(20)]
    table = pa.table({"ins": [f"{number}{97 - int(number) % 97:02d}" for number in numbers]})
    assert detect(table).named("ins").kind == "ins"


def test_most_of_a_table_being_health_leans_an_unknown_measure_to_health():
    rows = range(60)
    table = pa.table(
        {
            "glucose": [80 + row for row in rows],
            "bmi": [20 + row / 7 for row in rows],
            "smoking_status": ["never" if row % 2 else "current" for row in rows],
            "xyzq": [row % 4 for row in rows],
        }
    )
    assert detect(table).named("xyzq").category == "health"


def test_a_table_of_everyday_names_is_known_only_by_its_own():
    names = ["id", "name", "address", "city", "zip", "phone"]
    assert "name" not in recognize_schema("clients", names)
    assert recognize_schema("organizations", names)["name"][0] == "facility_id"
