"""How does what is open grow while a task runs? Whoever resolves a connection, or asks for a host's address, asks the guard.

An author's `PostgresHook("eds")` reaches the hospital's own database without being declared anywhere: the connection's
address is decided when the hook asks for it, and opened if it is allowed. What is not allowed stays shut, and says so.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors import confinement

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger("airflow.task")


class _Growth:
    """What the running task carries; empty: nothing grows."""

    data_class = ""
    hooked = False
    asking = False
    asked: set[tuple[str, str]] = set()  # noqa: RUF012 - one task a process


def grow_with(data_class: str) -> None:
    """From now on, let this process's connections and host names be decided for this class."""
    _Growth.data_class = data_class
    _Growth.asked = set()
    if _Growth.hooked:
        return
    _Growth.hooked = True
    from airflow.sdk.execution_time import context

    from pipeline.airflow.kernel.audit import hear_first

    plain: Callable[[str], Any] = context._get_connection  # noqa: SLF001 - the one place that every hook goes through

    def decided(conn_id: str) -> Any:
        found = plain(conn_id)
        _of_connection(conn_id, found)
        return found

    context._get_connection = decided  # noqa: SLF001 - as above
    hear_first(_heard)


def class_in_hand() -> str:
    """What the running task carries, as door 2 found it; empty where no door asked."""
    return _Growth.data_class


def _of_connection(conn_id: str, connection: Any) -> None:
    if _Growth.asking or not confinement.standing() or ("connection", conn_id) in _Growth.asked:
        return
    _Growth.asked.add(("connection", conn_id))
    _Growth.asking = True
    try:
        from pipeline.airflow.doors import connections
        from pipeline.airflow.doors.known import known
        from pipeline.airflow.doors.reading import Reading

        reading = connections.endpoints(
            "any", known(connection), conn_id=conn_id, where="connection", value_of=lambda _: None
        )
        _open(Reading(addresses=reading.addresses))
    except Exception as error:  # noqa: BLE001 - what can't be decided stays shut
        _LOG.warning(
            "the connection %s can't be decided (%s), so nothing is opened for it", conn_id, type(error).__name__
        )
    finally:
        _Growth.asking = False


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    """Python's own sockets, before they ask for a name or connect."""
    if event not in {"socket.getaddrinfo", "socket.connect"} or _Growth.asking or not _Growth.data_class:
        return
    host, port = _asked_of(event, arguments)
    if not host or not confinement.standing() or (host, str(port)) in _Growth.asked:
        return
    _Growth.asked.add((host, str(port)))
    _Growth.asking = True
    try:
        if confinement.leads_to(host, port):
            return
        from pipeline.airflow.doors.reading import Address, Reading

        plain = {80: "http://", 443: "https://", 21: "ftp://"}.get(port if isinstance(port, int) else 0, "")
        place = f"[{host}]" if ":" in host else host
        uri = f"{plain}{place}:{port}" if isinstance(port, int) and port else f"https://{place}"
        _open(Reading(addresses=(Address(uri=uri, where="the running task"),)))
    except Exception as error:  # noqa: BLE001 - what can't be decided stays shut
        _LOG.warning("a host can't be decided (%s), so it stays shut", type(error).__name__)
    finally:
        _Growth.asking = False


def _asked_of(event: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    if event == "socket.getaddrinfo":
        host, port = arguments[0], arguments[1]
    else:
        address = arguments[1]
        if not isinstance(address, tuple) or len(address) < 2:
            return "", 0
        host, port = address[0], address[1]
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if isinstance(port, str) and port.isdigit():
        port = int(port)
    return (host if isinstance(host, str) else ""), port


def _open(reading: Any) -> None:
    from pipeline.airflow.doors.ruling import law, rule

    ruling = rule(reading, data_class=_Growth.data_class, guard=law().guard)  # type: ignore[arg-type]  # one of the five, as door 2 found it
    for _, decision in ruling.decisions:
        if decision.allowed:
            confinement.open_for([decision])
        elif not confinement.knows(decision.destination.host or ""):
            rules = ", ".join(dict.fromkeys(reason.rule for reason in decision.blocks))
            _LOG.warning("%s stays shut: %s", decision.destination.uri, rules)
