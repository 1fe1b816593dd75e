"""How is each column of a Parquet file best written: through a dictionary or plain, compressed or as it is?

Decided by the values of the file's first row group alone, so that equal rows make equal bytes however they were read.
A dictionary of random pseudonyms costs its hashing and is thrown away at the end; one of codes makes a column ten times
cheaper to write, to read and to scan.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

# A column whose rows show fewer distinct values than this share goes through a dictionary, if Parquet's limit on a
# dictionary (1 MiB) takes them all: what is past it would be written twice.
_FEW: Final = 1 / 4
_DICTIONARY_BYTES: Final = 900_000
_INDEX: Final = pa.int32()
_EARLY_ROWS: Final = 16_384
_PAGE_STEP: Final = 1_024  # Parquet's default for values that are written between two looks at a page's size


@dataclass(frozen=True)
class Encodings:
    """How a file's columns are written.

    Attributes:
        schema: What readers shall see.
        dictionary: Text columns that are handed over as Arrow dictionaries.
        options: For `pyarrow.parquet.ParquetWriter`.
    """

    schema: pa.Schema
    dictionary: frozenset[str]
    options: dict[str, Any]

    @property
    def written(self) -> pa.Schema:
        """The schema that the writer is given."""
        return pa.schema(
            field.with_type(
                pa.dictionary(_INDEX, decoded(field.type)) if field.name in self.dictionary else decoded(field.type)
            )
            for field in self.schema
        )

    @property
    def metadata(self) -> dict[bytes, bytes]:
        """What tells Arrow the schema that readers shall see, and not the one that the writer was given."""
        # Parquet's own schema already knows names, types and nullability; this adds zones, widths and dictionaries.
        # Arrow takes the schema's own metadata from there, too; other readers take it from beside.
        arrow = base64.b64encode(self.schema.serialize().to_pybytes())
        return {**(self.schema.metadata or {}), b"ARROW:schema": arrow}

    def apply(self, table: pa.Table) -> pa.Table:
        """Bring one row group into the form that is written: dictionaries in the rows' order, pages cut by rows."""
        columns = []
        for field, column in zip(self.schema, table.columns, strict=True):
            if field.name in self.dictionary:
                columns.append(_in_order_of_rows(_whole(column), decoded(field.type)))
            else:
                kind = decoded(field.type)
                columns.append(cut_evenly(column if column.type == kind else column.cast(kind)))
        return pa.Table.from_arrays(columns, schema=self.written)


def choose_encodings(first: pa.Table, schema: pa.Schema, *, random: Collection[str], compression: str) -> Encodings:
    """Choose for a file from its first row group.

    Args:
        first: The first row group; columns may be dictionaries where the schema says text.
        schema: What readers shall see.
        random: Columns of pseudonyms: compression and statistics gain nothing there.
        compression: For all other columns.
    """
    if any(pa.types.is_nested(field.type) for field in schema):
        # Parquet names the leaves of a nested column by paths, not by the field's name.
        return Encodings(schema, frozenset(), {"compression": compression})
    few = [field.name for field in schema if pa.types.is_dictionary(field.type) or _is_few(first.column(field.name))]
    # The least and greatest text of a row group cost a third of writing it, and prune nothing for whoever asks for one
    # code (2026-11-25); of numbers and days they are cheap, and a range of days is what readers ask for.
    ordered = [field.name for field in schema if field.name not in random and not _is_text(decoded(field.type))]
    return Encodings(
        _readable(schema),
        frozenset(field.name for field in schema if field.name in few and _is_text(decoded(field.type))),
        {
            "compression": {field.name: "none" if field.name in random else compression for field in schema},
            "use_dictionary": few or False,
            "write_statistics": ordered or False,
        },
    )


def _readable(schema: pa.Schema) -> pa.Schema:
    """What Parquet can give back: of dictionaries only those of text."""
    fields = [field if _is_text(decoded(field.type)) else field.with_type(decoded(field.type)) for field in schema]
    return pa.schema(fields, schema.metadata)


