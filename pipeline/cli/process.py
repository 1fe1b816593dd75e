"""What does a process that Douane has to itself do before it loads its libraries, to start quickly and stay small?

None of it belongs into a notebook or a scheduler's process, whose owner decides. A command that takes a second for its
work had spent another on the way there (2026-11-25).
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Final

_OBJECTS: Final = 100_000


def prepare_process() -> None:
    """Choose, for this process, what libraries read once when they are loaded; what the user has set stays."""
    # Arrow's default allocator keeps a fifth more memory for itself, and faults it in again and again.
    if sys.platform == "linux":
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    # numpy's BLAS would start a thread for each processor, which waits busily for a matrix that never comes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # pydantic would read the metadata of every installed package, in search of plugins for its models.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Loading modules makes many objects and no garbage; the collector would look at all of them a dozen times.
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])


def leave_pandas_unloaded() -> None:
    """Keep Arrow from loading pandas (0.3 s) only because a value might be one of pandas'.

    Arrow tries once, when it is first given a Python value. Whoever asks for `to_pandas` still gets pandas.
    """
    if "pandas" in sys.modules:
        return
    arrow = importlib.import_module("pyarrow")
    sys.meta_path.insert(0, _NotNow)
    try:
        arrow.scalar(0)
    finally:
        del sys.meta_path[0]


class _NotNow:
    """A finder of modules that says of pandas that it is not there."""

    @staticmethod
    def find_spec(name: str, _path: object, _target: object = None) -> None:
        if name == "pandas":
            raise ImportError(name)
