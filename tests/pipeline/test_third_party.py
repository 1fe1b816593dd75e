"""Someone else's FHIR data goes the whole way by the command line, and nobody's name, id or address survives."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

SCRIPT = runpy.run_path(str(Path(__file__).with_name("fhir_tables.py")))
WORD = re.compile(r"\w+(?:['’-]\w+)*")


@dataclass(frozen=True)
class Left:
    """All text that the run left to see, by place: a field of the release, a paper, the journal, the output."""

    texts: dict[str, str]
    words: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: dict[str, str]) -> Left:
        return cls(texts, {place: set(WORD.findall(text.casefold())) for place, text in texts.items()})

    def places_of(self, value: str) -> set[str]:
        """Where a value stands: as a word if it is one (Rose, and not prose), else anywhere."""
        sought = value.casefold()
        if WORD.fullmatch(sought):
            return {place for place, words in self.words.items() if sought in words}
        return {place for place, text in self.texts.items() if sought in text.casefold()}


@pytest.fixture(scope="module")
def fhir(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("third-party") / "out"
    SCRIPT["fhir_tables"](folder, patients=50)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """An installation whose DPO verified one folder as the controller's own premises."""
    folder = tmp_path_factory.mktemp("installation")
    (folder / "premises").mkdir()
    (folder / "register").mkdir()
    today = datetime.now(UTC).date()
    entry = (
        f"{{id: premises, match: {{path: {folder}/premises/}}, hosting: self, country: FR, verified_by: dpo@chu.example, "
        f"verified_on: {today - timedelta(days=1)}, valid_until: {today + timedelta(days=30)}}}"
    )
    (folder / "register" / "destinations.yaml").write_text(f"format: 1\ndestinations: [{entry}]\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def left(fhir, home) -> Left:
    """Plan with all that nobody decided suppressed, run, and collect."""
    said = douane(home, "keys", "new", "fhir", "--domain", "fhir")
    said += douane(
        home, "plan", fhir / "tables", "--domain", "fhir", "--out", home / "p.yaml", "--decide", "*.*=suppress"
    )
    said += douane(home, "run", fhir / "tables", "--plan", home / "p.yaml", "--to", f"{home}/premises/")
    texts = {"output": said, "journal": (home / "journal" / "journal.jsonl").read_text("utf-8")}
    for path in release(home).iterdir():
        if path.suffix != ".parquet":
            texts[path.name] = path.read_bytes().decode(errors="replace")
            continue
        table = pq.read_table(path)
        for name, column in zip(table.column_names, table.columns, strict=True):
            texts[f"{path.stem}.{name}"] = "\n".join(str(value) for value in column.unique().to_pylist())
    return Left.of(texts)


def douane(home: Path, *words: object) -> str:
    environment = os.environ | {"DOUANE_HOME": str(home), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pipeline.cli", *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def release(home: Path) -> Path:
    (folder,) = (home / "premises").iterdir()
    return folder


def test_no_name_id_address_phone_or_mail_survives(left, fhir):
    survivors = {
        f"{kind} in {place}"
        for kind, values in SCRIPT["personal_values"](fhir).items()
        for value in values
        for place in left.places_of(value)
    }
    assert survivors == set()


def test_every_table_arrives_with_every_row(left, fhir, home):
    rows = {path.stem: pq.read_metadata(path).num_rows for path in release(home).glob("*.parquet")}
    assert set(rows) == {path.stem for path in (fhir / "tables").iterdir()}
    assert rows["patients"] == 50
    assert rows["conditions"] == len((fhir / "tables" / "conditions.ndjson").read_text("utf-8").splitlines())


def test_tables_still_join(left, home):
    persons = set(pq.read_table(release(home) / "patients.parquet")["id"].to_pylist())
    allergic = set(pq.read_table(release(home) / "allergies.parquet")["patient_reference"].to_pylist())
    assert allergic
    assert allergic <= persons


def test_a_survivor_would_be_found():
    left = Left.of({"notes": "seen by Dr ROSE, 12 Tannery Lane", "other": "prose"})
    assert left.places_of("Rose") == left.places_of("12 Tannery Lane") == {"notes"}
