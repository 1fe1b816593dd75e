"""Which class of data does a task carry? The DPO's table says so; an author's tag can raise it, never lower it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pipeline.guard.decision import DATA_CLASSES, DataClass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.task_classes import TaskClass

DEFAULT: DataClass = "identified-health"
TAG = "douane:class="
STRICTNESS: tuple[DataClass, ...] = (
    "technical",
    "anonymous",
    "pseudonymized-health",
    "identified-health",
    "state-sensitive-health",
)


def class_of(rows: Iterable[TaskClass], *, dag_id: str, task_id: str, tags: Iterable[str]) -> DataClass:
    """Tell a task's class: the strictest of the policy's rows that fit it, else `identified-health`; then its tags.

    Args:
        rows: The policy's `tasks`.
        dag_id: The DAG's id.
        task_id: The task's id, with its groups.
        tags: The DAG's tags. `douane:class=...` raises; one that names no class is the strictest.

    Example:
        >>> class_of([], dag_id="eds", task_id="load", tags=["douane:class=state-sensitive-health"])
        'state-sensitive-health'
        >>> class_of([], dag_id="eds", task_id="load", tags=["douane:class=technical"])
        'identified-health'
    """
    named = tuple(tags)
    fitting = [row.data_class for row in rows if _fits(row, dag_id, task_id, named)]
    asked = [_asked(tag.removeprefix(TAG)) for tag in named if tag.startswith(TAG)]
    return max([strictest(fitting) if fitting else DEFAULT, *asked], key=STRICTNESS.index)


def possible_classes(rows: Iterable[TaskClass], *, dag_id: str, task_id: str) -> frozenset[DataClass]:
    """What a task may carry as far as its names tell: rows that ask for a tag may fit, or not.

    Example:
        >>> sorted(possible_classes([], dag_id="eds", task_id="load"))
        ['identified-health']
    """
    fitting = [row for row in rows if _fits(row, dag_id, task_id, ("*",) if row.tag is None else (row.tag,))]
    certain = [row.data_class for row in fitting if row.tag is None]
    uncertain = [row.data_class for row in fitting if row.tag is not None]
    return frozenset({strictest(certain or [DEFAULT]), *(strictest([one, *certain]) for one in uncertain)})


def strictest(classes: Iterable[DataClass]) -> DataClass:
    """The class of which most is asked."""
    return max(classes, key=STRICTNESS.index)


def raised(known: str, asked: str) -> DataClass:
    """A task's class (`identified-health` if nobody knows it), raised by what its author asks for; never lowered.

    Example:
        >>> raised("technical", "anonymous"), raised("", "technical"), raised("technical", "")
        ('anonymous', 'identified-health', 'technical')
    """
    own = _asked(known) if known else DEFAULT
    return strictest([own, *([_asked(asked)] if asked else [])])


def _asked(word: str) -> DataClass:
    return next((name for name in DATA_CLASSES if name == word), STRICTNESS[-1])


def _fits(row: TaskClass, dag_id: str, task_id: str, tags: tuple[str, ...]) -> bool:
    return (
        (row.dag is None or fnmatchcase(dag_id, row.dag))
        and (row.task is None or fnmatchcase(task_id, row.task))
        and (row.tag is None or any(fnmatchcase(tag, row.tag) for tag in tags))
    )
