"""Which figures does `make bench` print? All: every script of this folder that measures, into one Markdown file.

`python benchmarks [--out FILE] [NAME...]` runs the scripts named, or all; each also runs by itself. The file says the
machine, the day and how busy the machine was before and after each script: only ratios of one run mean something.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
FIRST = ("column", "column_costs", "end_to_end", "memory")
# A fuzzer looks for a crash and ends when it is told to; it measures nothing.
NO_MEASURES = {"__main__", "fuzz_guard"}
SHOWN = ("numpy", "pyarrow", "cryptography")


def scripts() -> list[str]:
    """Name the scripts that measure: those of this folder that can be run."""
    runnable = {
        path.stem for path in HERE.glob("*.py") if '__name__ == "__main__"' in path.read_text("utf-8")
    } - NO_MEASURES
    return [name for name in FIRST if name in runnable] + sorted(runnable - set(FIRST))


def processor() -> str:
    """Name the processor as Linux does."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load() -> str:
    """Say how many processes wanted a core in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def main() -> int:
    """Run the scripts one after the other, and print and keep what they print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        print(line, end="", flush=True)

    libraries = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    today = dt.datetime.now(dt.UTC).date()
    tell(f"# Measured on {today}\n\n{os.cpu_count()} cores of {processor()}, Linux {platform.release()}, ")
    tell(f"Python {platform.python_version()}, {libraries}.\n")
    failed = []
    for name in asked.names or scripts():
        tell(f"\n## {name}\n\nLoad of the machine before it: {load()}.\n")
        command = [sys.executable, str(HERE / f"{name}.py")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as process:
            for line in process.stdout or ():
                tell(line)
        tell(f"\nLoad after it: {load()}.\n")
        if process.returncode:
            failed.append(name)
            tell(f"\n{name} ended with {process.returncode}.\n")
        if asked.out:
            asked.out.parent.mkdir(parents=True, exist_ok=True)
            asked.out.write_text("".join(told), "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
