"""Recall, precision, clean notes, over-redaction and speed on notes that were labelled before the rules saw them.

    python benchmarks/notes_unseen.py [--peers PYTHON] [--notes FILE...] [--corpus CASES.jsonl]

Layer by layer and in all, without the patient's record, then Presidio (French model) and edsnlp's rules beside, if an
interpreter is named that has them. The notes are tests/transforms/notes/cases/unseen_*.txt. Each was run once before any
rule was written for it; what it scored then stands in docs/explanation/notes.md, and is lower than what is printed here.
Speed is of one process, in notes of 2 kB a second of processor time.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from notes import LAYERS
from notes_marked import Spans, compare, read_marked

from transforms.notes.consistency import find_repeated
from transforms.notes.finding import find_each
from transforms.notes.labels import resolve
from transforms.notes.note import Note

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parents[1] / "tests" / "transforms" / "notes" / "cases"
PEERS = Path(__file__).with_name("peers") / "notes.py"
KILOBYTES = 2_000
# Drugs, diseases, values and units that must stay. Own compilation, 2026-11-25, Apache-2.0.
CLINICAL = re.compile(
    r"\b(?:\d+(?:[.,]\d+)? ?(?:mg|g|ml|mmHg|g/l|g/dl|UI|µg|cm|mm|kg|%)(?!\w)|[A-Z]{2,4}[0-9]|"
    r"(?:Parkinson|Alzheimer|Crohn|Glasgow|Gleason|Charcot|Babinski|Waldenström|Hodgkin)|"
    r"(?:kard[ée]gic|lasilix|doliprane|augmentin|eliquis|xarelto|lovenox|bisoprolol|metformine|cordarone|haldol|tahor|"
    r"ventoline|levothyrox|risperdal|inexium|plavix|previscan|bactrim|rocephine|solupred)|"
    r"(?:hypertension|diab[èe]te|pneumopathie|fracture|carcinome|ad[ée]nocarcinome|myocarde|asthme|bpco|avc|d[ée]mence|"
    r"insuffisance|cirrhose|appendicite|sepsis|embolie|phl[ée]bite|schizophr[ée]nie|h[ée]moglobine|cr[ée]atinine|plaquettes))\b",
    re.IGNORECASE,
)


def layered(names: list[str]) -> Callable[[str], Spans]:
    """Give a finder that asks only the layers named."""

    def find(text: str) -> Spans:
        note = Note(text)
        finds = [find for name in names for layer in LAYERS[name] for find in layer(note)]
        return [*resolve([*finds, *find_repeated(note, finds)] if len(names) > 1 else finds, text)]

    return find


def row(name: str, notes: list[tuple[str, Spans]], answers: list[Spans], seconds: float) -> str:
    """Give one line of the table."""
    sums: dict[str, int] = {}
    clinical = lost = 0
    for (text, truth), found in zip(notes, answers, strict=True):
        counts, _ = compare(text, truth, found)
        sums = {column: sums.get(column, 0) + count for column, count in counts.items()}
        covered = {place for start, end, _ in found for place in range(start, end)}
        owned = {place for start, end, _ in truth for place in range(start, end)}
        for match in CLINICAL.finditer(text):
            if match.start() not in owned:
                clinical += 1
                lost += match.start() in covered
    pace = sum(len(text) for text, _ in notes) / KILOBYTES / seconds
    return (
        f"{name:22} {sums['touched'] / sums['spans']:6.3f} {sums['right'] / sums['spans']:6.3f}"
        f" {sums['true'] / max(sums['found'], 1):6.3f} {sums['clean'] / sums['notes']:6.3f} {lost / clinical:9.4f} {pace:8.0f}"
    )


def timed(find: Callable[[str], Spans], notes: list[tuple[str, Spans]]) -> tuple[list[Spans], float]:
    """Ask a finder for all notes, once to warm it and once by the clock."""
    for text, _ in notes:
        find(text)
    start = time.process_time()
    answers = [find(text) for text, _ in notes]
    return answers, time.process_time() - start


def together(notes: list[tuple[str, Spans]]) -> tuple[list[Spans], float]:
    """Find in all notes as a column is read, the model asked about a batch at a time; once to warm it, then by the clock."""
    pairs = [(text, None) for text, _ in notes]
    list(find_each(pairs))
    start = time.process_time()
    answers = [[*found] for found in find_each(pairs)]
    return answers, time.process_time() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, help="a Python that has presidio-analyzer, fr_core_news_sm and edsnlp")
    parser.add_argument("--notes", type=Path, nargs="+", default=sorted(CASES.glob("unseen_*.txt")))
    parser.add_argument("--corpus", type=Path, help="case reports, a JSON object a line, to measure the speed on prose")
    options = parser.parse_args()
    notes = [
        read_marked(marked)
        for path in options.notes
        for marked in re.split(r"^===== \w+\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    ]
    print(f"{len(notes)} notes, {sum(len(truth) for _, truth in notes)} identifiers")
    print(f"{'layers':22} recall  label  prec.  clean  clinical  notes/s")
    names: list[str] = []
    for name in LAYERS:
        names.append(name)
        print(row(name, notes, *timed(layered(list(names)), notes)), flush=True)
    print(row("all", notes, *together(notes)), flush=True)
    if options.corpus:
        lines = options.corpus.read_text(encoding="utf-8").splitlines()
        reports: list[tuple[str, Spans]] = [(text, []) for text in sorted({json.loads(line)["text"] for line in lines})]
        pace = sum(len(text) for text, _ in reports) / KILOBYTES / together(reports)[1]
        print(f"{len(reports)} case reports, nearly without identifiers: {pace:.0f} notes/s")
    for peer in ("presidio", "edsnlp"):
        if not options.peers or not options.peers.exists():
            print(f"{peer:22} absent: name a Python that has it by --peers")
            continue
        lines = "".join(json.dumps({"text": text}) + "\n" for text, _ in notes)
        done = subprocess.run([options.peers, PEERS, peer], input=lines, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{peer:22} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no word why'}")
            continue
        *found, last = map(json.loads, done.stdout.splitlines())
        answers = [[(start, end, label) for start, end, label in line["spans"]] for line in found]
        print(row(peer, notes, answers, last["seconds"]), flush=True)


if __name__ == "__main__":
    main()
