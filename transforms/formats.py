"""Which characters of a phone, an id, an IBAN or a NIR are enciphered, and which follow from them?

| kind | enciphered | stays | follows |
| --- | --- | --- | --- |
| `phone` | the last eight digits | prefix, zone or country, separators | |
| `patient_id`, `encounter_id` | every digit | letters, separators | |
| `iban` | every digit of the account's part | country, letters, separators | check digits; in France and Monaco the RIB key too |
| `nir` | year, month, commune, order | sex, département, separators | the key, if there is one |

A NIR's month stays a month, and an enciphered commune or order is never 000: the cipher walks on until it is so (cycle
walking, SP 800-38G appendix), which is still a permutation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transforms.crypto.ff1 import ColumnFf1
from transforms.crypto.numerals import Numerals

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from transforms.crypto.blocks import Bools, Bytes, Ints

DIGITS: Final = "0123456789"

_IS_DIGIT: Final = np.isin(np.arange(256), np.frombuffer(DIGITS.encode(), np.uint8))
# What a character counts in ISO 7064 mod 97 (A is 10), and in a French RIB (A and J are 1, S is 2); 255: nothing.
_ISO: Final = np.full(256, 255, np.uint8)
_RIB: Final = np.full(256, 255, np.uint8)
for _place, _letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
    _ISO[[ord(_letter), ord(_letter.lower())]] = _place
    _RIB[[ord(_letter), ord(_letter.lower())]] = (
        _place if _place < 10 else (_place - 10) % 9 + 1 if _place < 28 else _place - 26
    )
_ZERO: Final = np.uint8(ord("0"))


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows that a format can't take, why, and the mend."""

    rows: Ints
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class Characters:
    """Values as bytes: value i is data[offsets[i]:offsets[i + 1]]; a null is an empty one."""

    data: Bytes
    offsets: Ints

    def marked(self, marks: Bools) -> tuple[Ints, Ints, Ints]:
        """Give the places of marked bytes, and each value's first one and how many it has among them."""
        places = np.flatnonzero(marks)
        before = np.zeros(len(self.data) + 1, np.intp)
        np.cumsum(marks, out=before[1:])
        bounds = before[self.offsets]
        return places, bounds[:-1], np.diff(bounds)

    def rank_from_end(self, marks: Bools) -> Ints:
        """Number each value's marked bytes from its end: the last one is 1."""
        places, start, count = self.marked(marks)
        return np.repeat(start + count, count) - np.arange(len(places))


def encipher_kind(kind: str, key: bytes, values: Characters, *, decrypt: bool) -> tuple[Bytes, list[Problem]]:
    """Encipher (or turn back) values of a kind; what a problem's rows hold in the result means nothing."""
    return _KINDS[kind](key, values, decrypt)


def _digits(key: bytes, values: Characters, decrypt: bool) -> tuple[Bytes, list[Problem]]:  # noqa: FBT001 - one signature
    return _marked(key, values, _IS_DIGIT[values.data], 6, decrypt=decrypt)


def _phone(key: bytes, values: Characters, decrypt: bool) -> tuple[Bytes, list[Problem]]:  # noqa: FBT001 - one signature
    marks = _IS_DIGIT[values.data]
    _, _, count = values.marked(marks)
    marks[np.flatnonzero(marks)[values.rank_from_end(marks) > 8]] = False
    result, _ = _marked(key, values, marks, 8, decrypt=decrypt)
    few = np.flatnonzero((count < 9) & (np.diff(values.offsets) > 0))
    return result, [Problem(few, "with fewer than 9 digits", "A phone has more; pseudonymize what is none.")]


def _marked(key: bytes, values: Characters, marks: Bools, least: int, *, decrypt: bool) -> tuple[Bytes, list[Problem]]:
    """Encipher the marked digits of each value as one numeral string, and leave the rest as it is."""
    places, start, count = values.marked(marks)
    digits = values.data[places]
    sealed = digits.copy()
    Numerals(key, DIGITS).encipher(digits, start, np.where(count < least, 0, count), sealed, decrypt=decrypt)
    result = values.data.copy()
    result[places] = sealed
    few = np.flatnonzero((count < least) & (np.diff(values.offsets) > 0))
    return result, [Problem(few, f"with fewer than {least} digits", "Under a million values a cipher hides nothing.")]


