"""How well does detection find what identifies and what describes health? `python benchmarks/detection.py [SPLIT...] [--misses]`.

Tables come from detection_corpus.txt (field names of public schemas, labelled) with seeded values. `held` tables tune no rule.
blind1 to blind5 are tables written from memory of public schemas, each measured before any rule was changed for it.
Each table is read twice: with its own header, and with opaque ones (c1, c2...). Half of the last names are made of syllables,
so that the name lists the detector ships cannot know them.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
from detection_values import Maker

from transforms import detect
from transforms.kinds import CATEGORIES, CATEGORY_OF

ROWS = 300


def read_corpus(split: str) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """Tables of a split: (family, language, table, [(column, kind, generator)])."""
    tables: list[tuple[str, str, str, list[tuple[str, str, str]]]] = []
    if split.startswith("blind"):
        return read_blind(split)
    keep = False
    for line in (Path(__file__).parent / "detection_corpus.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            _, family, of, language, table = line.split()
            keep = of == split
            if keep:
                tables.append((family, language, table, []))
        elif keep and line and not line.startswith("#"):
            column, _, label = line.rpartition(" ")
            kind, _, how = label.partition("/")
            if kind not in CATEGORY_OF:
                raise ValueError(f"{table}.{column}: {kind} is no kind")
            tables[-1][3].append((column, kind, how))
    return tables


def read_blind(split: str) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """Tables of a blind split, whose files write a table in two lines."""
    tables: list[tuple[str, str, str, list[tuple[str, str, str]]]] = []
    for line in (Path(__file__).parent / f"detection_{split}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            _, language, table = line.split()
            tables.append((split, language, table, []))
        elif line and not line.startswith("#"):
            for entry in line.split("; "):
                column, _, label = entry.strip().rpartition(" ") if "/" not in entry else _cut(entry)
                kind, _, how = label.partition("/")
                if kind not in CATEGORY_OF:
                    raise ValueError(f"{table}.{column}: {kind} is no kind")
                tables[-1][3].append((column, kind, how))
    return tables


def _cut(entry: str) -> tuple[str, str, str]:
    before, slash, how = entry.strip().partition("/")
    column, blank, kind = before.rpartition(" ")
    return column, blank, kind + slash + how


def main() -> None:
    """Print recall and precision by category, for the split named on the command line (default: all)."""
    for split in [each for each in sys.argv[1:] if each != "--misses"] or [
        "dev",
        "held",
        "blind1",
        "blind2",
        "blind3",
        "blind4",
        "blind5",
    ]:
        tables = read_corpus(split)
        for opaque in (False, True):
            _report(split, tables, opaque=opaque)
    _report_names()


def _report_names() -> None:
    """Print how often the leading kind of a name alone has the right category."""
    right = total = 0
    for line in (Path(__file__).parent / "detection_names.txt").read_text(encoding="utf-8").splitlines():
        table, _, entries = line.partition(": ")
        if line.startswith("#"):
            continue
        for entry in entries.split():
            name, _, category = entry.rpartition("=")
            kind = detect({table: pa.table({name: pa.nulls(1, pa.string())})})[table][0].kind
            right += CATEGORY_OF[kind] == category
            total += 1
    print(f"\nnames alone, without values: category right {right / total:.3f} of {total}")


def _report(split: str, tables: list[tuple[str, str, str, list[tuple[str, str, str]]]], *, opaque: bool) -> None:
    truth: list[tuple[str, str, str, str, float]] = []
    elapsed = 0.0
    for number, (_, language, name, columns) in enumerate(tables):
        maker = Maker(number, language)
        made = [pa.array([maker.value(kind, how, row) for row in range(ROWS)], pa.string()) for _, kind, how in columns]
        header = (
            [f"c{place}" for place in range(1, len(columns) + 1)] if opaque else [column for column, _, _ in columns]
        )
        table = pa.table(made, names=header)
        started = time.perf_counter()
        findings = detect(table if opaque else {name: table})
        elapsed += time.perf_counter() - started
        fields = findings if opaque else findings[name]
        truth += [
            (f"{name}.{column}", kind, finding.kind, finding.category, finding.confidence)
            for (column, kind, _), finding in zip(columns, fields, strict=True)
        ]
    right = sum(CATEGORY_OF[kind] == category for _, kind, _, category, _ in truth)
    same = sum(kind == found for _, kind, found, _, _ in truth)
    print(
        f"\n{split}, {'opaque' if opaque else 'real'} headers: {len(tables)} tables, {len(truth)} columns, {len(truth) / elapsed:.0f} columns/s"
    )
    print(f"  category right {right / len(truth):.3f}, kind right {same / len(truth):.3f}")
    for category in CATEGORIES:
        wanted = [row for row in truth if CATEGORY_OF[row[1]] == category]
        found = [row for row in truth if row[3] == category]
        hits = sum(CATEGORY_OF[row[1]] == category for row in found)
        print(
            f"  {category:7s} n={len(wanted):3d}  recall {hits / max(1, len(wanted)):.3f}  precision {hits / max(1, len(found)):.3f}"
        )
    bins = Counter(min(9, int(row[4] * 10)) for row in truth)
    rights = Counter(min(9, int(row[4] * 10)) for row in truth if CATEGORY_OF[row[1]] == row[3])
    print(
        "  confidence: "
        + ", ".join(f"{each / 10:.1f}: {rights[each] / bins[each]:.2f} of {bins[each]}" for each in sorted(bins))
    )
    if "--misses" in sys.argv:
        for where, kind, got, category, confidence in truth:
            if CATEGORY_OF[kind] != category:
                print(f"    {where}: {kind} read as {got} ({confidence:.2f})")


if __name__ == "__main__":
    main()
