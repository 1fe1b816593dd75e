"""How does a nested record become flat columns: a field's path is its name, a list is its JSON text."""

from __future__ import annotations

import json

import pyarrow as pa


def flat_schema(schema: pa.Schema) -> pa.Schema:
    """The schema that `flat_batch` gives for batches of this one."""
    return flat_batch(pa.RecordBatch.from_pylist([], schema=schema)).schema


def flat_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Turn structs into one column a leaf, named by its path (`name.family`), and lists into JSON text.

    Example:
        >>> batch = pa.RecordBatch.from_pylist([{"id": 1, "name": {"family": "Roche", "given": ["Zoé"]}}])
        >>> flat_batch(batch).to_pylist()
        [{'id': 1, 'name.family': 'Roche', 'name.given': '["Zoé"]'}]
    """
    fields, columns = [], []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        for path, leaf in _leaves(field.name, column):
            # A column that stays as it is keeps its nullability and its metadata.
            fields.append(field if leaf is column else pa.field(path, leaf.type))
            columns.append(leaf)
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, batch.schema.metadata))


def _leaves(path: str, column: pa.Array) -> list[tuple[str, pa.Array]]:
    if pa.types.is_struct(column.type):
        # flatten() carries the struct's own nulls down to its fields.
        fields = zip(_names(column.type), column.flatten(), strict=True)
        return [leaf for name, field in fields for leaf in _leaves(f"{path}.{name}", field)]
    if pa.types.is_nested(column.type):
        texts = [
            None if value is None else json.dumps(value, ensure_ascii=False, default=str)
            for value in column.to_pylist()
        ]
        return [(path, pa.array(texts, pa.string()))]
    if pa.types.is_null(column.type):
        return [(path, column.cast(pa.string()))]
    return [(path, column)]


def _names(struct: pa.StructType) -> list[str]:
    return [struct.field(position).name for position in range(struct.num_fields)]
