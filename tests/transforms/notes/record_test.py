import datetime as dt

import pytest

from transforms.notes.labels import resolve
from transforms.notes.note import Note
from transforms.notes.record import read_record
from transforms.notes.recorded import find_recorded

KEYS = [
    {"nom": "Dupont", "prenom": "Jean", "date_naissance": "1950-03-12", "ville": "Lyon"},
    {"LAST_NAME": "DUPONT", "FIRST_NAME": "JEAN", "BIRTH_DATE": dt.date(1950, 3, 12), "CITY": "LYON"},
    {"nomUsuel": "dupont", "prenoms": ["Jean", "Marie"], "dateNaissance": "12/03/1950", "Ville": "Lyon"},
    {"name": [{"family": "Dupont", "given": ["Jean"]}], "birthDate": "1950-03-12", "address": [{"city": "Lyon"}]},
    {"NOM_NAISSANCE": "Dupont", "Prénom": "Jean", "DDN": "19500312", "commune": "Lyon"},
    {
        "surname": "Dupont",
        "given_name": "Jean",
        "né le": None,
        "x": dt.datetime(1950, 3, 12, tzinfo=dt.UTC),
        "lieu_naissance": "Lyon",
    },
]


def found_in(text, record):
    note = Note(text)
    return [(text[start:end], label) for start, end, label in resolve(find_recorded(note, read_record(record)), text)]


@pytest.mark.parametrize("record", KEYS)
def test_a_record_is_read_whatever_its_keys(record):
    assert found_in("dupont jean de lyon", record) == [("dupont", "NOM"), ("jean", "PRENOM"), ("lyon", "VILLE")]
    assert read_record(record).births == {dt.date(1950, 3, 12)}


@pytest.mark.parametrize("written", ["Le Goff", "LE GOFF", "le goff", "LEGOFF", "Le-Goff", "Le\nGoff"])
def test_a_surname_is_found_in_every_written_form(written):
    assert found_in(f"avec {written} ici", {"nom": "Le Goff"}) == [(written, "NOM")]


@pytest.mark.parametrize("written", ["Zoé", "ZOE", "zoe", "Zoë"])
def test_lost_accents_do_not_hide_a_first_name(written):
    assert found_in(f"avec {written} ici", {"prenom": "Zoé"}) == [(written, "PRENOM")]


@pytest.mark.parametrize(
    "written", ["04 72 00 00 00", "0472000000", "04.72.00.00.00", "+33 4 72 00 00 00", "+33 (0)4 72 00 00 00"]
)
def test_a_phone_is_found_in_every_written_form(written):
    assert found_in(f"au {written}, merci", {"telephone": "0472000000"}) == [(written, "TEL")]


@pytest.mark.parametrize(
    "written", ["185057800608436", "1 85 05 78 006 084", "1 85 05 78 006 084 36", "1.85.05.78.006.084/36"]
)
def test_a_nir_is_found_with_and_without_its_key(written):
    assert found_in(f"NSS {written}", {"nir": "185057800608491"}) == [(written, "SECU")]


def test_initials_stand_beside_the_surname():
    assert found_in("J-P. Dupont, DUPONT J.", {"nom": "Dupont", "prenom": "Jean-Pierre"}) == [
        ("J-P", "PRENOM"),
        ("Dupont", "NOM"),
        ("DUPONT", "NOM"),
        ("J", "PRENOM"),
    ]


def test_a_surname_that_is_a_plain_word_needs_a_capital():
    assert found_in("petit nodule de M. Petit", {"nom": "Petit"}) == [("Petit", "NOM")]


def test_an_address_is_found_without_its_number_and_town():
    assert found_in("vit rue des lilas", {"adresse": "12 bis rue des Lilas, 69003 Lyon"}) == [
        ("rue des lilas", "ADRESSE")
    ]


def test_a_number_inside_a_longer_one_is_not_the_patients():
    assert found_in("lot 980012345671", {"ipp": 8001234567}) == []


@pytest.mark.parametrize("value", [None, "", " ", "-", float("nan"), [], {}, [None], 0, True])
def test_values_that_say_nothing_are_left_out(value):
    assert found_in("Nan 0 - True", {"nom": value, "naissance": value, "tel": value, "autre": value}) == []


def test_a_disease_that_bears_the_patients_name_stays():
    assert found_in("M. Hodgkin, maladie de Hodgkin", {"nom": "Hodgkin"}) == [("Hodgkin", "NOM")]


def test_a_misspelt_surname_is_found():
    assert found_in("vu Mme Lefebure", {"nom": "Lefebvre"}) == [("Lefebure", "NOM")]
