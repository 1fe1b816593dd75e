"""May this release leave at all, whatever the destination?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.guard.decision import Reason

if TYPE_CHECKING:
    from pipeline.guard.register import Register
    from pipeline.guard.rules import Needs

# From the freest class to the one that asks the most.
RANK = {
    "technical": 0,
    "anonymous": 1,
    "pseudonymized-health": 2,
    "identified-health": 3,
    "state-sensitive-health": 4,
}


class ReleaseFacts(NamedTuple):
    """What the release itself says: sealed, approved, its domain and class, what was found inside, its smallest group.

    `destination_domain`: the domain that the export gives its destination, where it gives one; `k_wanted`: the
    policy's smallest group that may leave, if it names one.
    """

    sealed: bool
    approved: bool
    domain: str
    data_class: str
    carries_secrets: tuple[str, ...] = ()
    k: int | None = None
    destination_domain: str | None = None
    k_wanted: int | None = None


def judge_release(register: Register, release: ReleaseFacts, needs: Needs, data_class: str) -> tuple[Reason, ...]:
    """Collect every reason for which a release may not leave as `data_class`."""
    reasons: list[Reason] = []

    def say(rule: str, verdict: str, key: str, law: str, **details: str) -> None:
        reasons.append(Reason(f"release.{rule}", verdict, key, tuple(details.items()), *register.law(law)))

    if not release.sealed:
        say("unsealed", "block", "release_unsealed", "security")
    if not release.approved:
        say("unapproved", "block", "release_unapproved", "pseudonyms")
    if release.destination_domain is not None and release.destination_domain != release.domain:
        say("wrong_domain", "block", "release_wrong_domain", "pseudonyms")
    if release.carries_secrets:
        say(
            "carries_secrets",
            "block",
            "release_carries_secrets",
            "pseudonyms",
            secrets=", ".join(release.carries_secrets),
        )
    if RANK.get(release.data_class, 99) > RANK[data_class]:
        details = {"found": release.data_class, "data_class": data_class}
        say("class_too_low", "block", "release_class_too_low", "pseudonyms", **details)
    if release.k is None:
        if data_class == "anonymous":
            say("risk", "block" if needs.risk_required else "warn", "release_risk_unknown", "anonymity")
    elif release.k_wanted is not None and release.k < release.k_wanted:
        say("risk", "block", "release_risk", "anonymity", k=str(release.k), wanted=str(release.k_wanted))
    return tuple(reasons)
