from __future__ import annotations

import pyarrow as pa
import pytest

from transforms.detection import detect
from transforms.detection.contradictions import contradicts
from transforms.detection.profile import profile


def of(values):
    return profile("x", pa.chunked_array([values]), 0)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("email", ["oui", "non"]),
        ("phone", ["mobile", "fixe"]),
        ("birth_date", ["unknown place", "elsewhere"]),
        ("last_name", ["12345", "67890"]),
    ],
)
def test_values_can_speak_against_a_name(kind, values):
    assert contradicts(kind, of(values))


def test_keyed_hashes_speak_against_nothing():
    assert contradicts("email", of(["0f8fad5bd9cb469fa16570867728950e"] * 3)) == ""


def test_an_insurers_number_that_comes_again_and_again_is_no_persons():
    assert contradicts("insurance_id", of(["101", "102"] * 300))


def test_a_contact_flag_is_no_phone():
    assert detect(pa.table({"phone": ["Y", "N", "Y"]}))[0].kind == "flag"
