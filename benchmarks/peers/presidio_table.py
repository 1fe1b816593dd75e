"""How does presidio-structured hash some columns of a table?

`PYTHON presidio_table.py SOURCE TARGET COLUMN...`, run by benchmarks/end_to_end.py with the Python of an environment that
has it. The columns are named, so that its detection (seconds a table, see presidio_columns.py) isn't counted; its hash is
SHA-256 with a salt, value by value.
"""

from __future__ import annotations

import sys

import pandas as pd
from presidio_anonymizer.entities import OperatorConfig
from presidio_structured import PandasDataProcessor, StructuredEngine
from presidio_structured.config import StructuredAnalysis


def main(source: str, target: str, columns: list[str]) -> None:
    """Read, hash, write."""
    engine = StructuredEngine(data_processor=PandasDataProcessor())
    table = engine.anonymize(
        pd.read_parquet(source),
        StructuredAnalysis(entity_mapping=dict.fromkeys(columns, "ID")),
        operators={"DEFAULT": OperatorConfig("hash", {"hash_type": "sha256", "salt": "0123456789abcdef"})},
    )
    table.to_parquet(target)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
