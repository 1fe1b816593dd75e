"""When do two spellings of a value count as one, and so link?

| name | what it evens out | for |
| --- | --- | --- |
| `text` (the default) | Unicode composition (NFC); white space around the value | everything |
| `caseless` | text; upper and lower case | codes, user names |
| `email` | text; upper and lower case | addresses of mail |
| `name` | text; case, accents, ligatures; hyphens, apostrophes and runs of spaces count as one space | names, cities |
| `compact` | text; case; spaces, dots, hyphens, slashes inside | NIR, INS, IBAN, IPP, NDA, RPPS, plates |
| `phone` | everything but digits; +33 and 0033 before a French number | phones |
| `none` | nothing: bytes are keyed as they are | |

A plan says which; nothing but `text` is ever assumed. Values that are already normal cost a look, not a rewrite: NFC
of accented text costs seven times its CMAC, so only rows with a character that composition could touch see it
(`transforms.composition`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.compaction import rows_with, rows_with_two_spaces, with_single_spaces, without
from transforms.composition import FIRST_TO_COMPOSE, rows_to_compose
from transforms.crypto.blocks import run_of
from transforms.dictionary import once_each
from transforms.errors import InvalidColumn
from transforms.latin_letters import plain_capitals, rows_of_other_letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from transforms.column import ArrowColumn
    from transforms.crypto.blocks import Bools, Run

Normalization: TypeAlias = Literal["text", "caseless", "email", "name", "compact", "phone", "none"]

NORMALIZATIONS: Final[tuple[Normalization, ...]] = get_args(Normalization)

NORMALIZATION_OF: Final = MappingProxyType(
    dict.fromkeys(("person_name", "first_name", "last_name", "city"), "name")
    | dict.fromkeys(("nir", "ins", "national_id", "iban", "insurance_id", "licence_plate", "mac_address"), "compact")
    | dict.fromkeys(("patient_id", "encounter_id", "practitioner_id"), "compact")
    | {"phone": "phone", "email": "email", "username": "caseless"}
)
"""Kind to the normalization that a plan may well choose for it; other kinds: `text`."""

_EDGE: Final = np.zeros(256, np.bool_)
_EDGE[:0x21] = True
# White space outside ASCII: U+0085 and U+00A0 (C2), U+1680 (E1), U+2000 to U+205F (E2), U+3000 (E3).
_EDGE[[0xC2, 0xE1, 0xE2, 0xE3]] = True
_HIGH: Final = np.arange(256) >= 0x80
_NO_DIGIT: Final = ~np.isin(np.arange(256), np.frombuffer(b"0123456789", np.uint8))
_SEPARATOR: Final = np.isin(np.arange(256), np.frombuffer(b"\t\n\f\r '`-", np.uint8))
_JOINING: Final = _SEPARATOR & (np.arange(256) != ord(" "))
_GAP: Final = np.isin(np.arange(256), np.frombuffer(b"\t\n\f\r .-/_", np.uint8))
_LIGATURES: Final = (("Œ", "OE"), ("Æ", "AE"), ("ẞ", "SS"), ("ß", "SS"), ("Ø", "O"), ("Ł", "L"), ("Đ", "D"))
_LIGATURE: Final = f"[{''.join(ligature for ligature, _ in _LIGATURES)}]"


def normalized(values: ArrowColumn, normalize: bool | Normalization) -> ArrowColumn:  # noqa: FBT001 - the contract's
    """Even out spellings, so that equal values have equal bytes.

    Args:
        values: n strings in any Arrow form, or a dictionary of them; bytes pass unchanged.
        normalize: True for `text`, False for `none`, or a name of this module's table.

    Returns:
        n strings in the same chunks; the very same buffers where nothing needed a change.

    Raises:
        InvalidColumn: An unknown name.

    Example:
        >>> normalized(pa.array(["LE  GOFF ", "le-goff"]), "name").to_pylist()
        ['LE GOFF', 'LE GOFF']
    """
    name = {True: "text", False: "none"}.get(normalize, normalize) if isinstance(normalize, bool) else normalize
    if name not in NORMALIZATIONS:
        raise InvalidColumn("that normalization is unknown", hint=f"Choose one of {', '.join(NORMALIZATIONS)}.")
    change = _CHANGE[name]
    if change is None:
        return values
    if isinstance(values, pa.ChunkedArray):
        kind = values.type
        chunks = [_normalized(chunk, change) for chunk in values.chunks]
        return pa.chunked_array(chunks, chunks[0].type if chunks else kind)
    return _normalized(values, change)


def _normalized(array: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        return pa.DictionaryArray.from_arrays(array.indices, _normalized(array.dictionary, change))
    if pa.types.is_string_view(array.type):
        array = array.cast(pa.large_string())
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return array
    return change(array)


def _text(array: pa.Array) -> pa.Array:
    run = run_of(array)
    region = run.data[int(run.offsets[0]) : int(run.offsets[-1])]
    if region.size == 0:
        return array
    highest = int(region.max())
    if highest < 0x80 and int(region.min()) > 0x20:
        return array
    array = _where(array, _edges(run), pc.utf8_trim_whitespace)
    if highest < FIRST_TO_COMPOSE:
        return array
    run = run_of(array)
    return _where(array, rows_to_compose(run), _nfc)


def _nfc(array: pa.Array) -> pa.Array:
    return pc.utf8_normalize(array, form="NFC")


def _where(array: pa.Array, rows: Bools, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Change the rows that need it and leave the others' bytes alone."""
    count = int(np.count_nonzero(rows))
    if count == 0:
        return array
    if count * 2 > len(rows):
        return change(array)
    mask = pa.array(rows)
    return pc.replace_with_mask(array, mask, change(array.filter(mask)))


