"""The short names of research tables, read by what stands around them."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from transforms.detection import detect

RNG = random.Random(5)
ROWS = 90
ILL = {
    "age": [str(RNG.randrange(20, 90)) for _ in range(ROWS)],
    "sex": RNG.choices("MF", k=ROWS),
    "creat": [f"{RNG.uniform(0.4, 3):.1f}" for _ in range(ROWS)],
    "diabetes": RNG.choices(["yes", "no"], k=ROWS),
    "sbp": [str(RNG.randrange(90, 190)) for _ in range(ROWS)],
}


def kinds(**columns):
    return {finding.name: finding.kind for finding in detect(pa.table(columns))}


def test_a_bare_id_of_persons_is_theirs_also_when_it_counts_the_rows():
    assert kinds(id=[str(row) for row in range(1, ROWS + 1)], **ILL)["id"] == "patient_id"


def test_a_bare_id_beside_the_patients_numbers_rows():
    patients = [f"P{RNG.randrange(20):04d}" for _ in range(ROWS)]
    assert kinds(id=[str(row) for row in range(1, ROWS + 1)], patient_id=patients, **ILL)["id"] == "row_id"


def test_a_bare_id_of_things_stays_a_row_id():
    found = kinds(id=[str(row) for row in range(1, ROWS + 1)], label=RNG.choices(["box", "shelf", "tray"], k=ROWS))
    assert found["id"] == "row_id"


def test_status_among_fields_of_care_is_the_patients():
    assert kinds(status=RNG.choices("012", k=ROWS), **ILL)["status"] == "severity"


def test_status_among_orders_is_technical():
    found = kinds(order_id=[f"O{row:06d}" for row in range(ROWS)], status=RNG.choices(["sent", "done"], k=ROWS))
    assert found["status"] == "technical"


@pytest.mark.parametrize("coded", [("1_yes", "0_no"), ("y", "n", "nk"), ("1: oui", "2: non")])
def test_yes_and_no_are_known_with_numbers_and_unknowns_beside_them(coded):
    assert kinds(zzq=RNG.choices(coded, k=ROWS), label=["x"] * ROWS)["zzq"] == "flag"


def test_a_flag_that_nothing_explains_is_a_diagnosis_among_fields_of_care():
    assert kinds(zzq=RNG.choices("01", k=ROWS), **ILL)["zzq"] == "diagnosis"


@pytest.mark.parametrize("name", ["phq9_total", "eq5d_mob", "SOFA_J0", "nihss_ingr", "barthel_index"])
def test_an_instrument_gives_a_score_whatever_else_its_name_says(name):
    assert kinds(**{name: [str(RNG.randrange(5)) for _ in range(ROWS)]})[name] == "severity"


def test_sides_of_the_body_are_no_state_of_health():
    assert kinds(eye=RNG.choices(["left", "right"], k=ROWS), **ILL)["eye"] == "technical"


def test_a_length_of_stay_is_a_quantity():
    found = kinds(los=[str(RNG.randrange(1, 40)) for _ in range(ROWS)], **ILL)
    assert found["los"] == "quantity"
