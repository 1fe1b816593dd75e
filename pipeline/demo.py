"""What does Douane do, shown on a hospital that doesn't exist: one run, three destinations, two more questions.

Everything happens under one folder. No destination outside it is contacted: the guard decides from the register.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from pipeline.data_files import data_folder
from pipeline.destinations import Destination
from pipeline.guard import Guard
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.order import Order
from pipeline.plan import read_plan
from pipeline.policy import read_policy
from pipeline.run import Result, Rooms, run
from pipeline.sources.folder import FolderSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from pipeline.guard import Decision
    from pipeline.progress import Progress

DOMAIN = "demo-hospital"
VIRGINIA = "https://s3.us-east-1.amazonaws.com/chu-research/"
GRAVELINES = "https://s3.gra.io.cloud.ovh.net/chu-research/"
PARIS = "https://oos.eu-west-2.outscale.com/chu-research/"
LONDON = "https://s3.eu-west-2.amazonaws.com/chu-research/"

EXPECTED = {
    "premises": ("allow", None),
    "virginia": ("block", "location.outside_zone"),
    "gravelines": ("block", "certificate.missing"),
    "paris": ("allow", None),
    "london": ("block", "location.outside_zone"),
}
"""What has to be decided of each destination, and the rule that has to say so."""


@dataclass(frozen=True)
class Shown:
    """What the demonstration did.

    Attributes:
        result: The run.
        asked: Destinations that the guard was only asked about, and its decisions.
        home: Where everything stands.
        public_key: What `douane verify` needs.
    """

    result: Result
    asked: dict[str, Decision]
    home: Home
    public_key: Path

    @property
    def decisions(self) -> dict[str, Decision]:
        """Every decision by the name of its destination."""
        return {outcome.destination: outcome.decision for outcome in self.result.outcomes} | self.asked

    @property
    def surprises(self) -> list[str]:
        """Destinations that were not decided, or not served, as they must be."""
        surprising = unexpected({name: decision.to_dict() for name, decision in self.decisions.items()})
        undelivered = [o.destination for o in self.result.outcomes if o.decision.allowed and o.delivered is None]
        return surprising + undelivered


def unexpected(decisions: Mapping[str, dict[str, Any]]) -> list[str]:
    """The destinations that were not decided as they must be, or not at all; decisions as JSON content, by name."""
    return [name for name in EXPECTED if name not in decisions or not _as_expected(name, decisions[name])]


def _as_expected(name: str, decision: dict[str, Any]) -> bool:
    verdict, rule = EXPECTED[name]
    rules = {reason["rule"] for reason in decision["reasons"] if reason["verdict"] == "block"}
    return decision["decision"] == verdict and (rule is None or rule in rules)


def prepare(folder: Path) -> Rooms:
    """Make the demonstration's keys, register and premises under `folder`, if they are not there."""
    home = Home.from_environment({"DOUANE_HOME": str(folder)})
    keyring = FolderKeyring(home.keys)
    if "demo" not in keyring.names():
        keyring.new("demo", domain=DOMAIN)
    premises = home.folder / "premises"
    premises.mkdir(parents=True, exist_ok=True)
    _write_register(home.register, premises)
    return Rooms(home, keyring, Journal(home.journal_file), Guard.load(home.register, _policy_file()))


def demonstrate(folder: Path, progress: Progress | None = None) -> Shown:
    """Run the sample's approved plan with keys and a register of the demonstration's own, all under `folder`."""
    rooms = prepare(folder)
    order = Order(
        source=FolderSource([data_folder() / "samples" / "hospital"]),
        plan=read_plan(data_folder() / "demo" / "plan.yaml"),
        policy=read_policy(_policy_file()),
        key=rooms.keyring.get("demo", domain=DOMAIN),
        destinations=[
            Destination(f"{rooms.home.folder / 'premises'}/", "premises"),
            Destination(VIRGINIA, "virginia"),
            Destination(GRAVELINES, "gravelines"),
        ],
        approved_by="the demonstration",
        export="demo",
        releases=rooms.home.releases,
    )
    result = run(order, rooms, progress)
    asked = ask(rooms, result.made.release.manifest["data_class"], on=order.on)
    return Shown(result, asked, rooms.home, rooms.keyring.public_key_path)


def ask(rooms: Rooms, data_class: str, *, on: date) -> dict[str, Decision]:
    """Ask the guard about two more destinations, to which nothing is sent."""
    asked = {
        name: rooms.guard.decide(uri, data_class=data_class, on=on)
        for name, uri in (("paris", PARIS), ("london", LONDON))
    }
    for name, decision in asked.items():
        rooms.journal.append("decision", name=name, **decision.to_dict())
    return asked


def _policy_file() -> Path:
    return data_folder() / "policies" / "default.yaml"


def _write_register(folder: Path, premises: Path) -> None:
    """Put the demonstration's certificate in place, and verify the premises of this machine by name for today."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(data_folder() / "demo" / "certificates.yaml", folder / "certificates.yaml")
    today = datetime.now().astimezone().date()
    entry = {
        "id": "demo-premises",
        "match": {"path": f"{premises}/"},
        "hosting": "self",
        "country": "FR",
        "verified_by": "the demonstration",
        "verified_on": today,
        "valid_until": today.replace(year=today.year + 1, day=min(today.day, 28)),
    }
    with (folder / "destinations.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({"format": 1, "destinations": [entry]}, file)
