"""Where would the bytes go, once what the caller declares is laid beside the destination?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.guard import schemes
from pipeline.guard.authority import bracketed, read_hosts
from pipeline.guard.destination import read
from pipeline.guard.locations import same_country
from pipeline.guard.parameters import plain_name, shown_name, snowflake_host
from pipeline.guard.reading import Reading, Target

if TYPE_CHECKING:
    from pipeline.guard.facts import Facts
    from pipeline.guard.locations import Place
    from pipeline.guard.register import Register

HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
SERVICE_FILES = frozenset(("postgres", "postgresql", "redshift"))
"""Schemes of libpq, to which a service is a section of a file that may name another address."""
ON_MACHINE = frozenset(("path", "socket"))


def combine(reading: Reading, facts: Facts) -> Reading:
    """Lay the declared facts beside a reading; the reading that comes in is not changed."""
    result = Reading(reading.uri, scheme=reading.scheme, cleartext=reading.cleartext, connection=reading.connection)
    result.targets = list(reading.targets)
    result.problems = list(reading.problems)
    result.proxies = facts.proxies
    _refuse_what_misleads(result, facts)
    declared: list[Target] = []
    snowflake = (snowflake_host(facts.account),) if facts.account and reading.scheme == "snowflake" else ()
    for endpoint in (*facts.endpoints, *snowflake):
        inner = read_endpoint(endpoint)
        for problem in inner.problems:
            if problem not in result.problems:
                result.problems.append(problem)
        if declared and inner.targets != declared and _hosts(inner.targets) != _hosts(declared):
            result.refuse("mixed", "declared_host_differs")
        declared = declared or inner.targets
        result.cleartext = result.cleartext or inner.cleartext
        result.endpoint = result.endpoint or inner.uri
    if declared and result.targets:
        _apply(result, declared)
    if facts.port:
        result.targets = [
            target if target.port or target.kind != "host" else target._replace(port=facts.port)
            for target in result.targets
        ]
    return result


def _refuse_what_misleads(result: Reading, facts: Facts) -> None:
    if not facts.readable:
        result.refuse("malformed", "unreadable_facts")
    for name in facts.leads:
        if plain_name(name) == "service" and result.scheme not in SERVICE_FILES:
            continue
        result.refuse("mixed", "leads_elsewhere", parameter=shown_name(name))
    if facts.conn_id and result.connection and facts.conn_id != result.connection:
        result.refuse("mixed", "declared_connection_differs")


def read_endpoint(text: str) -> Reading:
    """Read an `endpoint_url` or a connection's `host`: a web URL, `host[:port]`, or a socket's folder."""
    if HAS_SCHEME.match(text):
        reading = read(text)
        if not reading.problems and reading.scheme not in schemes.WEB:
            reading.cleartext = ""
        ports = schemes.PORTS.get(reading.scheme, (0,))
        reading.targets = [
            target._replace(port=ports[0]) if target.kind == "host" and not target.port else target
            for target in reading.targets
        ]
        return reading
    text = bracketed(text)
    reading = read(f"https://{text}") if not text.startswith(("/", ",")) and "," not in text else Reading()
    if not reading.targets and not reading.problems:
        reading.uri = read_hosts(reading, text, many=True, sockets=True)
    return reading


def read_proxy(text: str) -> Reading:
    """Read a proxy: a URL (also of a SOCKS scheme), or `host:port`."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() in schemes.PROXIES:
        return read(f"https://{rest}")
    return read(text) if separator else read(f"https://{text}")


def _hosts(targets: list[Target]) -> set[tuple[str, str]]:
    return {(target.host, target.path if target.kind == "socket" else "") for target in targets}


def _apply(result: Reading, declared: list[Target]) -> None:
    """A declared host is the real one where the URI names none; beside another one it contradicts."""
    first = result.targets[0]
    bare = not result.scheme
    if first.kind == "service":  # a bucket, or an Azure account that the URI leaves to the client
        result.targets = [
            target._replace(bucket=first.bucket, path=first.path) if target.kind == "host" else target
            for target in declared
        ]
    elif first.kind == "nowhere" or (first.kind == "path" and bare):
        result.targets = [
            target if target.kind == "socket" else target._replace(path=first.path) for target in declared
        ]
        if first.kind == "path":
            result.uri = f"{result.endpoint}{first.path}"
        elif result.endpoint:
            result.uri = result.endpoint
    elif first.kind == "path":  # an Airflow connection to SQLite has the file where others have a host
        if any(target.host != "localhost" and (target.host or target.path != first.path) for target in declared):
            result.refuse("mixed", "declared_host_differs")
    elif not _hosts(declared) <= _hosts(result.targets):
        result.refuse("mixed", "declared_host_differs")


def narrow(register: Register, result: Reading, facts: Facts, place: Place) -> None:
    """Refuse what the caller says when host and register prove otherwise; it never proves anything itself."""
    stated = [
        *(("region", region, place.region) for region in facts.regions if not place.own),
        ("provider", facts.provider, "own premises" if place.own else place.provider),
        ("service", facts.service, None if place.own else place.service),
    ]
    for what, said, proven in stated:
        if said and proven and said.lower() != proven.lower():
            result.refuse("mixed", "declared_differs", what=what, stated=shown_name(said), proven=proven)
    if facts.country and place.country and not same_country(register, facts.country, place.country):
        said = shown_name(facts.country)
        result.refuse("mixed", "declared_differs", what="country", stated=said, proven=place.country)


def what_was_stated(register: Register, facts: Facts, place: Place) -> tuple[str, str]:
    """Tell, for the message, which region only the caller states, and where that would be (empty: nobody knows)."""
    if not facts.regions:
        return "", ""
    region = facts.regions[0]
    provider = register.providers.get(place.provider or "")
    country = provider.regions.get(region.lower()) if provider else None
    city = provider.cities.get(region.lower()) if provider else None
    known = ", ".join(filter(None, (city, country))) if country and country != "third" else ""
    return shown_name(region), known
