from __future__ import annotations

import pyarrow as pa
import pytest

from transforms.detection.hidden import find_hidden

PLANTED = {
    "a NIR with a right key": "adresser au 185057800608491 svp",
    "a phone number": "rappeler le 06 12 34 56 78 demain",
    "an e-mail address": "écrire à jean.dupont@example.org",
    "an IBAN": "virer sur FR14 2004 1010 0505 0001 3M02 606 merci",
    "an Italian codice fiscale": "il paziente RSSMRA85T10A562S torna",
    "a Spanish DNI": "paciente con DNI 12345678Z acude",
    "a US social security number": "ssn 123-45-6789 on file",
}


@pytest.mark.parametrize("words", PLANTED)
def test_one_row_in_many_is_found_and_counted(words):
    rows = ["Examen du 12/03/2024 normal, TA 12/8, revu à 10:30, 3 prises de 500 mg"] * 2_000
    rows[1_234] = PLANTED[words]
    found = find_hidden(pa.chunked_array([rows]))
    assert [one.words for one in found] == [f"1 of 2000 rows holds {words}"]


def test_dates_doses_and_lab_values_hide_nothing():
    rows = ["le 01/02/2023", "Na 140 K 4,5 Cl 102", "10 000 UI/j", "dossier 123456", "2023-01-02 10:11:12", None, ""]
    assert find_hidden(pa.chunked_array([rows])) == ()


def test_many_rows_are_estimated():
    found = find_hidden(pa.chunked_array([[f"tel 06 12 34 {row % 90 + 10} 78" for row in range(30_000)]]))
    assert found[0].kind == "phone"
    assert 29_000 <= found[0].rows <= 31_000
