"""Where does this one command send or fetch bytes: which reader knows its program?

Each client names hosts in its own way; what a client would take from a configuration or from standard input is not
readable, and is said to be so. A program that nobody knows names nothing but the URIs in its arguments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.airflow.doors import (
    shell_databases,
    shell_others,
    shell_remote,
    shell_sockets,
    shell_stores,
    shell_web,
)
from pipeline.airflow.doors.reading import Reading
from pipeline.airflow.doors.shell_words import unread

if TYPE_CHECKING:
    from pipeline.airflow.doors.shell_words import Command, Surroundings

READERS = {
    **shell_web.READERS,
    **shell_stores.READERS,
    **shell_remote.READERS,
    **shell_databases.READERS,
    **shell_sockets.READERS,
    **shell_others.READERS,
}

HARMLESS = frozenset(
    "echo printf true false test [ [[ cd pwd ls cat grep egrep fgrep sed awk cut sort uniq head tail wc tr tee date sleep exit return set export unset local readonly declare mkdir rm mv cp ln touch chmod chown stat find diff cmp gzip gunzip zcat zstd bzip2 xz tar zip unzip sha256sum md5sum base64 basename dirname realpath seq jq yq read shift wait kill ps df du id whoami hostname uname : let break continue mktemp split paste join column fold nl rev tac od hexdump xxd iconv file which type hash ulimit umask".split()
)

# What these can do beside what they are for.
_STARTS = {
    **dict.fromkeys(("awk", "sed"), re.compile(r"system\s*\(|/inet|getline|\|\s*\"|\|&|/e\s*$")),
    "tar": re.compile(r"^(?:--to-command|--checkpoint-action|--use-compress-program|--rsh-command|-I)|^[^/]+:"),
    "sort": re.compile(r"^--compress-program"),
    "split": re.compile(r"^--filter"),
}


def read_command(command: Command, around: Surroundings) -> Reading:
    """Read one command."""
    name = command.name.rpartition("/")[2].lower()
    if name in HARMLESS:
        starts = _STARTS.get(name)
        started = starts is not None and any(starts.search(word) for word in command.words)
        return unread(around, f"{name} starts a program or a connection by itself") if started else Reading()
    name = re.sub(r"^(python|pip|perl|ruby|node|php)[0-9.]*$", r"\1", name)
    return READERS.get(name, shell_others.read_any)(command, around)
