"""What does `[douane]` in airflow.cfg say: where the installation stands, its exports, and how its doors stand?"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from airflow.sdk.configuration import conf

from pipeline.airflow.moment import for_a_moment
from pipeline.errors import InvalidDocument

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.home import Home

SECTION = "douane"
Mode = Literal["enforce", "warn", "off"]
MODES: tuple[Mode, ...] = ("enforce", "warn", "off")


def option(name: str) -> str:
    """One option, empty where it isn't set; AIRFLOW__DOUANE__NAME overrides the file, as for all of Airflow."""
    return str(conf.get(SECTION, name, fallback="") or "")


def home() -> Home:
    """The installation's folders: `[douane] home`, `keys`, `private`..., else DOUANE_HOME and its kin."""
    from pipeline.home import Home

    named = {field.name: option("home" if field.name == "folder" else field.name) for field in fields(Home)}
    variables = {f"DOUANE_{'HOME' if name == 'folder' else name.upper()}": value for name, value in named.items()}
    return Home.from_environment({**os.environ, **{name: value for name, value in variables.items() if value}})


@dataclass(frozen=True)
class Doors:
    """How the doors stand.

    Attributes:
        parse: `[douane] door_parse`.
        execute: `[douane] door_execute`.
        run: `[douane] door_run`.
        run_missing: `[douane] door_run_missing`: what to do where the kernel's door can't stand.
    """

    parse: Mode
    execute: Mode
    run: Mode
    run_missing: Literal["refuse", "warn"]


@for_a_moment
def parse_mode() -> Mode:
    """How the door at parse stands: it is asked for every task of every DAG file."""
    return _mode("door_parse")


def doors() -> Doors:
    """Read the modes; a word that is none means the strictest, so that a typing error opens no door."""
    missing = option("door_run_missing").strip().lower()
    return Doors(
        _mode("door_parse"), _mode("door_execute"), _mode("door_run"), "warn" if missing == "warn" else "refuse"
    )


def _mode(name: str) -> Mode:
    word = option(name).strip().lower()
    return next((mode for mode in MODES if mode == word), "enforce")


def policy_file() -> Path:
    """The policy that every task is held to: `[douane] policy` (a name in the policies' folder, or a path), else the default.

    Raises:
        InvalidDocument: It names none.
    """
    from pathlib import Path

    from pipeline.data_files import data_folder

    named = option("policy")
    if not named:
        own = home().policies / "default.yaml"
        return own if own.is_file() else data_folder() / "policies" / "default.yaml"
    places = (
        Path(named),
        home().policies / f"{named}.yaml",
        home().policies / named,
        data_folder() / "policies" / f"{named}.yaml",
    )
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise InvalidDocument(
            f"[douane] policy: there is no {named}", hint="Name a file, or a policy in the policies' folder."
        )
    return found


def register_folder() -> Path | None:
    """What the DPO added to the register; None where nothing was, so that the shipped one decides.

    A folder that `[douane] register` names and that isn't there is no folder: the guard blocks everything, and says so.
    """
    folder = home().register
    return folder if option("register") or folder.is_dir() else None
