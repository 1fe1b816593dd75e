"""Which figures does `make bench` print? All: every script of this folder that measures, into one Markdown file.

`python benchmarks [--out FILE] [--docs PAGE] [--peer PYTHON] [NAME...]` runs the scripts named, or all; each also runs by itself. The file
says the machine, the day and how busy the machine was before and after each script: only ratios of one run mean
something. In a page, what stands between `<!-- begin NAME -->` and `<!-- end NAME -->` becomes what NAME printed.
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
NO_MEASURES = {"__main__", "fuzz_guard", "fuzz_notes"}
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


def machine() -> str:
    """Say the day, the machine and the libraries that everything rests on."""
    libraries = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    today = dt.datetime.now(dt.UTC).date()
    return (
        f"Measured on {today}: {os.cpu_count()} cores of {processor()}, Linux {platform.release().partition('-')[0]},\n"
        f"Python {platform.python_version()}, {libraries}.\n"
    )


def run(name: str, *words: str) -> tuple[str, int]:
    """Run a script with some words; print and give what it prints, and how it ended."""
    told = [f"Load of the machine before: {load()}, "]
    with subprocess.Popen(
        [sys.executable, str(HERE / f"{name}.py"), *words], stdout=subprocess.PIPE, text=True, cwd=HERE.parent
    ) as process:
        printed = []
        for line in process.stdout or ():
            printed.append(line)
            print(line, end="", flush=True)
    told += [f"after: {load()}.\n\n", *printed]
    return "".join(told), process.returncode


def written(page: str, name: str, text: str) -> str:
    """Put a text between a page's marks of that name, if it has them."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    if begin not in page:
        return page
    before, rest = page.split(begin, 1)
    return f"{before}{begin}\n{text.strip()}\n\n{end}{rest.split(end, 1)[1]}"


def main() -> int:
    """Run the scripts one after the other, print what they print, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--docs", type=Path)
    parser.add_argument("--peer", help="for end_to_end: the Python of an environment with presidio-structured")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    kept = [f"# Speed\n\n{machine()}"]
    print(kept[0])
    failed = []
    for name in asked.names or scripts():
        print(f"\n## {name}\n", flush=True)
        text, ended = run(name, *(("--peer", asked.peer) if asked.peer and name == "end_to_end" else ()))
        if ended:
            failed.append(name)
            text += f"\n{name} ended with {ended}.\n"
        kept.append(f"\n## {name}\n\n{text}")
        if asked.out:
            asked.out.parent.mkdir(parents=True, exist_ok=True)
            asked.out.write_text("".join(kept), "utf-8")
        if asked.docs and not ended:
            page = written(asked.docs.read_text("utf-8"), "machine", machine())
            asked.docs.write_text(written(page, name, text), "utf-8")
    if failed:
        print(f"\n{', '.join(failed)} failed.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
