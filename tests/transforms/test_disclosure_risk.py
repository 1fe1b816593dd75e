from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.disclosure_risk import ClassCounts, Risk, risk
from transforms.errors import InvalidColumn, InvalidOption, UnknownColumn

# Table 3 of Li, Li, Venkatasubramanian (2007): three classes of three, salaries in thousands.
SALARIES = pa.table(
    {
        "zip": ["476**"] * 3 + ["4790*"] * 3 + ["476*2"] * 3,
        "age": ["2*"] * 3 + [">=40"] * 3 + ["3*"] * 3,
        "salary": [3, 4, 5, 6, 11, 8, 7, 9, 10],
        "disease": [
            *("gastric ulcer", "gastritis", "stomach cancer"),
            *("gastritis", "flu", "bronchitis"),
            *("bronchitis", "pneumonia", "stomach cancer"),
        ],
    }
)


def classes_of(rows: list[tuple], quasi: int) -> dict[tuple, list]:
    found: dict[tuple, list] = {}
    for row in rows:
        found.setdefault(row[:quasi], []).append(row[quasi:])
    return found


def test_the_distance_of_numbers_is_that_of_the_paper():
    # The paper gives 0.375 for {3k, 4k, 5k} and 0.167 for {6k, 8k, 11k}.
    assert risk(SALARIES, quasi=["zip", "age"], sensitive="salary").t == 0.375
    rest = risk(SALARIES.slice(3, 3), quasi=["zip"], sensitive="salary")
    assert (rest.k, rest.t) == (3, 0.0)


def test_the_distance_of_categories_is_half_the_sum_of_differences():
    # Class of gastric ulcer, gastritis, stomach cancer: 1/3 each against 1/9, 2/9, 2/9: 2/9 + 1/9 + 1/9.
    assert risk(SALARIES.slice(0, 9), quasi=["zip"], sensitive="disease").t == pytest.approx(4 / 9, abs=1e-6)


def test_classes_are_counted_and_their_sizes_told():
    table = pa.table({"age": [40, 40, 50, 60, 60, 60], "sex": ["F", "F", "M", "M", "M", "M"]})
    assert risk(table, quasi=["age", "sex"]) == Risk(
        k=1, l=None, t=None, unique=1, classes=3, records=6, sizes=((1, 1), (2, 1), (3, 1))
    )


def test_the_json_form_is_plain():
    figures = risk(pa.table({"age": [40, 40, 50]}), quasi=["age"]).to_dict()
    assert json.loads(json.dumps(figures)) == {
        "k": 1,
        "l": None,
        "t": None,
        "unique": 1,
        "classes": 2,
        "records": 3,
        "sizes": {"1": 1, "2": 1},
    }


@pytest.mark.parametrize(
    "frame",
    [
        pa.Table.to_pandas,
        pl.from_arrow,
        lambda table: table.to_batches()[0],
        lambda table: table.to_reader(),
        lambda table: pa.table([column.dictionary_encode() for column in table.columns], table.column_names),
        lambda table: table.cast(pa.schema([(name, pa.string_view()) for name in table.column_names])),
        lambda table: pa.concat_tables([table.slice(0, 2), table.slice(2, 0), table.slice(2)]),
        lambda table: pa.concat_tables([table, table]).slice(1, len(table)),
        lambda table: table.to_pandas().astype("category"),
    ],
)
def test_every_dataframe_has_the_same_figures(frame):
    table = pa.table({"zip": ["75", "75", None, None], "sex": ["F"] * 4, "disease": ["flu", "flu", "flu", None]})
    rotated = frame(table)
    figures = risk(rotated, quasi=["zip", "sex"], sensitive="disease")
    assert (figures.k, figures.l, figures.classes, figures.sizes) == (2, 1, 2, ((2, 2),))


def test_a_null_is_a_class_value():
    assert risk(pa.table({"age": [None, None, 40]}), quasi=["age"]).sizes == ((1, 1), (2, 1))


def test_equal_numbers_are_one_class_value():
    table = pa.table({"x": [0.0, -0.0, float("nan"), None]})
    assert risk(table, quasi=["x"]).sizes == ((2, 2),)


def test_persons_are_counted_instead_of_their_records():
    stays = pa.table({"ward": ["A", "A", "A", "B", "B"], "person": ["p1", "p1", "p1", "p2", "p3"]})
    assert risk(stays, quasi=["ward"]).k == 2
    assert risk(stays, quasi=["ward"], person="person") == Risk(
        k=1, l=None, t=None, unique=1, classes=2, records=3, sizes=((1, 1), (2, 1))
    )


def test_a_sensitive_value_counts_once_a_person():
    stays = pa.table(
        {"ward": ["A"] * 4 + ["B"] * 2, "person": [1, 1, 1, 2, 3, 4], "code": ["x", "x", "y", "x", "x", "y"]}
    )
    once = pa.table({"ward": ["A"] * 3 + ["B"] * 2, "code": ["x", "y", "x", "x", "y"]})
    counted = risk(stays, quasi=["ward"], sensitive="code", person="person")
    assert (counted.k, counted.l) == (2, 2)
    assert counted.t == risk(once, quasi=["ward"], sensitive="code").t


def test_records_without_a_person_are_one_persons():
    stays = pa.table({"ward": ["A", "A"], "person": pa.array([None, None], pa.string())})
    assert risk(stays, quasi=["ward"], person="person").k == 1


def test_the_worst_of_several_sensitive_columns_counts():
    both = risk(SALARIES, quasi=["zip"], sensitive=["salary", "disease"])
    apart = [risk(SALARIES, quasi=["zip"], sensitive=name) for name in ("salary", "disease")]
    assert both.l == min(figures.l for figures in apart)
    assert both.t == max(figures.t for figures in apart)


