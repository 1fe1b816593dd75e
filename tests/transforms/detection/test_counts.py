"""Tables that count people use the words of care for numbers that describe nobody."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from transforms.detection import detect

RNG = random.Random(3)
ROWS = 120


def numbers(high):
    return [str(RNG.randrange(high)) for _ in range(ROWS)]


def kinds(**columns):
    return {finding.name: finding.kind for finding in detect(pa.table(columns))}


@pytest.mark.parametrize(
    ("place", "counts"),
    [
        ("denominazione_regione", ("totale_positivi", "terapia_intensiva", "deceduti", "tamponi")),
        ("dep", ("nb_deces", "hospitalisations", "passages_urgences", "nb_cas")),
        ("Landkreis", ("AnzahlTodesfall", "betten_belegt", "faelle_covid", "AnzahlGenesen")),
        ("comunidad", ("num_casos", "fallecidos", "ingresados_uci", "altas")),
        ("state", ("new_cases", "icu_patients", "total_deaths", "tests_performed")),
    ],
    ids=["it", "fr", "de", "es", "en"],
)
def test_numbers_of_a_table_of_counts_are_quantities(place, counts):
    found = kinds(
        date=["2021-03-01"] * ROWS,
        **{place: RNG.choices(["A", "B"], k=ROWS)},
        **{name: numbers(900) for name in counts},
    )
    assert {found[name] for name in counts} == {"quantity"}


def test_what_the_counts_are_grouped_by_stays_what_it_is():
    found = kinds(
        annee=RNG.choices(["2019", "2020"], k=ROWS),
        region=RNG.choices(["Bretagne", "Occitanie"], k=ROWS),
        finess=[f"75{RNG.randrange(10**6):06d}0" for _ in range(ROWS)],
        nb_sejours=numbers(900),
        nb_deces=numbers(90),
    )
    assert (found["annee"], found["region"], found["finess"]) == ("event_date", "geo", "facility_id")


def test_a_table_of_persons_counts_nobody():
    found = kinds(
        patient_id=[f"P{number:05d}" for number in range(ROWS)],
        region=RNG.choices(["Bretagne", "Occitanie"], k=ROWS),
        num_visits=numbers(9),
        number_of_children=numbers(4),
        creatinine=numbers(300),
        hemoglobin=numbers(17),
    )
    assert (found["patient_id"], found["creatinine"], found["hemoglobin"]) == ("patient_id", "lab_result", "lab_result")
