"""What does an Airflow connection declare of a destination, and which login does it hold for a system of Douane's?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from pydantic import ValidationError

from pipeline.errors import Stopped
from pipeline.guard import facts_of_connection

if TYPE_CHECKING:
    from pipeline.connections import AnyConnection


def declared_by(conn_id: str) -> dict[str, Any]:
    """Read a connection through Airflow's secrets backends; its login and password stay behind.

    Raises:
        Stopped: There is none of that name.
    """
    found = _found(conn_id)
    return facts_of_connection({"conn_id": conn_id, "host": found.host, "port": found.port, "extra": found.extra or ""})


# Of a connection's extra: the key of Airflow's own hooks, and what Douane calls it.
_EXTRA = {
    "s3": {"endpoint_url": "endpoint", "region_name": "region", "aws_session_token": "session_token"},
    "sftp": {"key_file": "private_key", "private_key_passphrase": "passphrase", "host_key": "host_key"},
    "postgresql": {"sslmode": "sslmode", "sslrootcert": "ca"},
    "database": {},
}
_LOGIN = {
    "s3": ("access_key_id", "secret_access_key"),
    "sftp": ("user", "password"),
    "postgresql": ("user", "password"),
    "database": ("user", "password"),
}


def login_of(conn_id: str, address: str) -> AnyConnection | None:
    """The login that an Airflow connection holds for an address; None for a folder.

    Beside the keys of Airflow's own hooks, its extra may hold Douane's under `douane`, such as
    `{"douane": {"encryption": "AES256"}}`.

    Raises:
        Stopped: There is none of that name, or it lacks what the system needs (an SFTP server's `host_key`).
    """
    from pipeline.connections import Connections, system_of

    system = system_of(address)
    if system not in _LOGIN:
        return None
    found = _found(conn_id)
    extra = found.extra_dejson
    user, secret = _LOGIN[system]
    given = {
        "address": address,
        user: found.login,
        secret: found.password,
        **{ours: extra.get(theirs) for theirs, ours in _EXTRA[system].items()},
        **extra.get("douane", {}),
    }
    if system == "sftp" and given.get("private_key"):
        given["password"] = None
    content = {"connections": {conn_id: {name: value for name, value in given.items() if value not in (None, "")}}}
    try:
        return Connections.model_validate(content).named(conn_id)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise Stopped(
            f"the connection {conn_id} is none for {system}: {first['loc'][-1]}: {first['msg']}",
            hint="Correct it; docs/how-to/connections.md says what each system needs.",
        ) from None


def _found(conn_id: str) -> Connection:
    try:
        found: Connection = Connection.get(conn_id)
    except AirflowNotFoundException:
        raise Stopped(
            f"the connection {conn_id} doesn't exist",
            hint=f"Make it (`airflow connections add {conn_id} ...`), or correct the export's destination.",
        ) from None
    return found
