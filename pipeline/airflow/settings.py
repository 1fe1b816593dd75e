"""What does `[douane]` in airflow.cfg say: where the installation stands, and where its exports?"""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING

from airflow.sdk.configuration import conf

if TYPE_CHECKING:
    from pipeline.home import Home

SECTION = "douane"


def option(name: str) -> str:
    """One option, empty where it isn't set; AIRFLOW__DOUANE__NAME overrides the file, as for all of Airflow."""
    return str(conf.get(SECTION, name, fallback="") or "")


def home() -> Home:
    """The installation's folders: `[douane] home`, `keys`, `private`..., else DOUANE_HOME and its kin."""
    from pipeline.home import Home

    named = {field.name: option("home" if field.name == "folder" else field.name) for field in fields(Home)}
    variables = {f"DOUANE_{'HOME' if name == 'folder' else name.upper()}": value for name, value in named.items()}
    return Home.from_environment({**os.environ, **{name: value for name, value in variables.items() if value}})
