"""What does the table of operators (`data/operators/*.yaml`) say of a class: what it reads, where it writes, whom it calls?

A file a provider, read when the first task of that provider comes. A class that is not in it is read as the nearest
class that it inherits from; one that inherits from none is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from pipeline.airflow.doors.templates import Line, read_line
from pipeline.data_files import data_folder
from pipeline.errors import InvalidDocument

FILES = {
    "airflow.providers.standard": "standard",
    "airflow.providers.common": "common",
    "airflow.providers.amazon": "amazon",
    "airflow.providers.google": "google",
    "airflow.providers.microsoft": "azure",
    "airflow.providers.apache.spark": "spark",
    "airflow.providers.cncf.kubernetes": "kubernetes",
    "airflow.providers.docker": "elsewhere",
    "airflow.providers.sftp": "servers",
    "airflow.providers.ssh": "servers",
    "airflow.providers.ftp": "servers",
    "airflow.providers.http": "servers",
    "airflow.providers.smtp": "servers",
    "airflow.providers.postgres": "servers",
    "airflow.providers.snowflake": "warehouses",
    "airflow.providers.databricks": "warehouses",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How operators of these classes are read.

    Attributes:
        sources: Addresses that are read from, as lines with arguments in braces.
        destinations: Addresses that are written to.
        connects: Arguments that name connections, and what is called by them (`aws:sqs`, `http`, `sql`...).
        sql: Arguments that hold SQL.
        shell: Arguments that hold shell commands.
        files: Arguments that name local files to be written.
        mail: Arguments that hold recipients.
        elsewhere: Arguments that are given to what runs on another machine, where no door confines it.
        given_files: Arguments that name local files, whose content is given to what runs on another machine.
        labels: Arguments in which an address may be a mere label (a Python callable's arguments).
        nothing: Whether these operators reach nothing but Airflow itself.
        why: In words, where it isn't plain.
    """

    classes: tuple[str, ...] = ()
    sources: tuple[Line, ...] = ()
    destinations: tuple[Line, ...] = ()
    connects: tuple[tuple[str, str], ...] = ()
    sql: tuple[str, ...] = ()
    shell: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    given_files: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    nothing: bool = False
    why: str = ""


_KEYS = frozenset(field.name for field in fields(Entry))


def entry_of(operator_class: type) -> Entry | None:
    """The entry of a class, or of the nearest class that it inherits from; None: nobody knows it."""
    for one in operator_class.__mro__:
        package = next((name for name in FILES if one.__module__.startswith(f"{name}.")), None)
        if package is None:
            continue
        found = entries(FILES[package]).get(one.__name__)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=32)
def entries(file: str) -> dict[str, Entry]:
    """One file of the table, by class name.

    Raises:
        InvalidDocument: It isn't what its schema says.
    """
    import yaml

    path = data_folder() / "operators" / f"{file}.yaml"
    try:
        # Airflow has loaded libyaml already, and the loader makes nothing but plain values.
        content = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe loaders both
        found = [_entry(item) for item in content["operators"]]
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise InvalidDocument(
            f"{path} is no table of operators ({type(error).__name__})", hint="Install Douane again."
        ) from None
    return {name: entry for entry in found for name in entry.classes}


def _entry(item: dict[str, Any]) -> Entry:
    if unknown := item.keys() - _KEYS:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    told = dict(item)
    for side in ("sources", "destinations"):
        told[side] = tuple(read_line(text) for text in item.get(side, ()))
    told["connects"] = tuple((item.get("connects") or {}).items())
    for name in ("classes", "sql", "shell", "files", "mail", "elsewhere", "given_files", "labels"):
        told[name] = tuple(item.get(name, ()))
    return Entry(**told)
