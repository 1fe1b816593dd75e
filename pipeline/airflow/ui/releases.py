"""Which releases stand here, how risky are they, and are they what was sealed and journaled?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.manifest import MANIFEST, RELEASE_ID, read_release
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class ReleaseRow:
    """A release as a list shows it.

    Attributes:
        k: The smallest k of its tables; None where no risk was counted.
        journaled: Whether its seal stands in the journal with this very manifest.
        sealed: When it was sealed, as the journal says.
        problem: Why it can't be read, in one line.
    """

    id: str
    export: str = ""
    domain: str = ""
    data_class: str = ""
    rows: int = 0
    k: int | None = None
    journaled: bool = False
    sealed: str = ""
    problem: str = ""


def releases(folder: Path, lines: Iterable[Mapping[str, Any]]) -> list[ReleaseRow]:
    """List the sealed releases, the newest first.

    Args:
        folder: Where they stand.
        lines: The journal's lines, the newest first.
    """
    seals = {line["release_id"]: line for line in lines if line.get("event") == "release.sealed"}
    if not folder.is_dir():
        return []
    found = [_row(path, seals.get(path.name)) for path in folder.iterdir() if (path / MANIFEST).is_file()]
    return sorted(found, key=lambda row: (row.sealed, row.id), reverse=True)


def release_folder(folder: Path, release_id: str) -> Path | None:
    """The folder of a release by its id; None if the id is none (it comes from an address) or nothing stands there."""
    if not RELEASE_ID.fullmatch(release_id) or release_id.startswith("."):
        return None
    path = folder / release_id
    return path if (path / MANIFEST).is_file() else None


def _row(path: Path, seal: Mapping[str, Any] | None) -> ReleaseRow:
    try:
        release = read_release(path)
    except DouaneError as error:
        return ReleaseRow(path.name, problem=str(error))
    manifest = release.manifest
    return ReleaseRow(
        id=path.name,
        export=manifest.get("export") or "",
        domain=manifest["domain"],
        data_class=manifest["data_class"],
        rows=sum(file.get("rows", 0) for file in manifest["files"]),
        k=min((figures["k"] for figures in manifest["risk"]), default=None),
        journaled=seal is not None and seal["manifest_sha256"] == release.manifest_sha256,
        sealed=seal["time"] if seal else "",
    )
