"""Does the memory of `douane run` grow with the table? Peak of a run over 1 and over 5 million rows of CSV.

One process a run; its peak is the kernel's resident set, which includes interpreter and libraries.
Run: python benchmarks/memory.py [ROWS_IN_MILLIONS ...]
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

ROOT: Final = Path(__file__).parents[1]
PERSONS: Final = 200_000
BATCH: Final = 250_000


def write_results(path: Path, rows: int) -> None:
    """Write laboratory results: a person, a stay, a code, a value, a unit, a day."""
    draw = np.random.default_rng(7)
    days = np.datetime64("2021-01-01") + np.arange(1200)
    codes = np.array(["718-7", "2345-7", "2951-2", "2823-3", "1742-6"])
    writer = None
    for start in range(0, rows, BATCH):
        count = min(BATCH, rows - start)
        persons = draw.integers(0, PERSONS, count)
        batch = pa.table(
            {
                "ipp": pa.array(np.char.add("8", np.char.zfill(persons.astype("U9"), 9))),
                "nda": pa.array(np.char.add("22", np.char.zfill((persons * 7).astype("U8"), 8))),
                "code_loinc": pa.array(codes[draw.integers(0, 5, count)]),
                "valeur": pa.array(draw.uniform(4, 16, count).round(1)),
                "unite": pa.array(np.full(count, "g/dL")),
                "date_prelevement": pa.array(days[draw.integers(0, 1200, count)]),
            }
        )
        writer = writer or pc.CSVWriter(path, batch.schema)
        writer.write_table(batch)
    if writer:
        writer.close()


def douane(home: Path, *words: object) -> float:
    """Run a command of Douane in a home of its own; gives its peak in MiB."""
    environment = os.environ | {"DOUANE_HOME": str(home)}
    command = [sys.executable, "-m", "pipeline.cli", *map(str, words)]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"douane {words[0]} ended with {status}")
    return usage.ru_maxrss / 1024


def measure(extract: Path) -> None:
    """Print the peak in MiB and the seconds of one run, in a process that has never held the data itself.

    A child's peak counts from before its exec, when it still shares the memory of its parent.
    """
    with TemporaryDirectory() as folder:
        home, plan = Path(folder, "home"), Path(folder, "plan.yaml")
        douane(home, "keys", "new", "memory", "--domain", "memory")
        douane(home, "plan", extract, "--domain", "memory", "--out", plan, "--decide", "*.*=keep")
        started = time.perf_counter()
        peak = douane(home, "run", extract, "--plan", plan)
        print(peak, time.perf_counter() - started)


def main() -> None:
    """Measure each size in a fresh process, and print the ratio of the largest to the smallest."""
    if sys.argv[1:2] == ["--run"]:
        measure(Path(sys.argv[2]))
        return
    sizes = [float(word) for word in sys.argv[1:]] or [1.0, 5.0]
    peaks = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            extract = Path(folder, "resultats.csv")
            write_results(extract, int(size * 1_000_000))
            command = [sys.executable, __file__, "--run", str(extract)]
            peak, seconds = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        peaks.append(float(peak))
        print(f"{size:5g} million rows: peak {float(peak):6.0f} MiB, {float(seconds):6.1f} s")
    print(f"{sizes[-1] / sizes[0]:g} times the rows: {peaks[-1] / peaks[0]:.2f} times the memory")


if __name__ == "__main__":
    main()
