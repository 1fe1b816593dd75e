"""Distinct persons of each class, counted by fingerprints: the same figures as `transforms.risk` gives."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.making.person_classes import PersonClasses
from transforms import risk

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["F", "M", "", None]),
        st.sampled_from([0.0, -0.0, 1.5, float("nan"), None]),
        st.sampled_from(["a", "b", "c", "ab", "", None]),
    ),
    min_size=1,
    max_size=40,
)


def columns(rows) -> list[pa.Array]:
    kinds = (pa.string(), pa.float64(), pa.string())
    return [pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)]


@settings(deadline=None)
@given(batches=st.lists(ROWS, min_size=1, max_size=4), encoded=st.booleans())
def test_classes_have_the_sizes_that_risk_counts(batches, encoded):
    counts = PersonClasses(bytes(16), columns=2)
    for rows in batches:
        sex, weight, person = columns(rows)
        counts.add([sex.dictionary_encode() if encoded else sex, weight], person)
    sex, weight, person = columns([row for rows in batches for row in rows])
    figures = risk(pa.table({"sex": sex, "weight": weight, "person": person}), quasi=["sex", "weight"], person="person")
    sizes = counts.sizes()
    assert (min(sizes), len(sizes), sum(sizes)) == (figures.k, figures.classes, figures.records)


def test_dictionaries_may_differ_from_batch_to_batch():
    counts = PersonClasses(bytes(16), columns=1)
    for entries in (["F", "M"], ["M", "F", None]):
        column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array(entries, pa.string()))
        counts.add([column], pa.array(["a", "b", "c"]))
    assert sorted(counts.sizes()) == [1, 2, 2]


def test_nothing_was_counted():
    assert PersonClasses(bytes(16), columns=1).sizes().tolist() == []


def test_more_classes_than_a_number_has_room_for_are_counted_all_the_same():
    many = (1 << 20) + 5
    counts = PersonClasses(bytes(16), columns=1)
    counts.add([pa.array([0, 0, 1])], pa.array(["a", "b", "a"]))
    counts.add([pa.array(range(many))], pa.array(["a"] * many))
    assert sorted(counts.sizes())[-2:] == [1, 2]
    assert len(counts.sizes()) == many
