"""Which parameters of a database or file destination name a host or lead elsewhere?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from pipeline.guard.authority import bracketed, read_hosts, socket
from pipeline.guard.reading import Reading
from pipeline.guard.schemes import SNOWFLAKE_DOMAIN

if TYPE_CHECKING:
    from pipeline.guard.reading import Target

Pairs = list[tuple[str, str]]

NAMES_HOST = frozenset(
    (
        *("host", "hosts", "hostname", "hostaddr", "server", "servers", "servername", "serverhostname", "address"),
        *("addr", "networkaddress", "datasource", "bootstrapservers", "brokers", "contactpoints", "dbhost"),
    )
)
SPELLED = NAMES_HOST | {
    *(
        "host name",
        "server name",
        "server_name",
        "server_hostname",
        "server-hostname",
        "network address",
        "data source",
    ),
    *("bootstrap.servers", "bootstrap_servers", "bootstrap-servers", "contact_points", "contact-points", "db_host"),
}
"""How clients do spell them. `ho_st` is a parameter that a client passes over, and then it connects to a host of its own."""
LISTS_HOSTS = frozenset(("postgresql", "postgres", "redshift", "mysql", "mariadb"))
"""Whose clients part a server's name at commas, and try one host after another."""
NAMES_PORT = frozenset(("port", "portnumber"))
NAMES_SOCKET = frozenset(("unixsocket", "unixsock", "unixsocketpath", "unixdomainsocket", "socket", "socketpath"))
LEADS = frozenset(
    (
        *("service", "servicefile", "pgservicefile", "dsn", "filedsn", "savefile", "tnsadmin", "configdir", "ldap"),
        *("endpoint", "endpointurl", "endpointoverride", "endpoints", "baseurl", "url", "serviceurl"),
        *("failoverpartner", "failoverhost", "failoverserver", "alternateservers", "alternateserver", "backuphosts"),
        *("clientreroutealternateservername", "clientreroutealternateportnumber", "clientrerouteserverlistjndiname"),
        *("socketfactory", "socketfactoryarg", "socketfactoryclass", "socketfactoryconstructorarg", "cloudsqlinstance"),
        *("gateway", "jumphost", "bastion", "redirect", "redirecturl", "via", "zookeeper", "servicediscoverymode"),
        *("hostresolver", "dnsserver", "nameserver", "srvhost", "readdefaultfile", "readdefaultgroup", "optionfile"),
        *("defaultsfile", "defaultsextrafile", "loginpath", "configfile", "cloudid", "secureconnectbundle"),
        *("apiendpoint", "dbq"),
    )
)
LEADS_IN_PART = re.compile(r"proxy|tunnel|^ssh(?!l)|failoverpartner|alternateserver")
NO_LEAD = frozenset(
    (
        *("noproxy", "nonproxyhosts", "proxybypass", "proxybypasshosts"),
        *(
            "proxycabundle",
            "proxyclientcert",
            "proxyuseforwardingforhttps",
        ),  # how botocore speaks to a proxy, not which
    )
)
OFF = frozenset(("", "0", "false", "no", "off", "none", "disabled"))
SNOWFLAKE_DOMAINS = (".snowflakecomputing.com", ".snowflakecomputing.cn")
SEPARATORS = re.compile(r"[_\-\s.]")


def plain_name(name: str) -> str:
    """Reduce a parameter's name to letters and digits: clients forgive case and separators, so does the guard."""
    return SEPARATORS.sub("", name.lower())


def leads_elsewhere(name: str, value: str) -> bool:
    """Tell whether a parameter can send the client to a host that the destination doesn't name."""
    plain = plain_name(name)
    if plain in LEADS:
        return True
    return bool(LEADS_IN_PART.search(plain)) and plain not in NO_LEAD and value.strip().lower() not in OFF


def query_pairs(query: str, *, separators: str = "&") -> Pairs:
    """Part a query into decoded pairs."""
    pairs = []
    for piece in re.split(f"[{separators}#]", query):
        name, _, value = piece.lstrip("?#").partition("=")  # libpq knows no fragment: what follows # is read on
        if name:
            pairs.append((unquote_plus(name), unquote_plus(value)))
    return pairs


