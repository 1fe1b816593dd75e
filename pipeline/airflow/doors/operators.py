"""Where would this task go? Read by the table of operators, or, of an operator that nobody knows, by general words.

The same reader serves at parse, where connections are not looked up, and before execute, where everything is rendered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.airflow.doors import connections
from pipeline.airflow.doors.hook_objects import hooks_of
from pipeline.airflow.doors.places import MOVES_DATA, local_place, read_address
from pipeline.airflow.doors.reading import Reading, joined
from pipeline.airflow.doors.table import Entry, entry_of
from pipeline.airflow.doors.templates import FULL, Filled, fill, texts, value
from pipeline.airflow.doors.unknown import read_unknown

if TYPE_CHECKING:
    from pipeline.airflow.doors.look import Look


def read_task(look: Look) -> Reading:
    """Read a task's addresses, faults, and what could not be read."""
    entry = entry_of(look.operator_class)
    if entry is None:
        return read_unknown(look)
    if entry.nothing:
        return Reading()
    found = joined(
        read_address(look, filled)
        for line in (*entry.destinations, *(() if look.at_parse else entry.sources))
        for filled in fill(line, look.value_of)
    )
    if look.at_parse:
        return found
    found += joined(_endpoint(look, argument, kind) for argument, kind in entry.connects)
    found += hooks_of(look) + _texts(look, entry)
    found += _scanned(look, entry)
    return found


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
            from pipeline.airflow.doors.scripts import read_script

            variables = look.value_of("env") or look.value_of("environment") or {}
            read = joined(
                read_script(text, where=name, variables=variables if isinstance(variables, dict) else {})
                for text in commands
            )
            found += read.elsewhere() if entry.elsewhere else read
    for name in entry.mail:
        from pipeline.airflow.doors.mail import read_recipients

        found += read_recipients(texts(look.value_of(name)), where=name, relays=_relays(look, entry))
    for name in entry.files:
        found += joined(local_place(path, name) for path in texts(look.value_of(name)) if not FULL.match(path))
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
        given = look.value_of(name)
        content = texts(given, deep=True)
        if not content:
            continue
        if name in entry.given_files:
            from pipeline.airflow.doors.given import read_given_file

            found += joined(read_given_file(path, where=name) for path in content)
        elif name in entry.labels:
            found += _labels(look, content, name)
        elif name in entry.elsewhere:
            from pipeline.airflow.doors.given import read_given

            found += read_given(given, where=name)
        else:
            found += joined(
                read_address(look, Filled(text, name, _connection_of(entry)))
                for text in content
                if MOVES_DATA.match(text)
            )
    return found


def _connection_of(entry: Entry) -> str:
    return next((argument for argument, kind in entry.connects if kind.startswith("aws")), "")


def _labels(look: Look, content: list[str], where: str) -> Reading:
    from dataclasses import replace

    found = joined(read_address(look, Filled(text, where, "")) for text in content if FULL.match(text))
    return Reading(addresses=tuple(replace(address, optional=True) for address in found.addresses))
