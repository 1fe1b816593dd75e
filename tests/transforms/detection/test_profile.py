from __future__ import annotations

import pyarrow as pa
import pytest

from transforms.detection.profile import profile


def shape(values, kind=None):
    return profile("x", pa.chunked_array([pa.array(values, kind)]), 0).shape


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        ("integer", ["1", "22", "333"]),
        ("decimal", ["1.5", "2", "3,25"]),
        ("date", ["2024-01-02", "1961-12-31 10:00:00"]),
        ("date", ["31/12/1961", "02.01.2024"]),
        ("time", ["10:30", "23h15"]),
        ("digits", ["06 12 34 56 78", "01.23.45.67.89"]),
        ("uuid", ["0f8fad5b-d9cb-469f-a165-70867728950e"]),
        ("word", ["Dupont", "Le-Goff", "O'Neil"]),
        ("words", ["Jean Dupont", "rue du Port"]),
        ("flag", ["O", "N", "O"]),
        ("code", ["A12B", "C34D"]),
        (
            "text",
            ["un texte, long, avec des mots; et des signes (beaucoup): voilà. Encore ?"] * 2 + ["a b c d e f g h i j"],
        ),
        ("empty", ["", "NA", None]),
    ],
)
def test_values_have_a_shape(expected, values):
    assert shape(values) == expected


def test_typed_columns_have_the_shape_of_their_type():
    assert shape([True, None], pa.bool_()) == "flag"
    assert shape([0, 86_400], pa.timestamp("s")) == "date"


def test_missing_words_are_no_values():
    assert profile("x", pa.chunked_array([["a", "NA", "null", "-", None]]), 0).values == ("a",)


def test_uniqueness_sees_every_row():
    values = [f"K{row}" for row in range(50_000)]
    assert profile("x", pa.chunked_array([values]), 0).unique
    assert not profile("x", pa.chunked_array([[*values, *values[:100]]]), 0).unique


def test_whole_floats_read_as_whole_numbers():
    assert profile("x", pa.chunked_array([[185037512345612.0, None]]), 0).values == ("185037512345612",)


def test_a_sparse_column_is_sampled_where_it_holds_something():
    values = [""] * 20_000
    values[5] = values[11] = values[19_000] = "Dupont"
    assert profile("x", pa.chunked_array([values]), 0).values == ("Dupont",) * 3


def test_counting_needs_steps_of_one():
    assert profile("x", pa.chunked_array([list(range(1, 500))]), 0).counting
    assert not profile("x", pa.chunked_array([list(range(1, 1500, 3))]), 0).counting
