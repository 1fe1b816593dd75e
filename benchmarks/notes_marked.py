"""How well does redaction read notes written by hand, kind by kind, without the patient's record?

    python benchmarks/notes_marked.py tests/transforms/notes/cases/unseen_a.txt [--show]

A file of notes, each after a line `===== kind`, with the truth as tags in the text. Right: the label agrees too. Clean:
every letter and digit of every identifier is covered.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from pathlib import Path

from transforms.notes.finding import find_identifiers

TAG = re.compile(r"<(/?)([A-Z_]+|none)>")
COLUMNS = ("touched", "right", "spans", "true", "found", "clean", "notes")
Spans = list[tuple[int, int, str]]


def read_marked(marked: str) -> tuple[str, Spans]:
    """Give the note without its tags, and what they mark."""
    text, spans, opened, at = "", [], 0, 0
    for tag in TAG.finditer(marked):
        text += marked[at : tag.start()]
        at = tag.end()
        if not tag[1]:
            opened = len(text)
        elif tag[2] != "none":
            spans.append((opened, len(text), tag[2]))
    return text + marked[at:], spans


def compare(text: str, truth: Spans, found: Spans) -> tuple[dict[str, int], list[str]]:
    """Count one note's hits; give its faults as lines to read."""
    covered = {place for start, end, _ in found for place in range(start, end)}
    counts, faults = dict.fromkeys(COLUMNS, 0), []
    for start, end, label in truth:
        over = [span for span in found if span[0] < end and span[1] > start]
        counts["touched"] += bool(over)
        counts["right"] += any(span[2] == label for span in over)
        whole = all(place in covered or not text[place].isalnum() for place in range(start, end))
        counts["clean"] -= not whole
        shown = text[max(0, start - 30) : start] + "[" + text[start:end] + "]" + text[end : end + 20]
        if not whole or not any(span[2] == label for span in over):
            said = [(text[first:last], name) for first, last, name in over]
            faults.append(f"{'MISSED' if not over else 'PARTLY' if not whole else 'LABEL'} {label} {shown!r} {said}")
    for start, end, label in found:
        hit = any(start < last and end > first for first, last, _ in truth)
        counts["true"] += hit
        if not hit:
            faults.append(f"FALSE {label} {text[max(0, start - 30) : start]!r} [{text[start:end]}]")
    counts.update(spans=len(truth), found=len(found), clean=int(counts["clean"] == 0), notes=1)
    return counts, faults


def main() -> None:
    """Print a line for each kind of note, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    cases = Path(__file__).parents[1] / "tests" / "transforms" / "notes" / "cases"
    parser.add_argument("notes", type=Path, nargs="*", default=sorted(cases.glob("unseen_*.txt")))
    parser.add_argument("--show", action="store_true", help="print each fault")
    options = parser.parse_args()
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    for path in options.notes:
        blocks = re.split(r"^===== (\w+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        for kind, marked in zip(blocks[::2], blocks[1::2], strict=True):
            text, truth = read_marked(marked)
            counts, faults = compare(text, truth, [*find_identifiers(text)])
            for name in (kind, "ALL"):
                sums[name] = {column: sums[name][column] + counts[column] for column in COLUMNS}
            for fault in faults if options.show else ():
                print(f"{kind}: {fault}")
    print(f"{'kind':15} recall  label  prec.  clean  notes")
    for name in [*sorted(sums.keys() - {"ALL"}), "ALL"]:
        row = sums[name]
        rates = (row["touched"], row["spans"]), (row["right"], row["spans"]), (row["true"], row["found"])
        shown = " ".join(f"{part / whole:6.3f}" if whole else "     -" for part, whole in rates)
        print(f"{name:15} {shown} {row['clean'] / row['notes']:6.3f} {row['notes']:6}")


if __name__ == "__main__":
    main()
