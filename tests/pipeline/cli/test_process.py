"""A command's own process loads what its work needs, and nothing because it might."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def printed_by(*lines: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    program = "\n".join(["from pipeline.cli.process import leave_pandas_unloaded, prepare_process", *lines])
    plain = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
        env=plain | environment,
    )
    return done.stdout.strip()


def test_arrow_is_given_values_without_pandas_and_gives_pandas_when_asked():
    printed = printed_by(
        "leave_pandas_unloaded()",
        "import sys, pyarrow as pa",
        "column = pa.array([1, None])",
        "print('pandas' in sys.modules)",
        "print(type(pa.table({'a': column}).to_pandas()).__name__)",
        "import pandas",
        "print(pa.Table.from_pandas(pandas.DataFrame({'a': [1.0, float('nan')]}))['a'].null_count)",
    )
    assert printed.splitlines() == ["False", "DataFrame", "1"]


def test_what_the_user_has_set_stays():
    program = ("prepare_process()", "import os", "print(os.environ['OPENBLAS_NUM_THREADS'])")
    assert printed_by(*program, OPENBLAS_NUM_THREADS="8") == "8"
    assert printed_by(*program) == "1"
