"""How is newline-delimited JSON read as a stream of flat record batches?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.json as pj

from pipeline.errors import InvalidInput
from pipeline.sources.flattening import flat_batch, flat_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.sources.remote_file import RemoteFile

BLOCK_BYTES = 8 << 20


def open_table(file: Path | RemoteFile) -> tuple[pa.Schema, Callable[[], Iterator[pa.RecordBatch]], str]:
    """Read through the file once for the union of its records' fields, and give what streams its batches.

    A field that comes late, or is a number here and a decimal there, is known before the first batch leaves.

    Raises:
        InvalidInput: A line that is no JSON object; says which (from 1).
    """
    seen: list[pa.Schema] = []
    for block in _blocks(file):
        schema = _read(block, None, file).schema
        if not seen or schema != seen[-1]:
            seen.append(schema)
    if not seen:
        raise InvalidInput(f"{file} has no rows", hint="Check the export that wrote it.")
    try:
        whole = _as_written(pa.unify_schemas(seen, promote_options="permissive"))
    except pa.ArrowException:
        raise InvalidInput(
            f"{file} has a field that is of one type in some rows and of another elsewhere", hint="Write it as text."
        ) from None

    def batches() -> Iterator[pa.RecordBatch]:
        for block in _blocks(file):
            for batch in _read(block, whole, file).to_batches():
                yield flat_batch(batch)

    return flat_schema(whole), batches, ""


def _as_written(schema: pa.Schema) -> pa.Schema:
    """Keep dates as the text that stands in the file: their meaning is the plan's to declare."""
    return pa.schema([pa.field(field.name, _texts(field.type)) for field in schema])


def _texts(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _texts(f.type)) for f in (kind.field(i) for i in range(kind.num_fields))])
    if pa.types.is_list(kind):
        return pa.list_(_texts(kind.value_type))
    return pa.string() if pa.types.is_temporal(kind) or pa.types.is_null(kind) else kind


def _blocks(file: Path | RemoteFile) -> Iterator[bytes]:
    """The file in blocks of whole lines."""
    with file.open("rb") as stream:
        while lines := stream.readlines(BLOCK_BYTES):
            block = b"".join(lines)
            if block.strip():
                yield block


def _read(block: bytes, schema: pa.Schema | None, file: Path | RemoteFile) -> pa.Table:
    options = pj.ParseOptions(explicit_schema=schema, newlines_in_values=False)
    try:
        return pj.read_json(pa.BufferReader(block), pj.ReadOptions(block_size=len(block) + 1), options)
    except pa.ArrowException:
        # Arrow's message quotes the value.
        raise _bad_line(file) from None


def _bad_line(file: Path | RemoteFile) -> InvalidInput:
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip() and not isinstance(_loads(line), dict):
                return InvalidInput(f"{file}: row {number} is no JSON object", hint="Write one object a line.")
    return InvalidInput(
        f"{file} has a field that is of one type in some rows and of another elsewhere", hint="Write it as text."
    )


def _loads(line: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(line)
    except ValueError:
        return None
