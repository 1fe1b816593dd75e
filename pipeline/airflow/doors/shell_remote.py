"""Where do programs go that speak SSH or rsync's own protocol, and what do they run there?"""

from __future__ import annotations

import re

from pipeline.airflow.doors.reading import Reading
from pipeline.airflow.doors.shell_words import (
    FULL,
    PORT,
    REMOTE_PATH,
    UNKNOWN,
    Command,
    Reader,
    Surroundings,
    addresses_of,
    bracketed,
    free_words,
    option,
    unread,
)

SSH_TAKES = frozenset("-i -p -P -o -l -F -c -m -S -b -B -D -L -R -W -w -J -E -e -I -O -Q -a -s -l -X".split()) - {
    "-a",
    "-X",
    "-s",
}


def _ssh(command: Command, around: Surroundings) -> Reading:
    words = command.words
    free = free_words(words, SSH_TAKES)
    found = _jumps(words, around)
    port = (
        (option(words, "-p") or option(words, "-P") or [""])[0]
        if PORT.match((option(words, "-p") or option(words, "-P") or [""])[0])
        else ""
    )
    if not free:
        return found
    found += addresses_of([_ssh_uri(free[0], port)], around.where, command.name)
    if command.name.endswith("ssh") and len(free) > 1:
        script = " ".join(words[words.index(free[0]) + 1 :])
        found += (
            Reading(unread=(f"{around.where}: ssh runs what only the shell knows",))
            if UNKNOWN in script
            else around.script(script, f"{around.where} (on {free[0].rpartition('@')[2][:60]})").elsewhere()
        )
    return found


def _ssh_uri(target: str, port: str) -> str:
    host = target.partition("://")[2] if FULL.match(target) else target
    bare = host.rpartition("@")[2]
    named = bracketed(
        bare.split("/")[0] if FULL.match(target) else bare.partition(":")[0] if bare.count(":") == 1 else bare
    )
    return f"sftp://{named}:{port}" if port and not re.search(r":[0-9]+$", named) else f"sftp://{named}"


def _jumps(words: tuple[str, ...], around: Surroundings) -> Reading:
    found = Reading()
    jumps = [host for value in option(words, "-J") for host in value.split(",")]
    for setting in option(words, "-o"):
        name, _, value = re.sub(r"\s*=\s*|\s+", "=", setting, count=1).partition("=")
        if name.lower() == "proxyjump":
            jumps += value.split(",")
        elif name.lower() == "hostname":
            jumps.append(value)
        elif name.lower() in {"proxycommand", "localcommand"}:
            found += unread(around, "ssh goes through a proxy command")
    if option(words, "-F"):
        found += unread(around, "ssh takes its hosts from a file")
    return found + addresses_of([_ssh_uri(jump, "") for jump in jumps], around.where, "ssh")


def _copy(command: Command, around: Surroundings) -> Reading:
    """Scp and rsync: login@host:path, host::module, scp://, rsync://."""
    words = command.words
    rsync = command.name.endswith("rsync")
    taking = (
        frozenset(
            "-e --rsh --exclude --include --exclude-from --include-from --files-from --filter -f --port --password-file --bwlimit --log-file --partial-dir --temp-dir -T --rsync-path --chmod --chown -B -M".split()
        )
        if rsync
        else SSH_TAKES
    )
    found = _jumps(words, around) if not rsync else Reading()
    port = next((value for value in option(words, "-P", "--port") if PORT.match(value)), "")
    for shell in option(words, "-e", "--rsh") if rsync else ():
        port = port or next(iter(re.findall(r"-p\s*([0-9]+)", shell)), "")
        if re.search(r"(?i)proxy|-J|-F", shell) or not re.match(r"^\s*(?:\S*/)?ssh\b", shell):
            found += unread(around, "rsync goes through another program")
    uris = []
    for word in free_words(words, taking):
        remote = REMOTE_PATH.match(word)
        if FULL.match(word):
            uris.append(word if word.lower().startswith("rsync") else _ssh_uri(word, port))
        elif "::" in word and rsync and not word.startswith("/"):
            host = word.partition("::")[0].rpartition("@")[2]
            uris.append(f"rsync://{host}" + (f":{port}" if port else ""))
        elif remote:
            uris.append(f"sftp://{remote['host']}" + (f":{port}" if port else ""))
        elif UNKNOWN in word and not word.startswith(("/", "./", "~")):
            uris.append(word)
    return found + addresses_of(uris, around.where, command.name)


def _git(command: Command, around: Surroundings) -> Reading:
    uris = []
    for word in command.words:
        remote = REMOTE_PATH.match(word)
        if FULL.match(word):
            uris.append(word)
        elif remote and remote["login"]:
            uris.append(f"sftp://{remote['host']}")
    if (
        not uris
        and command.words
        and command.words[0] in {"push", "fetch", "pull", "remote", "ls-remote", "send-email"}
    ):
        return unread(around, "git goes to the remotes of its own configuration")
    return addresses_of(uris, around.where, "git")


READERS: dict[str, Reader] = {
    **dict.fromkeys(("ssh", "sftp", "ssh-copy-id", "autossh", "mosh"), _ssh),
    **dict.fromkeys(("scp", "rsync", "sshfs"), _copy),
    "git": _git,
}
