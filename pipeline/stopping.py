"""How does the journal learn that a run was stopped, and by what, without a word of what it was about?"""

from __future__ import annotations

import contextlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.journal import Journal


@contextmanager
def told_when_stopped(journal: Journal, **about: str | None) -> Iterator[None]:
    """Journal `run.stopped` with a reason code when what is done inside ends by an error, which then goes its way.

    The code is the sort of error: its sentence names fields and rows, and stays where it is shown.

    Args:
        journal: The journal.
        about: What else the line says: ids, no values.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from pipeline.errors import InvalidInput
        >>> from pipeline.journal import Journal
        >>> with TemporaryDirectory() as folder:
        ...     journal = Journal(Path(folder, "journal.jsonl"))
        ...     with contextlib.suppress(InvalidInput), told_when_stopped(journal, export="cardio"):
        ...         raise InvalidInput("stays.csv is empty")
        ...     [(line["event"], line["reason"]) for line in journal.lines()]
        [('run.stopped', 'invalid_input')]
    """
    try:
        yield
    except BaseException as error:
        # A journal that can't be written must not hide why the run was stopped.
        with contextlib.suppress(DouaneError, OSError):
            journal.append("run.stopped", reason=reason_code(error), **about)
        raise


def reason_code(error: BaseException) -> str:
    """The sort of an error as a word: `plan_mismatch`, `invalid_value`, `storage_failed`, `interrupted`, `unexpected`.

    Example:
        >>> reason_code(KeyboardInterrupt()), reason_code(ZeroDivisionError())
        ('interrupted', 'unexpected')
    """
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        return "interrupted"
    if not isinstance(error, DouaneError):
        return "unexpected"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