def decoded(kind: pa.DataType) -> pa.DataType:
    """The type of the values, also where a dictionary stands between."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def text_bytes(table: pa.Table) -> int:
    """Bytes of the texts of a table: a function of its values alone, unlike what Arrow says of its buffers."""
    total = 0
    for column in table.columns:
        if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
            for chunk in column.chunks:
                total += pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
        elif _is_text(column.type):
            total += pc.sum(pc.binary_length(column)).as_py() or 0
    return total


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _is_few(column: pa.ChunkedArray) -> bool:
    if pa.types.is_boolean(column.type) or pa.types.is_null(column.type):
        return False
    most = len(column) * _FEW
    # A quarter of the rows is where too many distinct values show first.
    return all(_fits_dictionary(rows, most) for rows in (column.slice(0, int(most)), column))


def _fits_dictionary(column: pa.ChunkedArray, most: float) -> bool:
    whole = _whole(column)
    if pa.types.is_dictionary(whole.type):
        # Its entries may hold doubles, nulls, and what no row uses.
        distinct = pc.unique(whole.dictionary.take(pc.unique(whole.indices).drop_null()).drop_null())
    else:
        distinct = pc.unique(whole).drop_null()
    size = 8 * len(distinct)
    if _is_text(distinct.type):
        size += pc.sum(pc.binary_length(distinct)).as_py() or 0
    return bool(len(distinct) < most and size < _DICTIONARY_BYTES)


def cut_evenly(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same column in chunks that end at multiples of 1,024 rows: pages then end where they would in one chunk.

    Only the rows around an odd end are copied: making one chunk of all cost as much as writing it (2026-11-25).

    Example:
        >>> column = pa.chunked_array([pa.array(range(3_000)), pa.array(range(3_000, 5_000))])
        >>> [len(chunk) for chunk in cut_evenly(column).chunks]
        [2048, 1024, 1024, 904]
    """
    cut: list[pa.Array] = []
    begun = [pa.nulls(0, column.type)]
    missing = 0
    for chunk in column.chunks:
        begun.append(chunk.slice(0, missing))
        missing -= len(begun[-1])
        if not missing:
            rest = chunk.slice(len(begun[-1]))
            even = len(rest) - len(rest) % _PAGE_STEP
            cut += [pa.concat_arrays(begun), rest.slice(0, even)]
            begun = [rest.slice(even)]
            missing = -len(begun[0]) % _PAGE_STEP
    cut.append(pa.concat_arrays(begun))
    return pa.chunked_array([part for part in cut if len(part)], column.type)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    return (column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column).combine_chunks()


def _in_order_of_rows(column: pa.Array, values: pa.DataType) -> pa.DictionaryArray:
    """A dictionary whose entries are those that rows use, each once, in the order in which rows first use them."""
    if not pa.types.is_dictionary(column.type):
        return column.cast(values).dictionary_encode()
    indices = column.indices.cast(_INDEX)
    used = _by_first_row(indices, len(column.dictionary))
    entries = column.dictionary.take(pa.array(used)).cast(values)
    if entries.null_count or len(pc.unique(entries)) < len(entries):
        return column.cast(column.type.value_type).cast(values).dictionary_encode()
    if not np.array_equal(used, np.arange(len(used))):
        place = np.zeros(len(column.dictionary), np.int32)
        place[used] = np.arange(len(used), dtype=np.int32)
        indices = pa.array(place).take(indices)
    return pa.DictionaryArray.from_arrays(indices, entries)


def _by_first_row(indices: pa.Array, entries: int) -> NDArray[np.int64]:
    """The entries that rows use, by the first row that does."""
    early = pc.unique(indices.slice(0, _EARLY_ROWS)).drop_null()
    # Of few values, the first rows show all.
    used = early if len(early) == entries else pc.unique(indices).drop_null()
    places: NDArray[np.int64] = used.cast(pa.int64()).to_numpy()
    return places
