"""Which registry does a container image's name mean?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.guard.authority import read_hosts
from pipeline.guard.reading import Target
from pipeline.guard.schemes import DEFAULT_REGISTRY

if TYPE_CHECKING:
    from pipeline.guard.reading import Reading

DIGEST = re.compile(r"@[a-z0-9]+:[0-9a-f]{32,}$")


def read_image(reading: Reading, family: str, rest: str) -> None:
    """Read `docker://registry/name:tag`; a name without a registry is Docker Hub's (distribution's reference rule)."""
    name = DIGEST.sub("", rest.removeprefix("//").partition("?")[0])
    first, slash, path = name.partition("/")
    if not first:
        return
    if slash and ("." in first or ":" in first or first == "localhost"):
        shown = read_hosts(reading, first.rpartition("@")[2], many=False, path=f"/{path}")
        if "@" in first:
            reading.refuse("malformed", "two_readings")
        reading.uri = f"{family}://{shown}/{path}"
        return
    if not re.fullmatch(r"[\w.\-:/]+", name, re.ASCII):
        reading.refuse("malformed", "unreadable")
        return
    reading.targets.append(Target("host", DEFAULT_REGISTRY))
    reading.uri = f"{family}://{DEFAULT_REGISTRY}/{name}"
