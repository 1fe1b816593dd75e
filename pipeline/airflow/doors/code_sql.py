"""Which SQL does a task's own code hand to a database? Every text is read before it goes, as door 2 reads an operator's.

`@task.sql` makes its text while it runs; a Python task calls hooks, SQLAlchemy or the driver. What a server does for a
statement (`COPY ... TO PROGRAM`, `UNLOAD`) happens where no door confines it, so it must be read on this side.
"""

from __future__ import annotations

import re
from functools import lru_cache, wraps
from importlib import import_module
from inspect import isfunction, signature
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.importing import when_imported
from pipeline.airflow.doors.reading import Address, Fault, Reading, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    Hold = Callable[[Reading], None]
    """Told what was read of a text that isn't plain; raises what may not go."""

# Of these modules, the methods that take a text, and the dialect where the object doesn't say it itself.
_CURSOR = ("execute", "executemany", "execute_async", "stream", "copy")
_FRAMES = ("_get_pandas_df", "_get_pandas_df_by_chunks", "_get_polars_df", "_get_polars_df_by_chunks", "get_df")
MODULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "airflow.providers.common.sql.hooks.sql": ("", ("run", "_run_command", *_FRAMES)),
    "airflow.providers.postgres.hooks.postgres": ("postgres", ("copy_expert",)),
    "airflow.providers.snowflake.hooks.snowflake": ("snowflake", ("run", "_run_command")),
    "airflow.providers.snowflake.hooks.snowflake_sql_api": ("snowflake", ("execute_query",)),
    "airflow.providers.databricks.hooks.databricks_sql": ("databricks", ("run", "_run_command")),
    "airflow.providers.google.cloud.hooks.bigquery": ("bigquery", ("insert_job", "get_records", *_FRAMES)),
    "airflow.providers.amazon.aws.hooks.athena": ("athena", ("run_query",)),
    "airflow.providers.amazon.aws.hooks.redshift_data": ("redshift", ("execute_query",)),
    "sqlalchemy.engine.default": ("", ("do_execute", "do_executemany", "do_execute_no_params")),
    "psycopg.cursor": ("postgres", _CURSOR),
    "psycopg._cursor": ("postgres", _CURSOR),
    "psycopg._server_cursor": ("postgres", _CURSOR),
    "psycopg.cursor_async": ("postgres", _CURSOR),
    "psycopg._cursor_async": ("postgres", _CURSOR),
    "redshift_connector.cursor": ("redshift", _CURSOR),
    "snowflake.connector.cursor": ("snowflake", _CURSOR),
    "databricks.sql.client": ("databricks", _CURSOR),
    "google.cloud.bigquery.client": ("bigquery", ("query", "query_and_wait")),
    "pymysql.cursors": ("mysql", _CURSOR),
    "MySQLdb.cursors": ("mysql", _CURSOR),
    "trino.dbapi": ("trino", _CURSOR),
}
_TEXT = ("sql", "sql_statement", "statement", "query", "operation", "command", "configuration")

# A text without any of these words moves nothing, and is not taken apart: a loop of inserts costs next to nothing.
_WORDS = (
    "COPY|UNLOAD|EXPORT|IMPORT|ATTACH|BACKUP|RESTORE|LOAD|CREATE|ALTER|PUT|GET|DO|EXEC|EXECUTE|CALL|INSTALL|CLONE|OUTFILE"
    "|DUMPFILE|DIRECTORY|FUNCTION|LOCAL|PROGRAM|ACCOUNTS|REPLICA"
)


class _Task:
    """What the running task's texts are shown to; None: nothing is read."""

    hold: Hold | None = None
    hooked = False
    reading = False


def watch(hold: Hold) -> None:
    """From now on, show this process's SQL to `hold` before it goes; a later task's takes its place."""
    _Task.hold = hold
    if not _Task.hooked:
        _Task.hooked = True
        when_imported((*MODULES, "psycopg2"), _wrap)


def leave() -> None:
    """Show nothing any more: the next task in this process (`dag.test()`) asks the guard itself."""
    _Task.hold = None


def may_move(text: str) -> bool:
    """Whether a text could move rows out at all, by its words.

    Example:
        >>> may_move("insert into t values (1)"), may_move("COPY t TO PROGRAM 'x'")
        (False, True)
    """
    return bool(_may_move().search(text))


@lru_cache(maxsize=1)
def _may_move() -> re.Pattern[str]:
    from pipeline.airflow.doors.sql_places import REACHING

    return re.compile(rf"(?i)://|\b(?:jdbc|md|azure|gcs):|\b(?:{_WORDS}|{'|'.join(sorted(REACHING))})\b")


def _wrap(module: ModuleType) -> None:
    if module.__name__ == "psycopg2":
        _wrap_psycopg2(module)
        return
    dialect, methods = MODULES[module.__name__]
    for one in list(vars(module).values()):
        if not isinstance(one, type):
            continue
        for name in methods:
            method = vars(one).get(name)
            if isfunction(method) and not hasattr(method, "douane"):
                setattr(one, name, _checked(method, dialect))


def _checked(method: Callable[..., Any], dialect: str) -> Callable[..., Any]:
    names = list(signature(method).parameters)
    argument = next((name for name in _TEXT if name in names), "")
    if not argument:
        return method
    position = names.index(argument)

    @wraps(method)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if _Task.hold is not None:
            content = kwargs[argument] if argument in kwargs else args[position] if len(args) > position else None
            show(content, by=args[0], dialect=dialect, values=(args[position + 1 :], kwargs))
        return method(*args, **kwargs)

    checked.douane = True  # type: ignore[attr-defined]
    return checked


