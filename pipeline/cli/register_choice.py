"""Which register does a command decide by: the one it was given, this installation's own, or the shipped one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.guard.register import holds_files
from pipeline.home import Home

if TYPE_CHECKING:
    from pathlib import Path


def register_folder(given: Path | None) -> Path | None:
    """The folder given, else this installation's own if it holds a register, else None: what Douane ships."""
    own = own_register(given)
    return own if given or holds_files(own) else None


def own_register(given: Path | None) -> Path:
    """The folder given, else this installation's own, whether it is there or not yet."""
    return given or Home.from_environment().register
