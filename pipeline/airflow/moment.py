"""How is an answer kept for a moment that costs more than it changes: airflow.cfg, and when the register was last written?"""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SECONDS = 1.0


def for_a_moment(ask: Callable[[], T]) -> Callable[[], T]:
    """Ask anew only after a second: a DAG file's tasks come by the hundred within one.

    Example:
        >>> asked = []
        >>> count = for_a_moment(lambda: asked.append(1) or len(asked))
        >>> count(), count()
        (1, 1)
    """
    kept: list[tuple[float, T]] = []

    @wraps(ask)
    def answer() -> T:
        now = time.monotonic()
        if not kept or now - kept[0][0] > SECONDS:
            kept[:] = [(now, ask())]
        return kept[0][1]

    return answer
