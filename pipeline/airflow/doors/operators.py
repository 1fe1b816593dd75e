"""Where would this task go? Read by the table of operators, or, of an operator that nobody knows, by general words.

The same reader serves at parse, where connections are not looked up, and before execute, where everything is rendered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.airflow.doors import connections
from pipeline.airflow.doors.reading import Address, Fault, Reading, joined
from pipeline.airflow.doors.table import Entry, entry_of
from pipeline.airflow.doors.templates import FULL, Filled, fill, literal, texts, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.doors.connections import Known
    from pipeline.airflow.doors.templates import Values

    Lookup = Callable[[str], Known | None]

BUCKETS = re.compile(r"(?i)(s3|s3a|s3n|gs|gcs)://([^/]*)")
MOVES_DATA = re.compile(r"(?i)(?:s3|s3a|s3n|gs|gcs|abfss?|wasbs?|az|adl|sftp|ftps?|hf|jdbc:[a-z]+)://")


class Look:
    """What a door may look at: an operator's arguments, and how connections are found (None: not at parse).

    Args:
        operator_class: The operator's class.
        value_of: An argument's value, None if it has none.
        names: All of its own arguments (not those of every operator).
        lookup: A connection by its id; None where connections are not looked up.
    """

    def __init__(self, operator_class: type, value_of: Values, names: tuple[str, ...], lookup: Lookup | None) -> None:
        self.operator_class = operator_class
        self.value_of = value_of
        self.names = names
        self.lookup = lookup
        self._found: dict[str, Known | None] = {}

    @property
    def at_parse(self) -> bool:
        """Whether this is door 1."""
        return self.lookup is None

    def connection(self, conn_id: str) -> Known | None:
        """A connection, asked for once."""
        if self.lookup is None:
            return None
        if conn_id not in self._found:
            self._found[conn_id] = self.lookup(conn_id)
        return self._found[conn_id]


def read_task(look: Look) -> Reading:
    """Read a task's addresses, faults, and what could not be read."""
    entry = entry_of(look.operator_class)
    if entry is None:
        from pipeline.airflow.doors.unknown import read_unknown

        return read_unknown(look)
    if entry.nothing:
        return Reading()
    found = joined(
        _address(look, filled)
        for line in (*entry.destinations, *(() if look.at_parse else entry.sources))
        for filled in fill(line, look.value_of)
    )
    if look.at_parse:
        return found
    found += joined(_endpoint(look, argument, kind) for argument, kind in entry.connects)
    found += _texts(look, entry)
    found += _scanned(look, entry)
    return found


def _address(look: Look, filled: Filled) -> Reading:  # noqa: PLR0911 - a case each
    if not literal([filled.uri]):
        return Reading()
    bucket = BUCKETS.match(filled.uri)
    uri = f"{bucket[1].lower()}://{bucket[2]}" if bucket else filled.uri
    if not FULL.match(uri) or uri.startswith("file:"):
        return _local(uri, filled.where)
    conn_id = value(filled.connection, look.value_of) if filled.connection else None
    scheme = uri.partition("://")[0].lower()
    if bucket and scheme.startswith("s3"):
        if look.at_parse and filled.connection and conn_id is not None:
            return Reading()  # its connection may name the endpoint: door 2 decides
        return _s3(look, uri, filled.where, conn_id if isinstance(conn_id, str) else None)
    if bucket:
        return _google_bucket(uri, filled.where)
    if look.at_parse and filled.connection and conn_id is not None and not FULL.match(filled.uri):
        return Reading()
    known = look.connection(conn_id) if isinstance(conn_id, str) and conn_id else None
    declared = connections.declared(known) if known else None
    return Reading(addresses=(Address(uri=uri, where=filled.where, declared=declared),))


def _s3(look: Look, uri: str, where: str, conn_id: str | None) -> Reading:
    from pipeline.airflow.doors import cloud

    known = look.connection(conn_id) if conn_id else None
    if known is not None and not known.readable:
        fault = Fault(
            rule="destination.malformed",
            message=f"the extra of the connection {conn_id} is not a JSON object.",
            where=where,
        )
        return Reading(faults=(fault,))
    address = Address(uri=uri, where=where, declared=cloud.aws_declared(known, look.value_of) or None)
    return Reading(addresses=(address, *cloud.aws_credentials(known, cloud.aws_region(known, look.value_of))))


