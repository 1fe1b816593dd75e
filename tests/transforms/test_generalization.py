from __future__ import annotations

from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import InvalidColumn, InvalidOption, InvalidValue
from transforms.generalization import generalize, mask, suppress
from transforms.icd10_chapters import CHAPTER_OF
from transforms.postal_areas import COLLECTIVITIES, DEPARTEMENT_OF, REGIONS

POSTAL_CODES = ["75012", "20090", "20200", None, "97410", "01000", "75012"]
DEPARTEMENTS = ["75", "2A", "2B", None, "974", "01", "75"]
REGION_NAMES = ["Île-de-France", "Corse", "Corse", None, "La Réunion", "Auvergne-Rhône-Alpes", "Île-de-France"]


def test_a_postal_code_becomes_its_departement_in_every_container(container, as_list):
    column = container(POSTAL_CODES)
    assert as_list(generalize(column, to="departement")) == DEPARTEMENTS


def test_a_postal_code_becomes_its_region_in_every_container(container, as_list):
    assert as_list(generalize(container(POSTAL_CODES), to="region")) == REGION_NAMES


def test_integer_postal_codes_get_their_leading_zero_back_in_every_container(container, as_list):
    column = container([1000, 75012, None, 20090], pa.int64())
    assert as_list(generalize(column, to="departement")) == ["01", "75", None, "2A"]


@pytest.mark.parametrize(
    ("code", "departement"),
    [
        ("20000", "2A"),
        ("20167", "2A"),
        ("20600", "2B"),
        ("20704", "2A"),
        ("2B033", "2B"),
        ("97133", "977"),
        ("97150", "978"),
        ("97600", "976"),
        ("98735", "987"),
        ("98800", "988"),
        ("98000", "99"),
        ("99109", "99"),
        ("F-69003", "69"),
        ("FR-1000", "01"),
        (" 06 000 ", "06"),
        ("1000", "01"),
    ],
)
def test_postal_codes_out_of_the_ordinary(code, departement):
    assert generalize(pa.array([code]), to="departement").to_pylist() == [departement]


@pytest.mark.parametrize("code", ["", "750", "00100", "96000", "20500", "750120", "SW1A 1AA", "paris", "75O12"])
def test_what_is_no_postal_code_stops_the_column_without_being_quoted(code):
    with pytest.raises(InvalidValue) as caught:
        generalize(pa.array(["75012", code, None]), to="departement")
    assert str(caught.value) == (
        "1 value can't be read as a French postal code (row 1, counted from 0). Correct them, or say invalid: suppress."
    )


def test_suppressing_what_is_invalid_keeps_the_rest():
    column = pa.array(["75012", "nowhere", None])
    assert generalize(column, to="departement", invalid="suppress").to_pylist() == ["75", None, None]


def test_every_departement_lies_in_one_region():
    listed = [code for codes in REGIONS.values() for code in codes.split()]
    assert len(listed) == len(set(listed)) == 101
    assert set(DEPARTEMENT_OF.values()) == {*listed, *COLLECTIVITIES.values()}


@pytest.mark.parametrize(
    ("code", "chapter", "three"),
    [
        ("A00", "I", "A00"),
        ("B99", "I", "B99"),
        ("C50.9", "II", "C50"),
        ("D48", "II", "D48"),
        ("D50", "III", "D50"),
        ("E66.04+0", "IV", "E66"),
        ("H59", "VII", "H59"),
        ("H60", "VIII", "H60"),
        ("i501", "IX", "I50"),
        ("A17.0†", "I", "A17"),
        ("T98", "XIX", "T98"),
        ("V01", "XX", "V01"),
        ("Z51.1", "XXI", "Z51"),
        ("U07.1", "XXII", "U07"),
        ("C4A.1", "II", "C4A"),
    ],
)
def test_a_diagnosis_becomes_its_chapter_or_category(code, chapter, three):
    assert generalize(pa.array([code]), to="icd10_chapter").to_pylist() == [chapter]
    assert generalize(pa.array([code]), to="icd10_three").to_pylist() == [three]


@pytest.mark.parametrize("code", ["", "I5", "250.00", "D90", "IPP00123456", "I50.1 insuffisance", "Dupont"])
def test_what_is_no_diagnosis_code_stops_the_column(code):
    with pytest.raises(InvalidValue, match=r"can't be read as a CIM-10 code \(row 0"):
        generalize(pa.array([code]), to="icd10_three")


def test_icd10_has_twenty_two_chapters_and_no_letter_without_one():
    assert len(set(CHAPTER_OF.values())) == 22
    assert {group[0] for group in CHAPTER_OF} == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.mark.parametrize(("level", "group"), [(1, "N"), (2, "N02"), (3, "N02B"), (4, "N02BE"), (5, "N02BE01")])
