"""An installation and a small extract, as a hospital would have them."""

import csv
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from ruamel.yaml import YAML

from pipeline.data_files import data_folder
from pipeline.destinations import Destination
from pipeline.guard import Guard
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.making.extracting import read_samples
from pipeline.order import Order
from pipeline.plan import Plan
from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.policy import Policy, read_policy
from pipeline.run import Result, Rooms, run
from pipeline.sources.folder import FolderSource
from transforms import detect

NAMES = [
    "Ségolène Quillfeldt",
    "Anatole Brisebarre",
    "Léopoldine Vauquelin",
    "Gaspard Tillemont",
    "Ombeline Charlebois",
]
COMMENTS = [
    "Prélèvement hémolysé, à refaire au prochain passage",
    "Résultat contrôlé sur un second automate",
    "Sérum lipémique, dosage à interpréter avec prudence",
    "Tube insuffisamment rempli, résultat sous réserve",
    "Valeur stable par rapport au dosage précédent",
    "Contrôle conseillé dans trois mois",
]


@dataclass
class Installation:
    """Rooms, a key, a policy, and what a test does with them."""

    folder: Path
    rooms: Rooms
    policy: Policy

    def plan(self, extract: Path, *rulings: str) -> Plan:
        samples = read_samples(FolderSource([extract]).tables())
        return draft_plan(
            detect(samples),
            samples,
            policy=self.policy,
            domain="eds",
            rulings=[read_ruling(text, by="dpo") for text in ("*.*=suppress", *rulings)],
        )

    def order(self, extract: Path, plan: Plan, *destinations: str, **options) -> Order:
        options = {
            "policy": self.policy,
            "key": self.rooms.keyring.get("eds"),
            "releases": self.rooms.home.releases,
        } | options
        return Order(
            source=FolderSource([extract]),
            plan=plan,
            destinations=[Destination(uri) for uri in destinations],
            approved_by="dpo",
            **options,
        )

    def run(self, extract: Path, plan: Plan | None = None, *destinations: str, **options) -> Result:
        return run(self.order(extract, plan or self.plan(extract), *destinations, **options), self.rooms)

    @property
    def visible(self) -> list[str]:
        """Releases under their final names."""
        folder = self.rooms.home.releases
        return (
            sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.exists() else []
        )


@pytest.fixture
def installation(tmp_path) -> Installation:
    return install(tmp_path)


def install(folder: Path) -> Installation:
    home = Home.from_environment({"DOUANE_HOME": str(folder / "home")})
    keyring = FolderKeyring(home.keys)
    keyring.new("eds", domain="eds")
    (folder / "premises").mkdir()
    write_register(home.register, folder / "premises")
    policy_file = data_folder() / "policies" / "default.yaml"
    rooms = Rooms(home, keyring, Journal(home.journal_file), Guard.load(home.register, policy_file))
    return Installation(folder, rooms, read_policy(policy_file))


def write_register(folder: Path, premises: Path) -> None:
    """Verify one folder as the controller's own premises."""
    folder.mkdir(parents=True)
    today = datetime.now(UTC).date()
    entry = {
        "id": "premises",
        "match": {"path": f"{premises}/"},
        "hosting": "self",
        "country": "FR",
        "verified_by": "dpo@chu.example",
        "verified_on": today - timedelta(days=1),
        "valid_until": today + timedelta(days=30),
    }
    with (folder / "destinations.yaml").open("w") as file:
        YAML().dump({"format": 1, "destinations": [entry]}, file)


def write_csv(path: Path, rows: list[dict]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def extract(tmp_path) -> Path:
    """200 patients, 400 stays, 800 results: patients.csv, sejours.csv, resultats.csv."""
    return write_extract(tmp_path / "extract")


def write_extract(folder: Path) -> Path:
    folder.mkdir()
    draw = random.Random(7)
    people = [draw.choice(NAMES).split() for _ in range(200)]
    born = [date(1930, 1, 1) + timedelta(days=draw.randrange(30_000)) for _ in people]
    patients = [
        {
            "ipp": f"8{n:09d}",
            "nom": last.upper(),
            "prenom": first,
            "sexe": draw.choice("MF"),
            "date_naissance": born[n].isoformat(),
            "telephone": f"06 39 98 {n // 100:02d} {n % 100:02d}",
            "code_postal": draw.choice(["01000", "75011", "69003", "20000", "97400"]),
        }
        for n, (first, last) in enumerate(people)
    ]
    stays = [
        {
            "nda": f"22{n:07d}",
            "ipp": patients[n % 200]["ipp"],
            "date_entree": (date(2021, 1, 1) + timedelta(days=n)).isoformat(),
            "code_cim10": draw.choice(["I10", "E11.9", "J18.9", "C50.9"]),
        }
        for n in range(400)
    ]
    results = [
        {
            "nda": stays[n % 400]["nda"],
            "code_loinc": draw.choice(["718-7", "2345-7"]),
            "valeur": f"{draw.uniform(4, 16):.1f}",
            "unite": "g/dL",
            "commentaire": f"M. {people[n % 200][1]} à rappeler" if n % 50 == 0 else draw.choice(COMMENTS),
        }
        for n in range(800)
    ]
    write_csv(folder / "patients.csv", patients)
    write_csv(folder / "sejours.csv", stays)
    write_csv(folder / "resultats.csv", results)
    return folder


@pytest.fixture
def read_release():
    def read(result: Result, table: str) -> pa.Table:
        import pyarrow.parquet as pq

        return pq.read_table(result.made.release.folder / f"{table}.parquet")

    return read
