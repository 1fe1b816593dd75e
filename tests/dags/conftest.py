"""A hospital with a small extract, and one real Airflow (scheduler, API server, DAG processor) for the whole session."""

import csv
import json
import random
import shutil
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.airflow.instance import ADMIN, Instance
from pipeline.data_files import data_folder
from pipeline.guard import Guard
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.making.extracting import read_samples
from pipeline.plan import write_plan
from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.policy import read_policy
from pipeline.run import Rooms
from pipeline.sources.folder import FolderSource
from transforms import detect

CHROMIUM = Path("/usr/bin/chromium")
POLICY = data_folder() / "policies" / "default.yaml"
LAST_NAMES = ["Quillfeldt", "Brisebarre", "Vauquelin", "Tillemont", "Charlebois"]
FIRST_NAMES = ["Ségolène", "Anatole", "Léopoldine", "Gaspard", "Ombeline"]
PATIENT_IDS = [f"8046271{n:03d}" for n in range(60)]
PLANTED = {*LAST_NAMES, *(name.upper() for name in LAST_NAMES), *FIRST_NAMES, "06 39 98", *PATIENT_IDS}
"""What stands in the source and must be nowhere else: names, the start of every phone number, every patient number."""


def write_csv(path: Path, rows: list[dict]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def write_extract(folder: Path) -> Path:
    """60 patients, and 120 stays that entered one a day from 2026-01-01 on."""
    folder.mkdir(parents=True)
    draw = random.Random(7)
    patients = [
        {
            "ipp": PATIENT_IDS[n],
            "nom": draw.choice(LAST_NAMES).upper(),
            "prenom": draw.choice(FIRST_NAMES),
            "sexe": draw.choice("MF"),
            "date_naissance": (date(1930, 1, 1) + timedelta(days=draw.randrange(30_000))).isoformat(),
            "telephone": f"06 39 98 {n // 100:02d} {n % 100:02d}",
        }
        for n in range(60)
    ]
    stays = [
        {
            "nda": f"22{n:07d}",
            "ipp": patients[n % 60]["ipp"],
            "date_entree": (date(2026, 1, 1) + timedelta(days=n)).isoformat(),
            "code_cim10": draw.choice(["I10", "E11.9", "J18.9", "C50.9"]),
        }
        for n in range(120)
    ]
    write_csv(folder / "patients.csv", patients)
    write_csv(folder / "sejours.csv", stays)
    return folder


@dataclass
class Hospital:
    """An installation: its rooms, its DAG folder, its extract."""

    folder: Path
    rooms: Rooms

    @property
    def exports(self) -> Path:
        return self.folder / "dags" / "exports"

    @property
    def extract(self) -> Path:
        return self.folder / "extract"

    def draft(self, name: str, *rulings: str) -> None:
        samples = read_samples(FolderSource([self.extract]).tables())
        plan = draft_plan(
            detect(samples),
            samples,
            policy=read_policy(POLICY),
            domain="eds",
            rulings=[read_ruling(text, by="dpo") for text in ("*.*=suppress", *rulings)],
        )
        (self.exports / name).unlink(missing_ok=True)
        write_plan(plan, self.exports / name)

    def export(self, export_id: str, **changes) -> Path:
        content = {
            "format": 1,
            "id": export_id,
            "source": {"type": "folder", "path": "../../extract"},
            "plan": "cardio.plan",
            "domain": "eds",
            "key": "eds",
            "destinations": [{"id": "premises", "uri": "{home}/premises/"}],
            "recipient": "The cardiology registry",
            "purpose": "Research on heart failure",
            "legal_basis": "GDPR art. 6(1)(e), 9(2)(j)",
            "retention": "10 years",
            "retry_minutes": 0.02,
        } | changes
        path = self.exports / f"{export_id}.yaml"
        aside = path.with_suffix(".new")
        with aside.open("w", encoding="utf-8") as file:
            YAML().dump({key: value for key, value in content.items() if value is not None}, file)
        aside.replace(path)
        return path

    def events(self, export_id: str | None = None) -> list[dict]:
        return [line for line in self.rooms.journal.lines() if export_id in {None, line.get("export")}]


def make_hospital(folder: Path) -> Hospital:
    home = Home.from_environment({"DOUANE_HOME": str(folder / "home")})
    keyring = FolderKeyring(home.keys)
    keyring.new("eds", domain="eds")
    premises = home.folder / "premises"
    premises.mkdir()
    home.register.mkdir()
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
    with (home.register / "destinations.yaml").open("w") as file:
        YAML().dump({"format": 1, "destinations": [entry]}, file)
    rooms = Rooms(home, keyring, Journal(home.journal_file), Guard.load(home.register, POLICY))
    hospital = Hospital(folder, rooms)
    write_extract(hospital.extract)
    hospital.exports.mkdir(parents=True)
    for path in (data_folder().parent / "dags").glob("*.py"):
        shutil.copy(path, hospital.folder / "dags")
    hospital.draft("cardio.plan")
    return hospital


@pytest.fixture(scope="session")
def hospital(tmp_path_factory):
    return make_hospital(tmp_path_factory.mktemp("hospital"))


@pytest.fixture(scope="session")
def webhook():
    """A server on the loopback that keeps the alerts it is sent; its address, and what it took."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/alerts", taken
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def airflow(hospital, webhook):
    """The session's Airflow, with the exports that the tests need."""
    virginia = {"id": "virginia", "uri": "https://s3.us-east-1.amazonaws.com/chu-research/"}
    premises = {"id": "premises", "uri": "{home}/premises/"}
    hospital.export("nightly", destinations=[premises, virginia], watermark={"sejours": "date_entree"})
    hospital.export("daily", schedule="@daily", start="2030-01-01", watermark={"sejours": "date_entree"})
    hospital.export("follower", after=["nightly"])
    hospital.draft("other.plan", "sejours.code_cim10=suppress")
    hospital.export("rejected", plan="other.plan", alert={"webhook": webhook[0]})
    hospital.draft("seen.plan", "sejours.code_cim10=suppress", "patients.sexe=suppress")
    lake = {"id": "lake", "uri": "https://oos.eu-west-2.outscale.com/lake/", "connection": "nowhere"}
    hospital.export("seen", plan="seen.plan", destinations=[premises, virginia, lake])
    hospital.draft("unwanted.plan", "patients.sexe=suppress")
    hospital.export("unwanted", plan="unwanted.plan")
    hospital.export("torn", schedul="@daily")
    instance = Instance(
        hospital.folder / "airflow",
        hospital.folder / "dags",
        hospital.rooms.home.folder,
        users={ADMIN: "admin", "dpo": "op", "intern": "op"},
        settings={
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        },
    )
    with instance:
        yield instance


@pytest.fixture(scope="module")
def browser():
    """A real browser without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip("needs chromium (apt-get install chromium)")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def signed_in(browser, airflow):
    """A page in which a user has signed in, in a colour scheme."""

    def sign_in(user: str = ADMIN, *, scheme: str = "light"):
        page = browser.new_context(viewport={"width": 1400, "height": 1000}, color_scheme=scheme).new_page()
        page.set_default_timeout(60_000)
        page.goto(airflow.address)
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", airflow.passwords[user])
        page.click("button[type=submit]")
        page.get_by_role("link", name="Dags").first.wait_for()
        return page

    return sign_in


@pytest.fixture(scope="session")
def planted():
    return PLANTED


@pytest.fixture(scope="session")
def hospital_in():
    """Make a hospital of one's own in a folder."""
    return make_hospital
