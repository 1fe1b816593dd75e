"""Spellings count as one when the plan says so; what is normal already is left alone."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import InvalidColumn
from transforms.kinds import CATEGORY_OF
from transforms.normalization import NORMALIZATION_OF, NORMALIZATIONS, normalized

CASES = {
    "text": [
        ("Dupont ", "Dupont"),
        ("\u00a0\tZoe\u0301\u3000", "Zoé"),
        ("dupont", "dupont"),
        ("a  b", "a  b"),
        (" ", ""),
    ],
    "caseless": [("A12b ", "a12b"), ("É", "é"), ("ΑΒΓ", "αβγ")],
    "email": [(" Jean.DUPONT@Chu.FR", "jean.dupont@chu.fr")],
    "name": [
        ("Le  Goff", "LE GOFF"),
        ("le-goff ", "LE GOFF"),
        ("L’Hôpital", "L HOPITAL"),
        ("Lætitia Œuvrard", "LAETITIA OEUVRARD"),
        ("Müller-Straße", "MULLER STRASSE"),
        ("Zoe\u0301", "ZOE"),
        ("DUPONT", "DUPONT"),
        ("Владимир", "ВЛАДИМИР"),
        ("- ", ""),
    ],
    "compact": [
        ("2 85 05 75 123 456 12", "285057512345612"),
        ("2a 04.004-x", "2A04004X"),
        ("fr76\u00a03000", "FR763000"),
    ],
    "phone": [
        ("06.12.34.56.78", "0612345678"),
        ("+33 6 12 34 56 78", "0612345678"),
        ("+33 (0)6 12 34 56 78", "0612345678"),
        ("0033612345678", "0612345678"),
        ("+44 20 7946 0000", "+442079460000"),
        ("0044 20 7946 0000", "+442079460000"),
        ("0612345678", "0612345678"),
    ],
    "none": [(" a ", " a ")],
}


@pytest.mark.parametrize("name", CASES)
def test_each_normalization_by_example(name):
    given_, wanted = zip(*CASES[name], strict=True)
    assert normalized(pa.array(given_), name).to_pylist() == list(wanted)
    # Alone too: what a column needs is decided from the whole of it.
    assert [normalized(pa.array([value]), name)[0].as_py() for value in given_] == list(wanted)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_every_kind_of_string_nulls_and_slices(name, kind):
    given_, wanted = zip(*CASES[name], strict=True)
    column = pa.array(["é ", None, *given_, None], kind).slice(1)
    assert normalized(column, name).to_pylist() == [None, *wanted, None]


def test_a_name_is_given_by_every_case():
    assert set(CASES) == set(NORMALIZATIONS)


def test_true_is_text_and_false_is_none():
    column = pa.array([" e\u0301 "])
    assert normalized(column, True).to_pylist() == ["é"]
    assert normalized(column, False).to_pylist() == [" e\u0301 "]


PIECES = st.sampled_from(
    [
        *"ab é",
        "e\u0301",
        "\u0300",
        "\u00a0",
        "\u2003",
        "\u3000",
        "\x85",
        "\t",
        "ﬁ",
        "한",
        "\u1112\u1161",
        "か\u3099",
        "ẛ",
    ]
)


@given(st.lists(st.none() | st.lists(PIECES, max_size=6).map("".join), max_size=30))
@settings(max_examples=200)
def test_text_is_python_s_nfc_and_strip(values):
    wanted = [None if value is None else unicodedata.normalize("NFC", value.strip()) for value in values]
    assert normalized(pa.array(values, pa.string()), "text").to_pylist() == wanted


@pytest.mark.parametrize("name", NORMALIZATIONS)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=8), max_size=10))
@settings(max_examples=40)
def test_normalizing_twice_is_normalizing_once(name, values):
    once = normalized(pa.array(values, pa.string()), name)
    assert normalized(once, name).to_pylist() == once.to_pylist()


@pytest.mark.parametrize("values", [["DUPONT", "LE GOFF"], ["Zoé", "Lefèvre"], [None], []])
def test_what_is_normal_keeps_its_very_buffers(values):
    column = pa.array(values, pa.string())
    assert normalized(column, True).buffers()[-1] == column.buffers()[-1]


def test_bytes_and_dictionaries():
    assert normalized(pa.array([b" a "], pa.binary()), True).to_pylist() == [b" a "]
    assert normalized(pa.array([" a", "a ", None]).dictionary_encode(), True).to_pylist() == ["a", "a", None]
    assert normalized(pa.chunked_array([[" a"], []], pa.string()), True).to_pylist() == ["a"]


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(InvalidColumn, match="compact"):
        normalized(pa.array(["a"]), "upper")


def test_every_kind_with_a_normalization_is_a_kind():
    assert set(NORMALIZATION_OF) <= set(CATEGORY_OF)
    assert set(NORMALIZATION_OF.values()) <= set(NORMALIZATIONS)
