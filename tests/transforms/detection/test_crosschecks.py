from __future__ import annotations

import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

from transforms.detection import detect

ROWS = 120


@pytest.fixture
def persons():
    rng = random.Random(21)
    births = [date(1940, 1, 1) + timedelta(days=rng.randrange(60 * 365)) for _ in range(ROWS)]
    sexes = [rng.choice("12") for _ in births]
    nirs = [
        f"{s}{b:%y%m}{rng.randrange(1, 96):02d}{rng.randrange(10**6):06d}" for s, b in zip(sexes, births, strict=True)
    ]
    return births, sexes, nirs


def test_a_date_that_agrees_with_the_nir_is_the_birth_date(persons):
    births, _, nirs = persons
    table = pa.table(
        {
            "c1": nirs,
            "c2": [str(day) for day in births],
            "c3": [str(date(2023, 1, 1) + timedelta(days=3 * n)) for n in range(ROWS)],
        }
    )
    found = detect(table)
    assert [finding.kind for finding in found] == ["nir", "birth_date", "event_date"]
    assert "year and month are those that c1 says, in 100% of the rows" in found[1].evidence
    assert "it agrees with the birth date in c2, in 100% of the rows" in found[0].evidence


def test_a_code_that_follows_the_nirs_first_digit_is_the_sex(persons):
    _, sexes, nirs = persons
    rng = random.Random(1)
    table = pa.table(
        {"c1": nirs, "c2": ["A" if sex == "1" else "B" for sex in sexes], "c3": [rng.choice("AB") for _ in sexes]}
    )
    found = detect(table)
    assert found[1].kind == "sex"
    assert found[2].kind != "sex"


def test_an_age_is_known_by_the_year_of_birth(persons):
    births, _, _ = persons
    rng = random.Random(2)
    table = pa.table(
        {
            "ddn": [f"{day:%d/%m/%Y}" for day in births],
            "c2": [2024 - day.year for day in births],
            "c3": [rng.randrange(30, 90) for _ in births],
        }
    )
    found = detect(table)
    assert found[1].kind == "age"
    assert "with the year of birth in ddn it adds up to the same years" in found[1].evidence
    assert "with the year of birth in ddn it adds up to the same years" not in found[2].evidence


def test_a_code_that_goes_with_one_label_is_of_the_labels_kind():
    rng = random.Random(3)
    drugs = {"17": "Ramipril 5 mg", "23": "Metformine 850", "41": "Paracétamol 1 g", "58": "Amoxicilline 500 mg"}
    codes = rng.choices(list(drugs), k=ROWS)
    found = detect(
        pa.table(
            {
                "c1": codes,
                "libelle_medicament": [drugs[code] for code in codes],
                "c3": rng.choices(["17", "23", "41"], k=ROWS),
            }
        )
    )
    assert found[0].kind == "drug"
    assert "each of its values goes with one value of libelle_medicament" in found[0].evidence
    assert found[2].kind != "drug"


def test_nulls_and_lists_of_other_lengths_do_not_shift_the_rows(persons):
    births, _, nirs = persons
    holes = [None if row % 3 == 0 else str(day) for row, day in enumerate(births)]
    table = pa.table({"c1": nirs, "tags": [["a", "b"]] * ROWS, "c3": holes})
    assert detect(table).named("c3").kind == "birth_date"
