"""Plain capitals by bytes are what Unicode's capitals, decomposition and dropped marks give."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest

from transforms.crypto.blocks import run_of
from transforms.latin_letters import plain_capitals, rows_of_other_letters

LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "ß": "SS", "ẞ": "SS", "Ø": "O"})


def by_the_book(text: str) -> str:
    marked = unicodedata.normalize("NFKD", text.upper())
    return "".join(letter for letter in marked if not unicodedata.combining(letter)).upper().translate(LIGATURES)


@pytest.mark.parametrize("around", ["", "Zoé", "Œ"])
def test_every_letter_that_is_claimed_is_written_as_unicode_says(around):
    characters = [chr(point) for point in range(0x20, 0x3000)]
    column = pa.array([around + character + around for character in characters])
    ours = ~rows_of_other_letters(run_of(column))
    assert ours[: 0x80 - 0x20].all()
    assert {"é", "À", "ç", "ÿ", "œ", "Æ", "ß", "ø"} <= {one for one, here in zip(characters, ours, strict=True) if here}
    written = plain_capitals(column).to_pylist()
    for character, here, result in zip(characters, ours, written, strict=True):
        if here:
            assert result == by_the_book(around + character + around)
        else:
            assert result == by_the_book(around) + character + by_the_book(around)


def test_slices_and_nulls_stay_in_place():
    column = pa.array(["é", None, "Zoé", "", "ça"]).slice(1)
    result = plain_capitals(column)
    result.validate(full=True)
    assert result.to_pylist() == [None, "ZOE", "", "CA"]
    assert plain_capitals(pa.array([], pa.string())).to_pylist() == []
