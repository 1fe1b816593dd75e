"""Which fields of a table or an extract identify a person, and which describe their health?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

import narwhals as nw
import pyarrow as pa

from transforms.detection import context, hidden
from transforms.detection.classify import Scores, score
from transforms.detection.findings import ExtractFindings, Finding, TableFindings
from transforms.detection.headers import read_header
from transforms.detection.links import find_links
from transforms.detection.profile import Profile, profile
from transforms.detection.values import read_values
from transforms.errors import DouaneError
from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

    Table = IntoDataFrame | pa.Table


class NotATable(DouaneError, TypeError):
    """What was given to `detect` is no table that it can read."""


@overload
def detect(tables: Mapping[str, Any]) -> ExtractFindings: ...
@overload
def detect(tables: Table) -> TableFindings: ...
def detect(tables: Any) -> TableFindings | ExtractFindings:
    """Find which fields identify a person, and which describe their health (GDPR art. 4(1), 4(5), 4(15)).

    Name, values and neighbours of each field are scored apart and combined. Cheap checks see every row, so that one
    NIR in ten thousand comments is found; costly ones see up to 1,000 rows, spread evenly. Nulls and the usual words for nothing are left out.

    Args:
        tables: A pandas or polars DataFrame, a pyarrow Table or anything with the Arrow PyCapsule interface, of any
            column types (also all text); or a dict from name to such a table for an extract, which adds foreign keys.

    Returns:
        For one table its findings, a sequence with one `Finding` a field; for a dict a mapping from name to such
        findings. Both have `as_dict()` for JSON. No value of the table is in it.

    Raises:
        NotATable: `tables` is none of these.

    Example:
        >>> table = pa.table({"nip": ["8000231", "8000917"], "ddn": ["1961-02-11", "1987-10-30"]})
        >>> [(finding.name, finding.kind, finding.category) for finding in detect(table)]
        [('nip', 'patient_id', 'direct'), ('ddn', 'birth_date', 'quasi')]
    """
    if isinstance(tables, Mapping):
        return _detect_extract({str(name): _read(table, str(name)) for name, table in tables.items()})
    return _detect_extract({"": _read(tables, "")}).tables[0]


def _read(table: Any, name: str) -> pa.Table:
    if isinstance(table, pa.Table):
        found = table
    elif isinstance(table, pa.RecordBatch):
        found = pa.Table.from_batches([table])
    elif nw.dependencies.is_into_dataframe(table):
        frame = nw.from_native(table, eager_only=True)
        found = (
            pa.table(
                [_column(frame.get_column(each)) for each in frame.columns], names=[str(each) for each in frame.columns]
            )
            if len(set(frame.columns)) == len(frame.columns)
            else frame.to_arrow()
        )
    elif hasattr(table, "__arrow_c_stream__"):
        found = pa.table(table)
    else:
        where = f"table {name}: " if name else ""
        raise NotATable(
            f"{where}{type(table).__name__} is no table",
            hint="Pass a pandas or polars DataFrame, a pyarrow Table, or a dict of them.",
        )
    return _flatten(found)


def _column(series: Any) -> pa.ChunkedArray:
    try:
        column = series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        # A column of mixed Python objects: what counts is how they read.
        column = pa.array([None if value is None else str(value) for value in series.to_list()], pa.string())
    return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])


def _flatten(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return table


def _detect_extract(tables: dict[str, pa.Table]) -> ExtractFindings:
    profiles = {name: _profiles(table) for name, table in tables.items()}
    scores = {name: _scores(name, profiles[name]) for name in tables}
    kinds = {name: {p.name: s.best()[0] for p, s in zip(profiles[name], scores[name], strict=True)} for name in tables}
    links = find_links(tables, profiles, kinds) if len(tables) > 1 else ()
    context.follow_links(links, profiles, scores)
    found = [
        TableFindings(
            name,
            tuple(_finding(tables[name], p, s) for p, s in zip(profiles[name], scores[name], strict=True)),
            context.person_field(profiles[name], scores[name]),
        )
        for name in tables
    ]
    return ExtractFindings(tuple(found), links)


def _profiles(table: pa.Table) -> tuple[Profile, ...]:
    return tuple(profile(name, table.column(number), number) for number, name in enumerate(table.column_names))


def _scores(name: str, profiles: tuple[Profile, ...]) -> tuple[Scores, ...]:
    known = context.recognize_schema(name, [each.name for each in profiles])
    headers = [read_header(each.name, name) for each in profiles]
    scores = tuple(
        score(each, header, read_values(each), known.get(each.name))
        for each, header in zip(profiles, headers, strict=True)
    )
    context.ask_neighbours(name, profiles, headers, scores)
    return scores


def _finding(table: pa.Table, each: Profile, scores: Scores) -> Finding:
    kind, confidence = scores.best()
    reasons = list(scores.reasons.get(kind, ())) or ["nothing else speaks for it"]
    if each.typed == "text" and each.longest >= hidden.SHORTEST and CATEGORY_OF[kind] != "direct" and each.shape != "date":
        found = hidden.find_hidden(table.column(each.position))
        reasons += [one.words for one in found]
        often = max(found, key=lambda one: one.rows, default=None)
        if often and often.rows > (each.rows - each.nulls) / 2 and each.shape not in {"text"}:
            kind, confidence = often.kind, max(confidence, 0.8)
        elif found and CATEGORY_OF[kind] in {"other", "text"} and each.shape in {"text", "words", "word"}:
            kind, confidence = "free_text", max(confidence, 0.9)
    return Finding.of(
        each.name,
        kind,
        confidence,
        reasons,
        unique=each.unique,
        missing=round(each.nulls / each.rows, 4) if each.rows else 0.0,
    )
