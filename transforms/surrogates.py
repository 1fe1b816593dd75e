"""Which false but plausible value stands for a person's name, city, street, phone or mail?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical import canonical_string
from transforms.column import ColumnT, read_column
from transforms.crypto.cmac import cmac_column
from transforms.dictionary import through_dictionary
from transforms.errors import InvalidColumn
from transforms.normalization import normalized
from transforms.pools import LOCALES, pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from transforms.column import ArrowColumn
    from transforms.keys import Key
    from transforms.normalization import Normalization

    Words = NDArray[np.uint64]

_TITLES: Final = {
    "F": ("MME", "MME.", "MADAME", "MLLE", "MLLE.", "MADEMOISELLE"),
    "M": ("M", "M.", "MR", "MR.", "MONSIEUR"),
}
_STREETS: Final = ("rue", "avenue", "boulevard", "chemin", "place", "impasse")
# Numbers that ARCEP keeps free for fiction (decision 2018-0881): no surrogate rings at a real person's.
_FICTION: Final = {"01": "019900", "02": "026191", "03": "035301", "04": "046571", "05": "053649", "06": "063998"}


def surrogate(column: ColumnT, key: Key, *, kind: str, locale: str = "fr_FR") -> ColumnT:
    """Replace every value by a false one of the same kind, chosen by the key: the same value, the same false one.

    The choice is by AES-CMAC of the normalized value under a key that HKDF-SHA256 derives for domain, kind and
    version, from pools that travel with the package. So a person has the same false name in tables and notes. Two
    persons may share one; for joins there is `pseudonymize`. It can't be turned back, and is never the person's own.

    | kind | becomes |
    | --- | --- |
    | `first_name` | a first name of the same usual sex (INSEE), or of either where none is usual |
    | `last_name`, `city` | another; case as it was |
    | `person_name` | first and last name, neither of them the person's; sex by title or first name |
    | `address` | number and street, without postal code and city |
    | `phone` | a number of the same zone that is kept free for fiction |
    | `email` | an address at example.org (RFC 2606) |

    Args:
        column: n values, text, in a pandas or polars Series or any Arrow column.
        key: The key of the pseudonymization domain.
        kind: A kind of the table.
        locale: Of the pools; "fr_FR" is there.

    Returns:
        n strings in the caller's kind of column; null for null, empty for empty; a dictionary for a dictionary.

    Raises:
        InvalidColumn: A kind or locale without a pool, or a column without a canonical text.

    Example:
        >>> import pyarrow as pa
        >>> from transforms import Key
        >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
        >>> surrogate(pa.array(["DUPONT", "Dupont", None]), key, kind="last_name").to_pylist()
        ['JOUBERT', 'Joubert', None]
    """
    if kind not in _MAKERS:
        raise InvalidColumn("that kind has no surrogates", hint=f"Choose one of {', '.join(_MAKERS)}.")
    if locale not in LOCALES:
        raise InvalidColumn("that locale has no pools", hint=f"Choose one of {', '.join(LOCALES)}.")
    maker = _MAKERS[kind]
    secret = key.derive("surrogate", kind)

    def one(text: pa.Array) -> pa.Array:
        spelled = normalized(text, maker.normalization)
        words = cmac_column(spelled, secret).view(np.uint64).copy()
        result = _never_own(_Values(text, spelled, words, locale), maker.make)
        nothing = pc.or_kleene(pc.equal(spelled, ""), pc.is_null(spelled))
        return pc.if_else(nothing, spelled, result)

    source = read_column(column)
    if pa.types.is_dictionary(source.values.type):
        result = through_dictionary(source.values, lambda entries: one(_plain(entries)))
    else:
        result = _once_each(_plain(source.values), one)
    back: ColumnT = source.like(result)
    return back


def _once_each(values: ArrowColumn, one: Callable[[pa.Array], pa.Array]) -> ArrowColumn:
    """Choose for each distinct value once: names repeat."""
    if isinstance(values, pa.ChunkedArray):
        return pa.chunked_array([_once_each(chunk, one) for chunk in values.chunks], pa.string())
    encoded = values.dictionary_encode()
    return one(encoded.dictionary).take(encoded.indices)


def _plain(values: ArrowColumn) -> ArrowColumn:
    return canonical_string(values).cast(pa.string())


@dataclass(frozen=True, slots=True)
class _Values:
    """Values to be replaced: as they stand, as they count, 16 bytes of the key's choice for each, and the locale."""

    text: pa.Array
    spelled: pa.Array
    words: Words
    locale: str

    def pick(self, word: int, size: int) -> NDArray[np.intp]:
        return (self.words[:, word] % np.uint64(size)).astype(np.intp)

    def again(self, rows: NDArray[np.intp]) -> _Values:
        """Take some rows, with the next choice for each."""
        return _Values(self.text.take(rows), self.spelled.take(rows), self.words[rows] + np.uint64(1), self.locale)