def judge_parameters(reading: Reading, pairs: Pairs) -> str:  # noqa: C901 - one branch a sort of parameter
    """Take the hosts that parameters name where the URI names none; beside one, refuse what doesn't repeat it.

    Returns how the hosts may be shown.
    """
    stated = list(reading.targets)
    shown: list[str] = []
    named: list[tuple[str, list[Target]]] = []
    ports = ""
    for name, value in pairs:
        plain = plain_name(name)
        if plain in NAMES_PORT:
            ports = value
        elif plain in NAMES_SOCKET and value:
            named.append((name, [socket(folder_of(value))]))
            shown.append("(socket)")
        elif (plain in NAMES_HOST or (plain == "account" and reading.scheme == "snowflake")) and value:
            found = Reading()
            text = snowflake_host(value) if plain == "account" else _server(reading, plain, value)
            text = ",".join(map(bracketed, text.split(",")))
            words = read_hosts(found, text, many=True, sockets=True)
            reading.problems.extend(problem for problem in found.problems if problem not in reading.problems)
            if not stated and plain in NAMES_HOST and name.strip().lower() not in SPELLED:
                reading.refuse("mixed", "host_parameter", parameter=shown_name(name))
            if found.targets:
                named.append((name, found.targets))
                shown.append(words)
        elif plain == "odbcconnect" and value:
            named_inside, words = _odbc(reading, value)
            named.append((name, named_inside))
            shown.append(words)
        elif plain == "service" and reading.scheme.startswith("oracle"):
            continue  # the service of the database, not libpq's service file
        elif leads_elsewhere(name, value) or (plain == "region" and reading.scheme == "snowflake"):
            reading.refuse("mixed", "leads_elsewhere", parameter=shown_name(name))
    if not stated and named:
        reading.targets.extend(_with_ports(_first_of(reading, named), ports))
        return ",".join(filter(None, shown))
    reading.targets = _with_ports(reading.targets, ports)
    for name, targets in named:
        if any(not _repeats(target, stated) for target in targets):
            reading.refuse("mixed", "host_parameter", parameter=shown_name(name))
    return ""


def _with_ports(targets: list[Target], text: str) -> list[Target]:
    """Give targets without a port the one of the parameter: one for all, or (libpq) as many as there are hosts."""
    ports = [int(port) if port.isascii() and port.isdigit() else 0 for port in text.split(",")]
    if not any(ports):
        return targets
    ports = ports if len(ports) == len(targets) else [ports[0]] * len(targets)
    return [
        target if target.port or target.kind != "host" else target._replace(port=port)
        for target, port in zip(targets, ports, strict=True)
    ]


def _first_of(reading: Reading, named: list[tuple[str, list[Target]]]) -> list[Target]:
    """Join repeated parameters of one name (`?host=a&host=b`); two that name different hosts contradict."""
    first_name, targets = named[0]
    joined = list(targets)
    for name, others in named[1:]:
        if plain_name(name) == plain_name(first_name):
            joined.extend(target for target in others if target not in joined)
        elif any(not _repeats(target, joined) for target in others):
            reading.refuse("mixed", "host_parameter", parameter=shown_name(name))
    return joined


def _repeats(target: Target, stated: list[Target]) -> bool:
    return any(
        (target.kind, target.host, target.kind == "socket" and target.path)
        == (one.kind, one.host, one.kind == "socket" and one.path)
        for one in stated
    )


def _odbc(reading: Reading, text: str) -> tuple[list[Target], str]:
    from pipeline.guard.connection_strings import read_odbc

    inner = Reading()
    words = read_odbc(inner, text)
    reading.problems.extend(problem for problem in inner.problems if problem not in reading.problems)
    return inner.targets, words.removeprefix("host=")


def folder_of(path: str) -> str:
    """The folder of a socket file."""
    return path.rstrip("/").rpartition("/")[0] or "/"


def _server(reading: Reading, plain: str, value: str) -> str:
    """A server's name; behind libpq's comma stands another host, behind a SQL Server's its port."""
    several = plain in {"host", "hostaddr"} or reading.scheme in LISTS_HOSTS
    return value if several else without_protocol(value)


def without_protocol(value: str) -> str:
    """Take `tcp:` and the comma before a port from a SQL Server's name."""
    text = re.sub(r"^(?:tcp|lpc|admin):", "", value, flags=re.IGNORECASE)
    return re.sub(r",\s*(?=[0-9]+$)", ":", text)


def snowflake_host(account: str) -> str:
    """Spell the host of a Snowflake account."""
    host = account.lower().removesuffix(".")
    return host if host.endswith(SNOWFLAKE_DOMAINS) else f"{host}.{SNOWFLAKE_DOMAIN}"


def shown_name(name: str) -> str:
    """A parameter's name as it may be repeated: letters only, cut short."""
    return re.sub(r"[^\w.-]", "", name, flags=re.ASCII)[:40]


def judge_parameters_beside(reading: Reading, query: str) -> None:
    """Judge the parameters of a destination whose place stands before the query."""
    if query:
        judge_parameters(reading, query_pairs(query))
