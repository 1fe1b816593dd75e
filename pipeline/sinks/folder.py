"""How does a release reach a folder: whole, under its id, or not at all?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InvalidDocument
from pipeline.files.durable import StorageFailed, copy_file, storage_named
from pipeline.files.partial import PartialFolder
from pipeline.manifest import MANIFEST, SIGNATURE, Release, changed_files, read_release
from pipeline.sinks import Delivery, DeliveryRefused, cleared_release

if TYPE_CHECKING:
    from pipeline.guard.decision import Clearance

_FOR_THE_RECIPIENT = 0o777  # less the umask: who may read there is for the destination's owner to say


class FolderSink:
    """Copies a release to `DESTINATION/RELEASE_ID`, beside its final name first, compared before it is renamed."""

    def deliver(self, release_folder: Path, clearance: Clearance) -> Delivery:
        """Deliver a release to the folder that the guard cleared.

        Args:
            release_folder: A sealed release.
            clearance: The guard's, for this release, today, and a folder: `/path` or `file:///path`.

        Returns:
            What was done. A release that is there already, whole and the same, is not copied again.

        Raises:
            DeliveryRefused: The clearance is another's, or something else stands under the release's name there.
            StorageFailed: The folder doesn't exist, can't be written or is full; nothing new is visible in it.
        """
        release = cleared_release(release_folder, clearance)
        names = [*(entry["name"] for entry in release.manifest["files"]), MANIFEST, SIGNATURE]
        with storage_named(f"deliver {release.id} to {clearance.address}"):
            final = _folder(clearance.address) / release.id
            already_there = final.is_symlink() or final.exists()
            if already_there:
                _compare(release, final)
            else:
                _copy(release, names, final)
        return Delivery(
            address=clearance.address,
            release_id=release.id,
            release_sha256=release.manifest_sha256,
            files=len(names),
            bytes=sum((release.folder / name).stat().st_size for name in names),
            already_there=already_there,
        )


def _folder(address: str) -> Path:
    # The guard's address is decoded and resolved already: decoding it again could lead to another folder.
    text = address.removeprefix("file://")
    if not text.startswith("/") or text.startswith("//"):
        raise DeliveryRefused(f"{address} is no folder on this machine", hint="Use the sink of its kind.")
    path = Path(text)
    if not path.is_dir():
        raise StorageFailed(f"the destination {path} is no folder that exists", hint="Create it, or mount it, first.")
    if path.resolve() != path:
        # The guard decides without asking the disk; a link may lead onto another machine's disk.
        raise DeliveryRefused(f"the destination {path} is a link to {path.resolve()}", hint="Name the real folder.")
    return path


def _copy(release: Release, names: list[str], final: Path) -> None:
    try:
        with PartialFolder(final, mode=_FOR_THE_RECIPIENT) as partial:
            for name in names:
                copy_file(release.folder / name, partial.path / name)
            _compare(release, partial.path)
            partial.publish()
    except FileExistsError:
        _compare(release, final)  # another process has delivered it meanwhile


def _compare(release: Release, copy: Path) -> None:
    """Refuse a copy that is not the release, byte by byte."""
    try:
        found = read_release(copy)
        same = (copy / SIGNATURE).read_bytes() == (release.folder / SIGNATURE).read_bytes()
    except (InvalidDocument, OSError):
        found, same = None, False
    if copy.is_symlink() or found is None or found.manifest_sha256 != release.manifest_sha256 or not same:
        raise DeliveryRefused(
            f"{copy} exists and is not the release {release.id}", hint="Move it away after finding out what it is."
        )
    for name, problem in changed_files(found):
        raise DeliveryRefused(f"{copy / name}: {problem}", hint="Move that copy away, then deliver again.")
