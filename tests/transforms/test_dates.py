from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import Key
from transforms.dates import age_from, shift_dates, truncate_dates
from transforms.errors import InvalidColumn, InvalidOption, InvalidValue

SECRET = bytes(range(32))
PARIS = ZoneInfo("Europe/Paris")

# Golden: computed with `cryptography`'s scalar CMAC. If they change, a warehouse's nights no longer agree.
PATIENTS = ["p1", "p2", "p1", "p3", None, "p1"]
DATES = [date(2026, 1, 2), date(2026, 1, 2), date(2026, 3, 1), None, None, date(1969, 12, 31)]
SHIFTED = [date(2025, 2, 3), date(2025, 11, 17), date(2025, 4, 2), None, None, date(1969, 2, 1)]

KINDS = [
    pa.date32(),
    pa.date64(),
    pa.timestamp("s"),
    pa.timestamp("ms", "UTC"),
    pa.timestamp("us", "Europe/Paris"),
    pa.timestamp("ns"),
    pa.string(),
]


def days_of(by, key, **options):
    """Shift of each row in days, as shift_dates gives it on date32."""
    dates = pa.array([date(2000, 1, 1)] * len(by), pa.date32())
    shifted = shift_dates(dates, key, by=pa.array(by), **options)
    return [(day - date(2000, 1, 1)).days for day in shifted.to_pylist()]


def test_dates_are_shifted_in_every_container(container, as_list, key):
    column = container(DATES, pa.date32())
    assert as_list(shift_dates(column, key, by=pa.array(PATIENTS))) == SHIFTED


def test_texts_are_shifted_in_every_container(container, as_list, key):
    column = container([None if day is None else day.isoformat() for day in DATES])
    expected = [None if day is None else day.isoformat() for day in SHIFTED]
    assert as_list(shift_dates(column, key, by=pa.array(PATIENTS))) == expected


def test_patients_come_in_every_container(container, key):
    by = container(PATIENTS)
    assert shift_dates(pa.array(DATES), key, by=by).to_pylist() == SHIFTED


