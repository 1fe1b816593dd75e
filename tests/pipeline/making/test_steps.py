"""What a plan may say of a step, and that the transform does it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from pydantic import ValidationError

from pipeline.making.steps import FORMATS, Step, Surroundings, apply_steps
from transforms import Key, format_preserving
from transforms.formats import KINDS

KEY = Key(bytes(range(32)), domain="eds", id="k1")
PHONES = pa.array(["06 12 34 56 78", None])


def done(column: pa.Array, **step: object) -> pa.Array:
    around = Surroundings(key=KEY, link="f", person=lambda: column, patients=lambda: None, known=lambda: ())
    return apply_steps((Step(**step),), column, around)


def test_a_plan_may_name_the_kind_whose_format_is_kept():
    made = done(PHONES, transform="format_preserving", kind="phone")
    assert made.equals(format_preserving(PHONES, KEY, field="f", kind="phone"))
    assert format_preserving(made, KEY, field="f", kind="phone", decrypt=True).equals(PHONES)


def test_the_kinds_that_a_plan_may_name_are_those_that_have_a_format():
    assert {*KINDS, "date"} == FORMATS


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"kind": "last_name"}, "keeps the format of these kinds: date, encounter_id, iban, nir, patient_id, phone"),
        ({"kind": "phone", "alphabet": "0123456789"}, "takes a kind or an alphabet, and not both"),
        ({"kin": "phone"}, "has no option kin; it takes alphabet, kind"),
    ],
)
def test_another_kind_or_option_is_refused_when_the_plan_is_read(options, refusal):
    with pytest.raises(ValidationError, match=refusal):
        Step(transform="format_preserving", **options)
