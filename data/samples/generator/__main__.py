"""Writes the sample: `python -m data.samples.generator FOLDER`; the truth about its free text goes to FOLDER_truth.ndjson, beside it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .files import build, write
from .people import Names, words
from .stays import check_codes


def main() -> None:
    """Draws names until none is a word of the fixed prose or of a label, then writes."""
    parser = argparse.ArgumentParser(prog="python -m data.samples.generator", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20251231)
    options = parser.parse_args()
    check_codes()
    taken: frozenset[str] = frozenset()
    while True:
        tables, truth, fixed = build(options.seed, options.patients, Names(taken))
        spoken = frozenset().union(*(words(text) for text in fixed))
        if spoken <= taken:
            break
        taken |= spoken
    write(options.folder, options.folder.with_name(options.folder.name + "_truth.ndjson"), tables, truth)
    sys.stdout.writelines(f"{name:20} {len(rows):6}\n" for name, rows in tables.items())


if __name__ == "__main__":
    main()