def test_integer_patients_come_in_every_container(container, key):
    numbers = [17, 18, None, 17]
    by = container(numbers, pa.int64())
    dates = pa.array([date(2026, 1, 2), date(2026, 1, 2), None, date(2026, 1, 3)])
    expected = shift_dates(dates, key, by=pa.array(["17", "18", None, "17"]))
    assert shift_dates(dates, key, by=by).equals(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_shifted_alike_and_kept(key, kind):
    instants = pa.array(DATES, pa.date32()).cast(kind)
    shifted = shift_dates(instants, key, by=pa.array(PATIENTS))
    assert shifted.type == kind
    assert shifted.equals(pa.array(SHIFTED, pa.date32()).cast(kind))


def test_a_patient_has_one_shift_in_every_table_and_another_in_another_domain(key):
    here = days_of(["p1", "p2", "p3"], key)
    assert days_of(["p3", "p1"], key) == [here[2], here[0]]
    assert days_of(["p1", "p2", "p3"], Key(SECRET, domain="other", id="k1")) != here
    assert days_of(["p1", "p2", "p3"], Key(SECRET, domain="eds-cardio", id="k1", version=2)) != here
    assert days_of(["p1", "p2", "p3"], key, field="encounter") != here


@pytest.mark.parametrize("kind", [pa.int8(), pa.int32(), pa.int64(), pa.uint64(), pa.float64(), pa.decimal128(20, 0)])
@pytest.mark.parametrize("spread", [1, 10**9])
def test_numbers_of_patients_count_as_their_digits(key, kind, spread):
    if spread > 1 and (pa.types.is_int8(kind) or pa.types.is_int32(kind)):
        spread = 40
    numbers = [3 * spread, 1 * spread, None, 3 * spread, 2 * spread]
    dates = pa.array([None if number is None else date(2026, 1, 2) for number in numbers])
    texts = pa.array([None if number is None else str(number) for number in numbers])
    expected = shift_dates(dates, key, by=texts)
    assert shift_dates(dates, key, by=pa.array(numbers, kind)).equals(expected)
    negative = pa.array([None if number is None else -number for number in numbers], pa.int64())
    assert shift_dates(dates, key, by=negative).equals(shift_dates(dates, key, by=negative.cast(pa.string())))


def test_a_patient_counts_the_same_however_typed(key):
    dates = pa.array([date(2026, 1, 2)])
    written = [shift_dates(dates, key, by=pa.array([patient])).to_pylist() for patient in (7, 7.0, "7", " 7 ")]
    assert written == [written[0]] * 4
    assert shift_dates(dates, key, by=pa.array([" 7 "]), normalize=False).to_pylist() != written[0]


@pytest.mark.parametrize("days", [1, 3, 30, 365])
def test_shifts_reach_both_ends_and_are_never_none(key, days):
    shifts = days_of([str(number) for number in range(20 * days)], key, days=days)
    assert 0 not in shifts
    assert max(map(abs, shifts)) <= days
    if days < 365:
        assert {*shifts} == {*range(-days, days + 1)} - {0}


def test_every_shift_is_as_likely_as_another(key):
    shifts = days_of([str(number) for number in range(60_000)], key, days=30)
    # 60 shifts of about 1,000 patients each; six standard deviations are 190.
    counts = [shifts.count(shift) for shift in range(-30, 31) if shift]
    assert min(counts) > 800
    assert max(counts) < 1200


def test_weekdays_are_kept_if_asked(key):
    shifts = days_of([str(number) for number in range(500)], key, days=30, keep_weekday=True)
    assert {*shifts} == {-28, -21, -14, -7, 7, 14, 21, 28}


EARLY = datetime.combine(date(2, 1, 1), time())
LATE = datetime.combine(date(9998, 1, 1), time())
DAY = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(["p1", "p2", "p3"]), DAY), max_size=30), st.sampled_from(KINDS))
def test_intervals_and_order_within_a_patient_are_kept(rows, kind):
    key = Key(SECRET, domain="eds-cardio", id="k1")
    dates = pa.array([day for _, day in rows], pa.date32())
    by = pa.array([patient for patient, _ in rows], pa.string())
    shifted = shift_dates(dates.cast(kind), key, by=by).cast(pa.date32()).to_pylist()
    for patient in ("p1", "p2", "p3"):
        moves = {after - before for (who, before), after in zip(rows, shifted, strict=True) if who == patient}
        assert len(moves) <= 1


@given(st.lists(st.tuples(st.sampled_from(["p1", "p2"]), st.none() | DAY), min_size=1, max_size=20), st.data())
def test_a_slice_is_shifted_as_the_whole_is(rows, data):
    key = Key(SECRET, domain="eds-cardio", id="k1")
    dates, by = pa.array([day for _, day in rows], pa.date32()), pa.array([patient for patient, _ in rows])
    low = data.draw(st.integers(0, len(rows)))
    for column in (dates, dates.cast(pa.string())):
        whole = shift_dates(column, key, by=by)
        part = shift_dates(column.slice(low), key, by=by.slice(low))
        assert part.equals(whole.slice(low))


