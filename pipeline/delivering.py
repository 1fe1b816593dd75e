"""May the release go there; and if it may, is it there? One destination's decision and delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.errors import InvalidInput
from pipeline.extensions import load_extension
from pipeline.guard import ReleaseFacts
from pipeline.guard.release_contents import class_of, kept_identifiers, secrets_in
from pipeline.manifest import verify_release
from pipeline.planning.approvers import approver_of
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pipeline.connections import AnyConnection
    from pipeline.destinations import Destination
    from pipeline.guard import Decision, Guard
    from pipeline.journal import Journal
    from pipeline.policy import Policy
    from pipeline.release import Release
    from pipeline.sinks import Sink


@dataclass(frozen=True)
class Outcome:
    """What became of one destination.

    Attributes:
        destination: The name it was asked for by.
        decision: The guard's decision, with every reason.
        delivered: Where the release now is; None when it was blocked or could not be delivered.
        failure: Why an allowed delivery failed, in one line.
        already_there: The same release was there before, so nothing was sent.
    """

    destination: str
    decision: Decision
    delivered: str | None = None
    failure: str | None = None
    already_there: bool = False

    @property
    def blocked(self) -> bool:
        """Whether the guard said no."""
        return not self.decision.allowed

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON content."""
        return {"id": self.destination, **self.decision.to_dict(), "delivered": self.delivered, "failure": self.failure}


def facts_of(
    release: Release,
    public_key: Path,
    journal: Journal,
    *,
    k_wanted: int | None = None,
    approvers: Policy | None = None,
) -> ReleaseFacts:
    """Find out what the guard has to know of a release: from its files, its signature and the journal, not from hearsay.

    Args:
        release: The release as it stands on the disk.
        public_key: Of the key that must have sealed it.
        journal: Where the approval of its plan must stand.
        k_wanted: The smallest k that the policy lets leave, if it names one.
        approvers: The policy whose approvers' word is asked for; None: whoever ran it by hand has approved it.
    """
    manifest = release.manifest
    plan = manifest["plan_sha256"]
    approvals = (line for line in journal.lines() if line["event"] == "plan.approved")
    return ReleaseFacts(
        sealed=verify_release(release.folder, public_key).ok,
        approved=approver_of(plan, journal, approvers) is not None
        if approvers
        else any(line["plan_sha256"] == plan for line in approvals),
        domain=manifest["domain"],
        data_class=class_of(manifest),
        carries_secrets=(
            *secrets_in(release.folder, planned={one["table"] for one in manifest["fields"]}),
            *(kept_identifiers(manifest) if manifest["data_class"] != "identified-health" else ()),
        ),
        k=min((figures["k"] for figures in manifest["risk"]), default=None),
        k_wanted=k_wanted,
    )


def deliver(
    release: Release,
    destination: Destination,
    *,
    guard: Guard,
    facts: ReleaseFacts,
    journal: Journal,
    on: date,
    dry_run: bool = False,
) -> Outcome:
    """Ask the guard, journal what it says, and deliver only what it cleared (nothing in a dry run).

    A destination that fails doesn't hinder the next: its failure is part of the outcome.
    """
    facts = facts._replace(destination_domain=destination.domain) if destination.domain else facts
    decision = guard.decide(
        destination.uri,
        data_class=release.manifest["data_class"],  # what it leaves as; the facts say what it is
        on=on,
        declared=destination.declared,
        release=facts,
    )
    # The URI as the guard gives it back: what was typed may hold a password.
    name = destination.id or decision.destination.uri
    journal.append("decision", release_id=release.id, name=name, **decision.to_dict())
    if dry_run or not decision.allowed:
        return Outcome(name, decision)
    try:
        clearance = decision.clear(release.manifest_sha256)
        delivery = _sink_for(clearance.address, destination.connection).deliver(release.folder, clearance)
    except DouaneError as error:
        journal.append("delivery.failed", release_id=release.id, name=name, error=type(error).__name__)
        return Outcome(name, decision, failure=str(error))
    event = "delivery.found" if delivery.already_there else "delivery"
    journal.append(event, release_id=release.id, name=name, address=delivery.address)
    return Outcome(name, decision, delivered=delivery.address, already_there=delivery.already_there)


_SINK_OF = {
    "file": "folder",
    "postgres": "postgresql",
    "s3a": "s3",
    "s3n": "s3",
    "gs": "objects",
    "gcs": "objects",
    "abfs": "objects",
    "abfss": "objects",
}


def _sink_for(address: str, connection: AnyConnection | None) -> Sink:
    scheme = urlsplit(address).scheme or "file"
    name = _SINK_OF.get(scheme, scheme)
    sink = load_extension("douane.sinks", name)
    if sink is None:
        raise InvalidInput(
            f"{scheme} destinations can't be delivered to",
            hint="Deliver to a folder, s3, gs, abfss, sftp or postgresql.",
        )
    return sink(connection) if connection and name != "folder" else sink()  # type: ignore[no-any-return]