def _iban(key: bytes, values: Characters, decrypt: bool) -> tuple[Bytes, list[Problem]]:  # noqa: FBT001 - one signature
    written = _ISO[values.data] < 255
    places, start, count = values.marked(written)
    rank = np.arange(len(places)) - np.repeat(start, count)
    letters = values.data[places] & np.uint8(0xDF)
    good = _check_digits_right(values.data[places], start, count)
    first, second = _at(letters, start, count, 0), _at(letters, start, count, 1)
    french = ((first == ord("F")) & (second == ord("R"))) | ((first == ord("M")) & (second == ord("C")))
    french &= (count == 27) & good
    rib = np.flatnonzero(french)
    # A wrong RIB key couldn't come back, since the right one is computed.
    good[rib[_two_digits(values.data[places], start[rib] + 25) != _rib_key(values.data[places], start[rib])]] = False
    inside = (rank >= 4) & (rank < np.repeat(np.where(french, 25, count), count)) & np.repeat(good, count)
    marks = np.zeros(len(values.data), np.bool_)
    marks[places[inside]] = True
    marks &= _IS_DIGIT[values.data]
    result, problems = _marked(key, values, marks, 6, decrypt=decrypt)
    characters = result[places]
    rib = start[french & good]
    _write_two_digits(characters, rib + 25, _rib_key(characters, rib))
    for length in np.unique(count[good]).tolist():
        _write_check_digits(characters, start[good & (count == length)], length)
    result[places] = characters
    bad = np.flatnonzero(~good & (np.diff(values.offsets) > 0))
    wrong = Problem(bad, "with a wrong IBAN or RIB key", "Correct them, or pseudonymize the field.")
    return result, [wrong, *problems]


def _at(characters: Bytes, start: Ints, count: Ints, place: int) -> Bytes:
    """Read one character of each value, zero where it has fewer."""
    if not len(characters):
        return np.zeros(len(start), np.uint8)
    read: Bytes = np.where(count > place, np.take(characters, start + place, mode="clip"), 0).astype(np.uint8)
    return read


def _rows(characters: Bytes, start: Ints, length: int) -> Bytes:
    rows: Bytes = characters[start[:, None] + np.arange(length)]
    return rows


def _modulo_97(values: Bytes) -> NDArray[Any]:
    """Read each row of mod 97 values as one number, modulo 97; a letter counts as two digits."""
    rest = np.zeros(len(values), np.int64)
    for column in values.T.astype(np.int64):
        rest = (rest * np.where(column < 10, 10, 100) + column) % 97
    return rest


def _check_digits_right(characters: Bytes, start: Ints, count: Ints) -> Bools:
    good = np.zeros(len(start), np.bool_)
    for length in np.unique(count).tolist():
        if 15 <= length <= 34:
            rows = np.flatnonzero(count == length)
            counted = _ISO[_rows(characters, start[rows], length)]
            shape = (counted[:, :2] >= 10).all(axis=1) & (counted[:, 2:4] < 10).all(axis=1)
            good[rows] = shape & (_modulo_97(np.roll(counted, -4, axis=1)) == 1)
    return good


def _write_check_digits(characters: Bytes, start: Ints, length: int) -> None:
    counted = np.roll(_ISO[_rows(characters, start, length)], -4, axis=1)
    counted[:, -2:] = 0
    _write_two_digits(characters, start + 2, 98 - _modulo_97(counted))


def _rib_key(characters: Bytes, start: Ints) -> NDArray[np.int64]:
    counted = _RIB[_rows(characters, start, 25)][:, 4:].astype(np.int64)
    bank, branch, account = (_number(part) for part in (counted[:, :5], counted[:, 5:10], counted[:, 10:]))
    key: NDArray[np.int64] = 97 - (89 * bank + 15 * branch + 3 * account) % 97
    return key


def _number(digits: NDArray[Any]) -> NDArray[np.int64]:
    powers = 10 ** np.arange(digits.shape[1] - 1, -1, -1, dtype=np.int64)
    number: NDArray[np.int64] = digits.astype(np.int64) @ powers
    return number


def _two_digits(characters: Bytes, place: Ints) -> NDArray[np.int64]:
    """Read two digits of each value; what is no digit makes a number over 99."""
    pair = characters[place[:, None] + np.arange(2)] - _ZERO
    return np.where((pair < 10).all(axis=1), _number(pair), 100)


