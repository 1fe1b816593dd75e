"""Which value of the same length and alphabet, that the key turns back, stands for each value of a column?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from transforms.canonical import canonical_string
from transforms.column import ColumnT, read_column
from transforms.crypto.blocks import Run, run_of
from transforms.crypto.numerals import Numerals
from transforms.dictionary import on_column
from transforms.errors import InvalidColumn, InvalidValue
from transforms.format_dates import encipher_dates
from transforms.formats import DIGITS, KINDS, Characters, Problem, encipher_kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from transforms.column import ArrowColumn
    from transforms.crypto.blocks import Ints
    from transforms.keys import Key


Format = Literal["phone", "patient_id", "encounter_id", "iban", "nir", "date"]
"""A kind of value with a format of its own."""


def format_preserving(
    column: ColumnT,
    key: Key,
    *,
    field: str,
    alphabet: str = DIGITS,
    kind: Format | None = None,
    decrypt: bool = False,
) -> ColumnT:
    """Encipher every value of a column into a value of the same length and alphabet, which the key turns back.

    The cipher is FF1 (NIST SP 800-38G rev. 1, AES-128) under a key that HKDF-SHA256 derives for domain, linking label
    and version. It is a permutation of the values of each length: equal values give equal results, different ones
    different. It isn't authenticated: any value deciphers to something. Like every permutation it may leave a value as
    it is, one in as many as there are values of that length.

    Args:
        column: n values, text or anything else with a canonical text, in a pandas or polars Series or any Arrow column.
        key: The key of the pseudonymization domain.
        field: The linking label; turning back needs the same.
        alphabet: The symbols of the values, each once, in any script.
        kind: Instead of an alphabet, a kind with a format of its own (`transforms.formats`): "phone", "patient_id",
            "encounter_id", "iban" or "nir". Separators stay, and check digits are right again. Or "date": dates, or
            ISO 8601 text, become other dates of the years 0001 to 9999 (`transforms.format_dates`).
        decrypt: Whether to turn back.

    Returns:
        n strings (dates for dates) in the caller's kind of column; null for null, empty for empty; a dictionary for a
        dictionary.

    Raises:
        InvalidColumn: The alphabet repeats a symbol or has fewer than two, the kind has no format, or the column has no
            canonical text.
        InvalidValue: Values with characters outside the alphabet, or so short that there are fewer than a million
            values of their length (SP 800-38G rev. 1 forbids those); names their rows, and nothing is given out.
        InvalidKey: An empty linking label.

    Example:
        >>> import pyarrow as pa
        >>> from transforms import Key
        >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
        >>> phones = format_preserving(pa.array(["0612345678", None]), key, field="phone")
        >>> phones.to_pylist()
        ['3210383283', None]
        >>> format_preserving(phones, key, field="phone", decrypt=True).to_pylist()
        ['0612345678', None]
    """
    if kind is not None and kind not in (*KINDS, "date"):
        known = ", ".join((*KINDS, "date"))
        raise InvalidColumn("that kind has no format", hint=f"Choose one of {known}, or give an alphabet.")
    secret = key.derive("format_preserving", field)
    numerals = Numerals(secret, alphabet)

    def encipher(run: Run) -> tuple[pa.Array, list[Problem]]:
        if kind is not None:
            return _of_kind(run, kind, secret, decrypt=decrypt)
        return (_bytes if numerals.ascii else _code_points)(run, numerals, decrypt=decrypt)

    source = read_column(column)
    if kind == "date":
        dates: ColumnT = source.like(encipher_dates(source.values, secret, decrypt=decrypt))
        return dates
    back: ColumnT = source.like(
        on_column(source.values, lambda values: _enciphered(canonical_string(values), encipher))
    )
    return back


def _enciphered(values: ArrowColumn, encipher: Callable[[Run], tuple[pa.Array, list[Problem]]]) -> ArrowColumn:
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    results: list[pa.Array] = []
    refused: dict[tuple[str, str], list[Ints]] = {}
    row = 0
    for chunk in chunks:
        result, problems = encipher(run_of(chunk))
        results.append(result)
        for problem in problems:
            refused.setdefault((problem.what, problem.hint), []).append(problem.rows + row)
        row += len(chunk)
    for (what, hint), rows in refused.items():
        every = np.concatenate(rows)
        if len(every):
            raise InvalidValue.at(every[: InvalidValue.ROWS_NAMED].tolist(), total=len(every), what=what, hint=hint)
    if isinstance(values, pa.Array):
        return results[0]
    return pa.chunked_array(results, results[0].type if results else pa.string())


def _of_kind(run: Run, kind: str, key: bytes, *, decrypt: bool) -> tuple[pa.Array, list[Problem]]:
    """Encipher values of a kind with a format: the result has the offsets of the source, without its nulls' bytes."""
    filled = _filled(run)
    first, last = int(filled.offsets[0]), int(filled.offsets[-1])
    values = Characters(filled.data[first:last], filled.offsets.astype(np.intp) - first)
    data, problems = encipher_kind(kind, key, values, decrypt=decrypt)
    buffers = [_bitmap(run), pa.py_buffer(values.offsets.astype(np.int64)), pa.py_buffer(data)]
    result = pa.Array.from_buffers(pa.large_string(), len(run), buffers)
    return (result.cast(pa.string()) if run.offsets.dtype.itemsize == 4 else result), problems


