"""Does any mutated note break the redaction, take more than 10 ms a kilobyte, or give a span outside of it?

Run: python benchmarks/fuzz_notes.py [SECONDS] [SEED] [REPORT.json]. Takes the notes of tests/transforms/notes/cases, cuts,
splices, repeats and breaks them (wrong decodings, combining accents, other scripts, control signs, runs of one sign), with
and without a record. Prints a report, and writes it if a file is named; exits 1 if anything was wrong.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from pathlib import Path

from transforms.notes.finding import find_identifiers
from transforms.notes.labels import LABELS
from transforms.notes.record import Record, read_record

CASES = Path(__file__).parents[1] / "tests" / "transforms" / "notes" / "cases"
SLOW = 10.0  # milliseconds a kilobyte
FLOOR = 1_000  # characters: a note shorter than that counts as a kilobyte
PIECES = [
    *"\n\r\t \u00a0\u202f\u200b\ufeff\x00\ud800.,;:/-|()[]<>@'’`´0",
    *("Dr ", "M. ", "Mme ", "né le ", "nom : ", "PID|", "Ã©", "e\u0301", "İ", "ß", "Ж", "محمد", "王", "\U0001f600"),
    *(
        "12/03/1950",
        "06 39 98 12 34",
        "1 85 05 78 006 084 36",
        "a@b.fr",
        "69003 LYON",
        "12 rue de ",
        "CHU de ",
        "janvier",
    ),
]
RECORD = read_record(
    {"nom": "Le Goff", "prenom": "Jean-Pierre", "naissance": "1950-03-12", "tel": "0639981234", "ipp": 8001}
)


def mutate(text: str, others: list[str], draw: random.Random) -> str:
    """Cut, insert, repeat, splice or break, one to five times."""
    for _ in range(draw.randint(1, 5)):
        at, kind = draw.randint(0, len(text)), draw.random()
        if kind < 0.3:
            text = text[:at] + draw.choice(PIECES) + text[at:]
        elif kind < 0.45:
            text = text[:at] + text[at + draw.randint(1, 20) :]
        elif kind < 0.6:
            piece = draw.choice([draw.choice(PIECES), text[at : at + draw.randint(1, 12)]])
            text = text[:at] + piece * draw.choice([3, 50, 400]) + text[at:]
        elif kind < 0.8:
            other = draw.choice(others)
            text = text[:at] + other[draw.randint(0, len(other)) :]
        elif kind < 0.9:
            text = draw.choice([text.upper(), text.lower(), text.replace(" ", "\n"), text.replace("\n", " ")])
        else:
            text = text.encode("utf-8", "replace").decode(draw.choice(["cp1252", "latin-1"]), "replace")
    return text[:20_000]


def fault(text: str, record: Record | None) -> str:
    """Say what is wrong with one note's redaction; empty if nothing is."""
    try:
        spans = find_identifiers(text, record=record)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return f"raises {type(error).__name__}"
    behind = 0
    for start, end, label in spans:
        if not behind <= start < end <= len(text) or label not in LABELS:
            return "gives a span outside of the note, out of order or over another"
        behind = end
    return ""


def speed(text: str, record: Record | None, times: int) -> float:
    """Milliseconds a kilobyte, the best of several times: another process's work is no slowness of this one."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        find_identifiers(text, record=record)
        best = min(best, time.process_time() - start)
    return best * 1e6 / max(len(text), FLOOR)


def main() -> None:
    """Fuzz for some seconds and report."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    draw = random.Random(seed)
    notes = [
        re.sub(r"</?[A-Z_a-z]+>", "", note)
        for path in sorted(CASES.glob("unseen_*.txt"))
        for note in re.split(r"^===== \w+\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    ]
    faults: dict[str, str] = {}
    tried, characters, slowest = 0, 0, 0.0
    find_identifiers(notes[0], record=RECORD)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        text = mutate(draw.choice(notes), notes, draw)
        record = RECORD if draw.random() < 0.3 else None
        tried, characters = tried + 1, characters + len(text)
        if wrong := fault(text, record):
            faults.setdefault(wrong, ascii(text[:300]))
            continue
        pace = speed(text, record, 1)
        if pace > SLOW:
            pace = speed(text, record, 5)
            if pace > SLOW:
                faults.setdefault(f"takes {pace:.0f} ms a kilobyte", ascii(text[:300]))
        slowest = max(slowest, pace)
    report = {
        "seconds": seconds,
        "seed": seed,
        "notes": tried,
        "characters": characters,
        "slowest_ms_per_kB": round(slowest, 2),
        "faults": faults,
    }
    print(json.dumps(report, indent=2, ensure_ascii=False))
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
