from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.civil_days import FIRST_DAY, LAST_DAY, first_of_month, months_of, spell

EPOCH = date(1970, 1, 1)


def test_the_first_and_the_last_day_are_those_of_the_calendar():
    assert timedelta(FIRST_DAY) + EPOCH == date.min
    assert timedelta(LAST_DAY) + EPOCH == date.max


@given(st.lists(st.one_of(st.dates(), st.dates(date(1799, 12, 1), date(2200, 2, 1))), min_size=1, max_size=20))
def test_months_and_spelling_are_those_of_the_standard_library(dates):
    days = np.array([(day - EPOCH).days for day in dates])
    assert months_of(days).tolist() == [12 * day.year + day.month - 1 for day in dates]
    assert [EPOCH + timedelta(first) for first in first_of_month(days).tolist()] == [
        day.replace(day=1) for day in dates
    ]
    spelled = [part.astype(part.dtype.newbyteorder("<")).tobytes() for part in spell(days)]
    assert spelled[0].decode() == "".join(f"{day.year:04}" for day in dates)
    assert spelled[1].decode() == "".join(f"{day:%m}" for day in dates)
    assert spelled[2].decode() == "".join(f"{day:%d}" for day in dates)


def test_quarters_and_years_begin_with_their_first_month():
    days = np.array([(date(2026, 5, 17) - EPOCH).days])
    assert EPOCH + timedelta(int(first_of_month(days, months=3)[0])) == date(2026, 4, 1)
    assert EPOCH + timedelta(int(first_of_month(days, months=12)[0])) == date(2026, 1, 1)


def test_the_ends_of_the_table_are_no_seam():
    for edge in (-62_091, 84_006):
        days = np.arange(edge - 2, edge + 3)
        apart = np.concatenate([months_of(days[:1]), *(months_of(days[i : i + 1]) for i in range(1, 5))])
        assert (months_of(days) == apart).all()
