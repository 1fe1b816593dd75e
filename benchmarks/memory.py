"""Does the memory of `douane run` grow with the table? The peak of a run over 1, 5 and 20 million rows, and a limit.

`python benchmarks/memory.py [MILLIONS_OF_ROWS ...] [--limit MIB]` prints a Markdown table. A run is a process of its own;
its peak is the kernel's resident set (VmHWM), which includes interpreter and libraries. The limit is the kernel's, too:
RLIMIT_DATA, which counts every private page that a process may write, touched or not, so it is stricter than the peak
(RLIMIT_AS would count the libraries' code and Arrow's reserved addresses, of which nothing is memory).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

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
                "ipp": (8_000_000_000 + persons).astype("U10"),
                "nda": (2_200_000_000 + persons * 7).astype("U10"),
                "sexe": np.array(["F", "M"])[persons % 2],
                "code_loinc": codes[draw.integers(0, 5, count)],
                "valeur": draw.uniform(4, 16, count).round(1),
                "unite": np.full(count, "g/dL"),
                "date_prelevement": pa.array(days[draw.integers(0, 1200, count)]),
            }
        )
        if writer is None:
            writer = (pq.ParquetWriter if path.suffix == ".parquet" else pc.CSVWriter)(path, batch.schema)
        writer.write_table(batch)
    if writer:
        writer.close()


def douane(home: Path, *words: object, limit: int = 0) -> float:
    """Run a command of Douane in a home of its own, with at most `limit` MiB of data; gives its peak in MiB."""

    def limited() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_DATA, (limit << 20, limit << 20))

    environment = os.environ | {"DOUANE_HOME": str(home)}
    command = [sys.executable, "-m", "pipeline.cli", *map(str, words)]
    # A child's peak counts from before its exec, when it still shares the memory of its parent: `measure` is small.
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, preexec_fn=limited)  # noqa: PLW1509 - no thread runs here
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"douane {words[0]} ended with {status}")
    return usage.ru_maxrss / 1024


def measure(extract: Path, limit: int) -> None:
    """Print the peak in MiB and the seconds of one run, from a process that has never held the data itself."""
    with TemporaryDirectory() as folder:
        home, plan = Path(folder, "home"), Path(folder, "plan.yaml")
        douane(home, "keys", "new", "memory", "--domain", "memory")
        douane(home, "plan", extract, "--domain", "memory", "--out", plan, "--decide", "*.*=keep")
        started = time.perf_counter()
        peak = douane(home, "run", extract, "--plan", plan, limit=limit)
        print(peak, time.perf_counter() - started)


def main() -> None:
    """Measure each size in a fresh process, and print the ratio of the largest to the smallest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("millions", nargs="*", type=float, default=[1.0, 5.0, 20.0])
    parser.add_argument("--limit", type=int, default=600, help="MiB of data that a run may have; 0 for none")
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet", help="of the source")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.run:
        measure(wanted.run, wanted.limit)
        return
    print(
        f"`douane run` over a {wanted.format} file of 7 columns, in a process limited to {wanted.limit} MiB of data\n"
    )
    print("| million rows | peak MiB | seconds | times the memory of the first |\n| ---: | ---: | ---: | ---: |")
    first = 0.0
    for size in wanted.millions:
        with TemporaryDirectory() as folder:
            extract = Path(folder, f"resultats.{wanted.format}")
            write_results(extract, int(size * 1_000_000))
            command = [sys.executable, __file__, "--run", str(extract), "--limit", str(wanted.limit)]
            peak, seconds = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        first = first or float(peak)
        print(f"| {size:g} | {float(peak):.0f} | {float(seconds):.1f} | {float(peak) / first:.2f} |", flush=True)


if __name__ == "__main__":
    main()
