"""Surrogates are false but plausible, the same for the same value, and never the person's own."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import Key
from transforms.errors import InvalidColumn
from transforms.normalization import normalized
from transforms.pools import LOCALES, pool
from transforms.pseudonyms import surrogate

KEY = Key(bytes(range(32)), domain="eds-cardio", id="k1")
KINDS = ["first_name", "last_name", "person_name", "city", "address", "phone", "email"]
POOLS = ["first_names_f", "first_names_m", "last_names", "cities", "usual_sex_f", "usual_sex_m"]


def one(value: str, kind: str, key: Key = KEY) -> str:
    return surrogate(pa.array([value]), key, kind=kind)[0].as_py()


def folded(values) -> list[str]:
    return normalized(pa.array(values, pa.string()), "name").to_pylist()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_in_every_container(container, as_list, key, kind):
    values = ["Jean Dupont", None, "0612345678", "", "Jean Dupont"]
    result = as_list(surrogate(container(values), key, kind=kind))
    assert result == surrogate(pa.array(values), key, kind=kind).to_pylist()
    assert [value is None for value in result] == [value is None for value in values]
    assert result[0] == result[4]
    assert result[3] == ""


@pytest.mark.parametrize("kind", KINDS)
def test_domain_version_and_secret_separate(kind):
    people = pa.array([f"06123456{number:02}" if kind == "phone" else f"Personne {number}" for number in range(64)])
    keys = [
        KEY,
        Key(bytes(32), domain="eds-cardio", id="k1"),
        Key(bytes(range(32)), domain="eds-neuro", id="k1"),
        Key(bytes(range(32)), domain="eds-cardio", id="k1", version=2),
    ]
    assert len({tuple(surrogate(people, key, kind=kind).to_pylist()) for key in keys}) == 4


def test_a_name_has_one_surrogate_however_it_is_spelled():
    assert one("DUPONT", "last_name") == one("Dupont", "last_name").upper() == one(" dupont ", "last_name").upper()
    assert one("LE GOFF", "last_name") == one("Le-Goff", "last_name").upper()
    assert one("06 12 34 56 78", "phone").replace(" ", "") == one("+33612345678", "phone")


def test_case_stays_as_it_was():
    assert one("DUPONT", "last_name").isupper()
    assert one("dupont", "last_name").islower()
    assert one("Dupont", "last_name").istitle()
    assert re.fullmatch(r"[^a-z]+ [A-ZÉ][^A-Z]+", one("DUPONT Jean", "person_name"))


@pytest.mark.parametrize(
    ("name", "sex"),
    [("Jean", "m"), ("MARIE", "f"), ("Françoise", "f"), ("francoise", "f"), ("Jean-Pierre", "m"), ("Mohamed", "m")],
)
def test_first_names_keep_their_usual_sex(name, sex):
    assert folded([one(name, "first_name")])[0] in folded(pool("fr_FR", f"first_names_{sex}").to_pylist())


@pytest.mark.parametrize(
    ("name", "sex"),
    [("Mme Dupont", "f"), ("M. Dupont", "m"), ("MARTIN Claire", "f"), ("Claire MARTIN", "f"), ("DUPONT Jean", "m")],
)
def test_person_names_keep_the_sex_of_title_or_first_name(name, sex):
    names = set(folded(pool("fr_FR", f"first_names_{sex}").to_pylist()))
    assert set(folded([one(name, "person_name")])[0].split()) & names


@pytest.mark.parametrize("kind", ["first_name", "last_name", "city"])
def test_every_value_of_a_pool_becomes_another(kind):
    for name in {"first_name": ["first_names_f", "first_names_m"], "last_name": ["last_names"], "city": ["cities"]}[
        kind
    ]:
        values = pool("fr_FR", name)
        result = surrogate(values, KEY, kind=kind)
        assert not [
            row
            for row, (a, b) in enumerate(zip(folded(values.to_pylist()), folded(result.to_pylist()), strict=True))
            if a == b
        ]


def test_no_part_of_a_person_s_name_comes_back():
    firsts, lasts = pool("fr_FR", "first_names_f").to_pylist(), pool("fr_FR", "last_names").to_pylist()
    people = [f"{firsts[row % len(firsts)]} {lasts[row % len(lasts)]}" for row in range(5000)]
    result = surrogate(pa.array(people), KEY, kind="person_name").to_pylist()
    for person, false in zip(folded(people), folded(result), strict=True):
        assert not set(person.split()) & set(false.split())


def test_phones_are_of_the_zone_s_numbers_for_fiction():
    zones = {"01": "019900", "02": "026191", "03": "035301", "04": "046571", "05": "053649", "06": "063998"}
    for zone, fiction in zones.items():
        assert re.fullmatch(fiction + r"\d{4}", one(zone + "12345678", "phone"))
        assert re.fullmatch(r"(\d\d ){4}\d\d", one(f"{zone} 12 34 56 78", "phone"))
    fictional = pa.array([f"063998{number:04}" for number in range(10_000)])
    result = surrogate(fictional, KEY, kind="phone").to_pylist()
    assert not any(one == other for one, other in zip(fictional.to_pylist(), result, strict=True))


def test_mail_goes_to_nobody():
    assert re.fullmatch(r"[a-z.]+\d+@example\.org", one("jean.dupont@chu.fr", "email"))


def test_many_names_are_spread_over_the_pool():
    people = surrogate(pa.array([f"Nom{number}" for number in range(5000)]), KEY, kind="last_name").to_pylist()
    assert len(set(people)) > 0.95 * len(pool("fr_FR", "last_names"))


def test_a_category_stays_one_without_order(key):
    column = pd.Series(["Dupont", "Martin", None], dtype="category")
    result = surrogate(column, key, kind="last_name")
    assert isinstance(result.dtype, pd.CategoricalDtype)
    assert list(result.cat.categories) == sorted(result.cat.categories)


@pytest.mark.parametrize("options", [{"kind": "nir"}, {"kind": "last_name", "locale": "xx_XX"}])
def test_what_has_no_pool_is_refused(options):
    with pytest.raises(InvalidColumn, match="Choose one of"):
        surrogate(pa.array(["a"]), KEY, **options)


@pytest.mark.parametrize("kind", KINDS)
@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=12), max_size=8))
@settings(max_examples=25)
def test_no_text_comes_back_as_itself(kind, values):
    result = surrogate(pa.array(values, pa.string()), KEY, kind=kind).to_pylist()
    assert len(result) == len(values)
    assert all(a != b for a, b in zip(values, result, strict=True) if a)


@pytest.mark.parametrize("name", POOLS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_pool_says_source_licence_and_day_and_is_not_stale(locale, name):
    from importlib.resources import files

    text = (files("transforms.pools") / locale / f"{name}.txt").read_text("utf-8")
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert any(line.startswith("# Source: ") for line in head)
    assert any(line.startswith("# Licence: ") for line in head)
    day = date.fromisoformat(next(line for line in head if line.startswith("# Read: "))[8:])
    assert day >= date(2026, 11, 24)
    values = pool(locale, name).to_pylist()
    assert len(values) == len(set(values)) > 300
