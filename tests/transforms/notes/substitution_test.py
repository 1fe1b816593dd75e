import datetime as dt

import pyarrow as pa
import pytest

from transforms import Key, redact_notes, shift_dates, surrogate
from transforms.errors import DouaneError

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
NOTE = "Mme LE GOFF Jeanne, née le 12/03/1950, vue le 3 mars 2021. J. LEGOFF, IPP 8001234567"
RECORD = {"nom": "Le Goff", "prenom": "Jeanne"}


def redacted(notes, patients=None, by=None):
    by = by or ["p1"] * len(notes)
    return redact_notes(notes, patients=patients, key=KEY, by=by, replace="surrogate").texts


def test_a_person_has_the_false_name_of_the_tables():
    names = surrogate(pa.array(["LE GOFF", "Le Goff"]), KEY, kind="last_name").to_pylist()
    first = surrogate(pa.array(["Jeanne"]), KEY, kind="first_name").to_pylist()[0]
    (text,) = redacted([NOTE], [RECORD])
    assert text.startswith(f"Mme {names[0]} {first},")
    assert f"{first[0]}. {names[0]}" in text


def test_dates_move_by_the_patients_shift_and_keep_their_form():
    (day,) = shift_dates(pa.array([dt.date(1950, 3, 12)]), KEY, by=pa.array(["p1"])).to_pylist()
    assert day.strftime("née le %d/%m/%Y,") in redacted([NOTE])[0]


def test_numbers_without_a_fiction_range_get_labels():
    assert redacted([NOTE])[0].endswith("IPP <IPP>")


def test_a_note_without_a_patient_keeps_no_date():
    assert redacted(["vu le 3 mars 2021", None], by=[None, "p1"]) == ["vu le <DATE>", None]


def test_surrogates_need_a_key_and_patients():
    with pytest.raises(DouaneError, match="key and by"):
        redact_notes(["a"], replace="surrogate")
