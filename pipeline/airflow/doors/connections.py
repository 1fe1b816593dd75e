"""Which addresses does a client reach that is given this Airflow connection?

A connection's login and password stay behind. What its extra says beside the host (another host, an endpoint, a proxy)
goes to the guard, which refuses what leads elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors import cloud
from pipeline.airflow.doors.known import Known, declared
from pipeline.airflow.doors.reading import Address, Fault, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

# Airflow's name of a system, where the guard's scheme is another.
SCHEMES = {
    "postgres": "postgresql",
    "redshift": "redshift",
    "mssql": "mssql",
    "odbc": "mssql",
    "mongo": "mongodb",
    "hive_cli": "hive",
    "hiveserver2": "hive",
    "hive_metastore": "hive",
    "vertica": "postgresql",
    "webhdfs": "webhdfs",
    "samba": "smb",
    "sqlalchemy": "",
}
LOCAL = frozenset(("fs", "sqlite", "duckdb", "package_index", "generic_local"))
OWN_TLS = frozenset(("databricks", "adx", "synapse", "looker", "dataprep", "tableau", "salesforce", "opensearch"))


def endpoints(  # noqa: PLR0911 - a case each
    kind: str, connection: Known | None, *, conn_id: str, where: str, value_of: Callable[[str], Any]
) -> Reading:
    """Read where a client of this kind goes.

    Args:
        kind: `aws:SERVICE`, `google:SERVICE`, `azure:SERVICE`, `http`, `ssh`, `sftp`...; `sql` and `any`: as the
            connection's type says.
        connection: What is known of it; None: there is none of that name.
        conn_id: Its name, for the message.
        where: The argument that names it.
        value_of: The operator's arguments (a region, an endpoint, a remote host).
    """
    system, _, service = kind.partition(":")
    if system in {"sql", "any", "ftp"} and connection is not None:
        system = system_of(connection.conn_type)
    if connection is not None and not connection.readable:
        return _fault("destination.malformed", f"the extra of the connection {conn_id} is not a JSON object", where)
    if system == "aws":
        return cloud.amazon(service, connection, where=where, value_of=value_of)
    if connection is None:
        if system in {"google", "kubernetes", "spark"}:
            connection = Known(conn_id, system)
        else:
            return _fault(
                "connection.missing",
                f"the connection {conn_id} doesn't exist, so nobody can tell where it leads. "
                f"Make it (`airflow connections add {conn_id} ...`), or correct the task's {where}",
                where,
            )
    if system == "google":
        return cloud.google(service, connection, where=where, value_of=value_of)
    if system == "azure":
        return cloud.azure(service, connection, where=where, value_of=value_of)
    reader = _READERS.get(system)
    if reader is not None:
        return reader(connection, where, value_of)
    if system in LOCAL or connection.conn_type in LOCAL:
        return Reading()
    return _server(connection, where, SCHEMES.get(system, system))


def system_of(conn_type: str) -> str:
    """Whose client serves a connection of this type: `aws`, `google`, `azure`, or the type itself."""
    if conn_type in {"aws", "emr", "athena"}:
        return "aws"
    if conn_type.startswith(("google", "gcp")):
        return "google"
    if conn_type in {"wasb", "adls", "azure_data_lake", "azure_fileshare"} or conn_type.startswith("azure"):
        return "azure"
    return conn_type


def _fault(rule: str, message: str, where: str) -> Reading:
    return Reading(faults=(Fault(rule=rule, message=message + ".", where=where),))


def _one(connection: Known, where: str, uri: str, *, host: bool = False) -> Reading:
    told = declared(connection, host=host)
    extra = {name: value for name, value in told.get("extra", {}).items() if name not in {"account", "warehouse"}}
    told = {**told, "extra": extra} if extra else {name: one for name, one in told.items() if name != "extra"}
    return Reading(addresses=(Address(uri=uri, where=f"{where} ({connection.conn_id})", declared=told, settled=False),))


def bracketed(host: str) -> str:
    """An IPv6 address as it stands in a URI."""
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


def _server(connection: Known, where: str, scheme: str) -> Reading:
    """A server by host and port; without a host the client takes one from its own settings: unknown."""
    if "://" in connection.host:
        return _one(connection, where, connection.host)
    port = f":{connection.port}" if connection.port else ""
    address = f"{bracketed(connection.host)}{port}"
    from pipeline.guard.destination import family_of

    if not scheme or not family_of(scheme):
        return _one(connection, where, address or f"{scheme or 'unknown'}://")
    return _one(connection, where, f"{scheme}://{address}")


def _http(connection: Known, where: str, value_of: Callable[[str], Any]) -> Reading:
    host = connection.host
    base = host if "://" in host else f"{connection.schema or 'http'}://{bracketed(host)}"
    if connection.port:
        base = f"{base}:{connection.port}"
    endpoint = value_of("endpoint")
    # What is asked of a server (a FHIR search for `code=http://loinc.org|8867-4`) moves nobody to another one.
    path = re.split(r"[?#]", endpoint, maxsplit=1)[0] if isinstance(endpoint, str) else ""
    uri = f"{base}/{path}" if path and not base.endswith("/") and not path.startswith("/") else base + path
    # An HTTP connection's extra holds headers and options of the session; of them, proxies and a Host header lead on.
    leads = {
        name: value
        for name, value in connection.extra.items()
        if name.lower() in {"proxy", "proxies", "host", "endpoint_url"}
    }
    options = value_of("extra_options")
    if isinstance(options, dict) and options.get("proxies"):
        leads["proxies"] = [leads.get("proxies"), options["proxies"]] if leads.get("proxies") else options["proxies"]
    headers = value_of("headers")
    if isinstance(headers, dict):
        named = [value for name, value in headers.items() if str(name).lower() == "host"]
        leads |= {"host": named[0]} if named else {}
    return _one(connection._replace(extra=leads), where, uri)


def _ssh(connection: Known, where: str, value_of: Callable[[str], Any]) -> Reading:
    remote = value_of("remote_host") or value_of("sftp_remote_host")
    asked = connection._replace(host=remote) if isinstance(remote, str) and remote else connection
    found = _server(asked, where, "sftp")
    command = connection.extra.get("host_proxy_cmd")
    if command:
        found += _fault(
            "destination.mixed",
            f"the connection {connection.conn_id} goes through a proxy command, which may lead anywhere. "
            "Take host_proxy_cmd out of its extra",
            where,
        )
    return found


def _ftp(connection: Known, where: str, _value_of: Callable[[str], Any]) -> Reading:
    return _server(connection, where, "ftp")


def _ftps(connection: Known, where: str, _value_of: Callable[[str], Any]) -> Reading:
    return _server(connection, where, "ftps")


def _smtp(connection: Known, where: str, _value_of: Callable[[str], Any]) -> Reading:
    return _server(connection, where, "smtp" if connection.extra.get("disable_ssl") else "smtps")


def _snowflake(connection: Known, where: str, value_of: Callable[[str], Any]) -> Reading:
    account = value_of("account") or connection.extra.get("account") or connection.host
    region = connection.extra.get("region") or value_of("region")
    host = connection.extra.get("host")
    name = f"{account}.{region}" if account and region else str(account or "")
    extra = {
        key: value for key, value in connection.extra.items() if key in {"host", "proxy_host", "proxies"} and value
    }
    if host and not account:
        name = str(host)
    return _one(connection._replace(extra=extra), where, f"snowflake://{name}")


def _databricks(connection: Known, where: str, _value_of: Callable[[str], Any]) -> Reading:
    host = connection.host.removesuffix("/")
    uri = host if "://" in host else f"https://{host}"
    if connection.port:
        uri = f"{uri}:{connection.port}"
    leads = {name: value for name, value in connection.extra.items() if name in {"host", "proxies", "proxy"} and value}
    return _one(connection._replace(extra=leads), where, uri)


def _kubernetes(connection: Known, where: str, value_of: Callable[[str], Any]) -> Reading:
    from pipeline.airflow.doors.clusters import kubernetes_servers

    return kubernetes_servers(connection, where=where, value_of=value_of)


def _spark(connection: Known, where: str, value_of: Callable[[str], Any]) -> Reading:
    from pipeline.airflow.doors.clusters import spark_masters

    return spark_masters(connection, where=where, value_of=value_of)


def _sqlalchemy(connection: Known, where: str, _value_of: Callable[[str], Any]) -> Reading:
    return _server(connection, where, str(connection.extra.get("sqlalchemy_scheme") or "postgresql"))


_READERS: dict[str, Callable[[Known, str, Callable[[str], Any]], Reading]] = {
    "http": _http,
    "https": _http,
    "ssh": _ssh,
    "sftp": _ssh,
    "gcpssh": _ssh,
    "ftp": _ftp,
    "ftps": _ftps,
    "smtp": _smtp,
    "snowflake": _snowflake,
    "databricks": _databricks,
    "kubernetes": _kubernetes,
    "spark": _spark,
    "spark_sql": _spark,
    "spark_connect": _spark,
    "spark_jdbc": _spark,
    "sqlalchemy": _sqlalchemy,
}
