"""Where do keys, staging, releases and the journal of this installation stand?

By default in ~/.douane, not in the folder a command happens to be called from: two folders would silently mean two
keys, and the same person would get two pseudonyms.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InvalidDocument

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Home:
    """The folders of one installation. Nothing is made until something is kept there, and then with mode 0700.

    Attributes:
        folder: DOUANE_HOME, or ~/.douane.
        keys: The keyring. Never under a release.
        private: Wrapped staging keys and what belongs to a release but must not travel with it.
        staging: Ciphertext of the runs under way; with several workers, a folder that they share.
        releases: Sealed releases, one folder each.
        journal: The folder of the journal.
        register: What the DPO adds to the register that Douane ships.
        policies: The DPO's policies.
    """

    folder: Path
    keys: Path
    private: Path
    staging: Path
    releases: Path
    journal: Path
    register: Path
    policies: Path

    @property
    def journal_file(self) -> Path:
        """The journal itself."""
        return self.journal / "journal.jsonl"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Home:
        """Read DOUANE_HOME, and DOUANE_KEYS, DOUANE_PRIVATE, DOUANE_STAGING... for a folder that stands apart.

        Args:
            environment: Names to values; the process's own by default. An empty value counts as not set.

        Raises:
            InvalidDocument: No DOUANE_HOME, and the user has no home folder either.

        Example:
            >>> home = Home.from_environment({"DOUANE_HOME": "/srv/douane", "DOUANE_KEYS": "/mnt/safe"})
            >>> str(home.keys), str(home.journal_file)
            ('/mnt/safe', '/srv/douane/journal/journal.jsonl')
        """
        given = os.environ if environment is None else environment
        folder = _folder(given.get("DOUANE_HOME") or "~/.douane")
        rooms = [field.name for field in fields(cls) if field.name != "folder"]
        apart = {room: given.get(f"DOUANE_{room.upper()}") for room in rooms}
        return cls(folder=folder, **{room: _folder(path) if path else folder / room for room, path in apart.items()})


def _folder(path: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:
        raise InvalidDocument("this user has no home folder", hint="Set DOUANE_HOME to a private folder.") from None
