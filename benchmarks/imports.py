"""How long do imports take, beside `import numpy`; and how long what a DAG file imports, beyond Airflow itself?

Each import in a fresh interpreter, less the interpreter itself; the two in turns, so that a busy machine slows both.
Run: python benchmarks/imports.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

ROUNDS = 15
STATEMENTS = {
    "nothing": "pass",
    "import numpy": "import numpy",
    "import transforms": "import transforms",
    "import pipeline.guard": "import pipeline.guard",
    "from transforms import pseudonymize": "from transforms import pseudonymize",
}
# Inside an interpreter that has Airflow loaded already, as its DAG processor has.
DAG_FILE = """
import time
import airflow.sdk, airflow.providers.standard.operators.hitl, croniter
started = time.perf_counter()
import pipeline.airflow.dags
print(time.perf_counter() - started)
"""


def seconds(statement: str) -> float:
    """Wall time of an interpreter that does only this."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, cwd=Path(__file__).parents[1])
    return time.perf_counter() - started


def output(program: str) -> str:
    """The last line that a fresh interpreter prints."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    return done.stdout.splitlines()[-1]


def main() -> None:
    """Print medians and ratios."""
    taken: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(ROUNDS):
        for name, statement in STATEMENTS.items():
            taken[name].append(seconds(statement))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    numpy = medians["import numpy"] - medians["nothing"]
    for name in list(STATEMENTS)[1:]:
        own = medians[name] - medians["nothing"]
        print(f"{name:38} {own * 1000:7.1f} ms   {own / numpy:5.2f} times import numpy")
    if find_spec("airflow"):
        parsing = [float(output(DAG_FILE)) for _ in range(5)]
        own = statistics.median(parsing)
        print(
            f"{'import pipeline.airflow.dags':38} {own * 1000:7.1f} ms   {own / numpy:5.2f} times import numpy, beyond Airflow"
        )
    print(f"(the bare interpreter: {medians['nothing'] * 1000:.1f} ms; medians of {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
