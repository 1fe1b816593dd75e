"""What must a destination of each data class satisfy? (the part of the DPO's policy that the guard reads)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from pipeline.documents import Part
from pipeline.guard.decision import HEALTH_CLASSES, DataClass

Zone = Literal["eu", "eea", "any"]


class ClassRule(Part):
    """What the destinations of one data class must satisfy; a key that is absent keeps the default."""

    zone: Zone | None = None
    hds: bool | None = None
    secnumcloud: bool | None = None
    operator_jurisdiction: Literal["any", "eu-or-adequate", "eu"] | None = None
    minimum_validity_days: int | None = Field(default=None, ge=0)
    risk_required: bool | None = None
    third_country_access: Literal["warn", "block"] | None = None
    evidence_required: bool | None = None


class DestinationRules(Part):
    """`zone` and `destinations` of a policy; other keys of the policy are not the guard's.

    Example:
        >>> rules = DestinationRules(zone="eea", destinations={"pseudonymized-health": ClassRule(secnumcloud=True)})
        >>> rules.resolved()["pseudonymized-health"]
        Requirement(zone='eea', hds=True, secnumcloud=True, operator='any', minimum_days=0, risk_required=False, third_country_access='warn', evidence_required=False)
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    zone: Literal["eu", "eea"] = "eu"
    destinations: dict[DataClass, ClassRule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _only_tightens(self) -> Self:
        for name, rule in self.destinations.items():
            default = DEFAULTS[name]
            loosened = [
                key
                for key, loose in (
                    ("zone", name in HEALTH_CLASSES and rule.zone == "any"),
                    ("hds", default.hds and rule.hds is False),
                    ("secnumcloud", default.secnumcloud and rule.secnumcloud is False),
                    (
                        "operator_jurisdiction",
                        default.operator == "eu" and rule.operator_jurisdiction not in {None, "eu"},
                    ),
                )
                if loose
            ]
            if loosened:
                raise ValueError(f"{name}: a policy may tighten the law, not loosen it ({', '.join(loosened)})")
        return self

    def resolved(self) -> dict[str, Requirement]:
        """Merge with the defaults into one requirement a class."""
        return {
            name: default.tightened(self.destinations.get(name), zone=self.zone) for name, default in DEFAULTS.items()
        }


class Requirement(Part):
    """One class's requirement with every default filled in."""

    zone: Zone
    hds: bool
    secnumcloud: bool
    operator: Literal["any", "eu-or-adequate", "eu"] = "any"
    minimum_days: int = 0
    risk_required: bool = False
    third_country_access: Literal["warn", "block"] = "warn"
    evidence_required: bool = False

    def tightened(self, rule: ClassRule | None, *, zone: Literal["eu", "eea"]) -> Requirement:
        """Apply the policy's word for this class, else the policy's zone."""
        found: dict[str, object] = {"zone": zone if self.zone != "any" else "any"}
        if rule is not None:
            found |= {
                key: value
                for key, value in (
                    ("zone", rule.zone),
                    ("hds", rule.hds),
                    ("secnumcloud", rule.secnumcloud),
                    ("operator", rule.operator_jurisdiction),
                    ("minimum_days", rule.minimum_validity_days),
                    ("risk_required", rule.risk_required),
                    ("third_country_access", rule.third_country_access),
                    ("evidence_required", rule.evidence_required),
                )
                if value is not None
            }
        return self.model_copy(update=found)


DEFAULTS: dict[DataClass, Requirement] = {
    "identified-health": Requirement(zone="eu", hds=True, secnumcloud=False),
    "pseudonymized-health": Requirement(zone="eu", hds=True, secnumcloud=False),
    "state-sensitive-health": Requirement(zone="eu", hds=True, secnumcloud=True, operator="eu"),
    "anonymous": Requirement(zone="any", hds=False, secnumcloud=False),
    "technical": Requirement(zone="any", hds=False, secnumcloud=False),
}
