"""How fast are documents released, next to reading and writing them, and to fhir.resources' parsing? CPU time, one run.

`python benchmarks records`. FHIR: resources of the carebundle package (test data, invented). HL7 v2: laboratory messages of 13
segments, beside python-hl7's and hl7apy's parsing where they are installed.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
import tempfile
import tracemalloc
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.records.fhir import FhirFormat
from pipeline.records.formats import shipped_rules
from pipeline.records.hl7v2 import Hl7v2Format
from pipeline.records.making import Account, without_cycle_search
from transforms import Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.records import RecordFormat

KEY = Key(bytes(range(32)), domain="bench", id="bench")
RESOURCES = 12_000
MESSAGES = 5_000
ROUNDS = 3
WANTED = 5_000


def main() -> int:
    """Print the tables; 1 if FHIR is below what it must reach."""
    with tempfile.TemporaryDirectory() as folder:
        fhir = fhir_file(Path(folder))
        hl7 = hl7_file(Path(folder))
        ours = release_rate(FhirFormat(), fhir)
        print(f"### FHIR R4: {RESOURCES:,} resources of {fhir.stat().st_size / RESOURCES / 1024:.1f} KiB, one core\n")
        rows = [
            ("released by the shipped rules", ours),
            ("json read and written, unchanged", rate(lambda: rewrite(fhir), RESOURCES)),
            ("fhir.resources, parsed only", fhir_resources(fhir)),
        ]
        show(rows, "resources/s")
        print(f"\nAt least {WANTED:,} resources/s: {'reached' if ours >= WANTED else 'MISSED'}.")
        print(f"Peak of Python's memory at 1 and 4 times the file: {' and '.join(peaks(FhirFormat(), fhir))}.\n")
        print(f"### HL7 v2: {MESSAGES:,} messages of 13 segments, one core\n")
        show(
            [
                ("released by the shipped rules", release_rate(Hl7v2Format(), hl7)),
                ("python-hl7, parsed only", hl7_parsed(hl7)),
                ("hl7apy, parsed only", hl7apy_parsed(hl7)),
            ],
            "messages/s",
        )
    return 0 if ours >= WANTED else 1


def show(rows: list[tuple[str, float | None]], unit: str) -> None:
    """Print a table of rates, each against the first."""
    print(f"| what | {unit} | the first is so many times as fast |\n| --- | --- | --- |")
    first = rows[0][1] or 0.0
    for name, value in rows:
        print(f"| {name} | {'not installed' if value is None else f'{value:,.0f} | {first / value:.2f}'} |")


def rate(work: Callable[[], object], count: int) -> float:
    """The best of a few rounds, in things a second of CPU time."""
    best = 0.0
    for _ in range(ROUNDS):
        begun = process_time()
        work()
        best = max(best, count / (process_time() - begun))
    return best


def release_rate(form: RecordFormat, file: Path) -> float:
    """Read, change, look at and write a file as a run does."""
    work = form.prepare(shipped_rules(form), KEY)
    count = sum(len(batch.documents) for batch in form.batches(file))

    def go() -> None:
        out, account = io.BytesIO(), Account()
        for batch in form.batches(file):
            made = work.change(batch)
            form.write(made, out)
            account.add(made, file)

    with without_cycle_search():
        return rate(go, count)


def rewrite(file: Path) -> bytes:
    """The least that any tool does: parse and write."""
    return b"".join(json.dumps(json.loads(line)).encode() for line in file.open("rb"))


def fhir_resources(file: Path) -> float | None:
    """Parsing by fhir.resources, a tenth of the file."""
    get = importlib.import_module("fhir.resources.R4B").get_fhir_model_class
    lines = file.read_bytes().splitlines()[::10]
    documents = [json.loads(line) for line in lines]
    return rate(lambda: [get(one["resourceType"]).model_validate(one) for one in documents], len(documents))


def hl7_parsed(file: Path) -> float | None:
    """Parsing by python-hl7, a tenth of the messages."""
    return _parsed("hl7", "parse", file, 10)


def hl7apy_parsed(file: Path) -> float | None:
    """Parsing by hl7apy, a few messages."""
    return _parsed("hl7apy.parser", "parse_message", file, 500)


def _parsed(module: str, name: str, file: Path, share: int) -> float | None:
    try:
        parse: Any = getattr(importlib.import_module(module), name)
    except ImportError:
        return None
    texts = ["MSH" + text for text in file.read_bytes().decode().split("MSH")[1:]][::share]
    return rate(lambda: [parse(text) for text in texts], len(texts))


def peaks(form: RecordFormat, file: Path) -> list[str]:
    """The peak of Python's allocations while a file is released that is 1 and 4 times as long."""
    told = []
    for times in (1, 4):
        longer = file.with_name(f"longer{times}.ndjson")
        longer.write_bytes(file.read_bytes()[: 8 << 20].rpartition(b"\n")[0] + b"\n")
        with longer.open("ab") as more:
            for _ in range(times - 1):
                more.write(longer.read_bytes())
        work = form.prepare(shipped_rules(form), KEY)
        tracemalloc.start()
        with Path("/dev/null").open("wb") as out:
            for batch in form.batches(longer):
                form.write(work.change(batch), out)
        told.append(f"{tracemalloc.get_traced_memory()[1] / 2**20:.0f} MiB")
        tracemalloc.stop()
    return told


def fhir_file(folder: Path) -> Path:
    """Resources of every type that carebundle makes, as often as they come."""
    carebundle = importlib.import_module("carebundle")
    made = carebundle.to_ndjson(carebundle.generate_cohort(count=150, seed=3))
    lines = [line for text in made.values() for line in text.splitlines()]
    path = folder / "resources.ndjson"
    path.write_text("".join(f"{lines[at % len(lines)]}\n" for at in range(RESOURCES)), "utf-8")
    return path


def hl7_file(folder: Path) -> Path:
    """Laboratory messages of invented patients."""
    path = folder / "messages.hl7"
    with path.open("w", encoding="utf-8", newline="") as file:
        for number in range(MESSAGES):
            segments = [
                f"MSH|^~\\&|LAB|CHU|SIH|CHU|20260301093012||ORU^R01^ORU_R01|MSG{number}|P|2.5|||||FRA|UNICODE UTF-8",
                f"PID|1||{8000000000 + number // 5}^^^CHU&1.2.250.1.99&ISO^PI||MARTIN^Anne||19700517|F|||1 rue X^^Nancy^^54000^FRA",
                f"PV1|1|I|CARDIO^12^B^CHU||||10101201234^BERNARD^Paul|||||||||||I|{260000000 + number}^^^CHU^VN",
                f"ORC|RE|ORD{number}^DX|FIL{number}^LAB||CM||||20260301",
                f"OBR|1|ORD{number}^DX|FIL{number}^LAB|IONO^Ionogramme^L|||20260301080000",
                *(
                    f"OBX|{at}|NM|2951-2^Sodium^LN||{130 + at}|mmol/L^^UCUM|136-145|N|||F|||20260301080000"
                    for at in range(1, 9)
                ),
            ]
            file.write("".join(f"{segment}\r" for segment in segments))
    return path


if __name__ == "__main__":
    raise SystemExit(main())
