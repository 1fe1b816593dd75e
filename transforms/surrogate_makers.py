"""How is a false value of each kind chosen and written, in the case and form of the true one?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.crypto.blocks import run_of
from transforms.pools import pool
from transforms.surrogate_words import MEN, WOMEN, Spoken, folded, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from transforms.crypto.blocks import Bools, Ints
    from transforms.normalization import Normalization
    from transforms.surrogate_words import Numbers

    Words = NDArray[np.uint64]

_STREETS: Final = ("rue", "avenue", "boulevard", "chemin", "place", "impasse")
# Numbers that ARCEP keeps free for fiction (decision 2018-0881): no surrogate rings at a real person's.
_FICTION: Final = {"01": "019900", "02": "026191", "03": "035301", "04": "046571", "05": "053649", "06": "063998"}

# The first byte of Latin-1's letters in UTF-8, and the second from which on they are small ones.
_LATIN_1: Final = 0xC3
_SMALL: Final = 0xA0


@dataclass(frozen=True)
class Values:
    """Values to be replaced.

    Attributes:
        text: n strings, as they stand.
        spelled: The same, as they count.
        chosen: (n, 2) uint64, the key's choice for each.
        locale: Of the pools.
    """

    text: pa.Array
    spelled: pa.Array
    chosen: Words
    locale: str

    @cached_property
    def spoken(self) -> Spoken:
        """The words of `spelled`."""
        return Spoken.of(self.spelled, self.locale)

    def pick(self, word: int, size: int) -> Ints:
        """Choose a number under `size` for each value, by one of its two words of 64 bits."""
        return _under(self.chosen[:, word], size)

    def again(self, rows: Ints) -> Values:
        """Take some rows, with the next choice for each."""
        return Values(self.text.take(rows), self.spelled.take(rows), self.chosen[rows] + np.uint64(1), self.locale)


def _under(number: Words, size: int) -> Ints:
    # numpy divides by a constant with multiplications, but takes remainders with the processor's division.
    return (number - number // np.uint64(size) * np.uint64(size)).astype(np.intp)


@dataclass(frozen=True, slots=True)
class Choice:
    """Replacements, and what of them may not come from the value itself.

    Attributes:
        result: n strings.
        words: Numbers of words, n each, that may not be words of the value.
        whole: n strings that may be neither the value nor one of its words; None when `words` say it all.
    """

    result: pa.Array
    words: tuple[Numbers, ...]
    whole: pa.Array | None = None

    def own(self, values: Values) -> Bools:
        """Say which of the n values would see something of their own again."""
        own = np.zeros(len(values.text), np.bool_)
        for word in self.words:
            own |= values.spoken.hold(word)
        if self.whole is not None:
            own |= _flags(pc.equal(self.whole, values.spelled))
            rows = np.flatnonzero(_flags(pc.match_substring(values.spelled, " ")))
            if len(rows):
                parts = pc.split_pattern(values.spelled.take(rows), " ")
                parent = rows[pc.list_parent_indices(parts).to_numpy()]
                own[parent[_flags(pc.equal(parts.flatten(), self.whole.take(parent)))]] = True
        return own


def _flags(array: pa.Array) -> Bools:
    flags: Bools = array.fill_null(False).to_numpy(zero_copy_only=False)
    return flags


@dataclass(frozen=True, slots=True)
class Maker:
    """How values of a kind are spelled to be compared, and how their surrogates are made."""

    normalization: Normalization
    make: Callable[[Values], Choice]


@dataclass(frozen=True, slots=True)
class _Pool:
    """Names to choose from: in three cases one after the other, and the numbers of their words."""

    cases: pa.Array
    words: Numbers
    spelled: pa.Array

    def __len__(self) -> int:
        return len(self.words)


@cache
def _pool(locale: str, *names: str) -> _Pool:
    listed = pa.concat_arrays([pool(locale, name) for name in names])
    spelled = pa.concat_arrays([folded(locale, name) for name in names])
    cases = pa.concat_arrays([listed, pc.utf8_upper(listed), pc.utf8_lower(listed)])
    return _Pool(cases, vocabulary(locale).numbers(spelled), spelled)


def _first_names(locale: str) -> _Pool:
    return _pool(locale, "first_names_f", "first_names_m")


@cache
def _names(locale: str) -> pa.Array:
    """Give the first names in three cases, then the last names in three."""
    return pa.concat_arrays([_first_names(locale).cases, _pool(locale, "last_names").cases])


def _case(text: pa.Array) -> Ints:
    """Say how each value is written: 0 mixed, 1 in capitals, 2 in small letters."""
    run = run_of(text)
    data = run.data[int(run.offsets[0]) : int(run.offsets[-1])]
    ascii_ = int(data.max(initial=0)) < 0x80
    case = _flags(pc.ascii_is_upper(text) if ascii_ else pc.utf8_is_upper(text)).astype(np.intp)
    case[_flags(pc.ascii_is_lower(text) if ascii_ else pc.utf8_is_lower(text))] = 2
    return case


def _first_name_numbers(values: Values, word: int, *, titles: bool) -> Ints:
    every, women = len(_first_names(values.locale)), len(pool(values.locale, "first_names_f"))
    sex = values.spoken.sex(titles=titles)
    number = values.pick(word, every)
    for one, first, size in ((WOMEN, 0, women), (MEN, women, every - women)):
        rows = np.flatnonzero(sex == one)
        number[rows] = _under(values.chosen[rows, word], size) + first
    return number


def _first_name(values: Values) -> Choice:
    names = _first_names(values.locale)
    number = _first_name_numbers(values, 0, titles=False)
    return Choice(names.cases.take(pa.array(number + len(names) * _case(values.text))), (names.words[number],))


def _from_pool(name: str) -> Callable[[Values], Choice]:
    def make(values: Values) -> Choice:
        names = _pool(values.locale, name)
        number = values.pick(0, len(names))
        return Choice(names.cases.take(pa.array(number + len(names) * _case(values.text))), (names.words[number],))

    return make


def _person_name(values: Values) -> Choice:
    firsts, lasts = _first_names(values.locale), _pool(values.locale, "last_names")
    first, last = _first_name_numbers(values, 0, titles=True), values.pick(1, len(lasts))
    case = _case(values.text)
    turned = _last_name_first(values.text, case)
    one = first + len(firsts) * case
    other = last + len(lasts) * case + len(firsts.cases)
    one[turned], other[turned] = last[turned] + len(lasts) + len(firsts.cases), first[turned]
    names = _names(values.locale)
    result = pc.binary_join_element_wise(names.take(pa.array(one)), names.take(pa.array(other)), " ")
    return Choice(result, (firsts.words[first], lasts.words[last]))


def _last_name_first(text: pa.Array, case: Ints) -> Ints:
    """Find the rows written "DUPONT Jean", as hospital software does: the last name first, in capitals."""
    run = run_of(text)
    if not len(run.data):
        return np.zeros(0, np.intp)
    start = run.offsets[:-1].astype(np.intp)
    start += np.take(run.data, start, mode="clip") >= 0xC0
    second, after = (np.take(run.data, start + step, mode="clip") for step in (1, 2))
    # A small second letter, as in Jean or Léa, is the usual reason why not: a look at it spares the pattern.
    small = ((second >= ord("a")) & (second <= ord("z"))) | ((second == _LATIN_1) & (after >= _SMALL))
    rows = np.flatnonzero((case == 0) & ~small)
    if not len(rows):
        return rows
    pattern = r"^\p{Lu}[\p{Lu}' -]+,? \p{Lu}\p{Ll}"
    return rows[_flags(pc.match_substring_regex(text.take(pa.array(rows)), pattern))]


def _address(values: Values) -> Choice:
    names = _pool(values.locale, "last_names")
    number, word = values.pick(0, 180) + 1, values.pick(1, len(names))
    street = pa.array(_STREETS).take(pa.array((values.chosen[:, 0] >> np.uint64(32)).astype(np.intp) % len(_STREETS)))
    name = names.cases.take(pa.array(word))
    written = pc.binary_join_element_wise(pa.array(number).cast(pa.string()), street, name, " ")
    capitals = _case(values.text) == 1
    if capitals.any():
        written = pc.if_else(pa.array(capitals), pc.utf8_upper(written), written)
    return Choice(written, (names.words[word],))


def _phone(values: Values) -> Choice:
    zones = pa.array(list(_FICTION))
    zone = pc.index_in(pc.utf8_slice_codeunits(values.spelled, 0, 2), zones.cast(values.spelled.type))
    zone = zone.fill_null(len(_FICTION) - 1)
    digits = _four_digits().take(pa.array(values.pick(0, 10_000)))
    plain = pc.binary_join_element_wise(pa.array(list(_FICTION.values())).take(zone), digits, "")
    apart = pc.match_substring_regex(values.text, r"\d[ .\-/]+\d").fill_null(False)
    if not pc.any(apart).as_py():
        return Choice(plain, (), plain)
    pairs = [pc.utf8_slice_codeunits(plain, place, place + 2) for place in range(0, 10, 2)]
    return Choice(pc.if_else(apart, pc.binary_join_element_wise(*pairs, " "), plain), (), plain)


@cache
def _four_digits() -> pa.Array:
    return pc.utf8_lpad(pa.array(np.arange(10_000)).cast(pa.string()), 4, "0")


def _email(values: Values) -> Choice:
    firsts, lasts = _first_names(values.locale), _pool(values.locale, "last_names")
    one = firsts.spelled.take(pa.array(values.pick(0, len(firsts))))
    other = lasts.spelled.take(pa.array(values.pick(1, len(lasts))))
    digits = pa.array((values.chosen[:, 1] >> np.uint64(32)).astype(np.intp) % 1000).cast(pa.string())
    local = pc.binary_join_element_wise(one, pc.binary_join_element_wise(other, digits, ""), ".")
    result = pc.binary_join_element_wise(pc.ascii_lower(local), "example.org", "@")
    return Choice(result, (), result)


MAKERS: Final = MappingProxyType(
    {
        "first_name": Maker("name", _first_name),
        "last_name": Maker("name", _from_pool("last_names")),
        "person_name": Maker("name", _person_name),
        "city": Maker("name", _from_pool("cities")),
        "address": Maker("name", _address),
        "phone": Maker("phone", _phone),
        "email": Maker("email", _email),
    }
)
"""Kind to its way."""
