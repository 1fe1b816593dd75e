"""What is known of an Airflow connection, as far as it names a place?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Known(NamedTuple):
    """What is read of a connection, and no more."""

    conn_id: str
    conn_type: str
    host: str = ""
    port: int | None = None
    schema: str = ""
    login: str = ""
    extra: Mapping[str, Any] = {}
    readable: bool = True


def known(connection: Any) -> Known:
    """Take from Airflow's connection what names a place."""
    extra: Any = connection.extra or ""
    readable = True
    if isinstance(extra, str):
        try:
            extra = json.loads(extra) if extra.strip() else {}
        except ValueError:
            extra, readable = {}, False
    if not isinstance(extra, dict):
        extra, readable = {}, False
    return Known(
        str(connection.conn_id),
        str(connection.conn_type or ""),
        str(connection.host or ""),
        connection.port,
        str(connection.schema or ""),
        str(connection.login or ""),
        {str(name).rpartition("__")[2]: value for name, value in extra.items()},
        readable,
    )


def declared(connection: Known, *, host: bool = True) -> dict[str, Any]:
    """What the connection says beside an address that was read from it or from elsewhere."""
    found: dict[str, Any] = {"conn_id": connection.conn_id}
    if host and connection.host:
        found["host"] = connection.host
    if connection.extra:
        found["extra"] = dict(connection.extra)
    return found