def _edges(run: Run) -> Bools:
    """Say which values may begin or end with white space, by their outermost bytes."""
    suspects = np.empty(len(run), np.bool_)
    for low, high, piece in run.pieces():
        # Clipped: an empty value may begin where the data ends.
        first = np.take(piece.data, piece.start, mode="clip")
        end = piece.start + piece.length
        last = np.take(piece.data, end - 1, mode="clip")
        here = (first < 0x21) | (last < 0x21) | (first == 0xC2) | ((first >= 0xE1) & (first <= 0xE3))
        accented = np.flatnonzero(last >= 0x80)
        # The é of André comes after C3, so one look is enough; only C2 or a third byte needs another.
        before = np.take(piece.data, end[accented] - 2, mode="clip")
        wide = (before >= 0x80) & (before < 0xC0)
        here[accented] |= before == 0xC2
        third = accented[wide]
        here[third] |= _EDGE[np.take(piece.data, end[third] - 3, mode="clip")]
        suspects[low:high] = here & (piece.length > 0)
    return suspects


def _is_ascii(array: pa.Array) -> bool:
    run = run_of(array)
    region = run.data[int(run.offsets[0]) : int(run.offsets[-1])]
    return region.size == 0 or int(region.max()) < 0x80


def _lies_within(array: pa.Array, lowest: str, highest: str) -> bool:
    """Whether every byte of the values is one of these ASCII characters or between them."""
    run = run_of(array)
    region = run.data[int(run.offsets[0]) : int(run.offsets[-1])]
    return region.size == 0 or (int(region.min()) >= ord(lowest) and int(region.max()) <= ord(highest))


def _caseless(array: pa.Array) -> pa.Array:
    array = _text(array)
    return pc.ascii_lower(array) if _is_ascii(array) else pc.utf8_lower(array)


def _name(array: pa.Array) -> pa.Array:
    return once_each(array, _name_alone)


