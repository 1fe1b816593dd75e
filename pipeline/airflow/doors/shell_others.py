"""Where do the other programs go: installers, containers, interpreters, and whatever nobody knows?"""

from __future__ import annotations

import re

from pipeline.airflow.doors.reading import Address, Reading
from pipeline.airflow.doors.shell_words import (
    FULL,
    HOSTLIKE,
    STORES,
    UNKNOWN,
    Command,
    Reader,
    Surroundings,
    addresses_of,
    cut_to_bucket,
    free_words,
    option,
    unread,
)

_NAMES_A_HOST = re.compile(r"(?i)--?(?:[a-z0-9]+[-_])*(?:host|hostname|server|endpoint|url|uri|broker|proxy)$")


def _packages(command: Command, around: Surroundings) -> Reading:
    """Installers: they fetch, and nothing that they are given is a patient's data; their index is a place all the same."""
    uris = option(
        command.words,
        "-i",
        "--index-url",
        "--extra-index-url",
        "--registry",
        "--repository-url",
        "--find-links",
        "-f",
        "-c",
        "--channel",
    )
    uris = [uri for uri in (*uris, *command.words) if FULL.match(uri)]
    return (
        addresses_of(uris, around.where, command.name)
        if uris
        else unread(around, f"{command.name} goes to the index of its own settings")
    )


def _containers(command: Command, around: Surroundings) -> Reading:
    words = command.words
    free = free_words(
        words,
        frozenset(
            "-e --env -v --volume --name --network -p -w -u --mount --context -H --host -t --tag -f --file".split()
        ),
    )
    hosts = option(words, "-H", "--host")
    found = addresses_of(hosts, around.where, command.name)
    if free[:1] == ["push"] or free[:2] == ["image", "push"]:
        image = free[-1]
        return found + addresses_of(
            [image if re.match(r"^[^/]+[.:][^/]*/", image) else f"docker.io/{image}"], around.where, command.name
        )
    return found + unread(around, f"{command.name} runs something where no door confines it")


def _cluster(command: Command, around: Surroundings) -> Reading:
    servers = option(command.words, "-s", "--server", "--kube-apiserver")
    return addresses_of(servers, around.where, command.name) + unread(
        around, f"{command.name} runs something where no door confines it"
    )


def _later(command: Command, around: Surroundings) -> Reading:
    """What is started later, by another process than this one's children."""
    asks = set(command.words) & {"-l", "-r", "-q"}
    return Reading() if asks else unread(around, f"{command.name} hands a script to a process that starts it later")


def _code(command: Command, around: Surroundings) -> Reading:
    """`python -c '...'`: what a program text connects to can't be read; the URIs in it are opened if they may be."""
    found = Reading()
    for text in option(command.words, "-c", "-e", "-E", "-r"):
        uris = re.findall(r"[a-z][a-z0-9+.-]+://[^\s'\"\\)]+", text)
        found += Reading(
            addresses=tuple(
                Address(uri=cut_to_bucket(uri), where=around.where, optional=True) for uri in uris if UNKNOWN not in uri
            )
        )
        if re.search(
            r"(?i)socket|urllib|requests|http|boto|connect|fetch|net|smtp|ftp|subprocess|system|exec|eval|import", text
        ):
            found += unread(around, f"{command.name} runs a program text")
    return found + read_any(command, around)


def read_any(command: Command, around: Surroundings) -> Reading:
    """Any program's arguments: a store's URI is a place; a web address, or a host behind `--host`, may be a mere label."""
    found = Reading()
    for index, word in enumerate(command.words):
        name, _, told = word.partition("=") if word.startswith("-") else ("", "", word)
        value = told or word
        if FULL.match(value) and STORES.match(value):
            found += addresses_of([value], around.where, command.name[:40])
        elif UNKNOWN in value or value.lower().startswith("file:"):
            continue
        elif FULL.match(value):
            found += _maybe(value, around)
        elif _NAMES_A_HOST.match(name or (command.words[index - 1] if index else "")) and HOSTLIKE.match(value):
            found += _maybe(f"https://{value}", around)
    return found


def _maybe(uri: str, around: Surroundings) -> Reading:
    return Reading(addresses=(Address(uri=uri, where=around.where, optional=True, settled=False),))


READERS: dict[str, Reader] = {
    **dict.fromkeys("pip uv npm yarn apt apt-get conda mamba yum dnf twine gem cargo".split(), _packages),
    **dict.fromkeys("docker podman nerdctl buildah skopeo".split(), _containers),
    **dict.fromkeys(("kubectl", "helm", "oc"), _cluster),
    **dict.fromkeys(("crontab", "at", "batch", "systemd-run"), _later),
    **dict.fromkeys("python perl ruby node php".split(), _code),
}
