import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.notes.date_forms import move_date
from transforms.notes.spelled_dates import read_date

FORMS = [
    ("03/03/2021", "13/03/2021"),
    ("3/3/21", "13/3/21"),
    ("03.03.2021", "13.03.2021"),
    ("03 03 2021", "13 03 2021"),
    ("2021-03-03", "2021-03-13"),
    ("20210303", "20210313"),
    ("3 mars 2021", "13 mars 2021"),
    ("LUNDI 3 MARS", "VENDREDI 13 MARS"),
    ("mercredi 3 mars 2021", "samedi 13 mars 2021"),
    ("1er janvier 2021", "11 janvier 2021"),
    ("22 janvier 2021", "1er février 2021"),
    ("trois mars", "treize mars"),
    ("3 au 7 mars 2021", "13 au 17 mars 2021"),
    ("mars 2021", "mars 2021"),
    ("12/2020", "12/2020"),
    ("25 déc. 2020", "4 janv. 2021"),
    ("03/03", "13/03"),
]


@pytest.mark.parametrize(("written", "moved"), FORMS)
def test_a_date_keeps_its_written_form(written, moved):
    assert move_date(written, 10) == moved


def test_a_year_moves_from_its_middle():
    assert [move_date("2021", 365), move_date("2021", 100)] == ["2022", "2021"]


def test_what_is_no_date_is_not_moved():
    assert [move_date(text, 3) for text in ("31/02/2021", "hier", "lundi dernier", "")] == [None] * 4


@given(
    st.dates(dt.date(1931, 1, 1), dt.date(2029, 12, 31)),
    st.integers(-365, 365),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d%m%Y"]),
)
def test_moving_agrees_with_the_calendar(day, days, form):
    moved = move_date(day.strftime(form), days)
    assert moved == (day + dt.timedelta(days)).strftime(form)
    assert read_date(moved) == day + dt.timedelta(days)
