"""A number is held once, however often and beside whatever it comes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.making.number_set import NumberSet

# Few bits: numbers that want the same place, and the number that an empty place looks like.
NUMBERS = st.lists(st.one_of(st.integers(0, 9), st.integers(2**64 - 9, 2**64 - 1), st.integers(0, 2**64 - 1)))


def held(*batches) -> list[int]:
    seen = NumberSet()
    for batch in batches:
        seen.add(np.array(batch, np.uint64))
    numbers = seen.numbers().tolist()
    assert len(numbers) == len(set(numbers))
    return sorted(numbers)


@settings(deadline=None)
@given(batches=st.lists(NUMBERS, max_size=5))
def test_every_number_is_held_once(batches):
    assert held(*batches) == sorted({number for batch in batches for number in batch})


def test_a_table_that_fills_up_grows():
    numbers = np.random.default_rng(1).integers(0, 2**63, 300_000).astype(np.uint64)
    assert held(numbers[:90_000], numbers[40_000:], numbers) == np.unique(numbers).tolist()


def test_numbers_that_all_want_one_place_are_told_apart():
    """The inverse of the spreading constant puts them side by side."""
    back = pow(0x9E3779B97F4A7C15, -1, 2**64)
    numbers = [back * place % 2**64 for place in range(1, 2_000)]
    assert held(numbers, numbers) == sorted(numbers)
