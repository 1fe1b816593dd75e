"""Which provider, service, region and country does a target prove, by its host or by the DPO's entry?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from pipeline.guard.impostors import pretended_name
from pipeline.guard.paths import climbs
from pipeline.guard.templates import Proof

if TYPE_CHECKING:
    from datetime import date

    from pipeline.guard.reading import Problem, Target
    from pipeline.guard.register import Entry, Register
Weighed = list[tuple[int, "Entry"]]
"""Entries, each with how precisely it names what it speaks for: a whole name, or the length of its prefix."""
BY_NAME = 100_000
BUCKET_SYSTEMS = {("aws", "s3"): "s3", ("gcp", "gcs"): "gs"}
PATH_STYLE = re.compile(r"(?:s3|storage|commondatastorage)\b")
JSON_API = re.compile(r"/(?:upload/|download/|batch/|resumable/)*storage/v1(?:/|$)")
ACCOUNT = re.compile(r"([a-z0-9]{1,24})\.(?:blob|dfs|file)\.core\.windows\.net")
ACCOUNT_SCHEMES = frozenset(("https", "http", "abfs", "abfss", "wasb", "wasbs", "az"))
WEB_OBJECT_SCHEMES = frozenset(("https", "http"))


class Place(NamedTuple):
    """Where a target is, as far as it is proven.

    `status`: proven, or why not (unknown_host, unknown_path, no_host, no_region, ambiguous_host, unproven_country).
    """

    status: str
    host: str = ""
    provider: str | None = None
    service: str | None = None
    region: str | None = None
    country: str | None = None
    own: bool = False
    entry: str = ""
    lapsed: str = ""
    exempt: bool = False
    problems: tuple[Problem, ...] = ()


def locate(register: Register, target: Target, on: date, scheme: str) -> Place:  # noqa: PLR0911 - one return a kind of target
    """Find a target's place on a day."""
    if target.kind == "nowhere":
        return Place("no_host")
    if target.kind in {"path", "socket"}:
        entries = _local_entries(register, target)
        standing = _standing(entries, on)
        if not standing:
            return Place("unknown_path", lapsed=entries[0][1].id if entries else "")
        return _by_entry(register, standing, None, "")
    proof, ambiguous = _best(register.hosts.proofs(target.host)) if target.kind == "host" else (_implied(target), False)
    entries, bucket = _entries(register, target, proof, scheme)
    standing = _standing(entries, on)
    if standing:
        place = _by_entry(register, standing, proof, target.host)
        if bucket and climbs(bucket[1], depth=bucket[0]) and (proof is None or proof.region is None):
            problem: Problem = ("destination.malformed", "climbs_out", ())
            place = place._replace(problems=(*place.problems, problem))
        return place
    lapsed = entries[0][1].id if entries else ""
    if ambiguous:
        return Place("ambiguous_host", target.host, lapsed=lapsed)
    if proof is not None:
        return _by_proof(register, proof, target.host)._replace(lapsed=lapsed)
    problems: tuple[Problem, ...] = ()
    if not entries and target.address is None:
        pretended = pretended_name(register, target.host)
        problems = (pretended,) if pretended else ()
    return Place("unknown_host", target.host, lapsed=lapsed, problems=problems)


def _implied(target: Target) -> Proof | None:
    return Proof(target.provider, target.service, None) if target.provider else None


def _best(proofs: set[Proof]) -> tuple[Proof | None, bool]:
    """Choose among what templates prove: a region wins; if what is proven still differs, nothing is."""
    if not proofs:
        return None, False
    regional = [proof for proof in proofs if proof.region is not None] or list(proofs)
    if len({proof[:3] for proof in regional}) > 1:
        return None, True
    return max(regional, key=lambda proof: len(proof.tail)), False


def _standing(entries: Weighed, on: date) -> list[Entry]:
    """Keep the entries that stand on a day, and of those the ones that say most precisely what they speak for."""
    standing = [(weight, entry) for weight, entry in entries if entry.stands(on)]
    heaviest = max((weight for weight, _ in standing), default=0)
    return [entry for weight, entry in standing if weight == heaviest]


def _local_entries(register: Register, target: Target) -> Weighed:
    if target.kind == "socket":
        return [(BY_NAME, entry) for entry in register.entries.get(("socket", target.path), ()) if target.path]
    ways = [f"{way}/".replace("//", "/") for way in (target.path, *target.ways)]
    return [(len(prefix), entry) for prefix, entry in register.paths if all(way.startswith(prefix) for way in ways)]


