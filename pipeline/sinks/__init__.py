"""How does a sealed release reach the destination that the guard cleared?

A sink takes a clearance, never a string: it writes to the canonical address that was decided, and to no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pipeline.files.durable import storage_named
from pipeline.guard.decision import require_clearance
from pipeline.guard.release_facts import RANK
from pipeline.manifest import MANIFEST, SIGNATURE, Release, changed_files, read_release
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.guard.decision import Clearance

__all__ = ["Delivery", "DeliveryFailed", "DeliveryRefused", "Sink", "cleared_release", "delivery_of", "names_in_order"]


class DeliveryRefused(DouaneError, PermissionError):
    """Nothing was delivered: the release was changed, or the destination holds something else under its name."""


class DeliveryFailed(DouaneError, OSError):
    """The destination didn't answer, or broke off: nothing is whole there, and running again continues."""


@dataclass(frozen=True)
class Delivery:
    """What a sink did.

    Attributes:
        address: Where, as the guard wrote it.
        release_id: The release's id.
        release_sha256: SHA-256 of its manifest, in hex.
        files: Files at the destination, manifest and signature included.
        bytes: Their bytes.
        already_there: The same release, whole, was there before: nothing was sent.
    """

    address: str
    release_id: str
    release_sha256: str
    files: int
    bytes: int
    already_there: bool = False


@runtime_checkable
class Sink(Protocol):
    """Delivers releases to one sort of destination. An entry point of the group `douane.sinks`."""

    def deliver(self, release_folder: Path, clearance: Clearance) -> Delivery:
        """Deliver a release whole, or raise one line and leave nothing under its final name."""


def cleared_release(release_folder: Path, clearance: Clearance) -> Release:
    """Read the release that is about to leave, if the clearance is for it, its class and today, and if it is intact.

    Raises:
        Stopped: It is no clearance, or another release's or another day's.
        DeliveryRefused: It is for a data class that asks for less, or a file of the release was changed.
        InvalidDocument: The folder is no sealed release.
    """
    release = read_release(release_folder)
    require_clearance(clearance, release_sha256=release.manifest_sha256)
    if RANK.get(release.manifest.get("data_class", ""), len(RANK)) > RANK[clearance.data_class]:
        raise DeliveryRefused(
            f"the clearance is for {clearance.data_class}, and {release.id} asks for more",
            hint="Ask the guard with the release's own class.",
        )
    with storage_named(f"read the release {release.folder}"):
        changed = next(changed_files(release), None)
    if changed:
        raise DeliveryRefused(f"{release.folder / changed[0]}: {changed[1]}", hint="Make the release again.")
    return release


def names_in_order(release: Release) -> list[str]:
    """The files of a release in the order of a delivery: the manifest last, so that no half of it looks whole."""
    return [*(entry["name"] for entry in release.manifest["files"]), SIGNATURE, MANIFEST]


def delivery_of(release: Release, clearance: Clearance, *, already_there: bool) -> Delivery:
    """Say that every file of a release is at the cleared address."""
    names = names_in_order(release)
    return Delivery(
        address=clearance.address,
        release_id=release.id,
        release_sha256=release.manifest_sha256,
        files=len(names),
        bytes=sum((release.folder / name).stat().st_size for name in names),
        already_there=already_there,
    )
