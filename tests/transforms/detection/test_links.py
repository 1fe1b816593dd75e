from __future__ import annotations

import random

import pyarrow as pa

from transforms.detection import detect

RNG = random.Random(2)
PATIENTS = [f"PT{RNG.randrange(10**6):06d}" for _ in range(200)]


def links(**tables):
    return {(link.table, link.field, link.to_table, link.to_field) for link in detect(tables).links}


def test_a_shared_name_and_shared_values_make_a_link():
    found = links(
        patients=pa.table({"patient_id": PATIENTS}), stays=pa.table({"patient_id": RNG.choices(PATIENTS, k=300)})
    )
    assert found == {("stays", "patient_id", "patients", "patient_id")}


def test_table_and_id_name_their_foreign_key():
    found = links(
        patients=pa.table({"id": list(range(1, 201))}),
        stays=pa.table({"patient_id": RNG.choices(range(1, 201), k=300)}),
    )
    assert found == {("stays", "patient_id", "patients", "id")}


def test_small_counts_of_other_things_make_no_link():
    found = links(
        drugs=pa.table({"drug_id": list(range(1, 201))}),
        stays=pa.table({"quantity": RNG.choices(range(1, 100), k=300)}),
    )
    assert found == set()


def test_floats_and_text_hold_the_same_ids():
    found = links(
        patients=pa.table({"ipp": [str(1_000_000 + row) for row in range(0, 400, 2)]}),
        stays=pa.table({"ipp": [float(1_000_000 + 2 * RNG.randrange(200)) for _ in range(300)]}),
    )
    assert found == {("stays", "ipp", "patients", "ipp")}


def test_values_that_are_not_all_found_make_no_link():
    found = links(
        patients=pa.table({"patient_id": PATIENTS}),
        stays=pa.table({"patient_id": [f"ZZ{row:06d}" for row in range(300)]}),
    )
    assert found == set()
