"""Do memory and open files stay what they were, when one process makes one export after the other?

`nice python benchmarks/soak.py [MINUTES [ROWS]]` runs the whole way (source, plan, pseudonyms, last look, risk, seal, guard,
delivery into a folder) again and again in one process, on an extract that changes each time, and prints resident set and
open file descriptors as they go; last, those of the first and the last tenth.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ruamel.yaml import YAML

from pipeline.data_files import data_folder
from pipeline.destinations import Destination
from pipeline.guard import Guard
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.making.extracting import read_samples
from pipeline.order import Order
from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.policy import read_policy
from pipeline.run import Rooms, run
from pipeline.sources.folder import FolderSource
from transforms import detect

_END: Final = runpy.run_path(str(Path(__file__).with_name("end_to_end.py")))
_EVERY: Final = 15.0


def resident() -> float:
    """MiB of this process now."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024


def open_files() -> int:
    """Descriptors that this process has open now."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only counted


def verified(folder: Path, premises: Path) -> None:
    """Put a folder on file as the controller's own premises."""
    folder.mkdir(parents=True)
    today = datetime.now(UTC).date()
    entry = {
        "id": "premises",
        "match": {"path": f"{premises}/"},
        "hosting": "self",
        "country": "FR",
        "verified_by": "bench",
        "verified_on": today - timedelta(days=1),
        "valid_until": today + timedelta(days=30),
    }
    with (folder / "destinations.yaml").open("w") as file:
        YAML().dump({"format": 1, "destinations": [entry]}, file)


def main(minutes: float, rows: int) -> None:
    """Run until the time is up, and print a line every quarter of a minute."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        home = Home.from_environment({"DOUANE_HOME": f"{folder}/home"})
        premises, extract = folder / "premises", folder / "resultats.parquet"
        premises.mkdir()
        verified(home.register, premises)
        keyring = FolderKeyring(home.keys)
        key = keyring.new("bench", domain="bench")
        policy_file = data_folder() / "policies" / "default.yaml"
        policy = read_policy(policy_file)
        _END["write_source"](extract, rows)
        samples = read_samples(FolderSource([extract]).tables())
        rulings = [read_ruling(f"resultats.{text}", by="bench") for text in _END["RULINGS"]]
        plan = draft_plan(detect(samples), samples, policy=policy, domain="bench", rulings=rulings)
        seen: list[tuple[float, int]] = []
        began = told = time.monotonic()
        exports = 0
        print("| seconds | exports | MiB | open files |\n| ---: | ---: | ---: | ---: |", flush=True)
        while time.monotonic() - began < minutes * 60:
            _END["write_source"](extract, rows + exports % 7)
            rooms = Rooms(home, keyring, Journal(home.journal_file), Guard.load(home.register, policy_file))
            order = Order(
                source=FolderSource([extract]),
                plan=plan,
                policy=policy,
                key=key,
                destinations=[Destination(str(premises))],
                approved_by="bench",
                interval=datetime.fromtimestamp(exports * 86_400, UTC).isoformat(),
                releases=home.releases,
            )
            if run(order, rooms).exit_code:
                raise SystemExit("an export failed")
            exports += 1
            for made in (home.releases, premises):
                shutil.rmtree(made)
                made.mkdir()
            seen.append((resident(), open_files()))
            if time.monotonic() - told >= _EVERY:
                told = time.monotonic()
                print(f"| {told - began:.0f} | {exports} | {seen[-1][0]:.0f} | {seen[-1][1]} |", flush=True)
        tenth = max(len(seen) // 10, 1)
        for name, part in (("first", seen[:tenth]), ("last", seen[-tenth:])):
            sizes, files = zip(*part, strict=True)
            print(f"{name} tenth: {statistics.median(sizes):.0f} MiB, {max(files)} open files")


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 15.0, int(sys.argv[2]) if sys.argv[2:] else 200_000)