def test_instants_keep_their_intervals_to_the_second_across_summer_time(key):
    instants = pa.array(
        [datetime(2026, 3, 28, 12, tzinfo=PARIS), datetime(2026, 3, 30, 12, 0, 1, tzinfo=PARIS)],
        pa.timestamp("us", "Europe/Paris"),
    )
    first, second = shift_dates(instants, key, by=pa.array(["p1", "p1"])).to_pylist()
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=47, seconds=1)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("2026-01-02", None),
        ("2026-01-02T08:30", None),
        ("2026-01-02 08:30:59", None),
        ("2026-01-02T08:30:59.123Z", None),
        ("2026-01-02T08:30:59,123456789+02:00", None),
        ("2026-01-02T08:30:59-0500", None),
        ("02/01/2026", "%d/%m/%Y"),
        ("20260102083059", "%Y%m%d%H%M%S"),
        ("08h30 le 02.01.2026", "%Hh%M le %d.%m.%Y"),
        ("2026-01-02 08:30:59.123456", "%F %T.%f"),
        ("100% 01/02/2026", "100%% %m/%d/%Y"),
    ],
)
def test_text_keeps_its_form_and_what_is_no_date(key, text, format):  # noqa: A002 - the option's name
    by = pa.array(["p1"])
    (moved,) = shift_dates(pa.array([date(2026, 1, 2)]), key, by=by).to_pylist()
    expected = (
        text.replace("2026-01-02", moved.isoformat())
        .replace("02/01/2026", f"{moved:%d/%m/%Y}")
        .replace("20260102", f"{moved:%Y%m%d}")
        .replace("02.01.2026", f"{moved:%d.%m.%Y}")
        .replace("01/02/2026", f"{moved:%m/%d/%Y}")
    )
    assert shift_dates(pa.array([text]), key, by=by, format=format).to_pylist() == [expected]
    assert expected != text


def test_texts_of_many_forms_in_one_column(key):
    texts = ["2026-01-02", None, "2026-01-02T08:30Z", "2026-01-02 08:30", "2026-01-02", "2026-01-02T08:30:00+01:00"]
    (moved,) = shift_dates(pa.array(["2026-01-02"]), key, by=pa.array(["p1"])).to_pylist()
    shifted = shift_dates(pa.array(texts), key, by=pa.array(["p1"] * 6)).to_pylist()
    assert shifted == [None if text is None else moved + text[10:] for text in texts]


@given(st.lists(st.none() | st.datetimes(EARLY, LATE), max_size=20))
def test_text_is_read_as_the_standard_library_reads_it(moments):
    key = Key(SECRET, domain="eds-cardio", id="k1")
    by = pa.array(["p1"] * len(moments), pa.string())
    (day,) = days_of(["p1"], key)
    for write in (datetime.isoformat, lambda moment: moment.replace(microsecond=0).isoformat(" ")):
        texts = pa.array([None if moment is None else write(moment) for moment in moments], pa.string())
        expected = [None if moment is None else write(moment + timedelta(days=day)) for moment in moments]
        assert shift_dates(texts, key, by=by).to_pylist() == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "2026-01-32",
        "0000-01-01",
        "2026-1-2",
        "02/01/2026",
        "2026-01-02T24:00",
        "2026-01-02T08:60",
        "2026-01-02T0612345678",
        "2026-01-02 Dupont",
        "2026-01-02T08:30:00.Z",
        "２０２６-01-02",
        "le 02.01.2026 à 08h30",
        "Dupont",
        "",
        "1970-05",
        "1970",
    ],
)
def test_what_is_no_whole_date_stops_the_column_without_being_quoted(key, text):
    with pytest.raises(InvalidValue) as caught:
        shift_dates(pa.array([None, "2026-01-02", text]), key, by=pa.array(["p"] * 3))
    assert str(caught.value) == (
        "1 value can't be read as a whole date in ISO 8601 (row 2, counted from 0). "
        "Declare their format, or say invalid: suppress."
    )
    assert caught.value.__cause__ is None


def test_suppressing_what_is_no_date_leaves_nothing_of_it_in_the_buffers(key):
    texts = pa.array(["2026-01-02", "Dupont", None])
    shifted = shift_dates(texts, key, by=pa.array(["p1"] * 3), invalid="suppress")
    assert [text is None for text in shifted.to_pylist()] == [False, True, True]
    assert not any(buffer is not None and b"Dupont" in buffer.to_pybytes() for buffer in shifted.buffers())


