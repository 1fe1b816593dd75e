"""How many destinations does the guard decide in a second, in process and in batch, and what does importing it cost?

Run: python benchmarks/guard.py. The register holds 46 providers, 1,000 certificates and 1,000 verified destinations, in
YAML as a person writes it. Every destination of the run is a different text, so no cache of whole decisions helps; hosts
repeat as they do in life. `douane check --batch` is timed as a whole process: interpreter, imports, register, reading,
deciding, writing. Times are of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from ruamel.yaml import YAML

from pipeline.guard import Guard
from pipeline.guard.batch import decide_lines
from pipeline.guard.register import load_register

DAY = date(2026, 11, 24)
ROOT = Path(__file__).parents[1]
COUNT = 50_000
LINES = 200_000
PROCESSES = 7
ROUNDS = 3
WANTED = {"decisions": 50_000, "lines": 25_000, "import": 60}


def write_register(folder: Path, random_: random.Random) -> None:
    """Write 1,000 certificates and 1,000 verified destinations."""
    providers = [one for one in load_register(None).providers.values() if one.services and one.regions]
    certificates = []
    for number in range(1000):
        provider = random_.choice(providers)
        certificates.append(
            {
                "id": f"hds-{number}",
                "scheme": "hds",
                "version": "2",
                "provider": provider.id,
                "services": random_.sample(sorted(provider.services), 1),
                "regions": random_.sample(sorted(provider.regions), 1),
                "activities": [1, 2, 3, 4, 5, 6],
                "valid_from": date(2025, 1, 1),
                "valid_until": DAY + timedelta(days=random_.randrange(-100, 900)),
                "status": "verified",
            }
        )
    destinations = [
        {
            "id": f"entry-{number}",
            "match": {"host": f"h{number}.eds.chu.example"},
            "hosting": "self",
            "country": "FR",
            "verified_by": "dpo@chu.example",
            "verified_on": date(2026, 1, 1),
            "valid_until": date(2027, 12, 31),
        }
        for number in range(1000)
    ]
    for name, items in (("certificates", certificates), ("destinations", destinations)):
        with (folder / f"{name}.yaml").open("w") as stream:
            YAML().dump({"format": 1, name: items}, stream)


def requests(random_: random.Random, count: int) -> list[str]:
    """Make `count` different destinations."""
    regions = ["eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "eu-central-1"]
    forms = [
        lambda n: f"s3://bucket-{n % 500}/export/{n}/part.parquet",
        lambda n: f"https://bucket-{n % 300}.s3.{random_.choice(regions)}.amazonaws.com/export/{n}",
        lambda n: f"https://oos.eu-west-2.outscale.com/bucket/{n}/x.csv",
        lambda n: f"https://s3.gra.io.cloud.ovh.net/bucket/{n}",
        lambda n: f"postgresql+psycopg2://user:secret@h{n % 1000}.eds.chu.example:5432/db{n}?sslmode=require",
        lambda n: f"sftp://depot@h{n % 1000}.eds.chu.example/in/{n}",
        lambda n: f"abfss://c@account{n % 200}.dfs.core.windows.net/{n}",
        lambda n: f"gs://bucket-{n % 500}/{n}",
        lambda n: f"/srv/out/{n}/x.parquet",
        lambda n: f"https://unknown-{n % 500}.example/x/{n}?page=2",
    ]
    return [forms[number % len(forms)](number) for number in range(count)]


def line_of(number: int, destination: str) -> str:
    """Write one line of a batch."""
    return json.dumps(
        {"id": number, "destination": destination, "declared": None, "class": "pseudonymized-health", "on": str(DAY)}
    )


def batch_seconds(folder: Path, lines: list[str]) -> float:
    """Time the whole process of `douane check --batch`, best of several."""
    requests_file = folder / "requests.jsonl"
    requests_file.write_text("\n".join(lines))
    command = [sys.executable, "-m", "pipeline.cli", "check", "--batch", str(requests_file), "--register", str(folder)]
    found = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT, env=installed())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert answer.stdout.count(b"\n") == len(lines)  # noqa: S101 - a benchmark of nothing would look fast
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


def installed() -> dict[str, str]:
    """Name the environment of an installed package, whose bytecode is compiled once."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def import_milliseconds() -> float:
    """Time `import pipeline.guard` with what a decision needs, best of several fresh interpreters, less an empty one."""
    code = "import time; s = time.process_time(); from pipeline.guard import Guard; print(time.process_time() - s)"
    runs = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=installed()
            ).stdout
        )
        for _ in range(PROCESSES)
    ]
    return min(runs) * 1000


def main() -> None:
    """Print the speeds."""
    random_ = random.Random(8)
    with tempfile.TemporaryDirectory() as name:
        write_register(Path(name), random_)
        started = time.process_time()
        guard = Guard.load(Path(name), None)
        loading = time.process_time() - started
        assert not guard.problem, guard.problem  # noqa: S101 - a benchmark of nothing would look fast
        destinations = requests(random_, COUNT)
        lines = [line_of(number, one) for number, one in enumerate(destinations)]
        deciding, batch, allowed = [], [], 0
        for _ in range(ROUNDS):
            guard = Guard.load(Path(name), None)
            started = time.process_time()
            allowed = sum(guard.decide(one, data_class="pseudonymized-health", on=DAY).allowed for one in destinations)
            deciding.append(time.process_time() - started)
            guard = Guard.load(Path(name), None)
            started = time.process_time()
            for _answer in decide_lines(guard, lines):
                pass
            batch.append(time.process_time() - started)
        whole = LINES / batch_seconds(
            Path(name), [line_of(number, one) for number, one in enumerate(requests(random_, LINES))]
        )
    in_process = COUNT / min(deciding)
    print(f"import of the guard      {import_milliseconds():10.1f} ms  (bar: under {WANTED['import']})")
    print(f"loading the register     {loading:10.2f} s   (1,000 certificates, 1,000 destinations)")
    print(
        f"decisions in process     {in_process:10,.0f} /s  (bar: {WANTED['decisions']:,}; {allowed:,} of {COUNT:,} allowed)"
    )
    print(f"lines in process         {COUNT / min(batch):10,.0f} /s")
    print(f"douane check --batch     {whole:10,.0f} /s  (bar: {WANTED['lines']:,}; {LINES:,} lines, the whole process)")


if __name__ == "__main__":
    main()
