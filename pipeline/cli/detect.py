"""`douane detect`: which fields identify a person, and which describe their health?"""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.output import AsJson, print_json, print_table


def detect_command(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files (CSV, Parquet, NDJSON), folders of them, or postgresql://HOST/DATABASE?tables=A,B."),
    ],
    as_json: AsJson = False,
) -> None:
    """Say of each field what it holds, how sure that is, and why. Nothing is written."""
    from pipeline.making.extracting import read_samples
    from pipeline.sources.opening import open_paths
    from transforms import detect

    found = detect(read_samples(open_paths(paths).tables()))
    if as_json:
        print_json(found.as_dict())
        return
    for table, findings in found.items():
        print_table(
            table,
            ("field", "kind", "category", "confidence", "evidence"),
            [(f.name, f.kind, f.category, f"{f.confidence:.2f}", "; ".join(f.evidence)) for f in findings],
        )
