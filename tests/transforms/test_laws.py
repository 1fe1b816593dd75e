"""What holds of every keyed transform, whatever the values: the laws that joins and streams rely on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import Key, detokenize, format_preserving, pseudonymize, shift_dates, surrogate, tokenize

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
OTHER_KEYS = {
    "secret": Key(bytes(32), domain="eds-cardio", id="k1"),
    "domain": Key(bytes(range(32)), domain="eds-neuro", id="k1"),
    "version": Key(bytes(range(32)), domain="eds-cardio", id="k1", version=2),
}
text = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=40)
digits = st.text("0123456789", min_size=6, max_size=25)
phone = st.from_regex(r"0[1-9]( ?[0-9]{2}){4}", fullmatch=True)
day = st.dates(date(1900, 1, 1), date(2100, 1, 1))

# What it does to a column, and what values it takes.
TRANSFORMS: dict[str, tuple[Any, st.SearchStrategy, pa.DataType]] = {
    "pseudonymize": (lambda column, key=KEY, field="f": pseudonymize(column, key, field=field), text, pa.string()),
    "pseudonymize, as a name": (
        lambda column, key=KEY, field="f": pseudonymize(column, key, field=field, normalize="name", encoding="base32"),
        text,
        pa.string(),
    ),
    "tokenize": (lambda column, key=KEY, field="f": tokenize(column, key, field=field), text, pa.string()),
    "format_preserving": (
        lambda column, key=KEY, field="f": format_preserving(column, key, field=field),
        digits,
        pa.string(),
    ),
    "format_preserving phone": (
        lambda column, key=KEY, field="f": format_preserving(column, key, field=field, kind="phone"),
        phone,
        pa.string(),
    ),
    "format_preserving date": (
        lambda column, key=KEY, field="f": format_preserving(column, key, field=field, kind="date"),
        day,
        pa.date32(),
    ),
    "surrogate": (lambda column, key=KEY: surrogate(column, key, kind="person_name"), text, pa.string()),
    "surrogate phone": (lambda column, key=KEY: surrogate(column, key, kind="phone"), phone, pa.string()),
    "shift_dates": (
        lambda column, key=KEY, field="f": shift_dates(column, key, by=column, field=field),
        day,
        pa.date32(),
    ),
}
ONE_TO_ONE = ["pseudonymize", "tokenize", *(name for name in TRANSFORMS if name.startswith("format_preserving"))]
LABELLED = sorted(TRANSFORMS.keys() - {"surrogate", "surrogate phone"})


@pytest.fixture(params=TRANSFORMS, scope="module")
def law(request):
    return TRANSFORMS[request.param]


def drawn(data, values: st.SearchStrategy, kind: pa.DataType, *, nulls: bool = True, **options) -> pa.Array:
    return pa.array(data.draw(st.lists(st.none() | values if nulls else values, max_size=20, **options)), kind)


@given(st.data())
@settings(max_examples=25)
def test_a_slice_of_the_result_is_the_result_of_the_slice(law, data):
    transform, values, kind = law
    column = drawn(data, values, kind)
    begin = data.draw(st.integers(0, len(column)))
    length = data.draw(st.integers(0, len(column) - begin))
    assert transform(column.slice(begin, length)).to_pylist() == transform(column).slice(begin, length).to_pylist()


@given(st.data())
@settings(max_examples=25)
def test_batches_give_in_any_order_what_the_whole_gives(law, data):
    transform, values, kind = law
    batches = [drawn(data, values, kind) for _ in range(data.draw(st.integers(1, 4)))]
    whole = transform(pa.chunked_array(batches, kind)).to_pylist()
    order = data.draw(st.permutations(range(len(batches))))
    made = {number: transform(batches[number]).to_pylist() for number in order}
    assert [value for number in range(len(batches)) for value in made[number]] == whole


@given(st.data())
@settings(max_examples=25)
def test_equal_values_have_equal_results_and_a_null_stays_one(law, data):
    transform, values, kind = law
    column = drawn(data, values, kind)
    result = transform(pa.concat_arrays([column, column])).to_pylist()
    assert result[: len(column)] == result[len(column) :]
    assert [value is None for value in result[: len(column)]] == column.is_null().to_pylist()


@pytest.mark.parametrize("name", ONE_TO_ONE)
@given(st.data())
@settings(max_examples=25)
def test_different_values_have_different_results(name, data):
    import unicodedata

    transform, values, kind = TRANSFORMS[name]
    # pseudonymize evens out composition and white space on purpose, so these count as the same value.
    by = (lambda value: unicodedata.normalize("NFC", value).strip()) if name == "pseudonymize" else None
    column = drawn(data, values, kind, nulls=False, unique_by=by or (lambda value: value))
    assert len(set(transform(column).to_pylist())) == len(column)


@pytest.mark.parametrize(
    "name", ["pseudonymize", "pseudonymize, as a name", "tokenize", "surrogate", "surrogate phone"]
)
@given(st.data())
@settings(max_examples=25)
def test_no_value_comes_back_as_itself(name, data):
    transform, values, kind = TRANSFORMS[name]
    column = drawn(data, values.filter(bool), kind, nulls=False)
    assert not [
        value
        for value, made in zip(column.to_pylist(), transform(column).to_pylist(), strict=True)
        if value == made != ""
    ]


@pytest.mark.parametrize("other", OTHER_KEYS)
@given(st.data())
@settings(max_examples=15)
def test_another_domain_version_or_secret_gives_other_results(law, other, data):
    transform, values, kind = law
    # Enough values that no chance, as of two names or shifts being alike, makes all of them agree.
    column = drawn(data, values.filter(bool), kind, nulls=False, min_size=20, unique_by=str)
    assert transform(column).to_pylist() != transform(column, key=OTHER_KEYS[other]).to_pylist()


@pytest.mark.parametrize("name", LABELLED)
@given(st.data())
@settings(max_examples=15)
def test_another_linking_label_gives_other_results(name, data):
    transform, values, kind = TRANSFORMS[name]
    column = drawn(data, values.filter(bool), kind, nulls=False, min_size=20, unique_by=str)
    assert transform(column).to_pylist() != transform(column, field="g").to_pylist()


@given(st.lists(st.none() | text, max_size=20))
@settings(max_examples=50)
def test_tokens_turn_back(values):
    tokens = tokenize(pa.array(values, pa.string()), KEY, field="f")
    assert detokenize(tokens, KEY, field="f").to_pylist() == values


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (digits, {}),
        (st.text("ACGT", min_size=10, max_size=80), {"alphabet": "ACGT"}),
        (st.text("αβγδεζηθικ", min_size=6, max_size=20), {"alphabet": "αβγδεζηθικ"}),
        (phone, {"kind": "phone"}),
        (st.from_regex(r"[A-Z]{2}[0-9]{6,12}", fullmatch=True), {"kind": "patient_id"}),
        (day.map(date.isoformat), {"kind": "date"}),
    ],
)
@given(st.data())
@settings(max_examples=25)
def test_format_preserving_turns_back_and_keeps_the_length(values, options, data):
    column = drawn(data, values, pa.string())
    sealed = format_preserving(column, KEY, field="f", **options)
    assert [len(value or "") for value in sealed.to_pylist()] == [len(value or "") for value in column.to_pylist()]
    assert format_preserving(sealed, KEY, field="f", decrypt=True, **options).to_pylist() == column.to_pylist()


@given(st.lists(st.tuples(st.sampled_from(["p1", "p2", "p3"]), day), min_size=1, max_size=30), st.integers(1, 400))
def test_a_shift_keeps_a_patient_s_intervals_and_never_the_date(rows, days):
    patients, dates = zip(*rows, strict=True)
    moved = shift_dates(pa.array(dates), KEY, by=pa.array(patients), days=days).to_pylist()
    shifts = {patient: set() for patient in patients}
    for patient, before, after in zip(patients, dates, moved, strict=True):
        shifts[patient].add((after - before).days)
    assert all(len(found) == 1 and 0 < abs(*found) <= days for found in shifts.values())
