"""What in the register contradicts itself, is stale, or will end soon?"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pipeline.documents import line_of, parse_yaml, read_text
from pipeline.guard.certificates import last_day
from pipeline.guard.locations import same_country
from pipeline.guard.register import register_files

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.guard.register import Register

STALE_AFTER = timedelta(days=366)
BARE_NO = re.compile(r"(?:[:\[,]|^-)\s*(?:NO|No|no)\s*(?=[,}\]]|$|\s#)", re.MULTILINE)


class Finding(NamedTuple):
    """One thing a person should look at: where, what, and the mend."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.mend}"


class Ending(NamedTuple):
    """A certificate or a verified destination, its last day, and the days left (negative: over)."""

    id: str
    kind: str
    last_day: date | None
    days: int | None


def expiring(register: Register, *, on: date, days: int) -> list[Ending]:
    """List what ends within `days`, has ended, or has no end (and so proves nothing), soonest first."""
    found = []
    for certificates in register.certificates.values():
        for certificate in certificates:
            end = last_day(register, certificate) if certificate.valid_until else None
            found.append(Ending(certificate.id, certificate.scheme, end, (end - on).days if end else None))
    for entry in register.all_entries():
        end = entry.valid_until
        found.append(Ending(entry.id, "destination", end, (end - on).days if end else None))
    soon = [one for one in found if one.days is None or one.days <= days]
    return sorted(soon, key=lambda one: (one.last_day or date.min, one.id))


def review(folder: Path | None, register: Register, *, on: date) -> list[Finding]:
    """Find contradictions, unreachable certificates, overlapping templates, stale facts and unquoted NO."""
    paths = register_files(folder)
    return [
        *_unquoted(paths),
        *_stale(paths, on),
        *_templates(register, paths["providers.yaml"]),
        *(_certificates(register, paths["certificates.yaml"]) if "certificates.yaml" in paths else ()),
        *(_entries(register, paths["destinations.yaml"]) if "destinations.yaml" in paths else ()),
    ]


def _unquoted(paths: dict[str, Path]) -> list[Finding]:
    found = []
    for path in paths.values():
        for number, line in enumerate(read_text(path).splitlines(), start=1):
            if BARE_NO.search(line.partition(" #")[0]):
                found.append(Finding(f"{path}:{number}", "a bare NO is false to YAML 1.1 readers", 'Quote it: "NO".'))
    return found


def _stale(paths: dict[str, Path], on: date) -> list[Finding]:
    found = []
    for name in ("jurisdictions.yaml", "laws.yaml"):
        path = paths[name]
        day = parse_yaml(read_text(path), path).get("read_on")
        if not isinstance(day, date) or on - day > STALE_AFTER:
            found.append(Finding(str(path), f"its facts were read on {day or 'no day'}", "Read the sources again."))
    return found


def _templates(register: Register, path: Path) -> list[Finding]:
    return [
        Finding(str(path), f"{template} stands at {' and '.join(sorted(owners))}", "A host can prove one of them only.")
        for template, owners in sorted(register.hosts.overlapping().items())
    ]


def _certificates(register: Register, path: Path) -> list[Finding]:
    text = read_text(path)
    ids = [one.get("id") for one in parse_yaml(text, path).get("certificates") or []]
    found = []
    for provider_id, certificates in register.certificates.items():
        provider = register.providers.get(provider_id)
        for one in certificates:
            where = f"{path}:{line_of(text, ('certificates', ids.index(one.id)))}: {one.id}"
            if provider is None:
                found.append(Finding(where, f"no provider {provider_id} is on file", "Correct its provider."))
                continue
            for what, stated, known in (
                ("service", one.services, provider.services),
                ("region", one.regions, provider.regions),
            ):
                found += [
                    Finding(where, f"{provider_id} has no {what} {name}", f"Correct its {what}s.")
                    for name in sorted(stated)
                    if name not in known
                ]
            if one.valid_from and one.valid_until and one.valid_until < one.valid_from:
                found.append(Finding(where, "it ends before it starts", "Correct valid_from or valid_until."))
            if one.valid_until is None:
                found.append(Finding(where, "it has no end, so it authorizes nothing", "Write valid_until."))
            if not one.documented:
                found.append(Finding(where, "it names no document", "Add its evidence."))
            if one.scheme == "hds" and not one.activities:
                found.append(Finding(where, "it names no HDS activity", "Add its activities."))
    return found


def _entries(register: Register, path: Path) -> list[Finding]:
    text = read_text(path)
    ids = [one.get("id") for one in parse_yaml(text, path).get("destinations") or []]
    found = []
    for entry in register.all_entries():
        where = f"{path}:{line_of(text, ('destinations', ids.index(entry.id)))}: {entry.id}"
        provider = register.providers.get(entry.provider or "")
        country = provider.regions.get(entry.region or "") if provider else None
        if entry.verified_on is None or entry.valid_until is None or entry.valid_until < entry.verified_on:
            found.append(Finding(where, "it proves nothing on any day", "Write a valid_until after verified_on."))
        if entry.own and not entry.country:
            found.append(Finding(where, "own premises without a country prove nothing", "Write its country."))
        if not entry.own and provider is None:
            found.append(Finding(where, f"no provider {entry.provider} is on file", "Correct its provider."))
        elif not entry.own and country is None:
            found.append(Finding(where, f"{entry.provider} has no region {entry.region}", "Correct its region."))
        if country and entry.country and not same_country(register, entry.country, country):
            found.append(
                Finding(where, f"it says {entry.country}, but {entry.region} is in {country}", "Correct one of them.")
            )
    return found