def test_what_stands_under_a_null_is_not_handed_on(key):
    hidden = pa.StringArray.from_buffers(
        2,
        pa.py_buffer(bytes([0, 0, 0, 0, 10, 0, 0, 0, 20, 0, 0, 0])),
        pa.py_buffer(b"1970-05-172026-01-02"),
        pa.py_buffer(b"\x02"),
    )
    assert hidden.to_pylist() == [None, "2026-01-02"]
    for result in (shift_dates(hidden, key, by=pa.array(["p1"] * 2)), truncate_dates(hidden)):
        assert not any(buffer is not None and b"1970-05-17" in buffer.to_pybytes() for buffer in result.buffers())


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (pa.date32(), 2**31 - 1),
        (pa.date32(), -(2**31)),
        (pa.timestamp("ns"), 2**63 - 1),
        (pa.timestamp("us", "UTC"), -(2**63)),
        (pa.date64(), 2**63 - 1 - (2**63 - 1) % 86_400_000),
    ],
)
def test_a_result_out_of_the_range_of_the_type_is_refused_by_row(key, kind, number):
    width = pa.int32() if pa.types.is_date32(kind) else pa.int64()
    # Of many patients some move up and some move down.
    column = pa.array([0, *[number] * 20], width).view(kind)
    by = pa.array([str(patient) for patient in range(21)])
    with pytest.raises(InvalidValue, match=r"values would leave the range of dates that the type holds \(row [1-9]"):
        shift_dates(column, key, by=by)
    kept = shift_dates(column, key, by=by, invalid="suppress")
    assert 0 < kept.null_count < 20
    assert kept[0].is_valid


def test_a_text_before_the_first_year_is_refused(key):
    column = pa.array(["0001-01-01"] * 20)
    with pytest.raises(InvalidValue, match="would leave the range"):
        shift_dates(column, key, by=pa.array(range(20)))


def test_a_date_without_a_patient_is_refused_by_row(key):
    with pytest.raises(InvalidValue) as caught:
        shift_dates(pa.array([date(2026, 1, 2)] * 3), key, by=pa.array(["p1", None, "p2"]))
    assert str(caught.value) == (
        "1 value can't be shifted without a patient (row 1, counted from 0). Fill in the patient, or drop these rows."
    )


@pytest.mark.parametrize("by", [["p1"], ["p1"] * 3])
def test_a_patient_column_of_another_length_is_refused(key, by):
    with pytest.raises(InvalidColumn, match="by has"):
        shift_dates(pa.array([date(2026, 1, 2)] * 2), key, by=pa.array(by))


@pytest.mark.parametrize(
    "options",
    [{"days": 0}, {"days": -5}, {"days": 6, "keep_weekday": True}, {"days": 10**6}, {"days": 3.5}, {"days": "9"}],
)
def test_a_range_without_a_shift_is_refused(key, options):
    with pytest.raises(InvalidOption, match="days is a whole number from"):
        shift_dates(pa.array([date(2026, 1, 2)]), key, by=pa.array(["p1"]), **options)


@pytest.mark.parametrize("format", ["%d/%m/%y", "%d/%m", "%-d/%m/%Y", "%Y-%m-%d %d", "%x", "jour", "%Y%m%dé"])
def test_a_format_without_fixed_places_is_refused(key, format):  # noqa: A002 - the option's name
    with pytest.raises(InvalidOption, match="the format"):
        truncate_dates(pa.array(["2026-01-02"]), format=format)


@pytest.mark.parametrize("column", [pa.array([20260102]), pa.array([True]), pa.array([[1]]), pa.array([1.5])])
def test_a_column_that_holds_no_dates_is_refused(key, column):
    for transform in (
        lambda: shift_dates(column, key, by=pa.array(["p"])),
        lambda: truncate_dates(column),
        lambda: age_from(column, date(2026, 1, 1)),
    ):
        with pytest.raises(InvalidColumn, match="holds no dates"):
            transform()


@pytest.mark.parametrize("kind", KINDS)
def test_empty_columns_and_columns_of_nulls_stay_so(key, kind):
    assert len(shift_dates(pa.array([], kind), key, by=pa.array([], pa.string()))) == 0
    nulls = shift_dates(pa.nulls(2, kind), key, by=pa.array(["p1", None]))
    assert (nulls.type, nulls.null_count) == (kind, 2)
    assert truncate_dates(pa.nulls(2, kind)).equals(nulls)
    assert age_from(pa.nulls(2, kind), date(2026, 1, 1)).null_count == 2


