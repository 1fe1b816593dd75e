"""How does the author learn in plain words why a connection was refused? A line in the task's log, before the errno.

Python's audit events (PEP 578) see what Python itself connects, not libpq or curl: this explains, the kernel refuses.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from pipeline.airflow.kernel.addresses import spelled
from pipeline.airflow.kernel.install import is_open

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger("airflow.task")
_installed: list[Callable[[str, tuple[object, ...]], None]] = []
_first: list[Callable[[str, tuple[object, ...]], None]] = []
_told: set[tuple[str, int]] = set()


def explain() -> None:
    """Say it from now on, once for each host and port. Audit hooks can't be taken away again."""
    if not _installed:
        _installed.append(_heard)
        sys.addaudithook(_heard)


def hear_first(hear: Callable[[str, tuple[object, ...]], None]) -> None:
    """Let somebody hear each event before it is explained: what they open is not told as shut."""
    _first.append(hear)
    explain()


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    for hear in _first:
        hear(event, arguments)
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple) or len(address) < 2:
        return
    host, port = address[0], address[1]
    if not isinstance(host, str) or not isinstance(port, int) or (host, port) in _told:
        return
    try:
        if is_open(spelled(host.partition("%")[0]) or host, port):
            return
    except OSError:
        return
    _told.add((host, port))
    _LOG.error(
        "Douane: no decision opened %s port %s to this task. Name the destination in the operator or its connection.",
        host,
        port,
    )
