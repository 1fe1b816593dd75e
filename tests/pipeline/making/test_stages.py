"""Reading, computing and writing side by side: in order, bounded, and nothing left behind."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from pipeline.making.stages import side_by_side


class Trouble(Exception):
    """What goes wrong in these tests."""


@pytest.fixture(autouse=True)
def no_thread_is_left_behind():
    before = threading.enumerate()
    yield
    assert threading.enumerate() == before


def counted(until: int, taken: list[int]):
    for number in range(until):
        taken.append(number)
        yield number


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(workers):
    def slow_first(number: int) -> int:
        sum(range(20_000 if number % 3 == 0 else 1))
        return number * number

    assert list(side_by_side(iter(range(50)), slow_first, workers=workers)) == [n * n for n in range(50)]


def test_nothing_comes_of_nothing():
    assert list(side_by_side(iter(()), str)) == []


def test_reading_stays_only_so_far_ahead_of_the_writing():
    taken: list[int] = []
    with closing(side_by_side(counted(100, taken), str, workers=2, ahead=3)) as results:
        for given, _ in enumerate(results):
            assert len(taken) <= given + 1 + 2 + 3


def test_an_error_of_the_computing_is_raised_where_its_turn_comes():
    def refuse_seven(number: int) -> int:
        if number >= 7:
            raise Trouble(number)
        return number

    given = []
    with pytest.raises(Trouble, match=r"^7$"):
        given.extend(side_by_side(iter(range(100)), refuse_seven, workers=4))
    assert given == list(range(7))


def test_an_error_of_the_reading_comes_after_what_was_read_before_it():
    def broken():
        yield 1
        yield 2
        raise Trouble

    given = []
    with pytest.raises(Trouble):
        given.extend(side_by_side(broken(), str))
    assert given == ["1", "2"]


def test_an_error_of_the_writing_ends_the_other_stages():
    taken: list[int] = []

    def write(_result: str) -> None:
        raise Trouble

    with pytest.raises(Trouble), closing(side_by_side(counted(1000, taken), str)) as results:
        write(next(results))
    assert len(taken) < 10


def test_a_cancelled_write_stage_closes_what_was_being_read():
    closed = []

    def source():
        try:
            yield from range(1000)
        finally:
            closed.append(threading.current_thread().name)

    results = side_by_side(source(), str)
    next(results)
    results.close()
    assert closed == ["douane-read"]


def test_an_interrupt_is_carried_like_any_error():
    def interrupted(_: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(iter([1]), interrupted))
