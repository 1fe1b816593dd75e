"""What is on file: providers, jurisdictions, certificates, verified destinations?

A user's folder may hold only some of the files; what it lacks comes from the shipped ones.
"""

from __future__ import annotations

from hashlib import sha256
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from pipeline.data_files import data_folder
from pipeline.errors import InvalidDocument
from pipeline.guard.hosts import canonical_host
from pipeline.guard.paths import resolve
from pipeline.guard.register_facts import CertificateFacts, Entry, ProviderFacts, Register
from pipeline.guard.schemes import GCS, S3

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.documents import Part
    from pipeline.guard.register_files import (
        CertificatesFile,
        DestinationsFile,
        JurisdictionsFile,
        LawsFile,
        ProvidersFile,
        VerifiedDestination,
    )

FILES = ("providers.yaml", "jurisdictions.yaml", "laws.yaml", "certificates.yaml", "destinations.yaml")
OWN_FILES = ("certificates.yaml", "destinations.yaml")


def holds_files(folder: Path) -> bool:
    """Tell whether a folder holds any file of a register."""
    return any((folder / name).exists() for name in FILES)


def register_files(folder: Path | None) -> dict[str, Path]:
    """Name the path of each file: the folder's, else the shipped one.

    Raises:
        InvalidDocument: The folder is none, or holds none of the files.
    """
    shipped = data_folder() / "register"
    if folder is None:
        return {name: shipped / name for name in FILES}
    if not folder.is_dir():
        raise InvalidDocument(f"{folder} is no folder", hint="Name the folder of the register.")
    own = {name: folder / name for name in FILES if (folder / name).exists()}
    if not own:
        raise InvalidDocument(
            f"{folder} holds no register file", hint="It wants certificates.yaml, destinations.yaml or providers.yaml."
        )
    shared = {name: shipped / name for name in FILES if name not in OWN_FILES}
    return shared | own


_PARSED: dict[tuple[str, str], Any] = {}
MOST_PARSED = 64


def load_register(folder: Path | None) -> Register:
    """Read a register; a file that has not changed by a byte is not parsed again in the same process.

    Raises:
        InvalidDocument: A file that can't be read, an unknown key, an id twice; names file and line.
    """
    from pipeline.guard.register_files import FILES as MODELS

    paths = register_files(folder)
    read = {name: _parse(path, MODELS[name]) for name, path in paths.items()}
    register = Register()
    _take_jurisdictions(register, read["jurisdictions.yaml"])
    _take_laws(register, read["laws.yaml"])
    _take_providers(register, read["providers.yaml"], paths["providers.yaml"])
    if "certificates.yaml" in read:
        _take_certificates(register, read["certificates.yaml"], paths["certificates.yaml"])
    if "destinations.yaml" in read:
        _take_destinations(register, read["destinations.yaml"], paths["destinations.yaml"])
    return register


def _parse(path: Path, model: type[Part]) -> Any:  # noqa: ANN401 - one of five models
    from pipeline.documents import read_document

    key = (str(path), _digest(path))
    if key in _PARSED:
        return _PARSED[key]
    content = read_document(path, model)
    if _digest(path) == key[1]:  # else somebody wrote meanwhile: decide by what was read, remember nothing
        if len(_PARSED) >= MOST_PARSED:
            _PARSED.clear()
        _PARSED[key] = content
    return content


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InvalidDocument(
            f"{path} can't be read: {error.strerror}", hint="Check the path and its rights."
        ) from None


def _unique(ids: list[str], path: Path) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise InvalidDocument(f"{path}: the id {name} stands twice", hint="Give each its own id.")
        seen.add(name)


def _take_jurisdictions(register: Register, file: JurisdictionsFile) -> None:
    register.eu = file.eu | {code for code, place in file.special.items() if place.status == "eu"}
    register.eea = register.eu | file.eea_not_eu
    register.aliases = dict(file.aliases)
    # A decision that covers only listed organisations says nothing of a company's country (jurisdictions.yaml, US).
    register.adequate = {
        line.iso: line.until for line in file.adequacy if line.iso and not line.scope.startswith("only organisations")
    }


def _take_laws(register: Register, file: LawsFile) -> None:
    register.hds_version_1_ended = file.hds_version_1_ended
    register.laws = file.laws