def _filled(run: Run) -> Run:
    """Put empty values in the place of nulls, and nothing of what stood under them."""
    if run.valid is None:
        return run
    offsets = pa.py_buffer(run.offsets.astype(np.int64))
    text = pa.Array.from_buffers(pa.large_binary(), len(run), [_bitmap(run), offsets, pa.py_buffer(run.data)])
    return run_of(text.fill_null(b""))


def _problems(strange: Ints, short: Ints, numerals: Numerals) -> list[Problem]:
    return [
        Problem(
            strange, "with characters outside the alphabet", "Give the alphabet of the values, or clean them first."
        ),
        Problem(
            short,
            f"shorter than {numerals.shortest} characters",
            "Under a million possible values a cipher hides nothing: pseudonymize them.",
        ),
    ]


def _bytes(run: Run, numerals: Numerals, *, decrypt: bool) -> tuple[pa.Array, list[Problem]]:
    """Encipher values whose symbols are bytes: the result has the offsets of the source."""
    first, last = int(run.offsets[0]), int(run.offsets[-1])
    # Zeros, since what stood under a null must not stay there.
    text = np.zeros(last - first, np.uint8)
    offsets = run.offsets - first
    start, length = _places(offsets, run)
    strange, short = numerals.encipher(run.data[first:last], start, length, text, decrypt=decrypt)
    wide = offsets.dtype.itemsize == 8
    kind = pa.large_string() if wide else pa.string()
    buffers = [_bitmap(run), pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(text)]
    if len(strange) or len(short):
        return pa.nulls(len(run), kind), _problems(strange, short, numerals)
    return pa.Array.from_buffers(kind, len(run), buffers), []


def _code_points(run: Run, numerals: Numerals, *, decrypt: bool) -> tuple[pa.Array, list[Problem]]:
    """Encipher values whose symbols take several bytes: as code points, written back as UTF-8."""
    filled = _filled(run)
    first, last = int(filled.offsets[0]), int(filled.offsets[-1])
    data = filled.data[first:last]
    points = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
    # A byte that isn't a continuation begins a character.
    before = np.concatenate([[0], np.cumsum((data & 0xC0) != 0x80)])
    offsets = before[filled.offsets.astype(np.intp) - first]
    start, length = _places(offsets, filled)
    result = np.zeros(len(points), np.uint32)
    strange, short = numerals.encipher(points, start, length, result, decrypt=decrypt)
    if len(strange) or len(short):
        return pa.nulls(len(run), pa.large_string()), _problems(strange, short, numerals)
    text = np.frombuffer(result.tobytes().decode("utf-32-le").encode(), np.uint8)
    begins = np.concatenate([np.flatnonzero((text & 0xC0) != 0x80), [len(text)]])
    buffers = [_bitmap(run), pa.py_buffer(begins[offsets].astype(np.int64)), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.large_string(), len(run), buffers), []


def _places(offsets: NDArray[Any], run: Run) -> tuple[Ints, Ints]:
    length = np.diff(offsets).astype(np.intp)
    if run.valid is not None:
        length[~run.valid] = 0
    return offsets[:-1].astype(np.intp), length


def _bitmap(run: Run) -> pa.Buffer | None:
    return None if run.valid is None else pa.array(run.valid).buffers()[1]
