"""How does a sealed release reach the destination that the guard cleared?

A sink takes a clearance, never a string: it writes to the canonical address that was decided, and to no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pipeline.guard import Clearance
from pipeline.manifest import Release, changed_files, read_release
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Delivery", "DeliveryRefused", "Sink", "cleared_release"]


class DeliveryRefused(DouaneError, PermissionError):
    """Nothing was delivered: no clearance for this release and day, or the destination holds something else."""


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
    """Read the release that is about to leave, if the clearance is for it, and for today, and if it is intact.

    Raises:
        DeliveryRefused: It is no clearance, another release's or another day's, or a file of the release was changed.
        InvalidDocument: The folder is no sealed release.
    """
    if not isinstance(clearance, Clearance):
        raise DeliveryRefused(
            f"{type(clearance).__name__} is no clearance", hint="Ask the guard, and pass the clearance of its decision."
        )
    release = read_release(release_folder)
    if clearance.release_sha256 != release.manifest_sha256:
        raise DeliveryRefused(
            f"the clearance of {clearance.address} is for another release than {release.id}",
            hint="Ask the guard about this release.",
        )
    if clearance.on != datetime.now().astimezone().date():
        raise DeliveryRefused(
            f"the clearance of {clearance.address} is for {clearance.on}, not for today", hint="Ask the guard again."
        )
    for name, problem in changed_files(release):
        raise DeliveryRefused(f"{release.folder / name}: {problem}", hint="Make the release again.")
    return release
