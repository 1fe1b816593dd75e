"""`douane detect`: which fields identify a person, and which describe their health?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from pipeline.sources import SourceTable
    from transforms.detection import ExtractFindings, Finding


def detect_command(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files (CSV, Parquet, NDJSON, Excel), folders of them, or postgresql://HOST/DATABASE?tables=A,B."
        ),
    ],
    lexicon: Annotated[
        Path | None, typer.Option(help="The site's own words in names of fields, with their kinds.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Look at the first N rows of a table; at all of them if not given.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(help="Say all about one field: FIELD, or TABLE.FIELD where several tables have it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say of each field what it holds, how sure that is, and why. Nothing is written."""
    from pipeline.lexicon import lexicon_or_none
    from pipeline.sources.opening import open_paths
    from pipeline.sources.postgresql import PostgresSource
    from transforms.detection.streams import detect_streams

    own_words = lexicon_or_none(lexicon)
    source = open_paths(paths)
    if isinstance(source, PostgresSource):
        source.passes = 2
    streams = {table.name: _CountedRows(table, sample) for table in source.tables()}
    found = detect_streams(streams, lexicon=own_words)
    for name, stream in streams.items():
        if not stream.rows:
            typer.echo(f"{name} has no rows: only the names of its fields were read", err=True)
    if explain:
        _explain(found, explain, as_json=as_json)
    elif as_json:
        print_json(found.as_dict())
    else:
        for table, findings in found.items():
            print_table(
                table,
                ("field", "kind", "category", "confidence", "evidence"),
                [(f.name, f.kind, f.category, f"{f.confidence:.2f}", "; ".join(f.evidence)) for f in findings],
            )


class _CountedRows:
    """A source's table, or its first rows, read as a stream; knows afterwards whether there were any."""

    def __init__(self, table: SourceTable, most: int | None) -> None:
        self._table, self._most = table, most
        self.schema = table.schema
        self.rows = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        count = 0
        for batch in self._table.batches():
            part = batch if self._most is None else batch.slice(0, self._most - count)
            count += part.num_rows
            self.rows = max(self.rows, count)
            yield part
            if self._most is not None and count >= self._most:
                break


def _explain(found: ExtractFindings, name: str, *, as_json: bool) -> None:
    from pipeline.errors import InvalidInput

    named = [(table, f) for table, findings in found.items() for f in findings if name in {f.name, f"{table}.{f.name}"}]
    if not named:
        known = ", ".join(f"{table}.{f.name}" for table, findings in found.items() for f in findings[:3])
        raise InvalidInput(f"no table has a field {name}", hint=f"There are: {known}...")
    if as_json:
        print_json({"fields": [{"table": table} | finding.as_dict() | _more(finding) for table, finding in named]})
        return
    for table, finding in named:
        typer.echo(f"{table}.{finding.name}: {finding.kind} ({finding.category}), confidence {finding.confidence:.2f}")
        for words in finding.evidence:
            typer.echo(f"  because {words}")
        for kind, confidence in finding.others:
            typer.echo(f"  rather than {kind}, {confidence:.2f}")
        typer.echo(
            f"  every value occurs once: {'yes' if finding.unique else 'no'}; rows without a value: {finding.missing:.1%}"
        )


def _more(finding: Finding) -> dict[str, object]:
    others = [{"kind": kind, "confidence": confidence} for kind, confidence in finding.others]
    return {"others": others, "unique": finding.unique, "missing": finding.missing}