def test_without_quasi_identifiers_all_are_one_class():
    figures = risk(SALARIES, quasi=[], sensitive="disease")
    assert (figures.k, figures.l, figures.t, figures.classes) == (9, 6, 0.0, 1)
    assert risk(SALARIES, quasi=[]).k == 9


@pytest.mark.parametrize("sensitive", [None, "salary", "disease"])
def test_an_empty_table_protects_nobody(sensitive):
    figures = risk(SALARIES.slice(0, 0), quasi=["zip"], sensitive=sensitive)
    assert (figures.k, figures.unique, figures.classes, figures.records) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "kind",
    [
        pa.bool_(),
        pa.date32(),
        pa.timestamp("us", "Europe/Paris"),
        pa.decimal128(6, 2),
        pa.binary(),
        pa.float32(),
        pa.null(),
        pa.dictionary(pa.int8(), pa.string()),
    ],
)
def test_columns_of_every_simple_type_are_counted(kind):
    table = pa.table({"quasi": pa.nulls(2, kind), "sensitive": pa.nulls(2, kind)})
    figures = risk(table, quasi=["quasi"], sensitive="sensitive")
    assert (figures.k, figures.l, figures.t) == (2, 1, 0.0)


def test_dates_are_class_values():
    table = pa.table({"born": [date(1970, 5, 1), date(1970, 5, 1), date(1970, 6, 1)]})
    assert risk(table, quasi=["born"]).sizes == ((1, 1), (2, 1))


def test_batches_add_up_to_the_whole():
    counts = ClassCounts(quasi=["zip"], sensitive=["salary", "disease"], person="age")
    for batch in SALARIES.to_batches(max_chunksize=2):
        counts.add(batch)
    assert counts.risk() == risk(SALARIES, quasi=["zip"], sensitive=["salary", "disease"], person="age")


def test_batches_may_differ_in_type():
    counts = ClassCounts(quasi=["age"])
    counts.add(pa.table({"age": pa.array([40, None], pa.int32())}))
    counts.add(pa.table({"age": pa.array([40], pa.int64())}))
    counts.add(pa.table({"age": pa.array([None], pa.null())}))
    assert counts.risk().sizes == ((2, 2),)


def test_figures_may_be_asked_for_in_between():
    counts = ClassCounts(quasi=["age"])
    counts.add(pa.table({"age": [40]}))
    assert counts.risk().k == 1
    counts.add(pa.table({"age": [40]}))
    assert counts.risk().k == 2


def test_column_names_may_be_any():
    table = pa.table({"count": [1, 1], "0": [1, 2], "code": ["a", "a"], "all": ["x", "y"]})
    figures = risk(table, quasi=["count", "code"], sensitive="all")
    assert (figures.k, figures.l) == (2, 2)


def test_a_missing_column_is_named_with_those_that_are_there():
    for table in (SALARIES, SALARIES.to_pandas(), pl.from_arrow(SALARIES)):
        with pytest.raises(UnknownColumn) as caught:
            risk(table, quasi=["postcode"])
        assert str(caught.value) == "the table has no column postcode. It has zip, age, salary, disease."


def test_what_is_no_table_is_refused():
    with pytest.raises(InvalidColumn, match="list is no table"):
        risk([1, 2], quasi=["age"])


def test_a_column_named_twice_is_refused():
    with pytest.raises(InvalidOption, match="named twice"):
        risk(SALARIES, quasi=["zip"], sensitive="zip")


def test_one_name_is_no_list_of_quasi_identifiers():
    with pytest.raises(InvalidOption, match="list of names"):
        risk(SALARIES, quasi="zip")


def test_a_nested_column_is_refused():
    with pytest.raises(InvalidColumn, match="can't be counted"):
        risk(pa.table({"codes": [["a"], ["b"]]}), quasi=["codes"])


def test_a_pandas_column_of_mixed_objects_is_refused_without_a_value():
    with pytest.raises(InvalidColumn) as caught:
        risk(pd.DataFrame({"name": ["Dupont", 3]}), quasi=["name"])
    assert "Dupont" not in str(caught.value)
    assert caught.value.__cause__ is None


ROWS = st.lists(
    st.tuples(st.sampled_from([None, "a", "b"]), st.sampled_from([1, 2]), st.sampled_from([None, 1, 2, 5, 9])),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60)
@given(ROWS, st.booleans())
def test_figures_are_those_of_the_definitions(rows, ordered):
    values = [row[2] for row in rows]
    table = pa.table(
        {
            "first": pa.array([row[0] for row in rows], pa.string()),
            "second": [row[1] for row in rows],
            "sensitive": pa.array(values, pa.int64()).cast(pa.int64() if ordered else pa.string()),
        }
    )
    classes = classes_of(rows, 2)
    domain = sorted(set(values), key=lambda value: -1 if value is None else value)
    whole = np.array([values.count(value) for value in domain]) / len(values)
    distances = []
    for members in classes.values():
        inside = [member[0] for member in members]
        apart = np.array([inside.count(value) for value in domain]) / len(inside) - whole
        if ordered:
            distances.append(np.abs(np.cumsum(apart)).sum() / max(1, len(domain) - 1))
        else:
            distances.append(np.abs(apart).sum() / 2)
    figures = risk(table, quasi=["first", "second"], sensitive="sensitive")
    assert figures.k == min(map(len, classes.values()))
    assert figures.l == min(len(set(members)) for members in classes.values())
    assert figures.t == pytest.approx(max(distances), abs=2e-6)
    assert figures.unique == sum(len(members) == 1 for members in classes.values())
    assert figures.classes == len(classes)
    assert figures.records == len(rows) == sum(size * number for size, number in figures.sizes)
