"""What does a destination without a scheme mean: scp, host:port, a registry's image, or a relative path?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.guard.authority import judge_path, looks_like_host, read_hosts
from pipeline.guard.images import read_image
from pipeline.guard.reading import NOWHERE

if TYPE_CHECKING:
    from pipeline.guard.reading import Reading

HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^/:@\s,\[\]]+)"
HOST_PORTS = re.compile(rf"{HOST}:[0-9]{{1,5}}(?:,{HOST}(?::[0-9]{{1,5}})?)*|{HOST}(?:,{HOST})*:[0-9]{{1,5}}")
SCP = re.compile(rf"(?:(?P<login>[^@/:\s]+)@)?(?P<host>{HOST}):(?P<path>.*)", re.DOTALL)
NAME = r"[a-z0-9]+(?:[._/\-]+[a-z0-9]+)*"
TAG = r"(?::\w[\w.\-]{0,127})"
DIGEST = r"(?:@sha256:[0-9a-f]{64})"
# Without tag or digest, registry.host/image is a relative path; with a port in front it can't be one.
IMAGE = re.compile(
    rf"(?P<host>[^/\s@:]+)(?:/{NAME}(?:{TAG}{DIGEST}?|{DIGEST})|(?P<port>:[0-9]{{1,5}})/{NAME}{TAG}?{DIGEST}?)"
)


def read_bare(reading: Reading, text: str) -> None:
    """Read a destination that has no scheme and isn't an absolute path."""
    if HOST_PORTS.fullmatch(text):
        reading.uri = read_hosts(reading, text, many=True)
        last = reading.targets[-1].port if reading.targets else 0  # one port behind the last host is all hosts'
        reading.targets = [target if target.port else target._replace(port=last) for target in reading.targets]
        return
    first = text.partition("/")[0]
    image = IMAGE.fullmatch(text)
    if image and (image["port"] or looks_like_host(image["host"])):
        reading.scheme = "docker"
        read_image(reading, "docker", f"//{text}")
        return
    scp = SCP.fullmatch(text)
    if scp and (scp["login"] or scp["path"].startswith("/")):
        reading.scheme = "scp" if scp["login"] else ""
        shown = read_hosts(reading, scp["host"], many=False, path=scp["path"])
        reading.uri = f"{shown}:{scp['path']}"
        judge_path(reading, scp["path"])
        return
    if "@" in first or ":" in first:
        reading.refuse("unsupported", "mail" if re.fullmatch(r"[^@/:]+@[^@/:]+", text) else "unknown_scheme")
        return
    reading.targets.append(NOWHERE)
    reading.uri = "(relative path)"