def _entries(
    register: Register, target: Target, proof: Proof | None, scheme: str
) -> tuple[Weighed, tuple[int, str] | None]:
    """Collect the entries that speak for a target; and, where one does by bucket, the path that must not climb."""
    known = register.entries
    found = [(BY_NAME, entry) for entry in known.get(("host", target.host), ())] if target.host else []
    if target.address is not None:
        found += [(net.prefixlen, entry) for net, entry in register.networks if target.address in net]
    if scheme in ACCOUNT_SCHEMES:
        account = ACCOUNT.fullmatch(target.host)
        if account:
            found += [(BY_NAME, entry) for entry in known.get(("account", account[1]), ())]
    if found:
        return found, None
    bucket = _bucket(register, target, proof, scheme)
    if bucket is None:
        return [], None
    name, depth = bucket
    return [(BY_NAME, entry) for entry in known.get(("bucket", name), ())], (depth, target.path)


def _bucket(register: Register, target: Target, proof: Proof | None, scheme: str) -> tuple[str, int] | None:  # noqa: PLR0911 - one return a way to name no bucket
    """Name the bucket that a target writes to, and how many path segments it takes."""
    system = BUCKET_SYSTEMS.get((proof.provider, proof.service)) if proof else None
    if proof is None or system is None:
        return None
    if target.kind == "host" and system == "s3" and proof.region is None:  # accelerate, global, outposts: anywhere
        return None
    if target.bucket:
        return (target.bucket, 0) if target.bucket.startswith(f"{system}:") else None
    if scheme not in WEB_OBJECT_SCHEMES or not PATH_STYLE.match(proof.tail):
        return None
    if proof.prefix:
        whole = any(one.tail == proof.tail and not one.prefix for one in register.hosts.proofs(proof.tail))
        return (f"{system}://{proof.prefix}", 0) if whole else None
    if JSON_API.match(target.path):
        return None
    name = unquote(target.path.removeprefix("/").partition("/")[0])
    return (f"{system}://{name}", 1) if name not in {"", ".", ".."} else None


def _by_proof(register: Register, proof: Proof, host: str) -> Place:
    provider = register.providers.get(proof.provider)
    if proof.region is None or provider is None:
        return Place("no_region", host, proof.provider, proof.service)
    country = provider.regions.get(proof.region)
    if not country:
        return Place("no_region", host, proof.provider, proof.service)
    if country == "third":
        return Place("unproven_country", host, proof.provider, proof.service, proof.region)
    return Place("proven", host, proof.provider, proof.service, proof.region, country)


def _by_entry(register: Register, standing: list[Entry], proof: Proof | None, host: str) -> Place:
    """Let the entry settle what the host leaves open; it contradicts nothing that the host names."""
    entry = standing[0]
    problems: tuple[Problem, ...] = ()
    if any(other[1:6] != entry[1:6] for other in standing[1:]) or (proof is not None and _contradicts(entry, proof)):
        problems = (("destination.mixed", "entry_contradicts", (("entry", entry.id),)),)
    if proof is not None and (problems or proof.region is not None):
        place = _by_proof(register, proof, host)
        if entry.country and place.country and not same_country(register, entry.country, place.country):
            problems = (("destination.mixed", "entry_contradicts", (("entry", entry.id),)),)
        return place._replace(entry=entry.id, problems=problems)
    if entry.own:
        status = "proven" if entry.country else "unknown_host"
        return Place(status, host, country=entry.country, own=True, entry=entry.id, problems=problems)
    provider_id = entry.provider or (proof.provider if proof else None)
    provider = register.providers.get(provider_id or "")
    service = entry.service or (proof.service if proof else None)
    country = provider.regions.get(entry.region or "") if provider else None
    if not country:
        return Place("no_region", host, provider_id, service, entry=entry.id, problems=problems)
    if country == "third":
        return Place("unproven_country", host, provider_id, service, entry.region, entry=entry.id, problems=problems)
    if entry.country and not same_country(register, entry.country, country):
        problems = (("destination.mixed", "entry_contradicts", (("entry", entry.id),)),)
    return Place(
        *("proven", host, provider_id, service, entry.region, country),
        entry=entry.id,
        exempt=entry.exempt,
        problems=problems,
    )


def _contradicts(entry: Entry, proof: Proof) -> bool:
    return (
        entry.own
        or (entry.provider is not None and entry.provider != proof.provider)
        or (entry.service is not None and entry.service != proof.service)
        or (proof.region is not None and entry.region is not None and entry.region != proof.region)
    )


def same_country(register: Register, one: str, other: str) -> bool:
    """Tell whether two country codes can both be true: `EU` and a member State do not contradict each other."""
    first, second = register.country(one), register.country(other)
    return first == second or (first == "EU" and second in register.eu) or (second == "EU" and first in register.eu)
