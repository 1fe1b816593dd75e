"""Where do the clients of databases go, and which SQL are they given?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.airflow.doors.shell_words import (
    FULL,
    PORT,
    UNKNOWN,
    Command,
    Reader,
    Surroundings,
    addresses_of,
    bracketed,
    option,
    unread,
)

if TYPE_CHECKING:
    from pipeline.airflow.doors.reading import Reading


def _database(scheme: str, host_options: tuple[str, ...], port_options: tuple[str, ...], variable: str = "") -> Reader:
    def read(command: Command, around: Surroundings) -> Reading:
        words = command.words
        uris = [
            word
            for word in words
            if re.match(r"(?i)^(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|clickhouse)://", word)
        ]
        uris += [value for value in option(words, "--uri", "--dbname", "-d", "-u") if FULL.match(value)]
        pairs = [
            word
            for word in (*words, *option(words, "-d", "--dbname"))
            if re.search(r"(?i)\bhost(?:addr)?\s*=", word) and not word.startswith("-")
        ]
        hosts = option(words, *host_options) or ([around.variables[variable]] if around.variables.get(variable) else [])
        ports = [port for port in option(words, *port_options) if PORT.match(port)]
        for host in hosts:
            if host.startswith("/"):
                uris.append(f"{scheme}:///?host={host}")
            else:
                uris += [
                    f"{scheme}://{bracketed(one)}" + (f":{ports[0]}" if ports and ":" not in one else "")
                    for one in host.split(",")
                ]
        found = addresses_of([*uris, *pairs], around.where, command.name)
        scripts = option(words, "-c", "--command", "-e", "--execute", "--query", "-q", "--eval")
        if scheme in {"postgresql", "mysql", "mssql", "clickhouse", "snowflake"}:
            for script in scripts:
                found += (
                    unread(around, f"{command.name} runs SQL that only the shell knows")
                    if script == UNKNOWN
                    else around.sql(
                        script.replace(UNKNOWN, "x"), {"postgresql": "postgres"}.get(scheme, scheme), around.where
                    )
                )
        if not uris and not pairs:
            found += unread(around, f"{command.name} takes its server from its own settings")
        return found

    return read


_PG = _database("postgresql", ("-h", "--host"), ("-p", "--port"), "PGHOST")
_MYSQL = _database("mysql", ("-h", "--host"), ("-P", "--port"))
_MONGO = _database("mongodb", ("-h", "--host"), ("--port",))

READERS: dict[str, Reader] = {
    **dict.fromkeys("psql pg_dump pg_dumpall pg_restore pg_basebackup createdb pg_isready pgloader".split(), _PG),
    **dict.fromkeys("mysql mysqldump mysqlimport mysqladmin mariadb mariadb-dump mydumper".split(), _MYSQL),
    **dict.fromkeys("mongo mongosh mongodump mongoexport mongoimport mongorestore".split(), _MONGO),
    "redis-cli": _database("redis", ("-h", "--host"), ("-p", "--port")),
    "clickhouse-client": _database("clickhouse", ("-h", "--host"), ("--port",)),
    **dict.fromkeys(("sqlcmd", "bcp", "osql"), _database("mssql", ("-S", "--server"), ())),
    **dict.fromkeys(("snowsql", "snow"), _database("snowflake", ("-a", "--accountname", "--account"), ())),
}
