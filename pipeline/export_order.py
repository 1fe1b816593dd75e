"""What does an export's file lead to: its plan, policy, key, source, and the rooms that it is run in?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.connections import AnyConnection, read_connections
from pipeline.data_files import data_folder
from pipeline.destinations import Destination, destination_at
from pipeline.errors import InvalidDocument, Stopped
from pipeline.export import read_export
from pipeline.extensions import load_extension
from pipeline.guard import Guard
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.lexicon import lexicon_or_none
from pipeline.order import Order
from pipeline.plan import read_plan
from pipeline.policy import read_policy
from pipeline.run import Rooms
from pipeline.sources.interval import Interval, IntervalSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.export import Export, ExportDestination
    from pipeline.home import Home
    from pipeline.plan import Plan
    from pipeline.sources import Source


LoginOf: TypeAlias = "Callable[[str, str], AnyConnection | None]"
"""Looks a connection up by its name, for the address that it is for."""


@dataclass(frozen=True)
class PreparedExport:
    """An export whose files have been read, and the rooms of this installation."""

    export: Export
    order: Order
    rooms: Rooms


def prepare_export(
    path: Path,
    home: Home,
    *,
    interval: Interval | None = None,
    facts: Mapping[str, Any] | None = None,
    login_of: LoginOf | None = None,
) -> PreparedExport:
    """Read an export and everything that it names.

    Args:
        path: The export's YAML file.
        home: The installation.
        interval: The data interval; None for everything that the source holds.
        facts: What each of its journal lines says besides, such as the task that it runs in.
        login_of: Where a connection that the export's source names is looked up (its name and the address it is for),
            if it isn't on file in `private/connections.yaml`.

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
    if plan.records is not None:
        raise InvalidDocument(
            f"{path}: its plan is for documents, which an export's tasks don't stage",
            hint="Release them with `douane run`, which a BashOperator may call.",
        )
    keyring = FolderKeyring(home.keys)
    order = Order(
        source=_within(open_source(export, path, home, login_of), export, plan, interval),
        plan=plan,
        policy=read_policy(policy_file),
        key=keyring.get(export.key, domain=export.domain),
        destinations=[destination_of(item, home) for item in export.destinations],
        approved_by="",
        export=export.id,
        interval=interval.end.isoformat() if interval else None,
        releases=home.releases,
        tables=export.tables,
        lexicon=lexicon_or_none(_beside(path, export.lexicon, home) if export.lexicon else None),
    )
    register = home.register if home.register.is_dir() else None
    rooms = Rooms(home, keyring, Journal(home.journal_file, facts), Guard.load(register, policy_file))
    return PreparedExport(export, order, rooms)


def destination_of(item: ExportDestination, home: Home, connection: Mapping[str, Any] | None = None) -> Destination:
    """A destination of the export as the guard is asked about it; `connection`: what an Airflow connection declares."""
    uri = _filled(item.uri, home)
    if connection is not None:  # then Airflow's connection is meant, and none that is on file
        return Destination(uri=uri, id=item.id, declared={**item.declared, **connection}, domain=item.domain)
    return destination_at(uri, home, named=item.connection, stated=item.declared, id=item.id, domain=item.domain)


def open_source(export: Export, path: Path, home: Home, login_of: LoginOf | None = None) -> Source:
    """The source that an export's file names.

    Raises:
        InvalidDocument: No source of that type is installed, or no login of that name is on file.
    """
    source_type = load_extension("douane.sources", export.source.type)
    if source_type is None:
        raise InvalidDocument(
            f"{path}: no source of type {export.source.type} is installed", hint="Correct source.type, or install it."
        )
    asked = export.source
    if asked.uri is None:
        return source_type([_beside(path, str(asked.path), home)])  # type: ignore[no-any-return]
    login = None
    if asked.connection:
        login = read_connections(home).named(asked.connection)
        if login is None and login_of is not None:
            login = login_of(asked.connection, asked.uri)
        if login is None:
            raise InvalidDocument(
                f"{path}: no connection {asked.connection} is on file",
                hint="Add it to private/connections.yaml, or to Airflow's connections.",
            )
    return source_type(asked.uri, tables=asked.tables, queries=asked.queries, connection=login)  # type: ignore[no-any-return]


def _within(source: Source, export: Export, plan: Plan, interval: Interval | None) -> Source:
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