def test_a_drug_becomes_its_atc_group(level, group):
    assert generalize(pa.array(["N02BE01", None]), to="atc_level", level=level).to_pylist() == [group, None]


def test_an_atc_code_coarser_than_the_level_stays():
    assert generalize(pa.array(["C07"]), to="atc_level", level=4).to_pylist() == ["C07"]


def test_bands_in_every_container(container, as_list):
    column = container([41, 45, None, 0, 107], pa.int64())
    assert as_list(generalize(column, width=5)) == ["[40, 45)", "[45, 50)", None, "[0, 5)", "[105, 110)"]


def test_bands_with_a_top_and_a_bottom():
    ages = pa.array([3, 18, 19, 89, 90, 104, None])
    assert generalize(ages, width=10, top_code=90, bottom_code=18).to_pylist() == [
        "<=18",
        "<=18",
        "[10, 20)",
        "[80, 90)",
        ">=90",
        ">=90",
        None,
    ]


def test_bands_of_ones_own():
    ages = pa.array([17, 18, 64, 65, None])
    assert generalize(ages, edges=[18, 65]).to_pylist() == ["<18", "[18, 65)", "[18, 65)", ">=65", None]


def test_bands_follow_the_decimal_that_was_written():
    # In binary 0.3 / 0.1 is just under 3.
    assert generalize(pa.array([0.3, 0.29]), width=0.1).to_pylist() == ["[0.3, 0.4)", "[0.2, 0.3)"]


@pytest.mark.parametrize(
    "ages",
    [
        pa.array([41, None, 97], pa.int8()),
        pa.array([41, None, 97], pa.uint64()),
        pa.array([41.0, float("nan"), 97.0]),
        pa.array([Decimal("41.00"), None, Decimal("97.00")]),
        pa.array(["41", None, "97"]),
        pa.array(["41,0", None, "97.0"]),
        pa.array(["41", None, "97"]).dictionary_encode(),
    ],
)
def test_a_band_has_one_name_however_the_number_is_typed(ages):
    assert generalize(ages, width=5).to_pylist() == ["[40, 45)", None, "[95, 100)"]


@given(st.lists(st.floats(-1e6, 1e6)), st.sampled_from([0.1, 0.25, 1, 5, 7.5, 100]))
def test_every_number_lies_in_its_band(numbers, width):
    for number, band in zip(numbers, generalize(pa.array(numbers, pa.float64()), width=width).to_pylist(), strict=True):
        low, high = (float(bound) for bound in band.strip("[)").split(", "))
        assert low <= number < high


@pytest.mark.parametrize("number", [float("inf"), 2.0**53, -(2.0**60)])
def test_a_number_too_large_for_an_exact_band_is_refused(number):
    with pytest.raises(InvalidValue, match=r"can't be put in a band \(row 1"):
        generalize(pa.array([1.0, number]), width=5)


def test_ages_are_top_coded_in_every_container(container, as_list):
    column = container([41, 90, None, 107], pa.int64())
    assert as_list(generalize(column, top_code=90)) == [41, 90, None, 90]


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int64(), pa.float32(), pa.decimal128(5, 2)])
def test_top_and_bottom_coding_keep_the_type(kind):
    ages = pa.array([3, 41, 97, None], kind)
    coded = generalize(ages, top_code=90, bottom_code=18)
    assert coded.type == kind
    assert [None if age is None else int(age) for age in coded.to_pylist()] == [18, 41, 90, None]


def test_text_keeps_its_writing_where_nothing_is_coded():
    assert generalize(pa.array(["41,50", "97", None]), top_code=90).to_pylist() == ["41,50", "90", None]


def test_a_limit_that_the_type_cannot_hold_is_refused():
    with pytest.raises(InvalidOption, match="can't stand in a column of int64"):
        generalize(pa.array([1]), top_code=90.5)


def test_rounding_takes_halves_to_the_even_multiple():
    assert generalize(pa.array([14, 15, 25, None]), round_to=10).to_pylist() == [10, 20, 20, None]
    assert generalize(pa.array([0.34, 0.25]), round_to=0.1).to_pylist() == [0.3, 0.2]
    assert generalize(pa.array([Decimal("12.55")]), round_to=0.5).to_pylist() == [Decimal("12.50")]


def test_rounding_out_of_the_range_of_the_type_is_refused():
    with pytest.raises(InvalidOption, match="leaves the range of int8"):
        generalize(pa.array([127], pa.int8()), round_to=50)