@dataclass(frozen=True, slots=True)
class _Choice:
    """Replacements, and those of their words that may not be words of the value itself."""

    result: pa.Array
    parts: tuple[pa.Array, ...]


@dataclass(frozen=True, slots=True)
class _Maker:
    normalization: Normalization
    make: Callable[[_Values], _Choice]


def _never_own(values: _Values, make: Callable[[_Values], _Choice]) -> pa.Array:
    choice = make(values)
    tokens = pc.split_pattern(values.spelled.fill_null(""), " ")
    parent, token = pc.list_parent_indices(tokens), pc.list_flatten(tokens)
    own = np.zeros(len(values.text), np.bool_)
    for part in choice.parts:
        own |= pc.equal(part, values.spelled).fill_null(False).to_numpy(zero_copy_only=False)
        same = pc.equal(token, part.take(parent)).fill_null(False)
        own[parent.filter(same).to_numpy()] = True
    rows = np.flatnonzero(own)
    if not len(rows):
        return choice.result
    return pc.replace_with_mask(choice.result, pa.array(own), _never_own(values.again(rows), make))


@cache
def _folded(locale: str, name: str) -> pa.Array:
    return normalized(pool(locale, name), "name")


@cache
def _cased(locale: str, name: str) -> pa.Array:
    """Give a pool as it is, then in capitals, then in small letters."""
    names = pool(locale, name)
    return pa.concat_arrays([names, pc.utf8_upper(names), pc.utf8_lower(names)])


@cache
def _first_names(locale: str) -> tuple[pa.Array, pa.Array, int]:
    """Give all first names in three cases, their spelling, and how many are women's (those come first)."""
    both = pa.concat_arrays([pool(locale, "first_names_f"), pool(locale, "first_names_m")])
    cases = pa.concat_arrays([both, pc.utf8_upper(both), pc.utf8_lower(both)])
    return cases, normalized(both, "name"), len(pool(locale, "first_names_f"))


def _case(text: pa.Array) -> NDArray[np.intp]:
    """Say how each value is written: 0 mixed, 1 in capitals, 2 in small letters."""
    capitals = pc.utf8_is_upper(text).fill_null(False).to_numpy(zero_copy_only=False)
    small = pc.utf8_is_lower(text).fill_null(False).to_numpy(zero_copy_only=False)
    return np.where(capitals, 1, np.where(small, 2, 0))


def _sex(values: _Values, *, titles: bool) -> NDArray[np.intp]:
    """Say the usual sex of each person: 0 women, 1 men, 2 unknown.

    A title says it best, then a word that is a first name alone, then one that is a last name too: CLAIRE MARTIN and
    MARTIN CLAIRE are women.
    """
    tokens = pc.split_pattern(values.spelled.fill_null(""), " ")
    parent, token = pc.list_parent_indices(tokens).to_numpy(), pc.list_flatten(tokens)

    def among(words: pa.Array) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = pc.is_in(token, words.cast(token.type)).to_numpy(zero_copy_only=False)
        return found

    weight = np.zeros(len(token), np.intp)
    code = np.full(len(token), 2)
    for number, letter in enumerate("FM"):
        known = among(pool(values.locale, f"usual_sex_{letter.lower()}"))
        code[known], weight[known] = number, 2
    weight[(weight == 2) & among(_folded(values.locale, "last_names"))] = 1
    for number, letter in enumerate("FM" if titles else ""):
        known = among(pa.array(_TITLES[letter]))
        code[known], weight[known] = number, 3
    # The heaviest word of each person, the first of them if they are equal.
    order = np.lexsort((-weight, parent))
    rows, first = np.unique(parent[order], return_index=True)
    sex = np.full(len(values.text), 2, np.intp)
    sex[rows] = code[order[first]]
    return sex


def _first_name_numbers(values: _Values, word: int, *, titles: bool) -> NDArray[np.intp]:
    _, spelled, women = _first_names(values.locale)
    sex = _sex(values, titles=titles)
    of_women, of_men = values.pick(word, women), women + values.pick(word, len(spelled) - women)
    return np.where(sex == 0, of_women, np.where(sex == 1, of_men, values.pick(word, len(spelled))))


