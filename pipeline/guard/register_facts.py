"""In which form do rules ask the register: providers, certificates, entries, countries?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.guard.impostors import KnownNames
from pipeline.guard.templates import HostIndex

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What rules ask of a provider."""

    id: str
    name: str
    seat: str | None
    control: str | None
    regions: dict[str, str]
    cities: dict[str, str]
    services: dict[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What rules ask of a certificate."""

    id: str
    scheme: str
    version: str
    services: frozenset[str]
    regions: frozenset[str]
    activities: frozenset[int]
    valid_from: date | None
    valid_until: date | None
    claimed: bool
    documented: bool
    access: tuple[str, ...] = ()


class Entry(NamedTuple):
    """A verified destination."""

    id: str
    own: bool
    country: str | None
    provider: str | None
    service: str | None
    region: str | None
    verified_on: date | None
    valid_until: date | None
    exempt: bool = False

    def stands(self, on: date) -> bool:
        """Whether it proves anything on that day (both ends inclusive; no end: never)."""
        if self.verified_on is None or self.valid_until is None:
            return False
        return self.verified_on <= on <= self.valid_until


@dataclass(slots=True)
class Register:
    """The register in the form that decisions are made from."""

    providers: dict[str, ProviderFacts] = field(default_factory=dict)
    hosts: HostIndex = field(default_factory=HostIndex)
    certificates: dict[str, list[CertificateFacts]] = field(default_factory=dict)
    entries: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    networks: list[tuple[IPv4Network | IPv6Network, Entry]] = field(default_factory=list)
    paths: list[tuple[str, Entry]] = field(default_factory=list)
    verified_hosts: set[str] = field(default_factory=set)
    eu: frozenset[str] = frozenset()
    eea: frozenset[str] = frozenset()
    adequate: dict[str, date | None] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    hds_version_1_ended: date = date.min
    laws: dict[str, dict[str, str]] = field(default_factory=dict)
    _names: KnownNames | None = None

    def all_entries(self) -> list[Entry]:
        """List every verified destination once, in no order."""
        entries = [entry for found in self.entries.values() for entry in found]
        return [*entries, *(entry for _, entry in self.networks), *(entry for _, entry in self.paths)]

    def law(self, name: str) -> tuple[str, str]:
        """The law of a rule, in English and French (empty: none)."""
        words = self.laws.get(name, {})
        return words.get("en", ""), words.get("fr", "")

    def known_names(self) -> KnownNames:
        """Gather the names that an impostor would imitate."""
        if self._names is None:
            self._names = KnownNames(self.hosts.domains, self.verified_hosts)
        return self._names

    def country(self, code: str | None) -> str | None:
        """Bring a country code to the one form that zones are listed in."""
        if code is None:
            return None
        upper = code.strip().upper()
        return self.aliases.get(upper, upper)
