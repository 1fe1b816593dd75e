"""Does a host that nobody knows carry a known name, or look like one?"""

from __future__ import annotations

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
        """Prepare what every unknown host is compared with."""
        self.names = domains | verified
        self.skeletons = {skeleton(name): name for name in self.names}
        long = [name for name in domains if len(name.partition(".")[0]) >= GLUED_WITH_DASH]
        self.flat = {name.replace(".", "-"): name for name in long}
        self.endings = tuple(name for name in domains if len(name.partition(".")[0]) >= GLUED)
        self.dashed_endings = tuple(f"-{name}" for name in long)

    def own(self, host: str) -> bool:
        """Tell whether a host stands under a known name: then it is no stranger's."""
        labels = host.split(".")
        return any(".".join(labels[at:]) in self.names for at in range(len(labels)))

    def inside(self, host: str) -> str | None:
        """Find a known name between two dots or dashes of a host, with more behind it; dots may be written as dashes."""
        marks = [at for at, character in enumerate(host) if character in ".-"]
        for start in (0, *(at + 1 for at in marks)):
            for end in marks:
                piece = host[start:end]
                if piece in self.names and "." in piece:
                    return piece
                if piece in self.flat:
                    return self.flat[piece]
        return None

    def glued(self, host: str) -> str | None:
        """Find a long known name that a host ends with, glued to letters or behind a dash."""
        for ending in self.endings:
            if host.endswith(ending):
                return ending
        return registrable(host).rpartition("-")[2] if host.endswith(self.dashed_endings) else None

    def alike(self, host: str) -> str | None:
        """Find a known name that the host, or its domain, looks like without being it."""
        shown = as_shown(host)
        for name in (shown, registrable(shown)):
            known = self.skeletons.get(skeleton(name))
            if known is not None and known != name:
                return known
        return None


def pretended_name(register: Register, host: str) -> Problem | None:
    """Name the trick of an unknown host, if it is one: a known name inside it, or one that it looks like."""
    known = register.known_names()
    if known.own(host):
        return None
    worn = known.inside(host) or known.glued(host)
    if worn is not None:
        return ("destination.spoofed", "known_name_inside", (("host", host), ("known", worn)))
    alike = known.alike(host)
    if alike is not None:
        return ("destination.spoofed", "look_alike_name", (("host", host), ("known", alike)))
    return None


def as_shown(host: str) -> str:
    """Spell a host as a person would see it: `xn--` labels in their letters, or as they stand if they have none."""
    if "xn--" not in host:
        return host
    import idna

    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):  # a bucket's name may be any letters, and is put before a host
        return host
