"""What does the caller or the Airflow connection say of a destination?

A host (or endpoint) that is declared can be the real host behind a bucket URI; everything else only narrows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.guard.parameters import NAMES_SOCKET, folder_of, leads_elsewhere, plain_name

TEXTS = ("region", "country", "provider", "service", "conn_id")
HARMLESS_IN_EXTRA = frozenset(("url", "endpoint", "baseurl", "endpoints", "ldap", "via"))
"""Words that lead elsewhere in a URI's parameters, and mean other things in an Airflow connection's extra."""
HOSTS_IN_EXTRA = frozenset(
    (
        *("endpointurl", "host", "hosts", "hostaddr", "hostname", "server", "servers", "servername", "serverhostname"),
        *("bootstrapservers", "brokers", "contactpoints", "accounturl"),
    )
)
NAMES_PLACE = HOSTS_IN_EXTRA | NAMES_SOCKET | {"connectionstring"}
GOOGLE = "googleapis.com"
AZURE_SUFFIX = "core.windows.net"
AZURE_CONNECTIONS = frozenset(("wasb", "adls", "azure_data_lake"))
ACCOUNT_NAME = re.compile(r"[a-z0-9]{3,24}")


class Facts(NamedTuple):
    """What was declared, in one form."""

    endpoints: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    country: str = ""
    provider: str = ""
    service: str = ""
    conn_id: str = ""
    proxies: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    readable: bool = True
    port: int = 0
    account: str = ""
    """A Snowflake account, with its region where the extra names one."""


NOTHING = Facts()
UNREADABLE = Facts(readable=False)


def read_facts(declared: object) -> Facts:
    """Read the `declared` of a batch line or of a call; what has the wrong type is unreadable, never ignored.

    Example:
        >>> read_facts({"endpoint_url": "https://oos.eu-west-2.outscale.com"}).endpoints
        ('https://oos.eu-west-2.outscale.com',)
    """
    if declared is None or declared == {}:
        return NOTHING
    try:
        return _facts(declared)
    except (TypeError, ValueError):  # of the wrong type, or an extra that is no JSON
        return UNREADABLE


def _facts(declared: object) -> Facts:
    if not isinstance(declared, Mapping):
        raise TypeError
    texts = {name: _text(declared.get(name)) for name in TEXTS}
    extra = declared.get("extra")
    if isinstance(extra, str):
        extra = json.loads(extra) if extra.strip() else {}
    if extra is not None and not isinstance(extra, Mapping):
        raise TypeError
    endpoints: list[str] = []
    proxies: list[str] = []
    regions = [texts["region"]] if texts["region"] else []
    leads: list[str] = []
    for name in ("endpoint_url", "host"):
        _take(endpoints, declared.get(name))
    for name in ("proxy", "proxies"):
        _take_all(proxies, declared.get(name))
    _take_extra(extra or {}, endpoints, proxies, regions, leads)
    return Facts(
        endpoints=tuple(endpoints),
        regions=tuple(regions),
        country=texts["country"],
        provider=texts["provider"],
        service=texts["service"],
        conn_id=texts["conn_id"],
        proxies=tuple(proxies),
        leads=tuple(leads),
        port=_port(declared.get("port")) if declared.get("host") else 0,
        account=_account(extra or {}),
    )


def _account(extra: Mapping[str, Any]) -> str:
    plain = {plain_name(str(name).rpartition("__")[2]): value for name, value in extra.items()}
    account, region = plain.get("account"), plain.get("region")
    if not isinstance(account, str) or not account:
        return ""
    return f"{account}.{region}" if isinstance(region, str) and region and "." not in account else account


def _port(value: object) -> int:
    if value is None or value == "":
        return 0
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return int(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


def _take(found: list[str], value: object) -> None:
    if value is None or value == "":
        return
    if not isinstance(value, str):
        raise TypeError
    if value not in found:
        found.append(value)


def _take_all(found: list[str], value: object) -> None:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if plain_name(str(name)) not in {"no", "noproxy"}:
                _take_all(found, one)
    elif isinstance(value, list | tuple):
        for one in value:
            _take_all(found, one)
    else:
        _take(found, value)


def _take_extra(
    extra: Mapping[str, Any], endpoints: list[str], proxies: list[str], regions: list[str], leads: list[str]
) -> None:
    """Look through the extra and what is nested in it (botocore's config, service_config)."""
    for name, value in extra.items():
        short = str(name).rpartition("__")[2]  # extra__aws__endpoint_url, as older Airflows wrote it
        plain = plain_name(short)
        if plain in NAMES_PLACE:
            _take(endpoints, _place_in(plain, value))
        elif plain in {"proxy", "proxies", "httpproxy", "httpsproxy"}:
            _take_all(proxies, value)
        elif plain == "regionname":
            _take(regions, value)
        elif plain == "serviceconfig" and isinstance(value, Mapping):  # an endpoint of STS gets no data
            _take_extra(value.get("s3") or {}, endpoints, proxies, regions, leads)
        elif isinstance(value, Mapping):
            _take_extra(value, endpoints, proxies, regions, leads)
        elif plain == "universedomain":  # Google's clients replace googleapis.com by it
            leads += [short] if value not in {None, "", GOOGLE} else []
        elif plain not in HARMLESS_IN_EXTRA and value is not None and leads_elsewhere(short, str(value)):
            leads.append(short)


def _place_in(plain: str, value: object) -> object:
    """Read the host, the folder of a socket, or the storage account that an extra names."""
    if plain in NAMES_SOCKET:
        return folder_of(_text(value)) if value else ""
    if plain == "connectionstring":
        return _blob_endpoint(_text(value))
    return ",".join(value) if isinstance(value, list) else value


def _blob_endpoint(connection_string: str) -> str:
    """Name the host that an Azure Storage connection string means."""
    pairs = {plain_name(name): value for name, _, value in (one.partition("=") for one in connection_string.split(";"))}
    account = pairs.get("accountname")
    named = f"https://{account}.blob.{pairs.get('endpointsuffix') or AZURE_SUFFIX}" if account else ""
    return pairs.get("blobendpoint") or named


def facts_of_connection(connection: Mapping[str, Any]) -> dict[str, Any]:
    """Turn an Airflow connection (conn_type, host, port, extra...) into what a batch line declares.

    Login, password and schema stay behind; but Azure's connection has the account where others have the login.

    Example:
        >>> facts_of_connection({"conn_type": "aws", "extra": '{"region_name": "eu-west-2"}'})
        {'extra': {'region_name': 'eu-west-2'}}
        >>> facts_of_connection({"conn_type": "wasb", "login": "chulake", "password": "x"})
        {'host': 'https://chulake.blob.core.windows.net'}
    """
    extra = connection.get("extra")
    if isinstance(extra, str):
        extra = json.loads(extra) if extra.strip() else {}
    host, account = connection.get("host"), connection.get("login")
    if connection.get("conn_type") in AZURE_CONNECTIONS and not host and ACCOUNT_NAME.fullmatch(str(account or "")):
        host = f"https://{account}.blob.{AZURE_SUFFIX}"
    found = {
        "conn_id": connection.get("conn_id"),
        "host": host,
        "port": connection.get("port"),
        "extra": extra,
    }
    return {name: value for name, value in found.items() if value not in (None, "", {})}
