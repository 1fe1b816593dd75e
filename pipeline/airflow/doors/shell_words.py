"""What do all readers of shell commands share: a command's words, its options, and how a place is told from a word?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.airflow.doors.reading import Address, Reading

UNKNOWN = "\0"
"""Stands for a part of a word that the shell would only know when it runs."""

FULL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
STORES = re.compile(
    r"(?i)^(?:s3|s3a|s3n|gs|gcs|abfss?|wasbs?|sftp|ftps?|scp|rsync|hf|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?|kafka|smb|davs?|snowflake)://"
)
REMOTE_PATH = re.compile(
    r"^(?:(?P<login>[^@/\s:]+)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]*):(?P<path>(?!//).*)$"
)
HOSTLIKE = re.compile(
    r"^(?:[^@/\s]+@)?(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9-]+(?::[0-9]+)?(?:/.*)?$|^localhost(?::[0-9]+)?(?:/.*)?$"
)
PORT = re.compile(r"^[0-9]{1,5}$")


class Command(NamedTuple):
    """A command as the shell would start it; a word that can't be known holds UNKNOWN."""

    name: str
    words: tuple[str, ...]


class Surroundings(NamedTuple):
    """Where a command stands: the argument that holds it, the variables that are known there, and who reads what it holds.

    Attributes:
        where: The argument.
        variables: Name to value.
        script: Reads a script that runs elsewhere (`ssh host '...'`), with the words for where it stands.
        sql: Reads SQL, with its dialect and the words for where it stands.
    """

    where: str
    variables: Mapping[str, str]
    script: Callable[[str, str], Reading]
    sql: Callable[[str, str, str], Reading]


Reader = Callable[[Command, Surroundings], Reading]


def socket_of(host: str, port: str, kind: str, where: str) -> Reading:
    """A socket by host and port, as bash's /dev/tcp and netcat name it."""
    if "$" in host or UNKNOWN in host or "$" in port or UNKNOWN in port:
        return Reading(unread=(f"{where}: {kind} goes to a host that only the shell knows",))
    return addresses_of([f"{bracketed(host)}:{port}"], where, kind)


def bracketed(host: str) -> str:
    """An IPv6 address as it stands in a URI."""
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


def addresses_of(uris: list[str], where: str, name: str, declared: Mapping[str, str] | None = None) -> Reading:
    """The places that a program is given; one that only the shell will know is said to be unread."""
    known = [uri for uri in uris if UNKNOWN not in _place_of(uri)]
    lost = (f"{where}: {name} goes to a place that only the shell knows",) if len(known) < len(uris) else ()
    return Reading(
        addresses=tuple(
            Address(
                uri=cut_to_bucket(uri.replace(UNKNOWN, "x")),
                where=f"{where} ({name})",
                declared=declared,
                settled=False,
            )
            for uri in dict.fromkeys(known)
        ),
        unread=lost,
    )


def _place_of(uri: str) -> str:
    """The part of a URI that decides its place: all before the path."""
    scheme, mark, rest = uri.partition("://")
    return scheme + mark + rest.partition("/")[0] if mark else uri


def cut_to_bucket(uri: str) -> str:
    """A bucket's URI without its key; any other as it is."""
    bucket = re.match(r"(?i)(s3|s3a|s3n|gs|gcs)://([^/]*)", uri)
    return f"{bucket[1].lower()}://{bucket[2]}/" if bucket else uri


def unread(around: Surroundings, words: str) -> Reading:
    """What a reader could not read, and where it stands."""
    return Reading(unread=(f"{around.where}: {words}",))


def option(words: tuple[str, ...], *names: str) -> list[str]:
    """Values of an option, as `--name value`, `--name=value`, `-nvalue`."""
    found = []
    for index, word in enumerate(words):
        for name in names:
            if word == name and index + 1 < len(words):
                found.append(words[index + 1])
            elif name.startswith("--") and word.startswith(f"{name}="):
                found.append(word.partition("=")[2])
            elif (
                not name.startswith("--")
                and len(name) == 2
                and word.startswith(name)
                and len(word) > 2
                and not word.startswith("--")
            ):
                found.append(word[2:])
    return found


def free_words(words: tuple[str, ...], taking: frozenset[str]) -> list[str]:
    """Words that are neither options nor options' values."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and len(word) > 1:
            skip = word in taking
        else:
            found.append(word)
    return found
