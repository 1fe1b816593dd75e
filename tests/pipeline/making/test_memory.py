"""A run's memory doesn't grow with its table: 1,200,000 rows in a process that may have little more than 300,000 need.

The limit is RLIMIT_DATA: every private page that a process may write, touched or not. RLIMIT_AS would count the code of
libraries, and addresses that Arrow only reserves.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.plan import write_plan

ROWS = 1_200_000
MIB = 1 << 20
# What a run takes once its queues are full is measured by the same run over a quarter of the rows.
ROOM_MIB = 60

RUN = """
import resource, sys
from pipeline.cli import main
try:
    main()
finally:
    peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmData"))
    print(int(peak) // 1024, file=sys.stderr)
"""


def results(rows: int) -> pa.Table:
    return pa.table(
        {
            "ipp": [f"8{number % 20_000:09d}" for number in range(rows)],
            "nda": [f"22{number:07d}" for number in range(rows)],
            "code_cim10": [f"I{number % 90:02d}" for number in range(rows)],
            "commentaire": [
                f"resultat stable, controle {number % 7_000} du lot {number % 11}" for number in range(rows)
            ],
        }
    )


@pytest.fixture
def run(installation, tmp_path):
    extract = tmp_path / "resultats.parquet"
    pq.write_table(results(1_000), extract)
    plan = tmp_path / "plan.yaml"
    write_plan(installation.plan(extract, "resultats.commentaire:other=keep"), plan)

    def limited(rows: int, limit: int | None) -> int:
        """Run over so many rows; gives the MiB of data that the process had at its end."""
        import resource

        pq.write_table(results(rows), extract, row_group_size=50_000)
        environment = os.environ | {
            "DOUANE_HOME": str(installation.rooms.home.folder),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "OPENBLAS_NUM_THREADS": "1",
        }
        done = subprocess.run(
            [sys.executable, "-c", RUN, "run", extract, "--plan", plan],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit * MIB,) * 2)) if limit else None,
        )
        assert done.returncode == 0, done.stderr
        return int(done.stderr.splitlines()[-1])

    return limited


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux limits a process's data")
def test_four_times_the_rows_fit_into_little_more_memory(run):
    run(ROWS, run(ROWS // 4, None) + ROOM_MIB)