def _first_name(values: _Values) -> _Choice:
    cases, spelled, _ = _first_names(values.locale)
    number = _first_name_numbers(values, 0, titles=False)
    return _Choice(cases.take(pa.array(number + len(spelled) * _case(values.text))), (spelled.take(pa.array(number)),))


def _from_pool(name: str) -> Callable[[_Values], _Choice]:
    def make(values: _Values) -> _Choice:
        cases, spelled = _cased(values.locale, name), _folded(values.locale, name)
        number = values.pick(0, len(spelled))
        result = cases.take(pa.array(number + len(spelled) * _case(values.text)))
        return _Choice(result, (spelled.take(pa.array(number)),))

    return make


def _person_name(values: _Values) -> _Choice:
    first_cases, first_spelled, _ = _first_names(values.locale)
    last_cases, last_spelled = _cased(values.locale, "last_names"), _folded(values.locale, "last_names")
    first, last = _first_name_numbers(values, 0, titles=True), values.pick(1, len(last_spelled))
    # "DUPONT Jean", as hospital software writes it: the last name first, in capitals.
    reversed_name = pc.match_substring_regex(values.text, r"^\p{Lu}[\p{Lu}' -]+,? \p{Lu}\p{Ll}").fill_null(False)
    case = _case(values.text)
    last_case = np.where(reversed_name.to_numpy(zero_copy_only=False), 1, case)
    first_text = first_cases.take(pa.array(first + len(first_spelled) * case))
    last_text = last_cases.take(pa.array(last + len(last_spelled) * last_case))
    result = pc.if_else(
        reversed_name,
        pc.binary_join_element_wise(last_text, first_text, " "),
        pc.binary_join_element_wise(first_text, last_text, " "),
    )
    return _Choice(result, (first_spelled.take(pa.array(first)), last_spelled.take(pa.array(last))))


def _address(values: _Values) -> _Choice:
    names, spelled = pool(values.locale, "last_names"), _folded(values.locale, "last_names")
    number, word = values.pick(0, 180) + 1, values.pick(1, len(names))
    street = pa.array(_STREETS).take(pa.array((values.words[:, 0] >> np.uint64(32)).astype(np.intp) % len(_STREETS)))
    written = pc.binary_join_element_wise(pa.array(number).cast(pa.string()), street, names.take(pa.array(word)), " ")
    capitals = pa.array(_case(values.text) == 1)
    return _Choice(pc.if_else(capitals, pc.utf8_upper(written), written), (spelled.take(pa.array(word)),))


def _phone(values: _Values) -> _Choice:
    zones = pa.array(list(_FICTION))
    zone = pc.index_in(pc.utf8_slice_codeunits(values.spelled, 0, 2), zones.cast(values.spelled.type))
    zone = zone.fill_null(len(_FICTION) - 1)
    digits = pc.utf8_lpad(pa.array(values.pick(0, 10_000)).cast(pa.string()), 4, "0")
    plain = pc.binary_join_element_wise(pa.array(list(_FICTION.values())).take(zone), digits, "")
    spaced = pc.utf8_rtrim(pc.replace_substring_regex(plain, r"(\d\d)", r"\1 "), " ")
    apart = pc.match_substring_regex(values.text, r"\d[ .\-/]+\d").fill_null(False)
    return _Choice(pc.if_else(apart, spaced, plain), (plain,))


def _email(values: _Values) -> _Choice:
    _, first, _ = _first_names(values.locale)
    last = _folded(values.locale, "last_names")
    one = first.take(pa.array(values.pick(0, len(first))))
    other = last.take(pa.array(values.pick(1, len(last))))
    digits = pa.array((values.words[:, 1] >> np.uint64(32)).astype(np.intp) % 1000).cast(pa.string())
    local = pc.ascii_lower(pc.binary_join_element_wise(one, pc.binary_join_element_wise(other, digits, ""), "."))
    result = pc.binary_join_element_wise(local, "example.org", "@")
    return _Choice(result, (result,))


_MAKERS: Final = {
    "first_name": _Maker("name", _first_name),
    "last_name": _Maker("name", _from_pool("last_names")),
    "person_name": _Maker("name", _person_name),
    "city": _Maker("name", _from_pool("cities")),
    "address": _Maker("name", _address),
    "phone": _Maker("phone", _phone),
    "email": _Maker("email", _email),
}