def test_a_column_without_a_type_stays_null(key):
    assert shift_dates(pa.nulls(2), key, by=pa.array(["p1", "p2"])).equals(pa.nulls(2))
    assert truncate_dates(pa.nulls(2)).equals(pa.nulls(2))
    assert age_from(pa.nulls(2), date(2026, 1, 1)).to_pylist() == [None, None]


def test_a_dictionary_of_dates_stays_a_dictionary(key):
    column = pa.array(["2026-01-02", "2026-01-02", None]).dictionary_encode()
    shifted = shift_dates(column, key, by=pa.array(["p1", "p2", "p3"]))
    assert shifted.type == column.type
    assert "2026-01-02" not in shifted.dictionary.to_pylist()


def test_a_small_dictionary_index_grows_when_it_must(key):
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 300, pa.int8()), pa.array([date(2026, 1, 2)]))
    shifted = shift_dates(column, key, by=pa.array(range(300)))
    assert len(shifted.dictionary) > 127


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("year", "2026-01-01"),
        ("quarter", "2026-04-01"),
        ("month", "2026-05-01"),
        ("week", "2026-05-11"),
        ("day", "2026-05-17"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_dates_of_every_type_are_cut(to, expected, kind):
    column = pa.array([date(2026, 5, 17), None], pa.date32()).cast(kind)
    cut = truncate_dates(column, to=to)
    assert cut.type == kind
    assert cut.cast(pa.date32()).to_pylist() == [date.fromisoformat(expected), None]


def test_dates_are_cut_in_every_container(container, as_list):
    column = container(["2026-05-17", None, "1969-12-31T23:59:59Z"])
    assert as_list(truncate_dates(column)) == ["2026-05-01", None, "1969-12-01T00:00:00Z"]


def test_an_instant_is_cut_in_its_own_zone():
    # 23:30 in Paris on 31 May is 21:30 in London: May in both, but midnight is Paris's.
    column = pa.array([datetime(2026, 5, 31, 22, 30, tzinfo=UTC)], pa.timestamp("us", "Europe/Paris"))
    assert truncate_dates(column).to_pylist() == [datetime(2026, 6, 1, tzinfo=PARIS)]


def test_a_day_without_midnight_starts_with_its_first_instant():
    # In Sao Paulo the clocks went from 00:00 to 01:00.
    column = pa.array([datetime(2018, 11, 4, 15, tzinfo=UTC)], pa.timestamp("us", "America/Sao_Paulo"))
    assert truncate_dates(column, to="day").cast(pa.timestamp("us", "UTC")).to_pylist() == [
        datetime(2018, 11, 4, 3, tzinfo=UTC)
    ]


def test_an_unknown_time_zone_is_named():
    column = pa.array([0], pa.int64()).view(pa.timestamp("us", "Europe/Lutece"))
    for transform in (lambda: truncate_dates(column), lambda: age_from(column, date(2026, 1, 1))):
        with pytest.raises(InvalidColumn, match="the time zone Europe/Lutece is unknown"):
            transform()


@pytest.mark.parametrize(
    ("kind", "number"), [(pa.date32(), 2**31 - 5), (pa.date32(), -(2**31)), (pa.timestamp("s"), 2**62)]
)
def test_dates_outside_the_calendar_are_not_cut(kind, number):
    width = pa.int32() if pa.types.is_date32(kind) else pa.int64()
    with pytest.raises(InvalidValue, match=r"can't be cut outside the years 0001 to 9999 \(row 1"):
        truncate_dates(pa.array([0, number], width).view(kind))


def test_a_cut_that_leaves_the_range_of_the_type_is_refused():
    first = pa.array([-(2**63) + 1], pa.int64()).view(pa.timestamp("ns"))
    with pytest.raises(InvalidValue, match=r"would leave the range of their type \(row 0"):
        truncate_dates(first, to="year")


def test_text_keeps_its_form_when_cut():
    texts = ["17/05/2026 08:30", None]
    assert truncate_dates(pa.array(texts), format="%d/%m/%Y %H:%M").to_pylist() == ["01/05/2026 00:00", None]
    zoned = ["2026-05-17T08:30:59.123456+02:00"]
    assert truncate_dates(pa.array(zoned), to="day").to_pylist() == ["2026-05-17T00:00:00.000000+02:00"]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("year", ["1970", "1970-01"]),
        ("quarter", ["1970", "1970-04"]),
        ("month", ["1970", "1970-05"]),
        ("week", ["1970", "1970-05"]),
        ("day", ["1970", "1970-05"]),
    ],
)
def test_partial_dates_are_cut_no_finer_than_they_are(to, expected):
    assert truncate_dates(pa.array(["1970", "1970-05"]), to=to).to_pylist() == expected


