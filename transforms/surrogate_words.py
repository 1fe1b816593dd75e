"""Which words does a person's value hold, and what do they tell: the usual sex, and what may not come back?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.crypto.blocks import run_of
from transforms.normalization import normalized
from transforms.pools import pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from transforms.crypto.blocks import Bools, Ints

    Numbers = NDArray[np.int32]

WOMEN: Final = 0
MEN: Final = 1
EITHER: Final = 2

_TITLES: Final = (
    ("MME", "MME.", "MADAME", "MLLE", "MLLE.", "MADEMOISELLE"),
    ("M", "M.", "MR", "MR.", "MONSIEUR"),
)


@cache
def folded(locale: str, name: str) -> pa.Array:
    """Spell a pool's values as values are compared."""
    return normalized(pool(locale, name), "name")


@dataclass(frozen=True)
class Vocabulary:
    """The words of a locale's pools, each with a number, and what a word says of a person's sex.

    Attributes:
        words: v different words.
        sex: v + 1 sexes (`WOMEN`, `MEN`, `EITHER`), the last for a word that is none of these.
        weight: v + 1 numbers: 0 says nothing, 1 a first name that is a last name too, 2 a first name alone.
        title_sex: As `sex`, titles included.
        title_weight: As `weight`, and 3 for a title.
    """

    words: pa.Array
    sex: Ints
    weight: Ints
    title_sex: Ints
    title_weight: Ints

    def numbers(self, words: pa.Array) -> Numbers:
        """Number words; what is no word of the vocabulary has the number after the last."""
        found = pc.index_in(words, value_set=self.words.cast(words.type))
        numbers: Numbers = found.fill_null(len(self.words)).to_numpy(zero_copy_only=False)
        return numbers


@cache
def vocabulary(locale: str) -> Vocabulary:
    """Gather the words of a locale."""
    usual = [pool(locale, f"usual_sex_{letter}") for letter in "fm"]
    names = [folded(locale, name) for name in ("first_names_f", "first_names_m", "last_names", "cities")]
    titles = [pa.array(listed) for listed in _TITLES]
    words = pa.concat_arrays([*usual, *names, *titles]).unique()
    sex, weight = np.full(len(words) + 1, EITHER), np.zeros(len(words) + 1, np.intp)
    for number, listed in enumerate(usual):
        places = pc.index_in(listed, words).to_numpy()
        sex[places], weight[places] = number, 2
    last = pc.index_in(folded(locale, "last_names"), words).to_numpy()
    weight[last] = np.minimum(weight[last], 1)
    title_sex, title_weight = sex.copy(), weight.copy()
    for number, listed in enumerate(titles):
        places = pc.index_in(listed, words).to_numpy()
        title_sex[places], title_weight[places] = number, 3
    return Vocabulary(words, sex, weight, title_sex, title_weight)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of n values, in order, as numbers of a vocabulary.

    Attributes:
        numbers: w numbers of words.
        start: n places among them where each value's words begin; None when every value is one word.
        vocabulary: What the numbers stand for.
    """

    numbers: Numbers
    start: Ints | None
    vocabulary: Vocabulary

    @classmethod
    def of(cls, spelled: pa.Array, locale: str) -> Spoken:
        """Read n values as `name` spells them: words between single spaces, one (empty) word for nothing."""
        words = vocabulary(locale)
        filled = spelled.fill_null("") if spelled.null_count else spelled
        run = run_of(filled)
        if not (run.data[int(run.offsets[0]) : int(run.offsets[-1])] == ord(" ")).any():
            return cls(words.numbers(filled), None, words)
        lists = pc.split_pattern(filled, " ")
        start = lists.offsets.to_numpy()[:-1].astype(np.intp)
        return cls(words.numbers(lists.flatten()), start - (start[0] if len(start) else 0), words)

    def hold(self, word: Numbers) -> Bools:
        """Say which of the n values hold their word of n."""
        if self.start is None:
            same: Bools = self.numbers == word
            return same
        count = np.diff(self.start, append=len(self.numbers))
        same = self.numbers == np.repeat(word, count)
        found: Bools = np.logical_or.reduceat(same, self.start) if len(same) else same
        return found

    def sex(self, *, titles: bool) -> Ints:
        """Say the usual sex of each person.

        A title says it best, then a word that is a first name alone, then one that is a last name too: CLAIRE MARTIN
        and MARTIN CLAIRE are women. The first of equal words decides.
        """
        known = self.vocabulary
        sex, weight = (known.title_sex, known.title_weight) if titles else (known.sex, known.weight)
        if self.start is None or not len(self.numbers):
            alone: Ints = sex[self.numbers]
            return alone
        place = np.arange(len(self.numbers))
        first = np.minimum.reduceat(((3 - weight)[self.numbers] << 32) + place, self.start)
        heaviest: Ints = sex[self.numbers[first & 0xFFFFFFFF]]
        return heaviest
