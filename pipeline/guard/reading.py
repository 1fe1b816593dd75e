"""What is a destination once it has been read? The form that the parsers fill and the rules judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

Problem = tuple[str, str, tuple[tuple[str, str], ...]]
"""A rule, the key of its message, and the message's details."""


class Target(NamedTuple):
    """One place that the bytes would go to.

    `kind`: host; service (a bucket or account whose host the URI leaves out); path (a resolved local path); socket (a local one); nowhere (the client's own settings would say).
    `bucket`: `s3://name` or `gs://name`, where the destination names one; `path`: what stands behind the host or
    bucket, as written; `ways`: where a local path leads if it is decoded once more than it should be.
    """

    kind: str
    host: str = ""
    address: IPv4Address | IPv6Address | None = None
    bucket: str = ""
    path: str = ""
    provider: str = ""
    service: str = ""
    ways: tuple[str, ...] = ()
    port: int = 0
    """0: the scheme's own."""


NOWHERE = Target("nowhere")


class Reading:
    """A destination as read: its targets, and everything that is wrong with how it is written.

    A plain class: dataclasses would cost every DAG file 9 ms of import.
    """

    __slots__ = ("cleartext", "connection", "endpoint", "problems", "proxies", "scheme", "targets", "uri")

    def __init__(self, uri: str = "", *, scheme: str = "", cleartext: str = "", connection: str = "") -> None:
        """Start with nothing read."""
        self.uri = uri
        self.scheme = scheme
        self.cleartext = cleartext
        self.connection = connection
        self.targets: list[Target] = []
        self.problems: list[Problem] = []
        self.proxies: tuple[str, ...] = ()
        self.endpoint: str | None = None

    def settle(self) -> None:
        """Note that no host was named, unless what was written could not be read at all."""
        if not self.targets and all(rule == "destination.mixed" for rule, _, _ in self.problems):
            self.targets.append(NOWHERE)

    def refuse(self, rule: str, key: str, **details: str) -> None:
        """Note a problem, once."""
        problem = (f"destination.{rule}", key, tuple(details.items()))
        if problem not in self.problems:
            self.problems.append(problem)
