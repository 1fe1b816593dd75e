"""How does a certificate or a verified destination get on file? With its document, and without losing the DPO's comments."""

from __future__ import annotations

import hashlib
import os
from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from pipeline.documents import parse_yaml, read_text
from pipeline.errors import InvalidDocument
from pipeline.guard.locations import same_country
from pipeline.guard.register import key_of_match
from pipeline.guard.register_files import (
    Certificate,
    CertificatesFile,
    DestinationsFile,
    Evidence,
    VerifiedDestination,
)

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pipeline.documents import Part
    from pipeline.guard.register import Register

LONGEST_LINE = 120


def evidence_of(document: Path, *, read_by: str, read_on: date) -> Evidence:
    """Hash the document that stands behind a certificate.

    Raises:
        InvalidDocument: No such file, or an empty one: a certificate without evidence authorizes nothing.
    """
    try:
        content = document.read_bytes()
    except OSError as error:
        raise InvalidDocument(
            f"{document} can't be read: {error.strerror}", hint="Give the certificate's document (PDF)."
        ) from None
    if not content:
        raise InvalidDocument(f"{document} is empty", hint="Give the certificate's document (PDF).")
    if "@" not in read_by:
        raise InvalidDocument("nobody is named who read the document", hint="Say --read-by with a mail address.")
    digest = hashlib.sha256(content).hexdigest()
    return Evidence(document=document.name, sha256=digest, read_on=read_on, read_by=read_by)


def add_certificate(folder: Path, certificate: Certificate, *, register: Register) -> Path:
    """Append a certificate to the folder's certificates.yaml, keeping every comment; return the file's path.

    Raises:
        InvalidDocument: No evidence, an id on file, a provider, service or region that providers.yaml lacks, an end
            before its start, no end at all.
    """
    _refuse(certificate, register)
    return _append(folder, "certificates", certificate, CertificatesFile)


def add_destination(folder: Path, destination: VerifiedDestination, *, register: Register) -> Path:
    """Append a destination that was verified by name to the folder's destinations.yaml; return the file's path.

    Raises:
        InvalidDocument: An id on file, nobody named who verified it, no days, own premises without a country, a
            provider, service or region that providers.yaml lacks, a country that contradicts the region.
    """
    _refuse_destination(destination, register)
    return _append(folder, "destinations", destination, DestinationsFile)


def _append(folder: Path, name: str, part: Certificate | VerifiedDestination, file: type[Part]) -> Path:
    path = folder / f"{name}.yaml"
    text = read_text(path) if path.exists() else f"format: 1\n{name}: []\n"
    file.model_validate(parse_yaml(text, path))
    yaml = YAML()
    yaml.width = LONGEST_LINE
    yaml.preserve_quotes = True
    content: Any = yaml.load(text)
    on_file = content.get(name) or []
    if any(one.get("id") == part.id for one in on_file):
        raise InvalidDocument(f"{path}: the id {part.id} is on file", hint="Give the new one its own --id.")
    if not on_file:
        content[name] = yaml.load("[]")
        content[name].fa.set_block_style()
    content[name].append(_plain(part.model_dump(exclude_none=True, exclude_defaults=False, mode="python")))
    out = StringIO()
    yaml.dump(content, out)
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(path, out.getvalue())
    return path


def _plain(certificate: dict[str, Any]) -> dict[str, Any]:
    """Turn tuples into lists, which YAML can write, and leave out what is empty."""
    return {
        key: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, dict) else value
        for key, value in certificate.items()
        if value not in ("", ())
    }


def _refuse(certificate: Certificate, register: Register) -> None:
    name = certificate.id
    if certificate.evidence is None:
        raise InvalidDocument(f"{name} has no document", hint="Name it with --document; without one it proves nothing.")
    provider = register.providers.get(certificate.provider)
    if provider is None:
        raise InvalidDocument(
            f"{name}: no provider {certificate.provider} is on file",
            hint="See `douane register list --providers`.",
        )
    for what, stated, known in (
        ("service", certificate.services, provider.services),
        ("region", certificate.regions, provider.regions),
    ):
        unknown = [one for one in stated if one not in known]
        if unknown or not stated:
            raise InvalidDocument(
                f"{name}: {certificate.provider} has no {what} {', '.join(unknown) or '(none given)'}",
                hint=f"One of: {', '.join(known)}.",
            )
    if certificate.valid_from is None or certificate.valid_until is None:
        raise InvalidDocument(f"{name} has no start or end of validity", hint="Say --valid-from and --valid-until.")
    if certificate.valid_until < certificate.valid_from:
        raise InvalidDocument(f"{name} ends before it starts", hint="Correct --valid-from or --valid-until.")
    if certificate.scheme == "hds" and (
        not certificate.activities or not set(certificate.activities) <= set(range(1, 7))
    ):
        raise InvalidDocument(f"{name} names no HDS activities from 1 to 6", hint="Say --activity for each.")


def _refuse_destination(one: VerifiedDestination, register: Register) -> None:
    name = one.id
    if "@" not in one.verified_by:
        raise InvalidDocument(f"{name}: nobody is named who verified it", hint="Say --verified-by with a mail address.")
    if one.verified_on is None or one.valid_until is None or one.valid_until < one.verified_on:
        raise InvalidDocument(f"{name} would prove nothing on any day", hint="Say --valid-until, after --verified-on.")
    key_of_match(one)
    if one.hosting == "self":
        if one.provider or one.service or one.region:
            raise InvalidDocument(
                f"{name}: own premises have no provider", hint="Leave --provider to --hosting provider."
            )
        if register.country(one.country) is None:
            raise InvalidDocument(f"{name}: own premises want a country", hint="Say --country, such as FR.")
        return
    provider = register.providers.get(one.provider or "")
    if provider is None:
        raise InvalidDocument(
            f"{name}: no provider {one.provider or '(none given)'} is on file",
            hint="See `douane register list --providers`.",
        )
    for what, stated, known in (("service", one.service, provider.services), ("region", one.region, provider.regions)):
        if stated not in known:
            raise InvalidDocument(
                f"{name}: {provider.id} has no {what} {stated or '(none given)'}", hint=f"One of: {', '.join(known)}."
            )
    place = provider.regions[one.region or ""]
    if one.country and not same_country(register, one.country, place):
        raise InvalidDocument(f"{name}: {one.region} is in {place}, not {one.country}", hint="Correct one of them.")


def _write_whole(path: Path, text: str) -> None:
    """Write aside, flush to disk, rename: the register is never half written."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
