"""Do the certificates on file cover (provider, service, region) on a day, and if not, what is missing?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from pipeline.guard.locations import Place
    from pipeline.guard.register import CertificateFacts, Register

Finding = tuple[str, str, tuple[tuple[str, str], ...]]
"""A rule, the key of its message, and the message's details."""

NAMES = {"hds": "HDS", "secnumcloud": "SecNumCloud 3.2"}
SECNUMCLOUD_VERSION = "3.2"
HDS_VERSIONS = frozenset(("1", "2"))
ALL_ACTIVITIES = frozenset(range(1, 7))


def certificates_of(register: Register, provider: str, scheme: str) -> list[CertificateFacts]:
    """List a provider's certificates of a scheme; a SecNumCloud other than 3.2 counts as none."""
    return [
        certificate
        for certificate in register.certificates.get(provider, ())
        if certificate.scheme == scheme and (scheme != "secnumcloud" or certificate.version == SECNUMCLOUD_VERSION)
    ]


def failures(register: Register, certificate: CertificateFacts, place: Place, on: date) -> list[Finding]:
    """List every reason for which one certificate does not speak for a place on a day."""
    name = ("certificate", certificate.id)
    found: list[Finding] = []
    unproven = certificate.valid_until is None or certificate.valid_from is None
    if certificate.claimed or unproven or (certificate.scheme == "hds" and certificate.version not in HDS_VERSIONS):
        found.append(("certificate.unverified", "certificate_unverified", (name,)))
    if certificate.valid_from is not None and on < certificate.valid_from:
        day = ("day", certificate.valid_from.isoformat())
        found.append(("certificate.not_yet_valid", "certificate_not_yet_valid", (name, day)))
    end = last_day(register, certificate)
    if end is not None and on > end:
        found.append(("certificate.expired", "certificate_expired", (name, ("day", end.isoformat()))))
    if place.service not in certificate.services:
        detail = ("service", place.service or "?")
        found.append(("certificate.wrong_service", "certificate_wrong_service", (name, detail)))
    if place.region not in certificate.regions:
        detail = ("region", place.region or "?")
        found.append(("certificate.wrong_region", "certificate_wrong_region", (name, detail)))
    return found


def last_day(register: Register, certificate: CertificateFacts) -> date | None:
    """The last day of a certificate: HDS version 1 ended by law, whatever is printed on it."""
    end = certificate.valid_until
    if certificate.scheme == "hds" and certificate.version == "1":
        return min(end, register.hds_version_1_ended) if end else register.hds_version_1_ended
    return end


def judge_scheme(
    register: Register, place: Place, scheme: str, on: date
) -> tuple[list[Finding], list[CertificateFacts]]:
    """Find what keeps a scheme's certificates from covering a place; and those that pass."""
    all_of_scheme = certificates_of(register, place.provider or "", scheme)
    if not all_of_scheme:
        details = (("scheme", NAMES[scheme]), ("provider", place.provider or "?"), ("place", name_of(register, place)))
        return [("certificate.missing", "certificate_missing", details)], []
    failed = [(failures(register, certificate, place, on), certificate) for certificate in all_of_scheme]
    passing = [certificate for missing, certificate in failed if not missing]
    if not passing:
        return min((missing for missing, _ in failed), key=len), []
    if scheme == "hds":
        provider = register.providers.get(place.provider or "")
        needed = provider.services.get(place.service or "", ALL_ACTIVITIES) if provider else ALL_ACTIVITIES
        lacking = needed.difference(*(certificate.activities for certificate in passing))
        if lacking:
            lacked = (("activities", ", ".join(map(str, sorted(lacking)))), ("service", place.service or "?"))
            return [("certificate.missing_activity", "certificate_missing_activity", lacked)], passing
    return [], passing


def name_of(register: Register, place: Place) -> str:
    """Name a place for a person: provider, service, region, and the city that a bare code hides."""
    provider = register.providers.get(place.provider or "")
    city = provider.cities.get(place.region or "") if provider else None
    if city:
        return f"{place.provider} {place.service} {place.region} ({city})"
    return " ".join(part for part in (place.provider, place.service, place.region) if part) or place.host or place.entry
