from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import class_counts
from transforms.class_counts import Tally, add_up, read_columns
from transforms.errors import UnknownColumn

ROWS = st.lists(st.tuples(st.sampled_from([None, "a", "b"]), st.sampled_from([None, 1, 2])), max_size=12)


def table_of(rows):
    return pa.table(
        {
            "letter": pa.array([row[0] for row in rows], pa.string()),
            "number": pa.array([row[1] for row in rows], pa.int8()),
        }
    )


def counted(tally):
    counts = tally.counts()
    keys = zip(*(counts.column(key).to_pylist() for key in tally.keys), strict=True)
    return dict(zip(keys, counts.column("count").to_pylist(), strict=True))


@given(st.lists(ROWS, max_size=6), st.sampled_from([0, 3, 10**6]))
def test_counts_are_those_of_all_rows_whenever_batches_are_merged(batches, pending):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(class_counts, "_PENDING_ROWS", pending)
        tally = Tally(["letter", "number"])
        for rows in batches:
            tally.add(table_of(rows))
        assert counted(tally) == Counter(row for rows in batches for row in rows)
        assert counted(tally) == counted(tally)


def test_no_column_at_all_counts_rows():
    tally = Tally([])
    for rows in (3, 0, 4):
        tally.add(pa.table({"row": pa.nulls(rows)}))
    assert tally.counts().column("count").to_pylist() == [7]


def test_adding_up_forgets_the_other_columns():
    counts = pa.table({"0": ["a", "b", "a"], "1": [1, 2, 3], "count": [5, 6, 7]})
    assert add_up(counts, ["0"]).to_pydict() == {"0": ["a", "b"], "count": [12, 6]}


def test_only_the_named_columns_are_read():
    read = read_columns(pa.table({"a": [1], "b": [2]}), ["b"])
    assert read.column_names == ["b"]
    assert len(read_columns(pa.table({"a": [1, 2]}), [])) == 2


def test_a_missing_column_is_also_a_key_error():
    with pytest.raises(KeyError):
        read_columns(pa.table({"a": [1]}), ["b"])
    assert issubclass(UnknownColumn, KeyError)
