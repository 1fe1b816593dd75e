"""Are comments that speak of persons text, and numbers that are certain what they are?"""

from __future__ import annotations

import uuid

import pyarrow as pa
import pytest

from transforms import detect

COMMENTS = [f"M. {name} à rappeler" for name in ("MARTIN", "DURAND", "LEFEBVRE", "PETIT", "MOREAU")] * 98 + ["RAS"] * 10


@pytest.mark.parametrize("name", ["commentaire", "c1"])
def test_comments_that_name_persons_are_text(name):
    assert detect(pa.table({name: COMMENTS}))[0].kind == "free_text"


def test_names_with_a_title_are_names_also_under_a_strange_header():
    names = [f"Mme {first} de {last}" for first in ("Anne", "Léa", "Zoé") for last in ("Brie", "Vigny", "Sade")] * 20
    assert detect(pa.table({"c1": names}))[0].kind == "person_name"


def test_phone_numbers_beat_a_header_that_says_unit():
    phones = [f"06{number:08d}" for number in range(12_345_678, 12_345_978)]
    assert detect(pa.table({"unite": phones}))[0].kind == "phone"


def test_uuids_hide_no_phone_number():
    ids = [str(uuid.UUID(int=number * 7_919**8)) for number in range(1, 2_000)]
    for values in (ids, [f"voir {each} svp" for each in ids]):
        evidence = detect(pa.table({"id": values}))[0].evidence
        assert not [words for words in evidence if "phone" in words]


@pytest.mark.parametrize("prefix", ["Patient/", "urn:uuid:", ""])
def test_a_reference_is_the_id_of_what_it_points_to(prefix):
    ids = [str(uuid.UUID(int=number * 7_919**8)) for number in range(1, 200)]
    patients = pa.table({"id": ids, "birthDate": ["1960-01-01"] * len(ids), "family": ["Martin"] * len(ids)})
    visits = pa.table({"subject_reference": [prefix + each for each in ids[:50]] * 4})
    found = detect({"patients": patients, "encounters": visits})
    assert found["encounters"][0].kind == "patient_id"
    assert ("encounters", "patients") in {(link.table, link.to_table) for link in found.links}