def test_a_prefix_in_every_container(container, as_list):
    assert as_list(generalize(container(["Zoé", None, "Jé", "Zoélie"]), prefix=3)) == ["Zoé", None, "Jé", "Zoé"]


def test_a_dictionary_that_loses_distinctions_stays_a_valid_category():
    series = pd.Series(["75012", "75013", None], dtype="category")
    coarse = generalize(series, to="departement")
    assert coarse.cat.categories.tolist() == ["75"]
    assert coarse.tolist()[:2] == ["75", "75"]


def test_entries_of_a_dictionary_that_no_row_uses_are_neither_judged_nor_kept():
    column = pa.array(["not a code", "75012"]).dictionary_encode().slice(1)
    coarse = generalize(column, to="departement")
    assert coarse.dictionary.to_pylist() == ["75"]


def test_rows_are_counted_across_chunks_and_ten_of_them_named():
    column = pa.chunked_array([["75012"], ["?"] * 12])
    with pytest.raises(InvalidValue, match=r"12 values can't .* \(row 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, \.\.\., counted"):
        generalize(column, to="region")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"to": "departement", "prefix": 3},
        {"to": "commune"},
        {"to": "atc_level"},
        {"to": "atc_level", "level": 6},
        {"to": "region", "level": 1},
        {"level": 1, "prefix": 3},
        {"width": 0},
        {"width": 5, "edges": [1]},
        {"edges": []},
        {"edges": [5, 5]},
        {"edges": [5, 6], "top_code": 9},
        {"top_code": 1, "bottom_code": 1},
        {"round_to": -1},
        {"prefix": 0},
        {"prefix": 3, "invalid": "drop"},
        {"prefix": 1.5},
        {"prefix": True},
        {"width": "5"},
        {"edges": [1, "2"]},
        {"top_code": float("nan")},
        {"round_to": float("inf")},
    ],
)
def test_options_that_make_no_request_are_refused(options):
    with pytest.raises(InvalidOption):
        generalize(pa.array([1]), **options)


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (pa.array([True]), {"width": 5}),
        (pa.array([True]), {"top_code": 5}),
        (pa.array([[1]]), {"prefix": 5}),
        (pa.array([b"75012"]), {"to": "departement"}),
        (pa.array([1], pa.date32()), {"to": "region"}),
    ],
)
def test_a_type_without_such_values_is_refused(values, options):
    with pytest.raises(InvalidColumn):
        generalize(values, **options)


def test_an_empty_column_stays_empty():
    for options in ({"to": "region"}, {"width": 5}, {"edges": [1]}, {"top_code": 5}, {"prefix": 1}):
        for kind in (pa.string(), pa.int64(), pa.null(), pa.dictionary(pa.int8(), pa.string())):
            assert len(generalize(pa.array([], kind), **options)) == 0


def test_a_column_of_nulls_stays_null():
    for options in ({"to": "region"}, {"width": 5}, {"top_code": 5}, {"round_to": 5}, {"prefix": 1}):
        for kind in (pa.string(), pa.null()):
            assert generalize(pa.nulls(2, kind), **options).to_pylist() == [None, None]


def test_suppressing_leaves_nothing_in_any_container(container, as_list):
    assert as_list(suppress(container(["Dupont", None, "Zoé"]))) == [None, None, None]


@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.date32(), pa.timestamp("us", "Europe/Paris"), pa.dictionary(pa.int8(), pa.string())]
)
def test_suppressing_keeps_the_type_and_drops_the_dictionary(kind):
    gone = suppress(pa.nulls(3, kind))
    assert gone.type == kind
    assert gone.null_count == 3
    if pa.types.is_dictionary(kind):
        assert len(suppress(pa.array(["Dupont"]).dictionary_encode()).dictionary) == 0


def test_a_mask_keeps_the_last_characters_in_every_container(container, as_list):
    column = container(["0612345678", None, "été", "15", ""])
    assert as_list(mask(column, keep_last=2)) == ["********78", None, "*té", "**", ""]


def test_a_mask_without_exception_hides_everything():
    assert mask(pa.array(["Zoé", None])).to_pylist() == ["***", None]
    assert mask(pa.array([612345678]), keep_last=2, character="•").to_pylist() == ["•••••••78"]


def test_a_mask_is_one_character():
    for options in ({"character": ""}, {"character": "ab"}, {"keep_last": -1}):
        with pytest.raises(InvalidOption):
            mask(pa.array(["a"]), **options)


def test_polars_gets_polars_back_with_its_name():
    back = generalize(pl.Series("zip", ["75012"]), to="departement")
    assert isinstance(back, pl.Series)
    assert back.name == "zip"
