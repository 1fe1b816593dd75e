"""How far is a long piece of work? Told on a terminal's stderr, and nowhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress(Protocol):
    """Takes note of work done."""

    def advance(self, what: str, rows: int) -> None:
        """`rows` rows of `what` are done."""


class Silent:
    """For schedulers, pipes and tests."""

    def advance(self, what: str, rows: int) -> None:
        """Say nothing."""


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A line of progress while the work lasts, when stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    with Console(stderr=True).status("starting") as status:

        class Line:
            def advance(self, what: str, rows: int) -> None:
                status.update(f"{what}: {rows:,} rows")

        yield Line()
