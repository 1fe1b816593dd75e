"""Which (provider, service, region) does a host prove?

Templates are anchored at both ends. `{region}` is written out for every region of its provider, so that almost every
template becomes a whole host or `{any+}.` before a fixed tail: dictionaries answer by tail, and only the few templates
with a part of a label are tried as patterns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Proof(NamedTuple):
    """What one template proves of a host; `prefix`: what stands before its fixed tail (a virtual-host bucket)."""

    provider: str
    service: str
    region: str | None
    prefix: str = ""
    tail: str = ""


class HostIndex:
    """Templates, ready to be asked. Built once a register."""

    def __init__(self) -> None:
        self._whole: dict[str, set[Proof]] = defaultdict(set)
        self._tails: dict[str, list[tuple[bool, Proof]]] = defaultdict(list)
        self._patterns: dict[str, list[tuple[re.Pattern[str], Proof]]] = defaultdict(list)
        self.domains: set[str] = set()

    def add(
        self, template: str, *, provider: str, service: str, regions: Iterable[str], fixed: str | None, proves: bool
    ) -> None:
        """Add one template of a service; `proves`: whether it proves the region."""
        if "{region}" in template:
            for region in regions:
                proof = Proof(provider, service, region if proves else None)
                self._put(template.replace("{region}", region).lower(), proof)
        else:
            self._put(template.lower(), Proof(provider, service, fixed if proves else None))

    def _put(self, text: str, proof: Proof) -> None:
        self.domains.add(registrable(text.rpartition("}")[2].lstrip(".")) if "{" in text else registrable(text))
        if "{" not in text:
            self._whole[text].add(proof._replace(tail=text))
            return
        for start, many in (("{any+}.", True), ("{any}.", False)):
            tail = text.removeprefix(start)
            if tail != text and "{" not in tail:
                self._tails[tail].append((many, proof._replace(tail=tail)))
                return
        tail = text.rpartition("}")[2].partition(".")[2]
        pattern = re.escape(text).replace(r"\{any\+\}", r"[^.]+(?:\.[^.]+)*").replace(r"\{any\}", r"[^.]+")
        self._patterns[tail].append((re.compile(pattern), proof))

    def overlapping(self) -> dict[str, set[str]]:
        """Name the templates that stand at several providers or services, and where."""
        found: dict[str, set[str]] = defaultdict(set)
        for whole, proofs in self._whole.items():
            found[whole] |= {f"{proof.provider}/{proof.service}" for proof in proofs}
        for tail, entries in self._tails.items():
            found[f"{{any+}}.{tail}"] |= {f"{proof.provider}/{proof.service}" for _, proof in entries}
        return {template: owners for template, owners in found.items() if len(owners) > 1}

    def proofs(self, host: str) -> set[Proof]:
        """Collect what every matching template proves."""
        found = set(self._whole.get(host, ()))
        tails, patterns = self._tails, self._patterns
        if "" in patterns:
            found.update(proof for pattern, proof in patterns[""] if pattern.fullmatch(host))
        dot = host.find(".")
        while dot >= 0:
            tail = host[dot + 1 :]
            if tail in tails:
                prefix = host[:dot]
                found.update(proof._replace(prefix=prefix) for many, proof in tails[tail] if many or "." not in prefix)
            if tail in patterns:
                found.update(proof for pattern, proof in patterns[tail] if pattern.fullmatch(host))
            dot = host.find(".", dot + 1)
        return found


def registrable(tail: str) -> str:
    """Cut a fixed tail to the domain that its owner registered.

    Example:
        >>> registrable("s3.cn-north-1.amazonaws.com.cn"), registrable("blob.core.windows.net")
        ('amazonaws.com.cn', 'windows.net')
    """
    labels = tail.split(".")
    second_level = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in {"com", "co", "net", "org", "gov", "ac"}
    return ".".join(labels[-3:] if second_level else labels[-2:])
