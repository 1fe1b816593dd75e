"""What may be connected to once a decision allows a destination? Named hosts with their ports, and local paths.

No wildcard: a host that the decision can't name stays shut. So do the hosts that a system names only when it answers
(Kafka's brokers, HDFS's data nodes, MongoDB's SRV records, FTP's data ports): name them in the destination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import Stopped
from pipeline.guard import schemes
from pipeline.guard.locations import ACCOUNT, ACCOUNT_SCHEMES, locate
from pipeline.guard.reading import Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pipeline.guard.decision import Decision
    from pipeline.guard.locations import Place
    from pipeline.guard.register import Register

Reached = tuple[str, Target]
"""A scheme, and what a client of that scheme connects to."""


class Opening(NamedTuple):
    """One thing that a client may reach: a host (a name, or an address without brackets) and port, or a local path.

    `path`: a local file or folder, or the folder of a unix socket; then `host` is empty and `port` 0.
    """

    host: str
    port: int
    path: str | None = None


def openings(decision: Decision) -> tuple[Opening, ...]:
    """Name what an allowed decision opens, sorted and each once.

    Args:
        decision: What the guard decided; of a bucket or an Azure account, also the hosts that its clients use.

    Returns:
        Hosts as the guard spells them (lower case, A-labels, no trailing dot), ports as written or the scheme's own.

    Raises:
        Stopped: The decision is a block, or no port can be told.

    Example:
        >>> from pipeline.guard import Guard
        >>> openings(Guard.load().decide("https://chu.example/x", data_class="technical"))
        (Opening(host='chu.example', port=443, path=None),)
    """
    if not decision.allowed:
        raise Stopped(f"{decision.destination.uri} is blocked, so it opens nothing", hint="See the decision's reasons.")
    return tuple(sorted({opening for reached in decision.reached for opening in _openings(*reached)}, key=_order))


def _order(opening: Opening) -> tuple[str, int, str]:
    return (opening.host, opening.port, opening.path or "")


def _openings(scheme: str, target: Target) -> Iterator[Opening]:
    if target.kind in {"path", "socket"}:
        if target.path:
            yield Opening("", 0, target.path)
        return
    if not target.host:
        return
    host = str(target.address) if target.address is not None else target.host
    ports = (target.port,) if target.port else schemes.PORTS.get(scheme, ())
    if not ports:
        raise Stopped(f"no port of {target.host} can be told", hint="Write it behind the host, as host:port.")
    for port in ports:
        yield Opening(host, port)


def reached_by(
    register: Register, target: Target, place: Place, on: date, *, scheme: str, regions: tuple[str, ...]
) -> list[Reached]:
    """List a target, and the other hosts by which clients reach the same bucket or account at the same place.

    `regions`: what the caller declares, for the classes that may go anywhere.
    """
    if target.kind == "service":
        return [("https", Target("host", host)) for host in _bucket_hosts(target, place, regions)]
    found = [(scheme, target)]
    if target.bucket and target.address is None:
        found += _at_same_place(register, target, f"{target.bucket.partition('://')[2]}.{target.host}", place, on)
    account = ACCOUNT.fullmatch(target.host) if scheme in ACCOUNT_SCHEMES else None
    if account:  # clients of Data Lake Storage ask the same account's blob and dfs hosts
        for service in ("blob", "dfs"):
            found += _at_same_place(register, target, f"{account[1]}.{service}.core.windows.net", place, on)
    return found


def _at_same_place(register: Register, target: Target, host: str, place: Place, on: date) -> list[Reached]:
    other = target._replace(host=host.lower())
    there = locate(register, other, on, "https")
    same = (there.status, there[2:7]) == (place.status, place[2:7])
    return [("https", other)] if same and other.host != target.host else []


def _bucket_hosts(target: Target, place: Place, regions: tuple[str, ...]) -> list[str]:
    """Name the hosts of a bucket that a URI leaves to the client: of its proven region, never the global entry.

    The global entry of S3 shares its addresses with another region; of Cloud Storage there is only one.
    """
    name = target.bucket.partition("://")[2].lower()
    if not name:
        return []
    if target.provider == "gcp":
        rest = [f"storage.{place.region}.rep.googleapis.com"] if place.region else []
        return ["storage.googleapis.com", f"{name}.storage.googleapis.com", *rest]
    region = place.region or (regions[0].lower() if regions else "")
    tail = f"s3.{region}.amazonaws.com" if region else "s3.amazonaws.com"
    return [tail, f"{name}.{tail}"]
