"""What may a release say of a table beside its columns: which of the notes that a source's schema carries are safe?

A schema carries notes of anybody's making: pandas puts a frame's `attrs` there, others a query or a comment, and any of
it may name a person. What is kept is what is known: the words by which pandas finds its own types and index again, each
under a name of pandas' own format. (`ARROW:schema` is no note that is kept, but one that the writer makes anew.)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow as pa

_PANDAS: Final = b"pandas"
_OF_A_COLUMN: Final = ("name", "field_name", "pandas_type", "numpy_type")
_OF_A_TYPE: Final = ("num_categories", "ordered", "timezone", "unit", "encoding", "precision", "scale")
_OF_A_RANGE: Final = ("kind", "name", "start", "stop", "step")
_PLAIN_RANGE: Final = {"kind": "range", "name": None, "start": 0, "step": 1}
"""The index of a frame that has none: it counts its rows."""


def safe_metadata(source: pa.Schema, made: pa.Schema, *, untouched: Collection[str]) -> dict[bytes, bytes] | None:
    """Choose from a source's schema what a release's may carry.

    Args:
        source: The schema of the extract's table.
        made: That of the release's.
        untouched: Columns through which no step went.

    Returns:
        The metadata of pandas, of columns that kept their type, and without `attributes`; None where there is none, or
        where the index that it speaks of is none any more.

    Example:
        >>> import pyarrow as pa
        >>> note = {"index_columns": [], "columns": [{"field_name": "n", "numpy_type": "Int64"}], "attributes": {"a": 1}}
        >>> schema = pa.schema([("n", pa.int64())], metadata={"pandas": json.dumps(note), "query": "who = 'Dupont'"})
        >>> safe_metadata(schema, schema, untouched={"n"})[b"pandas"].decode()
        '{"index_columns": [], "column_indexes": [], "columns": [{"field_name": "n", "numpy_type": "Int64"}]}'
    """
    try:
        note = json.loads((source.metadata or {})[_PANDAS])
        kept = _of_pandas(note, source, made, untouched)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None  # none, or none of pandas' making
    return {_PANDAS: json.dumps(kept).encode()} if kept else None


def _of_pandas(
    note: dict[str, Any], source: pa.Schema, made: pa.Schema, untouched: Collection[str]
) -> dict[str, Any] | None:
    held = {field.name for field in made if field.name in source.names and field.type == source.field(field.name).type}
    index = [_only(of, _OF_A_RANGE) if isinstance(of, dict) else of for of in note["index_columns"]]
    if not all(isinstance(of, dict) or of in held for of in index):
        return None
    # Numbers of patients that follow on one another are a range with a beginning, which no plan has ever seen.
    index = [of for of in index if not isinstance(of, dict) or _PLAIN_RANGE.items() <= of.items()]
    columns = [_column(of, exact=of["field_name"] in untouched) for of in note["columns"] if of["field_name"] in held]
    indexes = [_column(of, exact=True) for of in note.get("column_indexes", ())]
    kept = {"index_columns": index, "column_indexes": indexes, "columns": columns}
    return kept | _only(note, ("creator", "pandas_version"))


def _column(of: dict[str, Any], *, exact: bool) -> dict[str, Any]:
    """What is said of a column; how many categories it had, only where it is the same column."""
    more = of.get("metadata")
    known = _only(of, _OF_A_COLUMN)
    return known | {"metadata": _only(more, _OF_A_TYPE) if exact and more else None} if "metadata" in of else known


def _only(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
