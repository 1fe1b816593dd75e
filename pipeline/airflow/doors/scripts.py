"""How is a script read that may hold SQL, or SQL that may start a script? Here the two readers meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.shell_text import read_shell
from pipeline.airflow.doors.sql_text import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.airflow.doors.reading import Reading


def read_script(text: str, *, where: str, variables: Mapping[str, Any]) -> Reading:
    """Read a shell's script, and the SQL that it hands to a database's client.

    Example:
        >>> script = "psql -h pg.chu.example -c 'CREATE SERVER s OPTIONS (host $$pg.e.example$$)'"
        >>> [address.uri for address in read_script(script, where="bash_command", variables={}).addresses]
        ['postgresql://pg.chu.example', 'postgresql://pg.e.example']
    """
    return read_shell(text, where=where, variables=variables, sql=_sql)


def _sql(text: str, dialect: str, where: str) -> Reading:
    return read_sql(text, dialect=dialect, where=where)