def _wrap_psycopg2(module: Any) -> None:
    """psycopg2's cursors are C: its connections are made of a class whose cursors show their texts."""
    plain = module.connect

    @wraps(plain)
    def connect(dsn: Any = None, connection_factory: Any = None, cursor_factory: Any = None, **kwargs: Any) -> Any:
        # A factory of the author's own has its own way with cursors, and is left as it is.
        factory = connection_factory or _psycopg2_connection()
        return plain(dsn, connection_factory=factory, cursor_factory=cursor_factory, **kwargs)

    module.connect = connect


@lru_cache(maxsize=1)
def _psycopg2_connection() -> type:
    extensions: Any = import_module("psycopg2.extensions")
    base: Any = extensions.connection

    class Connection(base):  # type: ignore[misc]  # a class of C
        def cursor(self, name: Any = None, cursor_factory: Any = None, **kwargs: Any) -> Any:
            factory = cursor_factory or self.cursor_factory or extensions.cursor
            made = _psycopg2_cursor(factory) if isinstance(factory, type) else factory
            return super().cursor(name, cursor_factory=made, **kwargs)

    return Connection


@lru_cache(maxsize=32)
def _psycopg2_cursor(factory: Any) -> type:
    def shown(name: str) -> Callable[..., Any]:
        plain = getattr(factory, name)

        @wraps(plain)
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            given = [*args, *kwargs.values()]
            show(given[0] if given else None, by=self, dialect="postgres", values=given[1:])
            return plain(self, *args, **kwargs)

        return method

    methods = ("execute", "executemany", "copy_expert")
    return type(factory.__name__, (factory,), {name: shown(name) for name in methods})


def show(content: Any, *, by: Any, dialect: str = "", values: Any = ()) -> None:
    """Read what is handed to a database, and hold it if it would send rows where they may not go.

    Args:
        content: A text, bytes, a composed query, a list of them, or a job's configuration.
        by: The hook, cursor, client or dialect that takes it.
        dialect: The dialect, where `by` doesn't say it.
        values: The parameters: a statement that moves rows may take its place from them.
    """
    hold = _Task.hold
    if hold is None or _Task.reading or content is None:
        return
    _Task.reading = True
    try:
        dialect = dialect or str(getattr(by, "conn_type", "") or getattr(by, "name", ""))
        reading = _read(content, by, dialect, values)
    except Exception as error:  # noqa: BLE001 - what can't be read isn't let through; its message could quote a value
        message = f"the SQL can't be read ({type(error).__name__}). Hand it over as plain text."
        reading = Reading(faults=(Fault(rule="sql.unreadable", message=message, where=_where(by)),))
    finally:
        _Task.reading = False
    if reading != Reading():
        hold(reading)


def _where(by: Any) -> str:
    return f"SQL handed to {type(by).__name__}"


def _read(content: Any, by: Any, dialect: str, values: Any) -> Reading:
    where = _where(by)
    if isinstance(content, dict):
        from pipeline.airflow.doors.templates import texts

        return joined(_part(text, dialect, where) for text in texts(content, deep=True))
    if isinstance(content, list | tuple):
        return joined(_read(one, by, dialect, values) for one in content)
    if not isinstance(content, str | bytes) and hasattr(content, "__next__"):
        return Reading()  # a generator's statements are shown one by one, as they go
    text = _plain(content, by)
    if not may_move(text):
        return Reading()
    return _text(text, dialect, where) + _values(text, values, where)


def _plain(content: Any, by: Any) -> str:
    if isinstance(content, bytes):
        return content.decode("utf-8", "replace")
    if isinstance(content, str):
        return content
    if hasattr(content, "as_string"):  # psycopg's and psycopg2's composed queries
        return str(content.as_string(by))
    return str(content)


@lru_cache(maxsize=256)
def _text(text: str, dialect: str, where: str) -> Reading:
    from pipeline.airflow.doors.sql_text import read_sql

    return read_sql(text, dialect=dialect, where=where)


def _part(text: str, dialect: str, where: str) -> Reading:
    """A string of a job's configuration: its SQL, or a place that it loads from or extracts to."""
    from pipeline.airflow.doors.places import MOVES_DATA

    if any(letter.isspace() for letter in text.strip()):
        return _text(text, dialect, where) if may_move(text) else Reading()
    return _places([text], where) if MOVES_DATA.match(text) else Reading()


def _values(text: str, values: Any, where: str) -> Reading:
    """`UNLOAD (...) TO %s`: of a statement that moves rows, every parameter that names a place is one."""
    from pipeline.airflow.doors.sql_text import MOVERS

    if not MOVERS.match(" ".join(re.findall(r"\w+", text)[:6]).upper()):
        return Reading()
    from pipeline.airflow.doors.templates import texts

    return _places(texts(values, deep=True)[:100], where)


def _places(content: Iterable[str], where: str) -> Reading:
    quoted = "; ".join("COPY t TO '{}'".format(one.replace("'", "''")) for one in content)
    found = _text(quoted, "postgres", where) if quoted else Reading()
    return Reading(addresses=tuple(Address(uri=one.uri, where=where) for one in found.addresses))
