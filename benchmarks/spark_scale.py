"""Does a big table go the whole way on Spark, and does the memory of its workers stay what it was?

`nice python benchmarks/spark_scale.py [MILLIONS_OF_ROWS]` writes the source in parts, makes a release of it on a cluster of
two executors of one core each (the loopback, shuffles and network enciphered), and prints a line every ten seconds: the
largest Python worker's resident set, the executors', and open files of all of them; then rows, seconds and figures.
50 million rows are about 3 GB of source.
"""

from __future__ import annotations

import os
import re
import runpy
import sys
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Final

from pipeline.guard import Guard
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.run import Rooms
from pipeline.spark import pseudonymize_tables

_BENCH: Final = runpy.run_path(str(Path(__file__).with_name("spark.py")))
_PART: Final = 5_000_000
_EVERY: Final = 10.0


def watched(folder: Path) -> tuple[float, float, int]:
    """MiB of the largest Python worker and of the largest JVM of the cluster, and open files of all of them."""
    python, java, files = 0.0, 0.0, 0
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes() if process.name.isdigit() else b""
            inside = b"pyspark.daemon" in words or str(folder).encode() in words
            if not inside:
                continue
            size = int(re.findall(r"VmRSS:\s+(\d+)", (process / "status").read_text())[0]) / 1024
            files += len(os.listdir(process / "fd"))  # noqa: PTH208 - only counted
            python, java = (max(python, size), java) if b"pyspark.daemon" in words else (python, max(java, size))
        except (OSError, IndexError):
            continue
    return python, java, files


def watch(folder: Path, done: Event) -> None:
    """Print a line every ten seconds until it is done."""
    began = time.monotonic()
    print("| seconds | MiB of a Python worker | MiB of a JVM | open files |\n| ---: | ---: | ---: | ---: |", flush=True)
    while not done.wait(_EVERY):
        python, java, files = watched(folder)
        print(f"| {time.monotonic() - began:.0f} | {python:.0f} | {java:.0f} | {files} |", flush=True)


def main(millions: float) -> None:
    """Write, run, and tell."""
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as folder:
        source, rows = Path(folder, "resultats"), int(millions * 1_000_000)
        source.mkdir()
        for number, start in enumerate(range(0, rows, _PART)):
            _BENCH["_END"]["write_source"](source / f"{number:03}.parquet", min(_PART, rows - start))
        plan, policy = _BENCH["plan_of"](source / "000.parquet")
        home = Home.from_environment({"DOUANE_HOME": f"{folder}/home"})
        keyring = FolderKeyring(home.keys)
        key = keyring.new("bench", domain="bench")
        cluster = _BENCH["cluster"]()
        done = Event()
        watcher = Thread(target=watch, args=(cluster.folder, done))
        try:
            frames = {"resultats": cluster.session.read.parquet(str(source))}
            watcher.start()
            start = time.perf_counter()
            rooms = Rooms(home, keyring, Journal(home.journal_file), Guard.load())
            made = pseudonymize_tables(
                cluster.session, plan, frames, rooms, policy=policy, key=key, approved_by="bench"
            ).made
            seconds = time.perf_counter() - start
            size = sum(entry["bytes"] for entry in made.release.manifest["files"]) / 2**20
            print(f"\n{made.rows['resultats']:,} rows in {seconds:.0f} s, a release of {size:.0f} MiB; {made.risk}")
        finally:
            done.set()
            cluster.close()


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 50.0)
