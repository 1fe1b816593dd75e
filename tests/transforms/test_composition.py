"""Rows that composition can't touch are found by their characters, and none is missed."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest

from transforms.composition import rows_to_compose
from transforms.crypto.blocks import run_of
from transforms.normalization import normalized


def flagged(values) -> list[bool]:
    return rows_to_compose(run_of(pa.array(values))).tolist()


def test_text_as_the_french_write_it_needs_no_composition():
    assert not any(flagged(["Hélène Lefèvre-Œuvrard", "l’hôpital – 3 €", "Nguyễn", "Владимир", "王小明", "さくら", ""]))


@pytest.mark.parametrize("text", ["e\u0301", "か\u3099", "\u1112\u1161", "\u2126", "\u212b", "שׁ\u05bc", "\u0344", "🏥"])
def test_text_that_may_change_is_found_in_its_row(text):
    assert flagged(["plain", text, "élan", text + "x", ""]) == [False, True, False, True, False]


@pytest.mark.parametrize("around", ["{}", "e{}", "{}\u0301", "\u1112{}\u11a8", "か{}", "{}{}"])
def test_every_character_is_normalized_as_python_does(around):
    characters = [chr(point) for point in range(0x10000) if unicodedata.category(chr(point)) not in {"Cn", "Cs", "Co"}]
    texts = [around.replace("{}", character) for character in characters]
    result = normalized(pa.array(texts), "text").to_pylist()
    assert [
        hex(ord(character))
        for character, text, other in zip(characters, texts, result, strict=True)
        if unicodedata.normalize("NFC", text.strip()) != other
    ] == []