def _write_two_digits(characters: Bytes, place: Ints, number: NDArray[Any]) -> None:
    characters[place] = (number // 10).astype(np.uint8) + _ZERO
    characters[place + 1] = (number % 10).astype(np.uint8) + _ZERO


def _nir(key: bytes, values: Characters, decrypt: bool) -> tuple[Bytes, list[Problem]]:  # noqa: FBT001 - one signature
    written = _ISO[values.data] < 255
    places, start, count = values.marked(written)
    characters = values.data[places]
    filled = np.diff(values.offsets) > 0
    sized = np.flatnonzero((count == 13) | (count == 15))
    rows = _rows(characters, start[sized], 13)
    corsica = rows[:, 5] == ord("2")
    islands = np.where(
        corsica & (rows[:, 6] & 0xDF == ord("A")), 1, np.where(corsica & (rows[:, 6] & 0xDF == ord("B")), 2, 0)
    )
    digits = rows - _ZERO
    digits[islands > 0, 6] = 0
    shaped = (digits < 10).all(axis=1)
    sized, digits, islands = sized[shaped], digits[shaped], islands[shaped]
    keyed = count[sized] == 15
    bad_key = np.zeros(len(sized), np.bool_)
    if keyed.any():
        written_key = _two_digits(characters, start[sized[keyed]] + 13)
        bad_key[keyed] = written_key != _nir_key(digits[keyed], islands[keyed])
    good, digits, islands, keyed = sized[~bad_key], digits[~bad_key], islands[~bad_key], keyed[~bad_key]
    # Year and month, commune and order: ten digits, in two halves of five.
    open_places = np.array([1, 2, 3, 4, 7, 8, 9, 10, 11, 12])
    digits[:, open_places] = _walked(ColumnFf1(key, 10), digits[:, open_places], decrypt=decrypt)
    target = start[good]
    characters[target[:, None] + open_places] = digits[:, open_places] + _ZERO
    _write_two_digits(characters, target[keyed] + 13, _nir_key(digits[keyed], islands[keyed]))
    result = values.data.copy()
    result[places] = characters
    misshaped = filled.copy()
    misshaped[sized] = False
    return result, [
        Problem(
            np.flatnonzero(misshaped), "of another shape than a NIR", "A NIR has 13 characters, or 15 with its key."
        ),
        Problem(sized[bad_key], "with a wrong NIR key", "Correct it, or pseudonymize the field."),
    ]


def _nir_key(digits: Bytes, islands: NDArray[Any]) -> NDArray[np.int64]:
    """Compute 97 minus the number modulo 97; 2A counts as 19, 2B as 18 (here both came as 20)."""
    key: NDArray[np.int64] = 97 - (_number(digits) - 1_000_000 * islands.astype(np.int64)) % 97
    return key


def _walked(ff1: ColumnFf1, digits: Bytes, *, decrypt: bool) -> Bytes:
    """Encipher ten digits until month, commune and order are of the sort that they were."""
    left, right = _number(digits[:, :5]).astype(np.uint64), _number(digits[:, 5:]).astype(np.uint64)
    sort = _sort(left, right)
    todo = np.arange(len(digits))
    while len(todo):
        left[todo], right[todo] = ff1.many(left[todo], right[todo], 10, decrypt=decrypt)
        todo = todo[_sort(left[todo], right[todo]) != sort[todo]]
    number = left.astype(np.int64) * 100_000 + right.astype(np.int64)
    places = 10 ** np.arange(9, -1, -1, dtype=np.int64)
    walked: Bytes = (number[:, None] // places % 10).astype(np.uint8)
    return walked


def _sort(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[Any]:
    # left: two digits of year, two of month, the first of the commune; right: two of the commune, three of the order.
    month = left // np.uint64(10) % np.uint64(100)
    commune = left % np.uint64(10) * np.uint64(100) + right // np.uint64(1000)
    real = ((month >= 1) & (month <= 12)).astype(np.int64)
    sort: NDArray[Any] = real + 2 * (commune > 0) + 4 * (right % np.uint64(1000) > 0)
    return sort


_KINDS: Final[dict[str, Callable[[bytes, Characters, bool], tuple[Bytes, list[Problem]]]]] = {
    "phone": _phone,
    "patient_id": _digits,
    "encounter_id": _digits,
    "iban": _iban,
    "nir": _nir,
}
KINDS: Final = tuple(_KINDS)
