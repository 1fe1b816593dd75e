"""Which token, that the key turns back, stands for each value of a column?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from transforms.canonical import canonical_text
from transforms.column import ColumnT, read_column
from transforms.crypto.blocks import is_text, run_of
from transforms.crypto.encodings import read_hex, write_hex
from transforms.crypto.siv import TAG, ColumnSiv
from transforms.dictionary import on_column
from transforms.errors import InvalidColumn, InvalidValue
from transforms.normalization import normalized
from transforms.threads import in_threads, spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from transforms.column import ArrowColumn
    from transforms.crypto.blocks import Bools, Run
    from transforms.keys import Key
    from transforms.normalization import Normalization

    Rows = NDArray[np.int64]


def tokenize(column: ColumnT, key: Key, *, field: str, normalize: bool | Normalization = False) -> ColumnT:
    """Replace every value of a column by a token that the key's holder can turn back, the same for the same value.

    The token is AES-SIV (RFC 5297, AES-128) of the value's canonical text, under a key that HKDF-SHA256 derives for
    domain, linking label and version: deterministic, so that tokens join tables, and authenticated, so that a token
    that was changed or made elsewhere is refused. It shows the value's length in bytes.

    Args:
        column: n values of any type that `pseudonymize` takes, in a pandas or polars Series or any Arrow column.
        key: The key of the pseudonymization domain.
        field: The linking label; `detokenize` needs the same.
        normalize: False, so that values come back as they went in; or a name of `transforms.normalization`.

    Returns:
        n strings in the caller's kind of column: 32 hex characters and 2 for each byte of the value; null for null; a
        dictionary for a dictionary.

    Raises:
        InvalidColumn: A type without a canonical text, or an unknown normalization.
        InvalidValue: Floats too large to hold an id exactly; names their rows.
        InvalidKey: An empty linking label.

    Example:
        >>> import pyarrow as pa
        >>> from transforms import Key
        >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
        >>> tokens = tokenize(pa.array(["8001234567", None]), key, field="patient_id")
        >>> detokenize(tokens, key, field="patient_id").to_pylist()
        ['8001234567', None]
    """
    siv = ColumnSiv(key.derive("tokenize", field, length=32))

    def change(values: ArrowColumn) -> ArrowColumn:
        text = normalized(canonical_text(values), normalize)
        return _narrowed(_in_chunks(text, lambda array, _: _sealed(run_of(array), siv), pa.large_string()), text)

    source = read_column(column)
    back: ColumnT = source.like(on_column(source.values, change))
    return back


def detokenize(tokens: ColumnT, key: Key, *, field: str, binary: bool = False) -> ColumnT:
    """Turn the tokens of `tokenize` back to the canonical text of the values; all of them, or none.

    Args:
        tokens: n tokens, in a pandas or polars Series or any Arrow column.
        key: The key, with the domain and version, that made them.
        field: The linking label that made them.
        binary: Whether the values were bytes rather than text.

    Returns:
        n strings (bytes if `binary`) in the caller's kind of column; null for null; a dictionary for a dictionary.

    Raises:
        InvalidColumn: A column that isn't text.
        InvalidValue: Tokens that this key did not make for this field, or that were changed, or are no tokens; names
            their rows, and nothing is given out.
        InvalidKey: An empty linking label.

    Example:
        >>> import pyarrow as pa
        >>> from transforms import Key
        >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
        >>> detokenize(pa.array(["not a token"]), key, field="patient_id")
        Traceback (most recent call last):
        transforms.errors.InvalidValue: 1 value in another form than a token's (row 0, counted from 0). Tokens are hex, 32 characters or more.
    """
    siv = ColumnSiv(key.derive("tokenize", field, length=32))

    def change(values: ArrowColumn) -> ArrowColumn:
        return _opened(values, siv, binary=binary)

    source = read_column(tokens)
    kind = source.values.type
    if not (is_text(kind) or pa.types.is_null(kind) or (pa.types.is_dictionary(kind) and is_text(kind.value_type))):
        raise InvalidColumn(f"a column of {kind} holds no tokens", hint="Tokens are text.")
    back: ColumnT = source.like(on_column(source.values, change))
    return back


def _opened(values: ArrowColumn, siv: ColumnSiv, *, binary: bool) -> ArrowColumn:
    no_tokens: list[Rows] = []
    refused: list[Rows] = []

    def one(array: pa.Array, row: int) -> pa.Array:
        null = array.is_null().to_numpy(zero_copy_only=False)
        if null.all():
            return pa.nulls(len(array), pa.large_binary())
        # Filled with nothing: what stood under a null must not be read.
        run = run_of(_filled(array))
        sealed, is_hex = read_hex(run)
        is_token = null | (is_hex & (np.diff(run.offsets) >= 2 * TAG))
        no_tokens.append(np.flatnonzero(~is_token) + row)
        if not is_token.all():
            return pa.nulls(len(array), pa.large_binary())
        opened, authentic = siv.decrypt(sealed)
        refused.append(np.flatnonzero(~authentic & ~null) + row)
        return _bytes(opened, null)

    result = _in_chunks(values, one, pa.large_binary())
    _refuse(no_tokens, what="in another form than a token's", hint="Tokens are hex, 32 characters or more.")
    every = sum(map(len, refused)) == len(values) - values.null_count
    hint = (
        "No token opens: the key, domain, version or field is another than the one that made them."
        if every
        else "They were changed, or made with another key or field; nothing was turned back."
    )
    _refuse(refused, what="with a wrong tag", hint=hint)
    if binary:
        return _narrowed(result, values)
    try:
        return _narrowed(result.cast(pa.large_string()), values)
    except pa.ArrowInvalid:
        # Arrow's message may quote a value: it must not be chained.
        raise InvalidColumn("the values were bytes, not text", hint="Pass binary=True.") from None


def _filled(array: pa.Array) -> pa.Array:
    if not array.null_count:
        return array
    # Arrow fills no views.
    views = pa.types.is_string_view(array.type) or pa.types.is_binary_view(array.type)
    return (array.cast(pa.large_string()) if views else array).fill_null("")


def _refuse(rows: list[Rows], *, what: str, hint: str) -> None:
    every = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    if len(every):
        raise InvalidValue.at(every[: InvalidValue.ROWS_NAMED].tolist(), total=len(every), what=what, hint=hint)


def _bytes(run: Run, null: Bools) -> pa.Array:
    bitmap = pa.array(~null).buffers()[1] if null.any() else None
    return pa.Array.from_buffers(
        pa.large_binary(), len(run), [bitmap, pa.py_buffer(run.offsets.astype(np.int64)), pa.py_buffer(run.data)]
    )


def _sealed(run: Run, siv: ColumnSiv) -> pa.Array:
    """Encipher every value and write it as hex."""
    offsets = siv.sealed_offsets(run) * 2
    buffer = pa.allocate_buffer(int(offsets[-1]))
    text = np.frombuffer(buffer, np.uint8)

    def work(span: tuple[int, int]) -> None:
        for low, high, sealed in siv.sealed_pieces(run, *span):
            write_hex(sealed, text[offsets[low] : offsets[high]])

    in_threads(work, spans(len(run)))
    bitmap = None if run.valid is None else pa.array(run.valid).buffers()[1]
    return pa.Array.from_buffers(pa.large_string(), len(run), [bitmap, pa.py_buffer(offsets.astype(np.int64)), buffer])


def _in_chunks(values: ArrowColumn, one: Callable[[pa.Array, int], pa.Array], kind: pa.DataType) -> ArrowColumn:
    """Work chunk by chunk, telling each its first row."""
    if not isinstance(values, pa.ChunkedArray):
        return one(values, 0)
    chunks, row = [], 0
    for chunk in values.chunks:
        chunks.append(one(chunk, row))
        row += len(chunk)
    return pa.chunked_array(chunks, kind)


def _narrowed(result: ArrowColumn, source: ArrowColumn) -> ArrowColumn:
    """Give 32-bit offsets to a result whose source has them, if they reach."""
    large = pa.types.is_large_string(source.type) or pa.types.is_large_binary(source.type)
    if large or result.nbytes >= 2**31:
        return result
    return result.cast(pa.string() if pa.types.is_large_string(result.type) else pa.binary())
