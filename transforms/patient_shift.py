"""By how many days are the dates of one patient shifted? By a keyed, even draw that needs no table of shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical import canonical_text
from transforms.crypto.blocks import is_text
from transforms.crypto.cmac import cmac_column
from transforms.errors import InvalidOption
from transforms.normalization import normalized
from transforms.recode import one_array

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from transforms.column import ArrowColumn
    from transforms.keys import Key
    from transforms.normalization import Normalization

    Words = npt.NDArray[np.uint64]

_ROWS: Final = 1 << 18
_LONGEST: Final = 36_525


def patient_shifts(
    by: ArrowColumn,
    key: Key,
    *,
    days: int,
    field: str,
    keep_weekday: bool,
    normalize: bool | Normalization,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Draw the shift of each row's patient.

    Args:
        by: n patients of any type with a canonical text.
        key: The domain's key.
        days: Greatest shift, in days.
        field: The linking label: equal labels give equal shifts.
        keep_weekday: Draw whole weeks.
        normalize: How spellings of a patient are evened out, as for `pseudonymize`.

    Returns:
        n shifts from -days to days, never 0, and n booleans that are false where the patient is null.

    Raises:
        InvalidOption: `days` allows no shift.
    """
    step = 7 if keep_weekday else 1
    if not hasattr(days, "__index__") or not step <= days <= _LONGEST:
        raise InvalidOption(f"days is a whole number from {step} to {_LONGEST}")
    secret = key.derive("shift_dates", field, 16)
    steps = days // step

    def draw(patients: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        text = normalized(canonical_text(patients), normalize)
        shifts = np.empty(len(patients), np.int32)
        for low in range(0, len(patients), _ROWS):
            tags = cmac_column(text.slice(low, _ROWS), secret)
            drawn = even_draw(tags, 2 * steps, lambda tags: _again(tags, secret)).astype(np.int32)
            # 0 would leave the true date in place: the upper half moves up by one.
            drawn += drawn >= steps
            shifts[low : low + _ROWS] = (drawn - steps) * step
        return shifts, text.is_valid().to_numpy(zero_copy_only=False)

    patients = one_array(by)
    if is_text(patients.type) or pa.types.is_floating(patients.type):
        # Floats too large to be ids are refused by row, which among distinct values would be another.
        return draw(patients)
    distinct, places = _distinct(patients)
    shifts, known = draw(distinct)
    # The last entry stands for a null.
    return np.append(shifts, np.int32(0))[places], np.append(known, np.False_)[places]


def _distinct(patients: pa.Array) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """Find the distinct patients, since writing a number as text costs more than that, and each row's among them.

    A null's place is after the last patient.
    """
    kind = patients.type
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind) and patients.null_count < len(patients):
        bounds = pc.min_max(patients)
        low, span = bounds["min"].as_py(), bounds["max"].as_py() - bounds["min"].as_py() + 1
        if span <= 4 * len(patients):
            # Numbers given in order, as an OMOP person_id: a table finds them 4 times faster than a hash (2026-11-24).
            numbers = pc.fill_null(patients.cast(pa.int64()), low + span).to_numpy() - low
            present = np.zeros(span + 1, np.bool_)
            present[numbers] = True
            present[span] = False
            distinct = np.flatnonzero(present)
            rank = np.cumsum(present) - 1
            rank[span] = len(distinct)
            return pa.array(distinct + low), rank[numbers]
    encoded = patients if pa.types.is_dictionary(kind) else patients.dictionary_encode()
    places: npt.NDArray[np.int64] = encoded.indices.cast(pa.int64()).fill_null(len(encoded.dictionary)).to_numpy()
    return encoded.dictionary, places


def even_draw(
    tags: npt.NDArray[np.uint8], bound: int, again: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.uint8]]
) -> Words:
    """Turn pseudo-random tags into numbers under a bound, each as likely as another.

    A remainder alone would favour small numbers: 64 bits that lie in the last, incomplete run of `bound` numbers are
    drawn again (rejection sampling, as NIST SP 800-90A B.5.1.1).

    Args:
        tags: Shape (n, 16) uint8.
        bound: From 1 to 2^63.
        again: Makes new tags of (m, 16) tags.

    Returns:
        n numbers from 0 to bound - 1.
    """
    words = np.ascontiguousarray(tags).view("<u8")[:, 0].copy()
    excess = (1 << 64) % bound
    if excess:
        rows = np.flatnonzero(words >= np.uint64((1 << 64) - excess))
        if len(rows):
            fresh = again(tags[rows])
            return _filled(words, rows, even_draw(fresh, bound, again), bound)
    return _remainder(words, bound)


def _filled(words: Words, rows: npt.NDArray[np.intp], drawn: Words, bound: int) -> Words:
    numbers = _remainder(words, bound)
    numbers[rows] = drawn
    return numbers


def _remainder(words: Words, bound: int) -> Words:
    # numpy divides by a constant with a multiplication, but takes a remainder with a division.
    divisor = np.uint64(bound)
    remainder: Words = words - words // divisor * divisor
    return remainder


def _again(tags: npt.NDArray[np.uint8], secret: bytes) -> npt.NDArray[np.uint8]:
    fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(tags), [None, pa.py_buffer(tags.tobytes())])
    return cmac_column(fixed, secret)
