"""What did a door read of a task: which addresses it would reach, what else is wrong, and what nobody could read?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, kw_only=True)
class Address:
    """One place that a task would reach.

    Attributes:
        uri: As the guard reads it.
        where: The argument, connection or text that names it, in words.
        declared: What the connection says beside it; it narrows only.
        needs: The data class that the place must be allowed for, where it isn't the task's: a server that only hands
            out credentials gets no patient's data.
        optional: What may be a mere label (a URI in a Python callable's arguments): it is opened if the guard allows
            it, and blocks nothing, because the kernel's door stops whoever goes there.
        settled: Whether nothing that is known only at run time (a connection) could change the answer.
    """

    uri: str
    where: str
    declared: Mapping[str, Any] | None = field(default=None, hash=False)
    needs: str = ""
    optional: bool = False
    settled: bool = True


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What blocks a task without the guard being asked: a rule, what is wrong, and the mend."""

    rule: str
    message: str
    where: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that was read.

    Attributes:
        addresses: Where the task would go, sources and destinations alike: a connection opened for reading takes
            what is written to it, too.
        faults: What blocks by itself.
        unread: What could not be read, in words. In this process the kernel's door confines it.
    """

    addresses: tuple[Address, ...] = ()
    faults: tuple[Fault, ...] = ()
    unread: tuple[str, ...] = ()

    def __add__(self, other: Reading) -> Reading:
        return Reading(
            addresses=tuple(_once([*self.addresses, *other.addresses])),
            faults=tuple(dict.fromkeys([*self.faults, *other.faults])),
            unread=tuple(dict.fromkeys([*self.unread, *other.unread])),
        )

    def elsewhere(self) -> Reading:
        """The same, read of what runs on another machine: no door confines it there, so it must be readable."""
        faults = tuple(
            Fault(
                rule="task.unconfined",
                message=f"{words}, and it runs where no door confines it. Write the destination out, or run it in a task of this Airflow.",
                where="what it runs",
            )
            for words in self.unread
        )
        return Reading(
            addresses=tuple(replace(address, optional=False) for address in self.addresses),
            faults=(*self.faults, *faults),
        )


def joined(readings: Iterable[Reading]) -> Reading:
    """Add readings up."""
    return sum(readings, Reading())


def _once(addresses: list[Address]) -> list[Address]:
    found: dict[tuple[str, str, bool, str], Address] = {}
    for address in addresses:
        found.setdefault((address.uri, address.needs, address.optional, str(address.declared)), address)
    return list(found.values())
