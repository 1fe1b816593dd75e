"""How far is a long piece of work? Told on a terminal's stderr, and nowhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress(Protocol):
    """Takes note of work done."""

    def advance(self, what: str, rows: int, total: int | None = None) -> None:
        """`rows` rows of `what` are done, of `total` if that is known."""


class Silent:
    """For schedulers, pipes and tests."""

    def advance(self, what: str, rows: int, total: int | None = None) -> None:
        """Say nothing."""


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A bar a table while the work lasts, when stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bars  # noqa: PLC0415 - as above

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        class Shown:
            def advance(self, what: str, rows: int, total: int | None = None) -> None:
                if what not in tasks:
                    tasks[what] = bars.add_task(what, total=total)
                bars.update(tasks[what], completed=rows)

        yield Shown()
