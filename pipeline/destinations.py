"""Where shall a release go, and by which login?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.connections import declared_of, read_connections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.connections import AnyConnection
    from pipeline.home import Home


@dataclass(frozen=True)
class Destination:
    """Where a release shall go.

    Attributes:
        uri: Its address.
        id: Its name in the export, if it has one.
        declared: What the caller or an Airflow connection says of it.
        domain: The pseudonymization domain that it is for, if the export says so.
        connection: The login that it takes, for a system that needs one; never shown.
    """

    uri: str
    id: str | None = None
    declared: Mapping[str, Any] | None = None
    domain: str | None = None
    connection: AnyConnection | None = field(default=None, repr=False)


def destination_at(
    uri: str, home: Home, *, named: str | None = None, stated: Mapping[str, Any] | None = None, **options: str | None
) -> Destination:
    """A destination with the login on file for it: the one of that name, else the one for the address.

    Args:
        uri: Its address.
        home: The installation, whose `private/connections.yaml` holds the logins.
        named: The login that is meant, if one of that name is on file.
        stated: What the export declares of the destination; it goes before what the login leads to.
        options: `id` and `domain`.

    Raises:
        KeyRefused, InvalidDocument: Others can read the logins, or the file is none.
    """
    logins = read_connections(home)
    login = (logins.named(named) if named else None) or logins.for_address(uri)
    return Destination(uri=uri, declared=declared_of(login, stated), connection=login, **options)
