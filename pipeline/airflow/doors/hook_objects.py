"""Where does a hook go that an operator was given as an object (`ssh_hook=SSHHook(...)`) instead of a connection's name?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors import connections
from pipeline.airflow.doors.known import Known
from pipeline.airflow.doors.reading import Reading, joined

if TYPE_CHECKING:
    from pipeline.airflow.doors.look import Look

# Of an SSHHook the host stands on the object itself; it needs no connection at all.
_HOSTS = ("remote_host", "host")


def hooks_of(look: Look) -> Reading:
    """The connections, or hosts, of every hook among an operator's arguments."""
    from airflow.sdk import BaseHook

    given = ((name, look.value_of(name)) for name in look.names)
    return joined(_hook(look, name, hook) for name, hook in given if isinstance(hook, BaseHook))


def _hook(look: Look, name: str, hook: Any) -> Reading:
    told = vars(hook)
    kind = str(getattr(hook, "conn_type", "") or "any")
    named = [one for argument, one in told.items() if argument.endswith("conn_id") and isinstance(one, str) and one]
    if named:
        return joined(
            connections.endpoints(_kind(kind), look.connection(one), conn_id=one, where=name, value_of=told.get)
            for one in named
        )
    host = next((told[key] for key in _HOSTS if isinstance(told.get(key), str) and told[key]), "")
    return connections.endpoints(_kind(kind), Known(name, kind, host), conn_id=name, where=name, value_of=told.get)


def _kind(conn_type: str) -> str:
    # Which of a cloud's services a hook calls is not known: its buckets are read by their names.
    return "google:storage" if conn_type.startswith("google") else conn_type
