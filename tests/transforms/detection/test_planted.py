"""Identifiers of each kind, in one row of 100,000 of a comment column: all are found, with the number of rows."""

from __future__ import annotations

import json
import logging

import pyarrow as pa
import pytest

from transforms.detection import detect
from transforms.detection.looks import LOOKS

ROWS = 100_000
PLANTED = {
    "a NIR with a right key": "dossier de l'épouse 1 85 05 78 006 084 91 à relier",
    "what looks like a NIR": "sécu 2 79 11 35 238 017 manque la clé",
    "a phone number": "rappeler au 06.39.98.12.03 demain",
    "an e-mail address": "écrire à zoe.vauquelin@example.org",
    "an IBAN": "remboursement sur FR14 2004 1010 0505 0001 3M02 606 svp",
    "an Italian codice fiscale": "CF RSSMRA85T10A562S comunicato",
    "a Spanish DNI": "aporta DNI 12345678Z en ventanilla",
    "a US social security number": "SSN 219-09-9999 on file",
    "a Belgian national number": "numéro national 85.07.30-033.28",
    "a Swiss AHV number": "AHV 756.9217.0769.85 vorgelegt",
    "an NHS number": "seen before as 943 476 5919 elsewhere",
    "a German insured person's number": "versichert unter A123456780 bis Ende",
    "an RPPS number": "adressé par 10003456786 ce jour",
    "an IP address": "saisi depuis 192.168.10.27 hier",
    "a MAC address": "capteur 00:1B:44:11:3A:B7 remplacé",
    "a web address": "images sur https://pacs.example.org/v/8812",
    "a DICOM UID": "étude 1.2.840.113619.2.55.3.604688119.971 relue",
    "a French licence plate": "véhicule AB-123-CD sur le parking",
    "a number of a patient or stay": "doublon avec IPP 80012345 probable",
    "a title and a name": "vu avec Mme Vauquelin et sa fille",
    "a postal address": "habite 12 bis rue des Lilas maintenant",
    "a date of birth": "enfant né le 12/03/1961 selon la mère",
}


@pytest.fixture(scope="module")
def comments():
    rows = [f"contrôle numéro {row} sans particularité, poursuite du traitement" for row in range(ROWS)]
    for place, text in enumerate(PLANTED.values()):
        rows[4_321 + place * 4_000] = text
    return pa.table({"commentaire": rows})


@pytest.fixture(scope="module")
def finding(comments):
    return detect(comments)[0]


def test_a_case_is_planted_for_every_look():
    assert list(PLANTED) == [look.words for look in LOOKS]


@pytest.mark.parametrize("words", PLANTED)
def test_the_one_row_is_found_and_counted(finding, words):
    assert f"1 of {ROWS} rows holds {words}" in finding.evidence
    assert finding.kind == "free_text"


def test_a_rare_identifier_is_found_among_many_of_another_sort():
    rows = [f"rappeler au 06 39 98 {row % 90 + 10} 03" for row in range(30_000)]
    rows[17_017] = PLANTED["an IBAN"]
    evidence = detect(pa.table({"note": rows}))[0].evidence
    assert "1 of 30000 rows holds an IBAN" in evidence


def test_nothing_of_a_row_is_said_or_logged(comments, caplog):
    with caplog.at_level(logging.DEBUG):
        findings = detect({"notes": comments})
    said = json.dumps(findings.as_dict(), ensure_ascii=False) + findings._repr_html_() + repr(findings) + caplog.text
    for text in PLANTED.values():
        assert not [
            word for word in text.split() if len(word) > 3 and any(sign.isdigit() for sign in word) and word in said
        ]
    assert "Vauquelin" not in said


CLEAN = [
    "TA 12/8, FC 72, SpO2 98 %, température 37.2",
    "Tension 130/80 mmHg, poids 72.5 kg, taille 1.75 m",
    "Stade T3N1M0, grade 2, Ki67 15 %, RE 100 %, RP 80 %",
    "paracétamol 1 g x 3/j pendant 5 jours puis arrêt",
    "LOINC 2345-7, CIM-10 E11.9, CCAM HHFA001, version 2.4.1",
    "créatinine 84 µmol/l le 12/03/2024, contrôle dans 3 mois",
]


def test_measures_codes_and_versions_are_no_identifiers():
    assert not [words for words in detect(pa.table({"note": CLEAN * 20}))[0].evidence if "rows hold" in words]
