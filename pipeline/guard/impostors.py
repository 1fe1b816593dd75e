"""Does a host that nobody knows carry a known name, or look like one?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.guard.lookalikes import skeleton
from pipeline.guard.templates import registrable

if TYPE_CHECKING:
    from pipeline.guard.reading import Problem
    from pipeline.guard.register import Register

# A short name inside another word is a coincidence (box.com in dropbox.com), a long one is a costume.
GLUED_WITH_DASH = 5
GLUED = 8


class KnownNames:
    """The names worth imitating: the domains of providers and the hosts that the DPO verified."""

    def __init__(self, domains: set[str], verified: set[str]) -> None:
        self.names = domains | verified
        self.skeletons = {skeleton(name): name for name in self.names}
        long = [name for name in domains if len(name.partition(".")[0]) >= GLUED_WITH_DASH]
        words = "|".join(sorted(map(re.escape, domains), key=len, reverse=True))
        flat = "|".join(re.escape(name.replace(".", "-")) for name in long)
        self.inside = re.compile(rf"(?:^|[.-])({words})(?=[.-])")
        self.flat = re.compile(rf"(?:^|[.-])({flat})(?=[.-])") if flat else None
        self.endings = tuple(name for name in domains if len(name.partition(".")[0]) >= GLUED)
        self.dashed_endings = tuple(f"-{name}" for name in long)


def pretended_name(register: Register, host: str) -> Problem | None:  # noqa: C901, PLR0911 - one branch a trick
    """Name the trick of an unknown host, if it is one: a known name inside it, or one that it looks like."""
    known = register.known_names()
    labels = host.split(".")
    suffixes = [".".join(labels[at:]) for at in range(len(labels))]
    if any(suffix in known.names for suffix in suffixes):
        return None  # a stranger's host has no known ending; this one is the provider's own, only not on file
    for start in range(len(labels)):
        for end in range(start + 1, len(labels)):
            name = ".".join(labels[start:end])
            if "." in name and name in known.names:
                return _inside(host, name)
    match = known.inside.search(host) or (known.flat.search(host) if known.flat else None)
    if match:
        return _inside(host, match[1])
    for ending in known.endings:
        if host.endswith(ending):
            return _inside(host, ending)
    if host.endswith(known.dashed_endings):
        return _inside(host, registrable(host))
    shown = as_shown(host)
    for name in (shown, registrable(shown)):
        alike = known.skeletons.get(skeleton(name))
        if alike is not None and alike != name:
            return ("destination.spoofed", "look_alike_name", (("host", host), ("known", alike)))
    return None


def as_shown(host: str) -> str:
    """Spell a host as a person would see it: `xn--` labels in their letters."""
    if "xn--" not in host:
        return host
    import idna  # noqa: PLC0415 - few hosts need it

    return idna.decode(host)


def _inside(host: str, name: str) -> Problem:
    return ("destination.spoofed", "known_name_inside", (("host", host), ("known", name)))