@given(st.lists(st.dates(), max_size=20))
def test_weeks_begin_on_monday_in_text_and_in_dates(days):
    texts = pa.array([day.isoformat() for day in days], pa.string())
    expected = [day - timedelta(days=day.weekday()) for day in days]
    assert truncate_dates(texts, to="week").to_pylist() == [day.isoformat() for day in expected]
    assert truncate_dates(texts.cast(pa.date32()), to="week").to_pylist() == expected


def test_an_unknown_unit_is_refused():
    with pytest.raises(InvalidOption, match="Choose one of year, quarter, month, week, day"):
        truncate_dates(pa.array([date(2026, 1, 2)]), to="decade")


BIRTHS = [date(1970, 5, 17), date(2000, 2, 29), None, date(2026, 5, 16)]


def test_ages_in_every_container(container, as_list):
    assert as_list(age_from(container(BIRTHS, pa.date32()), date(2026, 5, 16))) == [55, 26, None, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_ages_from_every_type(kind):
    births = pa.array(BIRTHS, pa.date32()).cast(kind)
    assert age_from(births, date(2026, 5, 16)).to_pylist() == [55, 26, None, 0]


@pytest.mark.parametrize(
    ("at", "age"), [("2001-02-28", 0), ("2001-03-01", 1), ("2004-02-28", 3), ("2004-02-29", 4), ("2000-02-29", 0)]
)
def test_who_is_born_on_a_leap_day_is_older_on_the_first_of_march(at, age):
    assert age_from(pa.array([date(2000, 2, 29)]), pa.array([at])).to_pylist() == [age]


@given(st.dates(date(1900, 1, 1), date(2000, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_age_is_the_number_of_birthdays(birth, at):
    expected = at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))
    assert age_from(pa.array([birth]), at).to_pylist() == [expected]


def test_an_age_counts_the_local_date():
    late = pa.array([datetime(2000, 5, 16, 22, 30, tzinfo=UTC)], pa.timestamp("s", "Europe/Paris"))
    assert age_from(late, date(2026, 5, 16)).to_pylist() == [25]


def test_ages_come_back_in_the_births_kind():
    births = pd.Series(pd.to_datetime(["1970-05-17", "1980-01-01"]), index=[5, 6], name="birth")
    ages = age_from(births, pd.Series(["2026-05-17", "2026-01-01"]))
    assert ages.index.tolist() == [5, 6]
    assert ages.tolist() == [56, 46]


def test_a_date_before_birth_is_refused_by_row():
    with pytest.raises(InvalidValue, match=r"1 value can't lie before birth \(row 1"):
        age_from(pa.array([date(2000, 1, 1), date(2026, 1, 2)]), date(2026, 1, 1))


def test_columns_of_different_length_have_no_ages():
    with pytest.raises(InvalidColumn, match="birth has 2 values, at has 1"):
        age_from(pa.array([date(2000, 1, 1)] * 2), pa.array([date(2026, 1, 1)]))
