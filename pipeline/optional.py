"""Is the library of this extra installed? Imported when it is needed, and missed in one line."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from transforms.errors import DouaneError


class MissingLibrary(DouaneError, ImportError):
    """A system needs a library that is not installed; names the extra that brings it."""


def load_library(name: str, *, extra: str, what: str) -> Any:  # noqa: ANN401 - a module
    """Import a library that comes with an extra.

    Args:
        name: The module, such as `asyncssh`.
        extra: The extra of Douane that brings it.
        what: What can't be done without it, as the start of a sentence.

    Raises:
        MissingLibrary: It is not installed.

    Example:
        >>> load_library("no_such_library", extra="sftp", what="SFTP")
        Traceback (most recent call last):
        ...
        pipeline.optional.MissingLibrary: SFTP needs a library that is not installed. Run `pip install 'douane[sftp]'`.
    """
    try:
        return import_module(name)
    except ImportError:
        raise MissingLibrary(
            f"{what} needs a library that is not installed", hint=f"Run `pip install 'douane[{extra}]'`."
        ) from None
