"""Every public transform takes every container, gives the same kind back, and leaves what it was given alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import transforms
from transforms import Key
from transforms.column import read_column

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
NAMES = ["Dupont", None, "Zoé", "Le Goff", "Dupont"]
PHONES = ["0612345678", None, "0112345678", "0612345670", "0612345678"]
DAYS = [date(2026, 1, 2), None, date(1969, 12, 31), date(2026, 1, 9), date(2026, 1, 2)]
TOKENS = transforms.tokenize(pa.array(NAMES), KEY, field="f").to_pylist()
PATIENTS = ["p1", "p2", "p2", "p1", "p1"]


def patients(column) -> pa.Array:
    return pa.array(PATIENTS[: len(read_column(column).values)], pa.string())


CASES: dict[str, tuple[Any, list, pa.DataType]] = {
    "pseudonymize": (lambda column: transforms.pseudonymize(column, KEY, field="f"), NAMES, pa.string()),
    "pseudonymize base32": (
        lambda column: transforms.pseudonymize(column, KEY, field="f", encoding="base32", normalize="name"),
        NAMES,
        pa.string(),
    ),
    "pseudonymize numbers": (
        lambda column: transforms.pseudonymize(column, KEY, field="f"),
        [12, None, -7, 2**40, 12],
        pa.int64(),
    ),
    "tokenize": (lambda column: transforms.tokenize(column, KEY, field="f"), NAMES, pa.string()),
    "detokenize": (lambda column: transforms.detokenize(column, KEY, field="f"), TOKENS, pa.string()),
    "format_preserving": (lambda column: transforms.format_preserving(column, KEY, field="f"), PHONES, pa.string()),
    "format_preserving phone": (
        lambda column: transforms.format_preserving(column, KEY, field="f", kind="phone"),
        PHONES,
        pa.string(),
    ),
    "surrogate": (lambda column: transforms.surrogate(column, KEY, kind="person_name"), NAMES, pa.string()),
    "shift_dates": (lambda column: transforms.shift_dates(column, KEY, by=patients(column)), DAYS, pa.date32()),
    "shift_dates text": (
        lambda column: transforms.shift_dates(column, KEY, by=patients(column)),
        [day and day.isoformat() for day in DAYS],
        pa.string(),
    ),
    "truncate_dates": (lambda column: transforms.truncate_dates(column, to="month"), DAYS, pa.date32()),
    "age_from": (lambda column: transforms.age_from(column, date(2026, 11, 24)), DAYS, pa.date32()),
    "generalize code": (
        lambda column: transforms.generalize(column, to="departement"),
        ["20090", None, "01000", "97400", "20090"],
        pa.string(),
    ),
    "generalize bands": (lambda column: transforms.generalize(column, width=5), [41, None, 97, 0, 41], pa.int32()),
    "generalize top": (lambda column: transforms.generalize(column, top_code=90), [41, None, 97, 0, 41], pa.int32()),
    "mask": (lambda column: transforms.mask(column, keep_last=2), NAMES, pa.string()),
    "suppress": (transforms.suppress, NAMES, pa.string()),
    "redact_notes": (
        lambda column: next(iter(transforms.redact_notes(column))),
        ["Vu le Dr Le Goff.", None, "RAS", "", "RAS"],
        pa.string(),
    ),
}
TABLES = {"detect", "risk"}
"""These take tables, not columns; `Key` is no transform."""

BINARY = {"pseudonymize", "tokenize"}


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def as_numbers(values: list) -> list:
    """A pandas column on numpy holds whole numbers beside a null as floats."""
    return [
        int(value) if isinstance(value, float) else getattr(value, "date", lambda value=value: value)()
        for value in values
    ]


def test_every_container_gives_what_a_plain_array_gives(container, as_list, case):
    transform, values, kind = case
    expected = transform(pa.array(values, kind)).to_pylist()
    assert as_numbers(as_list(transform(container(values, kind)))) == expected


def test_the_callers_kind_index_and_name_come_back(container, case):
    transform, values, kind = case
    column = container(values, kind)
    result = transform(column)
    if isinstance(column, pd.Series):
        assert isinstance(result, pd.Series)
        assert (result.index.tolist(), result.name) == (column.index.tolist(), column.name)
    elif isinstance(column, pl.Series):
        assert isinstance(result, pl.Series)
        assert result.name == column.name
    elif isinstance(column, pa.Array | pa.ChunkedArray):
        assert isinstance(result, pa.Array if isinstance(column, pa.Array) else pa.ChunkedArray)
    else:
        assert isinstance(result, pa.ChunkedArray)


def test_what_was_given_stays_as_it_was(container, as_list, case):
    transform, values, kind = case
    column = container(values, kind)
    before = as_list(column)
    transform(column)
    assert as_list(column) == before


@pytest.mark.parametrize("count", [0, 3])
def test_columns_of_nothing_come_back_as_nothing(container, as_list, case, count):
    transform, _, kind = case
    result = transform(container([None] * count, kind))
    assert as_list(result) == [None] * count


@pytest.mark.parametrize("name", sorted(BINARY))
def test_bytes_of_one_width_are_taken_as_bytes_of_any(name):
    transform = CASES[name][0]
    values = [b"12345678", None, b"abcdefgh"]
    fixed = pa.array(values, pa.binary(8))
    expected = transform(pa.array(values, pa.binary())).to_pylist()
    assert transform(fixed).to_pylist() == expected
    assert transform(fixed.slice(1)).to_pylist() == expected[1:]
    assert transform(pa.chunked_array([fixed, fixed.slice(2)])).to_pylist() == [*expected, expected[2]]


def test_every_public_transform_is_in_this_table():
    tested = {name.split()[0] for name in CASES}
    public = {name for name in transforms.__all__ if callable(getattr(transforms, name)) and name != "Key"}
    assert tested == public - TABLES
