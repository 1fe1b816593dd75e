from __future__ import annotations

from itertools import pairwise

import pytest

from transforms.detection import lexicons
from transforms.detection.calibration import calibrate


def test_the_map_is_monotone_and_stays_between_0_and_1():
    shares = [calibrate(raw / 100) for raw in range(101)]
    assert all(left <= right for left, right in pairwise(shares))
    assert (shares[0], shares[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(("raw", "share"), lexicons.reliability())
def test_what_was_measured_is_what_is_said(raw, share):
    assert calibrate(raw) == pytest.approx(share)
