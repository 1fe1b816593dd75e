"""Threads change how long it takes, and nothing else."""

from __future__ import annotations

import threading

import pyarrow as pa
import pytest

from transforms import Key, pseudonymize, surrogate, tokenize
from transforms.threads import in_threads

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")


@pytest.fixture(params=[1, 2, 7])
def threads(request):
    before = pa.cpu_count()
    pa.set_cpu_count(request.param)
    yield request.param
    pa.set_cpu_count(before)


def test_results_stand_in_the_order_of_the_pieces(threads):
    assert in_threads(lambda number: number * number, range(100)) == [number * number for number in range(100)]


def test_one_thread_is_the_callers_own():
    before = pa.cpu_count()
    pa.set_cpu_count(1)
    try:
        assert set(in_threads(lambda _: threading.get_ident(), range(5))) == {threading.get_ident()}
    finally:
        pa.set_cpu_count(before)


def test_the_first_error_comes_out_and_no_thread_stays(threads):
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda number: 1 // number, [1, 0, 2])
    assert threading.active_count() == before


@pytest.mark.parametrize("nulls", [False, True])
def test_a_long_column_is_the_same_on_any_number_of_threads(threads, nulls):
    values = [None if nulls and row % 7 == 0 else f"Personne {row}" for row in range(300_000)]
    column = pa.array(values, pa.string())
    for transform in (
        lambda part: pseudonymize(part, KEY, field="name"),
        lambda part: tokenize(part, KEY, field="name"),
        lambda part: surrogate(part, KEY, kind="person_name"),
    ):
        whole = transform(column)
        whole.validate(full=True)
        for begin, length in ((0, 50), (65_500, 100), (131_060, 60), (299_950, 50)):
            assert whole.slice(begin, length).to_pylist() == transform(column.slice(begin, length)).to_pylist()
