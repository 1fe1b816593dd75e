"""Which rules speak about a place, for a data class, on a day? Every one of them, not only the first that blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.guard.certificates import NAMES, judge_scheme, last_day, name_of
from pipeline.guard.decision import HEALTH_CLASSES, Reason

if TYPE_CHECKING:
    from datetime import date

    from pipeline.guard.locations import Place
    from pipeline.guard.register import CertificateFacts, Register

WARN_DAYS = 60
NOTHING_STATED = ("", "")
ZONE_NAMES = {"eu": "EU", "eea": "EEA"}


class Needs(NamedTuple):
    """What one data class asks of a destination (a `Requirement` without pydantic: DAG files import this)."""

    zone: str
    hds: bool
    secnumcloud: bool
    operator: str = "any"
    minimum_days: int = 0
    risk_required: bool = False
    third_country_access: str = "warn"
    evidence_required: bool = False


DEFAULT_NEEDS: dict[str, Needs] = {
    "identified-health": Needs("eu", hds=True, secnumcloud=False),
    "pseudonymized-health": Needs("eu", hds=True, secnumcloud=False),
    "state-sensitive-health": Needs("eu", hds=True, secnumcloud=True, operator="eu"),
    "anonymous": Needs("any", hds=False, secnumcloud=False),
    "technical": Needs("any", hds=False, secnumcloud=False),
}


def judge_place(
    register: Register,
    place: Place,
    needs: Needs,
    data_class: str,
    on: date,
    *,
    cleartext: str = "",
    stated: tuple[str, str] = NOTHING_STATED,
) -> tuple[Reason, ...]:
    """Collect every reason about one place."""
    judge = _Judge(register, place, needs, data_class, on)
    if cleartext and data_class in HEALTH_CLASSES and not place.own:
        judge.say("destination.unsupported", "block", "cleartext", "security", scheme=cleartext)
    judge.location(stated)
    if place.own:
        judge.own_premises()
    elif place.provider is not None:
        if needs.hds and place.exempt:
            judge.say("certificate.missing", "pass", "ght_exemption", "hds", entry=place.entry)
        elif needs.hds:
            judge.scheme("hds", "hds")
        if needs.secnumcloud:
            judge.scheme("secnumcloud", "secnumcloud")
        judge.operator()
    return tuple(judge.reasons)


class _Judge:
    """One place, one class, one day; the reasons gathered so far."""

    def __init__(self, register: Register, place: Place, needs: Needs, data_class: str, on: date) -> None:
        self.register = register
        self.place = place
        self.needs = needs
        self.data_class = data_class
        self.on = on
        self.reasons: list[Reason] = []

    def say(self, rule: str, verdict: str, key: str, law: str, **details: str) -> None:
        self.reasons.append(Reason(rule, verdict, key, tuple(details.items()), *self.register.law(law)))

    def location(self, stated: tuple[str, str]) -> None:
        place, needs = self.place, self.needs
        if needs.zone == "any":
            self.say("location.outside_zone", "pass", "any_place", "", data_class=self.data_class)
            return
        zone = self.register.eea if needs.zone == "eea" else self.register.eu
        details = {
            "place": name_of(self.register, place),
            "country": place.country or "",
            "zone": ZONE_NAMES[needs.zone],
        }
        if place.status != "proven":
            self._unknown(stated)
        elif place.country == "EU" or place.country in zone:
            self.say("location.outside_zone", "pass", "in_zone", "zone", **details)
        else:
            self.say("location.outside_zone", "block", "outside_zone", "zone", **details)

    def _unknown(self, stated: tuple[str, str]) -> None:
        place = self.place
        if place.lapsed:
            details = {"entry": place.lapsed, "on": self.on.isoformat()}
            self.say("location.unknown", "block", "lapsed_entry", "caution", **details)
        elif place.status == "no_region":
            region, known = stated
            key = "no_region" if not region else "no_region_stated" if not known else "no_region_placed"
            details = {"provider": place.provider or "?", "service": place.service or ""}
            details |= {"region": region, "place": known} if region else {}
            self.say("location.unknown", "block", key, "caution", **details)
        elif place.status == "unproven_country":
            self.say("location.unknown", "block", "unproven_country", "caution", place=name_of(self.register, place))
        else:
            self.say("location.unknown", "block", place.status, "caution", host=place.host)

    def own_premises(self) -> None:
        for needed, scheme in ((self.needs.hds, "hds"), (self.needs.secnumcloud, "secnumcloud")):
            if needed:
                details = {"entry": self.place.entry, "scheme": NAMES[scheme]}
                self.say("certificate.missing", "pass", "own_premises", scheme, **details)

    def scheme(self, scheme: str, law: str) -> None:
        found, passing = judge_scheme(self.register, self.place, scheme, self.on)
        for rule, key, details in found:
            self.say(rule, "block", key, law, **dict(details))
        if found:
            return
        names = ", ".join(certificate.id for certificate in passing)
        covered = {"scheme": NAMES[scheme], "certificates": names, "place": name_of(self.register, self.place)}
        self.say("certificate.missing", "pass", "certificate_good", law, **covered, on=self.on.isoformat())
        self._expiring(passing, law)
        self._access(passing)
        for certificate in passing:
            if not certificate.documented:
                # REGISTER_FORMAT's table of codes asks for no document; a policy may.
                verdict = "block" if self.needs.evidence_required else "warn"
                self.say("certificate.unverified", verdict, "no_evidence", law, certificate=certificate.id)

    def _expiring(self, passing: list[CertificateFacts], law: str) -> None:
        """Warn, or block where the policy wants a minimum, by the certificate that lasts longest."""
        last = max(passing, key=lambda certificate: last_day(self.register, certificate) or self.on)
        end = last_day(self.register, last) or self.on
        days = (end - self.on).days
        if days >= max(WARN_DAYS, self.needs.minimum_days):
            return
        verdict = "block" if days < self.needs.minimum_days else "warn"
        details = {"certificate": last.id, "day": end.isoformat(), "days": str(days)}
        self.say("certificate.expiring", verdict, "certificate_expiring", law, **details)

    def _access(self, passing: list[CertificateFacts]) -> None:
        """Show from where the data may be reached: another question than where it is stored (decree 2026-209)."""
        zone = self.register.eea if self.needs.zone == "eea" else self.register.eu
        for certificate in passing:
            outside = [country for country in certificate.access if country not in zone]
            if outside:
                details = {"certificate": certificate.id, "countries": ", ".join(outside)}
                verdict = "block" if self.needs.third_country_access == "block" else "warn"
                self.say("jurisdiction.extraterritorial", verdict, "third_country_access", "zone", **details)

    def operator(self) -> None:
        wanted = self.needs.operator
        if wanted == "any":
            return
        provider = self.register.providers.get(self.place.provider or "")
        seat, control = (provider.seat, provider.control) if provider else (None, None)
        good = set(self.register.eu)
        if wanted == "eu-or-adequate":
            until = self.register.adequate
            good |= self.register.eea | {code for code, end in until.items() if end is None or self.on <= end}
        details = {"provider": provider.name if provider else self.place.provider or "?"}
        details |= {"seat": seat or "?", "control": control or "?"}
        if seat in good and control in good:
            self.say("jurisdiction.extraterritorial", "pass", "operator_good", "operator", **details)
        else:
            zone = "EU" if wanted == "eu" else "EU, EEA or an adequate country"
            self.say("jurisdiction.extraterritorial", "block", "extraterritorial", "operator", **details, zone=zone)
