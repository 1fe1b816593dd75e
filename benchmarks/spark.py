"""What does pseudonymizing on Spark cost, beside moving the same rows through Python and back unchanged?

`python benchmarks/spark.py [MILLIONS_OF_ROWS [TURNS]]` prints a Markdown table. A cluster of two executors of one
core each, on the loopback, shuffles and network enciphered. All contestants read the same Parquet file of 10 columns
and write to Spark's `noop`; they run in turns, so that a busy machine slows all; figures are medians. CPU is what driver,
executors and Python workers used together, which a busy machine changes less than seconds. The peak is that of the
largest Python worker (VmHWM), reset between contestants where the kernel allows it.
"""

from __future__ import annotations

import hmac
import os
import re
import runpy
import statistics
import sys
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from pipeline.data_files import data_folder
from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.policy import read_policy
from pipeline.spark import pseudonymized
from transforms import Key, detect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

ROOT: Final = Path(__file__).parents[1]
_END: Final = runpy.run_path(str(ROOT / "benchmarks" / "end_to_end.py"))
BATCH_ROWS: Final = "65536"


def cluster(**settings: str) -> Any:  # noqa: ANN401 - tests/servers/spark.py's SparkCluster
    """Start the cluster of the tests, with a JVM that compiles as in production."""
    java = {f"spark.{side}.extraJavaOptions": "-XX:+UseSerialGC" for side in ("driver", "executor")}
    arrow = {"spark.sql.execution.arrow.maxRecordsPerBatch": BATCH_ROWS}
    make = runpy.run_path(str(ROOT / "tests" / "servers" / "spark.py"))["SparkCluster"]
    return make(**{"spark.log.level": "ERROR", "spark.eventLog.enabled": "false"} | java | arrow | settings)


def plan_of(path: Path) -> tuple[Any, Any]:
    """Plan and policy of the file that `end_to_end.py` writes."""
    policy = read_policy(data_folder() / "policies" / "default.yaml")
    sample = {"resultats": pq.ParquetFile(path).read_row_group(0).slice(0, 50_000)}
    rulings = [read_ruling(f"resultats.{text}", by="bench") for text in _END["RULINGS"]]
    return draft_plan(detect(sample), sample, policy=policy, domain="bench", rulings=rulings), policy


def identity(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the rows back."""
    yield from batches


def workers_peak() -> float:
    """MiB of the largest of Spark's Python workers at its peak."""
    peaks = [0]
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and b"pyspark.daemon" in (process / "cmdline").read_bytes():
                peaks += map(int, re.findall(r"VmHWM:\s+(\d+)", (process / "status").read_text()))
                (process / "clear_refs").write_text("5")
        except OSError:
            continue
    return max(peaks) / 1024


def cpu_seconds(folder: Path) -> float:
    """Processor seconds of all processes of a cluster, those that have ended included."""
    ticks = 0
    for process in Path("/proc").iterdir():
        try:
            if not process.name.isdigit():
                continue
            inside = (process / "cwd").readlink().is_relative_to(folder)
            if inside or str(folder).encode() in (process / "cmdline").read_bytes():
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:15]))
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def main(millions: float, turns: int) -> None:
    """Run all in turns and print medians and ratios."""
    warnings.simplefilter("ignore", FutureWarning)
    with TemporaryDirectory() as folder:
        path = Path(folder, "resultats.parquet")
        _END["write_source"](path, int(millions * 1_000_000))
        plan, policy = plan_of(path)
        key = Key.generate(domain="bench")
        spark_cluster = cluster()
        try:
            spark = spark_cluster.session
            frame = spark.read.parquet(str(path))
            secret = key.derive("bench", "hmac", 32)
            udf = _udf(secret)

            def noop(made: Any) -> None:  # noqa: ANN401 - a DataFrame
                made.write.format("noop").mode("overwrite").save()

            with pseudonymized(spark, plan, {"resultats": frame}, policy=policy, key=key) as made:
                contestants: dict[str, Callable[[], None]] = {
                    "identity mapInArrow": lambda: noop(frame.mapInArrow(identity, frame.schema)),
                    "douane: pseudonyms, shifted dates, kept fields": lambda: noop(made["resultats"]),
                    "Python UDF with hmac, four columns": lambda: noop(
                        frame.select(
                            *(udf(name).alias(name) if name in _END["KEYED"] else name for name in frame.columns)
                        )
                    ),
                }
                measure(contestants, millions, turns, spark_cluster.folder)
        finally:
            spark_cluster.close()


def measure(contestants: dict[str, Callable[[], None]], millions: float, turns: int, folder: Path) -> None:
    """Print the table."""
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in contestants}
    for turn in range(turns + 1):
        for name, run in contestants.items():
            workers_peak()
            start, cpu = time.perf_counter(), cpu_seconds(folder)
            run()
            used = (time.perf_counter() - start, cpu_seconds(folder) - cpu, workers_peak())
            if turn:  # the first warms the JVM and the workers
                taken[name].append(used)
    print(f"\n### Spark, {millions:g} million rows of 10 columns, 2 executors of one core\n")
    print(
        "| what | seconds | CPU seconds | CPU, times the identity | MiB of a Python worker |\n| --- | ---: | ---: | ---: | ---: |"
    )
    first = 0.0
    for name, figures in taken.items():
        seconds, cpu, peak = (statistics.median(column) for column in zip(*figures, strict=True))
        first = first or cpu
        print(f"| {name} | {seconds:.2f} | {cpu:.2f} | {cpu / first:.2f} | {peak:.0f} |", flush=True)


def _udf(secret: bytes) -> Any:  # noqa: ANN401 - Spark's
    from pyspark.sql import functions as F  # noqa: N812, PLC0415 - as Spark names it; the cluster comes first

    def pseudonym(value: str | None) -> str | None:
        return None if value is None else hmac.digest(secret, value.encode(), "sha256").hex()[:32]

    # Spark 4.2.0 waits for ever on an Arrow UDF over Parquet columns: its UDF by pickle is the one of Spark 3.
    return F.udf(pseudonym, "string", useArrow=False)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 4.0, int(sys.argv[2]) if sys.argv[2:] else 3)
