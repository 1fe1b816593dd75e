"""What does an export's file lead to: its plan, policy, key, source, and the rooms that it is run in?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.data_files import data_folder
from pipeline.delivering import Destination
from pipeline.errors import InvalidDocument, Stopped
from pipeline.export import read_export
from pipeline.extensions import load_extension
from pipeline.guard import Guard
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.order import Order
from pipeline.plan import read_plan
from pipeline.policy import read_policy
from pipeline.run import Rooms
from pipeline.sources.interval import Interval, IntervalSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.export import Export, ExportDestination
    from pipeline.home import Home
    from pipeline.plan import Plan
    from pipeline.sources import Source


@dataclass(frozen=True)
class PreparedExport:
    """An export whose files have been read, and the rooms of this installation."""

    export: Export
    order: Order
    rooms: Rooms


def prepare_export(
    path: Path, home: Home, *, interval: Interval | None = None, facts: Mapping[str, Any] | None = None
) -> PreparedExport:
    """Read an export and everything that it names.

    Args:
        path: The export's YAML file.
        home: The installation.
        interval: The data interval; None for everything that the source holds.
        facts: What each of its journal lines says besides, such as the task that it runs in.

    Raises:
        InvalidDocument: The export, its plan or its policy is not what its format says.
        UnknownKey, KeyRefused: The keyring has no such key, or it is of another domain.
        Stopped: The plan is for another domain than the export.
    """
    export = read_export(path)
    policy_file = _policy_file(export, path, home)
    plan = read_plan(_beside(path, export.plan, home))
    if plan.domain != export.domain:
        raise Stopped(
            f"{path} is for the domain {export.domain}, its plan for {plan.domain}",
            hint="Name the plan of this domain, or correct the domain.",
        )
    keyring = FolderKeyring(home.keys)
    order = Order(
        source=_source(export, path, home, plan, interval),
        plan=plan,
        policy=read_policy(policy_file),
        key=keyring.get(export.key, domain=export.domain),
        destinations=[destination_of(item, home) for item in export.destinations],
        approved_by="",
        export=export.id,
        interval=interval.end.isoformat() if interval else None,
        releases=home.releases,
        tables=export.tables,
    )
    register = home.register if home.register.is_dir() else None
    rooms = Rooms(home, keyring, Journal(home.journal_file, facts), Guard.load(register, policy_file))
    return PreparedExport(export, order, rooms)


def destination_of(item: ExportDestination, home: Home, connection: Mapping[str, Any] | None = None) -> Destination:
    """A destination of the export as the guard is asked about it; `connection`: what an Airflow connection declares."""
    return Destination(
        uri=_filled(item.uri, home), id=item.id, declared={**item.declared, **(connection or {})}, domain=item.domain
    )


def _source(export: Export, path: Path, home: Home, plan: Plan, interval: Interval | None) -> Source:
    source_type = load_extension("douane.sources", export.source.type)
    if source_type is None:
        raise InvalidDocument(
            f"{path}: no source of type {export.source.type} is installed", hint="Correct source.type, or install it."
        )
    source: Source = source_type([_beside(path, export.source.path, home)])
    if interval is None or not export.watermark:
        return source
    return IntervalSource(source, interval, watermark=export.watermark, plan=plan, timezone=export.timezone)


def _policy_file(export: Export, path: Path, home: Home) -> Path:
    named = home.policies / f"{export.policy}.yaml"
    if named.is_file():
        return named
    if export.policy == "default":
        return data_folder() / "policies" / "default.yaml"
    return _beside(path, export.policy, home)


def _beside(path: Path, written: str, home: Home) -> Path:
    return (path.absolute().parent / Path(_filled(written, home)).expanduser()).resolve()


def _filled(written: str, home: Home) -> str:
    return written.replace("{home}", str(home.folder))
