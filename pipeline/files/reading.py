"""How is a Parquet file read so that batches stay small, and few values that repeat stay few?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow.parquet as pq

ROWS: Final = 65_536
_BATCH_BYTES: Final = 16 << 20
_FEWEST_ROWS: Final = 1_024


def fitting_rows(metadata: pq.FileMetaData) -> int:
    """Rows a batch: `ROWS`, or as many fewer as keep a batch of long texts in bounds.

    The footer says how many bytes a row group has before it is compressed. A text that repeats counts once there, so
    this is a guess on the low side for texts that are both long and alike.
    """
    rows = ROWS
    for at in range(metadata.num_row_groups):
        group = metadata.row_group(at)
        while rows > _FEWEST_ROWS and rows * group.total_byte_size > _BATCH_BYTES * max(group.num_rows, 1):
            rows //= 2
    return rows


def repeating(file: pq.ParquetFile, columns: Collection[str]) -> list[str]:
    """Which of the text columns a file holds through dictionaries from its first row to its last.

    Read as dictionaries they cost a number a row. One whose dictionary grew too large on the way is not among them:
    half of its pages would have to be encoded anew.
    """
    metadata, found = file.metadata, []
    texts = {field.name for field in file.schema_arrow if _is_text(field.type)} & set(columns)
    for at in range(metadata.num_columns):
        name = metadata.schema.column(at).path
        groups = [metadata.row_group(group).column(at) for group in range(metadata.num_row_groups)]
        if name in texts and groups and all(_through_dictionary(group) for group in groups):
            found.append(name)
    return found


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _through_dictionary(group: pq.ColumnChunkMetaData) -> bool:
    """Whether a column chunk is small enough to be nothing but a dictionary's numbers.

    Its encodings name PLAIN for the dictionary page itself, so a fallback shows only by its size: a plain text takes
    four bytes for its length alone.
    """
    if "RLE_DICTIONARY" not in group.encodings and "PLAIN_DICTIONARY" not in group.encodings:
        return False
    return bool(group.total_uncompressed_size < 4 * group.num_values)