def _take_providers(register: Register, file: ProvidersFile, path: Path) -> None:
    _unique([provider.id for provider in file.providers], path)
    for provider in file.providers:
        register.providers[provider.id] = ProviderFacts(
            id=provider.id,
            name=provider.legal_entity or provider.id,
            seat=register.country(provider.seat),
            control=register.country(provider.controlled_from),
            regions={
                region: code if code == "third" else register.country(code) or ""
                for region, code in provider.regions.items()
            },
            cities=provider.cities,
            services={service.id: frozenset(service.activities) for service in provider.services},
        )
        for service in provider.services:
            for templates, proves in ((service.hosts, True), (service.region_free_hosts, False)):
                for template in templates:
                    register.hosts.add(
                        template,
                        provider=provider.id,
                        service=service.id,
                        regions=provider.regions,
                        fixed=service.fixed_region,
                        proves=proves,
                    )


def _take_certificates(register: Register, file: CertificatesFile, path: Path) -> None:
    _unique([certificate.id for certificate in file.certificates], path)
    for one in file.certificates:
        register.certificates.setdefault(one.provider, []).append(
            CertificateFacts(
                id=one.id,
                scheme=one.scheme,
                version=one.version,
                services=frozenset(one.services),
                regions=frozenset(one.regions),
                activities=frozenset(one.activities),
                valid_from=one.valid_from,
                valid_until=one.valid_until,
                claimed=one.status == "claimed",
                documented=one.evidence is not None and bool(one.evidence.document and one.evidence.sha256),
                access=tuple(register.country(code) or "" for code in one.third_country_access),
            )
        )


def _take_destinations(register: Register, file: DestinationsFile, path: Path) -> None:
    _unique([destination.id for destination in file.destinations], path)
    for one in file.destinations:
        entry = Entry(
            id=one.id,
            own=one.hosting == "self",
            country=register.country(one.country),
            provider=one.provider,
            service=one.service,
            region=one.region,
            verified_on=one.verified_on,
            valid_until=one.valid_until,
            exempt=one.ght_exemption is not None and bool(one.ght_exemption.document and one.ght_exemption.sha256),
        )
        try:
            kind, key = key_of_match(one)
        except InvalidDocument as error:
            raise InvalidDocument(f"{path}: {error}") from None
        if kind == "path":
            register.paths.append((str(key), entry))
        elif kind == "cidr":
            register.networks.append((ip_network(key), entry))
        else:
            register.entries.setdefault((kind, str(key)), []).append(entry)
        if kind == "host":
            register.verified_hosts.add(str(key))


def key_of_match(one: VerifiedDestination) -> tuple[str, str]:
    """Bring what an entry speaks for to the one spelling that destinations are compared in.

    Raises:
        InvalidDocument: No such host, bucket, network or folder.
    """
    kind, value = next((kind, value) for kind, value in one.match if value is not None)
    try:
        return kind, _KEYS[kind](value)
    except ValueError:
        hint = (
            "A path starts and ends with /: write /folder/."
            if kind == "path"
            else "docs/reference/files.md has the format."
        )
        raise InvalidDocument(f"{one.id}: {kind} is not valid", hint=hint) from None


def _host_key(value: str) -> str:
    bare_ipv6 = value.count(":") > 1 and not value.startswith("[")
    host = canonical_host(f"[{value}]" if bare_ipv6 else value)
    if host.problem:
        raise ValueError
    return host.name


def _bucket_key(value: str) -> str:
    scheme, separator, name = value.partition("://")
    system = "s3" if scheme.lower() in S3 else "gs" if scheme.lower() in GCS else ""
    name = name.strip("/")
    if not (separator and system and name) or "/" in name:
        raise ValueError
    return f"{system}://{name}"


def _path_key(value: str) -> str:
    if not value.startswith("/") or not value.endswith("/"):
        raise ValueError
    return resolve(value).rstrip("/") + "/"


def _cidr_key(value: str) -> str:
    return str(ip_network(value, strict=False))


_KEYS = {
    "host": _host_key,
    "bucket": _bucket_key,
    "account": str.lower,
    "cidr": _cidr_key,
    "path": _path_key,
    "socket": resolve,
}

__all__ = ["CertificateFacts", "Entry", "ProviderFacts", "Register", "load_register"]
