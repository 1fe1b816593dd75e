from __future__ import annotations

import numpy as np
import pytest

from transforms.patient_shift import even_draw


def tags(*words: int) -> np.ndarray:
    return np.array([[word, 0] for word in words], "<u8").view(np.uint8).reshape(-1, 16)


def never(_: np.ndarray) -> np.ndarray:
    raise AssertionError("nothing was to be drawn again")


@pytest.mark.parametrize("bound", [1, 2, 730, 2**31, 2**63])
def test_a_draw_is_the_remainder(bound):
    words = [0, 1, bound - 1, bound, 3 * bound + 5 if bound < 2**60 else 7]
    assert even_draw(tags(*words), bound, never).tolist() == [word % bound for word in words]


def test_what_lies_in_the_incomplete_run_is_drawn_again():
    # 2^64 mod 730 numbers at the end would make the first ones likelier.
    last = 2**64 - 1
    seen = []

    def again(rejected: np.ndarray) -> np.ndarray:
        seen.append(rejected.view("<u8")[:, 0].tolist())
        return tags(last, 9)[-len(rejected) :] if len(seen) > 1 else tags(last, 8)[: len(rejected)]

    drawn = even_draw(tags(5, last, 6, last - 1), 730, again)
    assert drawn.tolist() == [5, 9, 6, 8]
    assert seen == [[last, last - 1], [last]]


def test_no_number_is_likelier_when_half_of_the_tags_are_rejected():
    source = np.random.default_rng(1)

    def fresh(rejected: np.ndarray) -> np.ndarray:
        return source.integers(0, 256, (len(rejected), 16), np.uint8)

    bound = 2**63 + 1
    drawn = even_draw(fresh(np.zeros((40_000, 16))), bound, fresh)
    # A plain remainder would put three quarters of them in the lower half.
    assert int(drawn.max()) < bound
    assert 0.48 < np.mean(drawn < bound // 2) < 0.52