def _name_alone(array: pa.Array) -> pa.Array:
    array = _text(array)
    if _is_ascii(array):
        array = pc.ascii_upper(array)
    else:
        array = plain_capitals(_where(array, rows_of_other_letters(run_of(array)), _without_accents))
    run = run_of(array)
    return _where(array, rows_with(run, _JOINING | _HIGH) | rows_with_two_spaces(run), _with_single_spaces)


def _with_single_spaces(array: pa.Array) -> pa.Array:
    run = run_of(array)
    if len(run.data) == 0:
        return array
    first = np.take(run.data, run.offsets[:-1], mode="clip")
    last = np.take(run.data, run.offsets[1:] - 1, mode="clip")
    rare = rows_with(run, _HIGH) | _SEPARATOR[first] | _SEPARATOR[last]
    array = _where(array, rare, _with_single_spaces_by_pattern)
    return _where(array, ~rare, lambda rows: with_single_spaces(rows, _SEPARATOR))


def _with_single_spaces_by_pattern(array: pa.Array) -> pa.Array:
    array = pc.replace_substring_regex(array, r"[\s\x{A0}\x{202F}'’ʼ`´‐‑–\-]+", " ")
    return pc.utf8_trim_whitespace(array)


def _without_accents(array: pa.Array) -> pa.Array:
    array = pc.utf8_upper(array)
    return _where(array, rows_with(run_of(array), _HIGH), _without_marks)


def _without_marks(array: pa.Array) -> pa.Array:
    # Upper case once more: NFKD makes a small letter of ª.
    array = pc.utf8_upper(pc.replace_substring_regex(pc.utf8_normalize(array, form="NFKD"), r"\p{Mn}+", ""))
    for ligature, letters in _LIGATURES if pc.any(pc.match_substring_regex(array, _LIGATURE)).as_py() else ():
        array = pc.replace_substring(array, ligature, letters)
    # NFKD makes a space, and a mark, of an accent that stands alone.
    return pc.utf8_trim_whitespace(array)


def _compact(array: pa.Array) -> pa.Array:
    # Digits and capitals alone, as most numbers are: two looks at the bytes, where the rest costs what keying them does.
    if _lies_within(array, "0", "Z"):
        return array
    array = _text(array)
    if _is_ascii(array):
        return without(pc.ascii_upper(array), _GAP) if rows_with(run_of(array), _GAP).any() else pc.ascii_upper(array)
    array = pc.utf8_upper(array)
    array = _where(array, rows_with(run_of(array), _HIGH), _without_separators)
    return without(array, _GAP)


def _without_separators(array: pa.Array) -> pa.Array:
    array = pc.replace_substring_regex(array, r"[\s\x{A0}\x{202F}.\-‐‑–/_]+", "")
    return pc.utf8_trim_whitespace(array)


def _phone(array: pa.Array) -> pa.Array:
    array = _where(array, _flags(pc.match_substring(array, "(0)")), _without_trunk_zero)
    if rows_with(run_of(array), _NO_DIGIT).any():
        array = without(array, _NO_DIGIT & (np.arange(256) != ord("+")))
    abroad = _flags(pc.starts_with(array, "+")) | _flags(pc.starts_with(array, "00"))
    return _where(array, abroad, _national)


def _flags(array: pa.Array) -> Bools:
    flags: Bools = array.fill_null(False).to_numpy(zero_copy_only=False)
    return flags


def _without_trunk_zero(array: pa.Array) -> pa.Array:
    return pc.replace_substring(array, "(0)", "")


def _national(array: pa.Array) -> pa.Array:
    array = pc.replace_substring_regex(array, r"^(?:\+|00)33(?:0)?([1-9]\d{8})$", r"0\1")
    return pc.replace_substring_regex(array, r"^00", "+")


_CHANGE: Final[dict[str, Callable[[pa.Array], pa.Array] | None]] = {
    "text": _text,
    "caseless": _caseless,
    "email": _caseless,
    "name": _name,
    "compact": _compact,
    "phone": _phone,
    "none": None,
}
