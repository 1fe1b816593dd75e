"""What a column's texts mean is told from the kind and from values that all agree."""

import datetime as dt

import pyarrow as pa
import pytest

from pipeline.making.column_types import ColumnType, infer_type, read_as
from transforms.errors import InvalidValue


def column(*values):
    return pa.chunked_array([pa.array(values, pa.string())])


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("quantity", ("1", "20", None), ColumnType("integer")),
        ("lab_result", ("1.5", "-2"), ColumnType("number")),
        ("lab_result", ("1.5", "<0.3"), None),
        ("quantity", ("007", "12"), ColumnType("number")),
        ("postal_code", ("01000", "75001"), None),
        ("patient_id", ("12345",), None),
        ("birth_date", ("1950-03-12", "2001-12-31"), ColumnType("date")),
        ("birth_date", ("12/03/1950", None), ColumnType("date", "%d/%m/%Y")),
        ("event_date", ("2021-03-04T10:00:00",), ColumnType("datetime")),
        ("event_date", ("04/03/2021 10:00",), ColumnType("datetime", "%d/%m/%Y %H:%M")),
        ("birth_date", ("1950-03-12", "mars 1950"), None),
        ("birth_date", ("1950-02-30",), None),
        ("birth_date", (None,), None),
    ],
)
def test_types_are_told(kind, values, expected):
    assert infer_type(column(*values), kind) == expected


def test_typed_columns_stay_what_they_are():
    typed = pa.chunked_array([pa.array([1, 2])])
    assert infer_type(typed, "quantity") is None
    assert read_as(typed.chunk(0), "text", None).type == pa.int64()


@pytest.mark.parametrize(
    ("wanted", "date_format", "texts", "values"),
    [
        ("integer", None, ["1", None, "-3"], [1, None, -3]),
        ("number", None, ["1.5", None], [1.5, None]),
        ("boolean", None, ["true", "0", None], [True, False, None]),
        ("date", None, ["1950-03-12", None], [dt.date(1950, 3, 12), None]),
        ("date", "%d/%m/%Y", ["12/03/1950"], [dt.date(1950, 3, 12)]),
        ("datetime", None, ["2021-03-04T10:00:00"], [dt.datetime.fromisoformat("2021-03-04T10:00:00")]),
    ],
)
def test_texts_are_read_as_planned(wanted, date_format, texts, values):
    assert read_as(pa.array(texts), wanted, date_format).to_pylist() == values


@pytest.mark.parametrize("wanted", ["integer", "number", "boolean", "date", "datetime"])
def test_a_value_that_does_not_read_is_named_by_its_row(wanted):
    with pytest.raises(InvalidValue) as caught:
        read_as(pa.array([None, "Dupont", "Durand"]), wanted, None)
    assert caught.value.rows == (1, 2)
    assert "Dupont" not in str(caught.value)
