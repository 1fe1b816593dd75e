"""Values that a transform can't take are named by row, ten at most, with their count, and never shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from transforms import (
    Key,
    age_from,
    detokenize,
    format_preserving,
    generalize,
    mask,
    pseudonymize,
    shift_dates,
    surrogate,
    tokenize,
    truncate_dates,
)
from transforms.errors import InvalidValue

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
TOKEN = tokenize(pa.array(["Dupont"]), KEY, field="f")[0].as_py()
FOREIGN = tokenize(pa.array(["Dupont"]), KEY, field="g")[0].as_py()
LARGE = 2.0**60


def of_format(**options):
    return lambda column: format_preserving(column, KEY, field="f", **options)


def by_patient(column):
    return shift_dates(column, KEY, by=pa.array(["p"] * len(column)))


def by_nobody(column):
    return shift_dates(
        column, KEY, by=pa.array([None if day == date(2001, 2, 3) else "p" for day in column.to_pylist()])
    )


def of_age(column):
    return age_from(column, date(2000, 1, 1))


# The transform, a value that it takes, one that it can't take, and their type.
CASES: dict[str, tuple[Any, Any, Any, pa.DataType]] = {
    "pseudonymize, inexact ids": (lambda c: pseudonymize(c, KEY, field="f"), 12.0, LARGE, pa.float64()),
    "tokenize, inexact ids": (lambda c: tokenize(c, KEY, field="f"), 12.0, LARGE, pa.float64()),
    "surrogate, inexact ids": (lambda c: surrogate(c, KEY, kind="last_name"), 12.0, LARGE, pa.float64()),
    "detokenize, no token": (lambda c: detokenize(c, KEY, field="f"), TOKEN, "Durand", pa.string()),
    "detokenize, a foreign token": (lambda c: detokenize(c, KEY, field="f"), TOKEN, FOREIGN, pa.string()),
    "format_preserving, another alphabet": (of_format(), "123456", "12345A", pa.string()),
    "format_preserving, too short": (of_format(), "123456", "98765", pa.string()),
    "format_preserving, no phone": (of_format(kind="phone"), "0612345678", "0612", pa.string()),
    "format_preserving, no patient id": (of_format(kind="patient_id"), "8001234567", "A80", pa.string()),
    "format_preserving, wrong IBAN": (
        of_format(kind="iban"),
        "FR1420041010050500013M02606",
        "FR1420041010050500013M02607",
        pa.string(),
    ),
    "format_preserving, 12 digits of NIR": (of_format(kind="nir"), "2850575123456", "285057512345", pa.string()),
    "format_preserving, wrong NIR key": (of_format(kind="nir"), "2850575123456", "285057512345600", pa.string()),
    "format_preserving, no date": (of_format(kind="date"), "1970-05-17", "17.05.70", pa.string()),
    "shift_dates, no date": (by_patient, "1970-05-17", "17.05.70", pa.string()),
    "shift_dates, a day that is none": (by_patient, "1970-05-17", "1970-02-30", pa.string()),
    "shift_dates, no patient": (by_nobody, date(1970, 5, 17), date(2001, 2, 3), pa.date32()),
    "truncate_dates, no date": (truncate_dates, "1970-05-17", "17.05.70", pa.string()),
    "age_from, no date": (of_age, "1970-05-17", "17.05.70", pa.string()),
    "age_from, before birth": (of_age, date(1970, 5, 17), date(2001, 2, 3), pa.date32()),
    "generalize, no postal code": (lambda c: generalize(c, to="departement"), "20090", "Z9Z9Z", pa.string()),
    "generalize, no CIM-10 code": (lambda c: generalize(c, to="icd10_chapter"), "I10", "9Z9", pa.string()),
    "generalize, no ATC code": (lambda c: generalize(c, to="atc_level", level=2), "C09AA05", "9Z9", pa.string()),
    "generalize, no number": (lambda c: generalize(c, width=5), "41", "Z9Z9Z", pa.string()),
    "generalize, no whole number": (lambda c: generalize(c, prefix=2), 41.0, 41.5, pa.float64()),
    "mask, no whole number": (lambda c: mask(c, keep_last=1), 41.0, 41.5, pa.float64()),
}
BAD = [1, 2, 5, 7, 8, 11, 12, 13, 14, 17, 18, 19]


@pytest.fixture(params=CASES)
def refused(request):
    transform, good, bad, kind = CASES[request.param]
    values = [bad if row in BAD else good for row in range(20)]
    values[3] = None
    return transform, values, bad, kind


@pytest.mark.parametrize("layout", ["array", "chunked", "dictionary"])
def test_the_first_ten_rows_and_the_count_are_told_and_no_value(refused, layout):
    transform, values, bad, kind = refused
    column = pa.array(values, kind)
    if layout == "chunked":
        column = pa.chunked_array([column[:6], column[6:6], column[6:]])
    if layout == "dictionary":
        column = column.dictionary_encode()
    with pytest.raises(InvalidValue, match=r"12 values .* \(row 1, 2, 5, 7, 8, 11, 12, 13, 14, 17, \.\.\.") as caught:
        transform(column)
    assert caught.value.rows == tuple(BAD[:10])
    assert caught.value.total == len(BAD)
    assert str(bad) not in f"{caught.value}{caught.value!r}"
    assert caught.value.__cause__ is None
    assert len(str(caught.value).splitlines()) == 1


def test_a_good_column_is_taken(refused):
    transform, values, bad, kind = refused
    taken = pa.array([value for value in values if value != bad], kind)
    assert len(transform(taken)) == len(taken)


def test_one_value_is_told_as_one():
    with pytest.raises(InvalidValue, match=r"^1 value shorter than 6 characters \(row 1, counted from 0\)\."):
        format_preserving(pa.array(["123456", "12", None]), KEY, field="f")


def test_rows_are_plain_numbers_of_python():
    with pytest.raises(InvalidValue) as caught:
        generalize(pa.array(["no code"] * 3), to="departement")
    assert not any(isinstance(row, np.generic) for row in caught.value.rows)
