from __future__ import annotations

import pyarrow as pa
import pytest

from transforms.detection.profile import profile
from transforms.detection.recognizers import calendar, codes_of_few, labels, numbers, patterns, people, places, prose

CASES = [
    (patterns, "iban", ["FR14 2004 1010 0505 0001 3M02 606"] * 3),
    (patterns, "lab_test", ["718-7", "2160-0", "2345-7", "2951-2", "2823-3"]),
    (patterns, "procedure", ["HHFA001", "DEQP003", "YYYY001", "ZBQK002"]),
    (patterns, "drug", ["3400930123456", "3400936789012"]),
    (patterns, "ip_address", ["10.0.0.1", "192.168.1.254"]),
    (patterns, "study_uid", ["1.2.840.113619.2.55.3.604688119.971"]),
    (patterns, "genetic", ["rs429358", "rs7412"]),
    (patterns, "address", ["12 rue de la Paix", "3 bis avenue Foch", "45 boulevard Voltaire"]),
    (patterns, "address", ["Hauptstraße 12", "Am Markt 3"]),
    (patterns, "national_id", ["12345678Z", "87654321X"]),
    (patterns, "image", ["/data/img/0001.dcm", "scan.png"]),
    (people, "first_name", ["Marie", "Jean", "Anne-Laure", "Luc", "Zoé", "Karim"] * 3),
    (people, "last_name", ["Martin", "Bernard", "Petit", "Garcia", "Lefebvre", "Moreau"] * 3),
    (people, "person_name", ["Marie Martin", "Jean Petit", "Luc Bernard", "Anne Moreau"] * 3),
    (labels, "diagnosis", ["Insuffisance cardiaque", "Pneumopathie", "Appendicite"]),
    (labels, "drug", ["Ramipril 5 mg", "Metformin", "Pantoprazol"]),
    (labels, "ward", ["CARDIOLOGIE", "Réanimation", "Urgences"]),
    (labels, "marital_status", ["verheiratet", "ledig"]),
    (places, "city", ["Rennes", "Brest", "Nantes", "Lyon", "Milano", "Aachen"]),
    (places, "postal_code", ["35000", "29200", "01000", "75001", "13001"]),
    (places, "city", ["35238", "29019", "2A004", "75056", "13055", "01004"]),
    (places, "country", ["France", "Belgique", "Maroc", "Italia"]),
    (codes_of_few, "sex", ["M", "F", "F", "M"]),
    (codes_of_few, "sex", ["male", "female"]),
    (codes_of_few, "unit", ["mmol/L", "g/dL", "µmol/L"]),
    (calendar, "birth_date", [f"{year}-05-06" for year in range(1930, 2012)]),
    (calendar, "birth_date", [f"{year}0506" for year in range(1930, 2012)]),
    (calendar, "event_date", ["2023-01-02", "2023-05-06"]),
    (numbers, "age", [str(age) for age in range(3, 98)]),
    (numbers, "geo", [f"48.1{number:05d}" for number in range(20)]),
    (numbers, "amount", [f"{number * 13}.50" for number in range(1, 90)]),
    (
        prose,
        "free_text",
        [f"Patient vu ce jour, examen normal, à revoir dans {days} jours au moins" for days in range(30)],
    ),
]


@pytest.mark.parametrize(
    ("recognizer", "kind", "values"),
    CASES,
    ids=[f"{r.__name__.rpartition('.')[2]}-{k}-{n}" for n, (r, k, _) in enumerate(CASES)],
)
def test_values_lead_to_their_kind(recognizer, kind, values):
    found = recognizer.read(profile("x", pa.chunked_array([values]), 0))
    assert max(found, key=lambda evidence: evidence.weight).kind == kind


NEGATIVES = [
    (patterns, ["Dupont", "Durand"]),
    (people, ["CT", "MRI", "US"]),
    (labels, ["alpha", "beta"]),
    (places, ["12345678", "98765432"]),
    (codes_of_few, ["X", "Y", "Z"]),
    (calendar, ["12", "13"]),
    (numbers, ["abc"]),
    (prose, ["oui", "non"]),
]


@pytest.mark.parametrize(
    ("recognizer", "values"), NEGATIVES, ids=lambda each: getattr(each, "__name__", "")[-12:] or None
)
def test_other_values_lead_nowhere(recognizer, values):
    assert list(recognizer.read(profile("x", pa.chunked_array([values]), 0))) == []
