"""Write `data/samples/omop`: an invented extract of an OMOP CDM 5.4 warehouse, all of its columns, 40 persons.

`python -m data.samples.generator.omop`. Tables and columns: OHDSI Common Data Model 5.4, https://ohdsi.github.io/CommonDataModel/cdm54.html
(Apache-2.0), read 2026-11-25. Persons, stays and letters are invented; concept numbers are those of the Athena vocabularies.
"""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "omop"
PERSONS = 40
COLUMNS = {
    "person": "person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime race_concept_id"
    " ethnicity_concept_id location_id provider_id care_site_id person_source_value gender_source_value"
    " gender_source_concept_id race_source_value race_source_concept_id ethnicity_source_value ethnicity_source_concept_id",
    "visit_occurrence": "visit_occurrence_id person_id visit_concept_id visit_start_date visit_start_datetime visit_end_date"
    " visit_end_datetime visit_type_concept_id provider_id care_site_id visit_source_value visit_source_concept_id"
    " admitted_from_concept_id admitted_from_source_value discharged_to_concept_id discharged_to_source_value"
    " preceding_visit_occurrence_id",
    "condition_occurrence": "condition_occurrence_id person_id condition_concept_id condition_start_date"
    " condition_start_datetime condition_end_date condition_end_datetime condition_type_concept_id"
    " condition_status_concept_id stop_reason provider_id visit_occurrence_id visit_detail_id condition_source_value"
    " condition_source_concept_id condition_status_source_value",
    "measurement": "measurement_id person_id measurement_concept_id measurement_date measurement_datetime measurement_time"
    " measurement_type_concept_id operator_concept_id value_as_number value_as_concept_id unit_concept_id range_low"
    " range_high provider_id visit_occurrence_id visit_detail_id measurement_source_value measurement_source_concept_id"
    " unit_source_value unit_source_concept_id value_source_value measurement_event_id meas_event_field_concept_id",
    "death": "person_id death_date death_datetime death_type_concept_id cause_concept_id cause_source_value"
    " cause_source_concept_id",
    "note": "note_id person_id note_date note_datetime note_type_concept_id note_class_concept_id note_title note_text"
    " encoding_concept_id language_concept_id provider_id visit_occurrence_id visit_detail_id note_source_value"
    " note_event_id note_event_field_concept_id",
}
SURNAMES = ("Quillfeldt", "Brisebarre", "Vauquelin", "Tillemont", "Charlebois")
CONDITIONS = ((320128, "I10"), (201826, "E11.9"), (255848, "J18.9"))
MEASUREMENTS = ((3019550, "2951-2", "mmol/L", 8753, 138), (3020564, "14682-9", "umol/L", 8749, 88))


def main(folder: Path = FOLDER) -> None:
    """Write the tables."""
    chance = random.Random(54)  # noqa: S311 - a sample is the same every time
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in COLUMNS}
    for number in range(1, PERSONS + 1):
        person = 700_000 + 13 * number
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(20_000))
        sex = chance.choice(((8507, "M"), (8532, "F")))
        tables["person"].append(
            {
                "person_id": person,
                "gender_concept_id": sex[0],
                "year_of_birth": born.year,
                "month_of_birth": born.month,
                "day_of_birth": born.day,
                "birth_datetime": f"{born}T00:00:00",
                "race_concept_id": 0,
                "ethnicity_concept_id": 0,
                "location_id": 40 + number % 7,
                "care_site_id": 5,
                "person_source_value": f"800{person}",
                "gender_source_value": sex[1],
                "gender_source_concept_id": 0,
                "race_source_concept_id": 0,
                "ethnicity_source_concept_id": 0,
            }
        )
        for stay in range(1 + number % 3):
            _stay(chance, tables, person, 9_000_000 + 10 * number + stay, SURNAMES[number % 5])
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _stay(
    chance: random.Random, tables: dict[str, list[dict[str, object]]], person: int, visit: int, surname: str
) -> None:
    first = datetime(2025, 1, 1, 8)  # noqa: DTZ001 - OMOP's times have no zone
    begin = first + timedelta(days=chance.randrange(400), minutes=chance.randrange(600))
    end = begin + timedelta(days=chance.randrange(1, 9))
    common = {"person_id": person, "visit_occurrence_id": visit, "provider_id": 300 + visit % 11}
    tables["visit_occurrence"].append(
        common
        | {
            "visit_concept_id": 9201,
            "visit_start_date": begin.date(),
            "visit_start_datetime": begin.isoformat(),
            "visit_end_date": end.date(),
            "visit_end_datetime": end.isoformat(),
            "visit_type_concept_id": 32817,
            "care_site_id": 5,
            "visit_source_value": f"26{visit}",
            "visit_source_concept_id": 0,
            "admitted_from_concept_id": 8717,
            "discharged_to_concept_id": 581476,
        }
    )
    condition, code = chance.choice(CONDITIONS)
    tables["condition_occurrence"].append(
        common
        | {
            "condition_occurrence_id": visit * 2 + 1,
            "condition_concept_id": condition,
            "condition_start_date": begin.date(),
            "condition_start_datetime": begin.isoformat(),
            "condition_type_concept_id": 32817,
            "condition_source_value": code,
            "condition_source_concept_id": 0,
        }
    )
    for at, (concept, code, unit, unit_concept, middle) in enumerate(MEASUREMENTS):
        value = round(middle * chance.uniform(0.9, 1.1), 1)
        tables["measurement"].append(
            common
            | {
                "measurement_id": visit * 3 + at,
                "measurement_concept_id": concept,
                "measurement_date": begin.date(),
                "measurement_datetime": begin.isoformat(),
                "measurement_type_concept_id": 32856,
                "value_as_number": value,
                "unit_concept_id": unit_concept,
                "measurement_source_value": code,
                "measurement_source_concept_id": 0,
                "unit_source_value": unit,
                "value_source_value": value,
            }
        )
    if visit % 4 == 0:
        tables["note"].append(
            common
            | {
                "note_id": visit * 5,
                "note_date": end.date(),
                "note_datetime": end.isoformat(),
                "note_type_concept_id": 32831,
                "note_class_concept_id": 3_000_735,
                "note_title": "Compte rendu d'hospitalisation",
                "note_text": f"Mme {surname}, hospitalisée le {begin:%d/%m/%Y}. Sortie sous bisoprolol. Dr Anne {SURNAMES[visit % 5]}.",
                "encoding_concept_id": 32678,
                "language_concept_id": 4180190,
            }
        )
    if visit % 17 == 0:
        tables["death"].append(
            {
                "person_id": person,
                "death_date": end.date(),
                "death_datetime": end.isoformat(),
                "death_type_concept_id": 32817,
                "cause_concept_id": condition,
            }
        )


if __name__ == "__main__":
    main()
