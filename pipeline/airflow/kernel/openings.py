"""What is open right now? Hosts and ports that decisions opened, with the addresses that their names were given."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.airflow.kernel.addresses import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Resolve = Callable[[str], Iterable[str]]
    """A host name to its addresses, as text; OSError where there are none."""


class Opening(NamedTuple):
    """What `pipeline.guard.egress.Opening` is: a host with its port, or a local path. Any tuple like it is taken."""

    host: str
    port: int
    path: str | None = None


def resolve(host: str) -> list[str]:
    """The machine's own answer to a name."""
    return sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})


class Openings:
    """The list that grows while a task runs. Safe for many threads."""

    def __init__(self, resolve: Resolve = resolve) -> None:
        self._resolve = resolve
        self._lock = threading.Lock()
        self._addresses: set[tuple[str, int]] = set()
        self._ports: dict[str, set[int]] = {}
        self._pinned: dict[str, set[str]] = {}
        self._paths: set[str] = set()

    def add(self, opening: Opening) -> None:
        """Open one more; a name is looked up at once, and its addresses are pinned."""
        host, port, path = opening
        if path:
            with self._lock:
                self._paths.add(str(Path(path).resolve()))
            return
        address = spelled(host)
        if address is not None:
            with self._lock:
                self._addresses.add((address, port))
            return
        name = plain(host)
        with self._lock:
            self._ports.setdefault(name, set()).add(port)
        self.look_up(name)

    def add_own(self, address: str, port: int) -> None:
        """Open what the task itself listens on."""
        with self._lock:
            self._addresses.add((address, port))

    def knows(self, name: str) -> bool:
        """Whether a name was opened, and may be asked for."""
        return plain(name) in self._ports

    def look_up(self, name: str) -> list[str]:
        """A name's addresses as they are now; whoever was told an older one may go on with it."""
        try:
            found = [address for text in self._resolve(plain(name)) if (address := spelled(text.partition("%")[0]))]
        except OSError:
            return []
        with self._lock:
            self._pinned.setdefault(plain(name), set()).update(found)
        return found

    def leads_to(self, address: str, port: int) -> bool:
        """Whether an address, in canonical form, is open at a port."""
        with self._lock:
            return (address, port) in self._addresses or any(
                port in self._ports[name] and address in pinned
                for name, pinned in self._pinned.items()
                if name in self._ports
            )

    def has_path(self, path: str) -> bool:
        """Whether a unix socket is open: by its own path, or by its folder."""
        with self._lock:
            return path in self._paths or str(Path(path).parent) in self._paths

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(sorted(self._ports))


def plain(name: str) -> str:
    """A name as it is compared: lower case, A-labels, without the root's dot."""
    text = name.rstrip(".").lower()
    if text.isascii():
        return text
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:
        return text
