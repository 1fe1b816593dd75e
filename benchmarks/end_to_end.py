"""What does the whole of a table cost, from source file to release, in the time that copying it takes?

`python benchmarks/end_to_end.py [MILLIONS_OF_ROWS [TURNS]] [--peer PYTHON]` prints Markdown tables. Each contestant is a
process of its own from start to end, imports included; they run in turns, so that a busy machine slows all; times are
medians. CPU is what the process used of all processors, which a busy machine changes less.
Ratios are our time over theirs: under 1 we are faster. Rewriting is reading a file and writing it unchanged.
Who works value by value is timed on two small samples, and the line through both is drawn to the whole (`extrapolated`).
PYTHON is that of an environment with presidio-structured; without one, the table says that it is not installed.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

ROOT: Final = Path(__file__).parents[1]
PERSONS: Final = 500_000
BATCH: Final = 250_000
KEYED: Final = ("ipp", "nir", "nda", "nom")
LOW: Final = ("sexe", "service", "code_cim10", "code_loinc")
RULINGS: Final = [
    "ipp:patient_id=pseudonymize",
    "nir:nir=pseudonymize",
    "nda:encounter_id=pseudonymize",
    "nom:last_name=pseudonymize",
    "sexe:sex=keep",
    "service:ward=keep",
    "code_cim10:diagnosis=keep",
    "code_loinc:lab_test=keep",
    "valeur:lab_result=keep",
    "date_prelevement:event_date=shift_dates",
]


def write_source(path: Path, rows: int) -> None:
    """Write laboratory results of 10 columns: four identifiers, four codes, a value, a day."""
    draw = np.random.default_rng(2026)
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    names = np.array(["".join(draw.choice(letters, draw.integers(4, 13))) for _ in range(20_000)])
    codes = np.array(
        [f"{chapter}{code:02d}.{digit}" for chapter in "ACEIJKN" for code in range(60) for digit in range(5)]
    )
    wards = np.array([f"UF{ward:04d}" for ward in range(80)])
    tests = np.array([f"{1000 + 37 * test}-{test % 10}" for test in range(200)])
    days = np.datetime64("2021-01-01") + np.arange(1200)
    writer = None
    for start in range(0, rows, BATCH):
        count = min(BATCH, rows - start)
        person = draw.integers(0, PERSONS, count)
        table = pa.table(
            {
                "ipp": (800_000_000 + person * 7).astype("U10"),
                "nir": (185_00_00_00_000_000 + person.astype(np.int64) * 1_733_333).astype("U15"),
                "nda": (2_200_000_000 + (start + np.arange(count)) // 3).astype("U10"),
                "nom": names[person % 20_000],
                "sexe": np.array(["F", "M"])[person % 2],
                "service": wards[draw.integers(0, 80, count)],
                "code_cim10": codes[draw.integers(0, len(codes), count)],
                "code_loinc": tests[draw.integers(0, 200, count)],
                "valeur": draw.uniform(4, 16, count).round(2),
                "date_prelevement": pa.array(days[draw.integers(0, 1200, count)]),
            }
        )
        if writer is None:
            writer = (pq.ParquetWriter if path.suffix == ".parquet" else pc.CSVWriter)(path, table.schema)
        writer.write_table(table)
    writer.close()


def prepare(folder: Path, source: Path) -> None:
    """Draft the plan of the extract: every identifier pseudonymized, dates shifted by the person, the rest kept."""
    table = source.stem
    words = [word for ruling in RULINGS for word in ("--decide", f"{table}.{ruling}")]
    douane(folder, "plan", source, "--domain", "bench", "--out", folder / f"{source.suffix[1:]}.yaml", *words)


def douane(folder: Path, *words: object) -> None:
    """Run a command of Douane in this benchmark's home."""
    environment = os.environ | {"DOUANE_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pipeline.cli", *map(str, words)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


# Each contestant is the text of a program; {source}, {target} and {folder} are filled in.
OURS = """
from pipeline.cli.process import leave_pandas_unloaded, prepare_process
prepare_process()  # as the command line does
leave_pandas_unloaded()
from pathlib import Path
from pipeline.data_files import data_folder
from pipeline.plan import read_plan
from pipeline.policy import read_policy
from pipeline.unsealed import make_unsealed
from transforms import Key
make_unsealed(["{source}"], "{target}", plan=read_plan(Path("{plan}")),
    policy=read_policy(data_folder() / "policies" / "default.yaml"),
    key=Key(bytes(range(32)), domain="bench", id="bench"), tables="{format}")
"""
RUN = """
import os, sys
os.environ["DOUANE_HOME"] = "{folder}/home"
sys.argv = ["douane", "run", "{source}", "--plan", "{plan}", "--out", "{target}", "--format", "{format}"]
sys.stdout = open(os.devnull, "w")
from pipeline.cli import main
main()
"""
STAGED = RUN.replace('"--format"', '"--staged", "--format"')
PARQUET: dict[str, str] = {
    "douane: source -> tables (pseudonyms, last look, risk)": OURS,
    "douane run (+ detection, report, seal, fsync)": RUN,
    "douane run --staged (+ encrypted staging)": STAGED,
    "copy of the file": "import shutil; shutil.copyfile('{source}', '{target}')",
    "pyarrow, default rewrite": """
import pyarrow.parquet as pq
pq.write_table(pq.read_table("{source}"), "{target}")
""",
    "pyarrow, tuned rewrite": """
import pyarrow.parquet as pq
low = {low}
file = pq.ParquetFile("{source}", read_dictionary=low)
with pq.ParquetWriter("{target}", file.schema_arrow, use_dictionary=low, compression="none",
                      write_statistics=False) as writer:
    for batch in file.iter_batches(131_072):
        writer.write_batch(batch)
""",
    "polars, rewrite": "import polars as pl; pl.scan_parquet('{source}').sink_parquet('{target}')",
    "polars, sha256 of key and value": """
import polars as pl, polars_hash as plh
keyed = [plh.concat_str(pl.lit("0123456789abcdef"), pl.col(name)).chash.sha2_256().alias(name) for name in {keyed}]
pl.scan_parquet("{source}").with_columns(keyed).sink_parquet("{target}")
""",
    "DuckDB, rewrite": "import duckdb; duckdb.sql(\"set enable_progress_bar = false\"); duckdb.sql(\"copy (from '{source}') to '{target}' (format parquet)\")",
    "DuckDB, sha256 of key and value": """
import duckdb
duckdb.sql("set enable_progress_bar = false")
keyed = ", ".join(f"sha256('0123456789abcdef' || {{name}}) as {{name}}" for name in {keyed})
duckdb.sql(f"copy (select * replace ({{keyed}}) from '{source}') to '{target}' (format parquet)")
""",
    "pandas, rewrite": "import pandas as pd; pd.read_parquet('{source}').to_parquet('{target}')",
}
CSV: dict[str, str] = {
    "douane: source -> tables (pseudonyms, last look, risk)": OURS,
    "douane run (+ detection, report, seal, fsync)": RUN,
    "pyarrow, rewrite": """
import pyarrow.csv as pc
pc.write_csv(pc.read_csv("{source}"), "{target}")
""",
    "polars, rewrite": "import polars as pl; pl.scan_csv('{source}').sink_csv('{target}')",
    "DuckDB, rewrite": "import duckdb; duckdb.sql(\"set enable_progress_bar = false\"); duckdb.sql(\"copy (from '{source}') to '{target}' (format csv, header)\")",
}


LOOP: Final = """
import hmac, pandas as pd
table = pd.read_parquet("{source}")
for name in {keyed}:
    table[name] = table[name].map(lambda value: hmac.digest(b"0123456789abcdef", value.encode(), "sha256").hex())
table.to_parquet("{target}")
"""
PRESIDIO_TABLE: Final = (
    "import runpy, sys; sys.argv = ['', '{source}', '{target}', *{keyed}]; "
    f"runpy.run_path('{ROOT}/benchmarks/peers/presidio_table.py', run_name='__main__')"
)
PRESIDIO: Final = "presidio-structured, sha256 of salt and value"


def timed(program: str, *, python: str = sys.executable) -> tuple[float, float, float]:
    """Run a program in a process of its own; gives seconds from start to end, seconds of CPU, and its peak in MiB."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    process = subprocess.Popen([python, "-c", program], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"a contestant ended with {status}:\n{program}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


@dataclass(frozen=True)
class Loop:
    """A program that works value by value, the Python that has its libraries, and how many rows it is timed on."""

    program: str
    python: str
    samples: tuple[int, int]

    def extrapolated(self, folder: Path, source: Path, rows: int) -> tuple[float, float]:
        """Time it on two samples of a file, and draw the line through both: seconds, and seconds of CPU, for all rows."""
        points = []
        sample, target = folder / "sample.parquet", folder / "target"
        for count in self.samples:
            batch = next(pq.ParquetFile(source).iter_batches(count))
            pq.write_table(pa.Table.from_batches([batch]), sample)
            program = self.program.format(source=sample, target=target, keyed=list(KEYED))
            points.append(timed(program, python=self.python)[:2])
            _remove(target)
        few, more = self.samples
        seconds, processor = (
            first + (second - first) * (rows - few) / (more - few) for first, second in zip(*points, strict=True)
        )
        return seconds, processor


def compete(contestants: dict[str, str], folder: Path, source: Path, turns: int) -> tuple[float, float]:
    """Run the contestants in turns, and print their medians as a table; gives the seconds of the first two."""
    target = folder / "target"
    fill = {
        "source": source,
        "target": target,
        "folder": folder,
        "plan": folder / f"{source.suffix[1:]}.yaml",
        "format": source.suffix[1:],
        "keyed": list(KEYED),
        "low": list(LOW),
    }
    took: dict[str, list[tuple[float, float, float]]] = {name: [] for name in contestants}
    for _ in range(turns):
        for name, program in contestants.items():
            took[name].append(timed(program.format(**fill)))
            _remove(target)
    medians = {name: [statistics.median(column) for column in zip(*times, strict=True)] for name, times in took.items()}
    ours, whole, *_ = (seconds for seconds, _, _ in medians.values())
    print("| what | seconds | CPU | peak MiB | source -> tables / it | douane run / it |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, (seconds, processor, peak) in medians.items():
        ratios = f"{ours / seconds:.2f} | {whole / seconds:.2f}"
        print(f"| {name} | {seconds:.2f} | {processor:.2f} | {peak:.0f} | {ratios} |", flush=True)
    return ours, whole


def compete_with_loops(folder: Path, source: Path, rows: int, peer: str, ours: tuple[float, float]) -> None:
    """Add the lines of those who work value by value, beside the seconds that we took."""
    loops = {"pandas, a loop over hmac": Loop(LOOP, sys.executable, (50_000, 200_000))}
    if subprocess.run([peer, "-c", "import presidio_structured"], capture_output=True, check=False).returncode == 0:
        loops[PRESIDIO] = Loop(PRESIDIO_TABLE, peer, (5_000, 15_000))
    else:
        print(f"| {PRESIDIO} | not installed | | | | |")
    for name, loop in loops.items():
        seconds, processor = loop.extrapolated(folder, source, rows)
        ratios = " | ".join(f"{own / seconds:.3f}" for own in ours)
        print(f"| {name} (extrapolated from {loop.samples[1]:,} rows) | {seconds:.0f} | {processor:.0f} | | {ratios} |")


def _remove(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


def main(rows: int, turns: int, peer: str) -> None:
    """Measure Parquet, then CSV."""
    # As pip does when it installs: else a checkout in which nothing may be written compiles itself at every start.
    for package in ("pipeline", "transforms"):
        compileall.compile_dir(ROOT / package, quiet=1)
    with TemporaryDirectory() as name:
        folder = Path(name)
        douane(folder, "keys", "new", "bench", "--domain", "bench")
        for suffix, contestants in ((".parquet", PARQUET), (".csv", CSV)):
            source = folder / f"resultats{suffix}"
            # A child's peak counts from before its exec, when it shares the memory of its parent: keep that small.
            subprocess.run([sys.executable, __file__, "--write", source, str(rows)], check=True)
            prepare(folder, source)
            print(
                f"\n{suffix[1:].upper()}, {rows:,} rows of 10 columns, 4 of them pseudonymized and 1 shifted; median of "
                f"{turns} whole processes; {os.cpu_count()} processors, Python {platform.python_version()}\n"
            )
            ours = compete(contestants, folder, source, turns)
            if suffix == ".parquet":
                compete_with_loops(folder, source, rows, peer, ours)
            source.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write_source(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("millions", nargs="?", type=float, default=5.0)
        parser.add_argument("turns", nargs="?", type=int, default=3)
        parser.add_argument("--peer", default=sys.executable, help="Python with presidio-structured")
        asked = parser.parse_args()
        main(int(asked.millions * 1_000_000), asked.turns, asked.peer)