def _google_bucket(uri: str, where: str) -> Reading:
    return Reading(addresses=(Address(uri=uri, where=where),))


def _local(path: str, where: str) -> Reading:
    from pipeline.airflow.doors.local_paths import read_local

    return read_local(path.removeprefix("file://"), where)


def _endpoint(look: Look, argument: str, kind: str) -> Reading:
    conn_id = value(argument, look.value_of)
    if not isinstance(conn_id, str) or not conn_id:
        return (
            connections.endpoints(kind, None, conn_id="", where=argument, value_of=look.value_of)
            if kind.startswith("aws:")
            else Reading()
        )
    where = argument.partition("|")[0]
    return connections.endpoints(kind, look.connection(conn_id), conn_id=conn_id, where=where, value_of=look.value_of)


def _texts(look: Look, entry: Entry) -> Reading:
    found = Reading()
    for name in entry.sql:
        sql = texts(look.value_of(name))
        if sql:
            from pipeline.airflow.doors.sql_text import read_sql

            found += joined(read_sql(text, dialect=_dialect(look, entry), where=name) for text in sql)
    for name in entry.shell:
        commands = texts(look.value_of(name))
        if commands:
            from pipeline.airflow.doors.shell_text import read_shell

            variables = look.value_of("env") or look.value_of("environment") or {}
            read = joined(
                read_shell(text, where=name, variables=variables if isinstance(variables, dict) else {})
                for text in commands
            )
            found += read.elsewhere() if entry.elsewhere else read
    for name in entry.mail:
        from pipeline.airflow.doors.mail import read_recipients

        found += read_recipients(texts(look.value_of(name)), where=name, relays=_relays(look, entry))
    for name in entry.files:
        found += joined(_local(path, name) for path in texts(look.value_of(name)) if not FULL.match(path))
    return found


def _relays(look: Look, entry: Entry) -> tuple[str, ...]:
    found = []
    for argument, _ in entry.connects:
        conn_id = value(argument, look.value_of)
        known = look.connection(conn_id) if isinstance(conn_id, str) else None
        if known and known.host:
            found.append(known.host)
    return tuple(found)


def _dialect(look: Look, entry: Entry) -> str:
    for argument, kind in entry.connects:
        if kind == "sql":
            conn_id = value(argument, look.value_of)
            known = look.connection(conn_id) if isinstance(conn_id, str) and conn_id else None
            return known.conn_type if known else ""
        system, _, service = kind.partition(":")
        if system in {"snowflake", "databricks"}:
            return system
        if service in {"bigquery", "athena", "redshift-data"}:
            return service
    return ""


def _scanned(look: Look, entry: Entry) -> Reading:
    """Addresses that stand inside other arguments, at any depth: jobs, configurations, arguments of callables."""
    read = {
        hole for line in (*entry.sources, *entry.destinations) for names in line.holes for hole in names.split("|")
    } | {*entry.sql, *entry.shell, *entry.mail, *entry.files}
    found = Reading()
    for name in look.names:
        if name in read or name.endswith("conn_id"):
            continue
        content = texts(look.value_of(name), deep=True)
        if not content:
            continue
        if name in entry.labels:
            found += _labels(look, content, name)
        elif name in entry.elsewhere:
            from pipeline.airflow.doors.given import read_given

            found += read_given(content, where=name)
        else:
            found += joined(
                _address(look, Filled(text, name, _connection_of(entry))) for text in content if MOVES_DATA.match(text)
            )
    return found


def _connection_of(entry: Entry) -> str:
    return next((argument for argument, kind in entry.connects if kind.startswith("aws")), "")


def _labels(look: Look, content: list[str], where: str) -> Reading:
    from dataclasses import replace

    found = joined(_address(look, Filled(text, where, "")) for text in content if FULL.match(text))
    return Reading(addresses=tuple(replace(address, optional=True) for address in found.addresses))
