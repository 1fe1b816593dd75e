"""What does `[douane]` in airflow.cfg say of the kernel's door?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.airflow.kernel.openings import Opening
from pipeline.airflow.settings import option
from pipeline.errors import InvalidDocument

_HOST_AND_PORT = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\s]+)):(?P<port>\d{1,5})")


@dataclass(frozen=True)
class Mode:
    """How the door is to stand.

    Attributes:
        run: `door_run`: enforce; warn (only note and log); off.
        missing: `door_run_missing`: refuse the task, or warn, where the kernel can't.
        openings: `door_open`: what every task of this installation reaches (a git host of DAG bundles, StatsD).
        loopback: `door_listen = loopback`: tasks may listen on the loopback.
        vet: `door_vet = register`: the notifier looks at the register before it opens more.
    """

    run: Literal["enforce", "warn", "off"]
    missing: Literal["refuse", "warn"]
    openings: tuple[Opening, ...]
    loopback: bool
    vet: bool = False


def mode() -> Mode:
    """Read it; a word that is none means the strictest, so that a typing error opens nothing.

    Raises:
        InvalidDocument: `door_open` holds what is neither host:port nor a path.
    """
    run = option("door_run").strip().lower()
    return Mode(
        run="warn" if run == "warn" else "off" if run == "off" else "enforce",
        missing="warn" if option("door_run_missing").strip().lower() == "warn" else "refuse",
        openings=tuple(opening(word) for word in re.split(r"[,\s]+", option("door_open")) if word),
        loopback=option("door_listen").strip().lower() == "loopback",
        vet=option("door_vet").strip().lower() == "register",
    )


def opening(word: str) -> Opening:
    """Read `host:port`, `[address]:port`, or the path of a unix socket.

    Example:
        >>> opening("git.chu.example:443")
        Opening(host='git.chu.example', port=443, path=None)
    """
    if word.startswith("/"):
        return Opening("", 0, word)
    found = _HOST_AND_PORT.fullmatch(word)
    if not found or not 0 < int(found["port"]) < 65536:
        raise InvalidDocument(
            f"[douane] door_open: {word} is neither host:port nor a path", hint="Write git.chu.example:443."
        )
    return Opening(found["six"] or found["host"], int(found["port"]))
