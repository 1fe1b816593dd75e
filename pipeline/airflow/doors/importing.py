"""How is something done to a module once, as soon as it is there, without importing it before anybody needs it?"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


def when_imported(names: Collection[str], do: Callable[[ModuleType], None]) -> None:
    """Do something to each of these modules: now if it was imported, else when it is.

    Args:
        names: Full names; one that is never imported costs nothing.
        do: Called with the module, after its own code ran.
    """
    for name in names:
        module = sys.modules.get(name)
        if module is not None:
            do(module)
    sys.meta_path.insert(0, _Watch(frozenset(names), do))


class _Watch:
    """A finder that finds what Python's own finds, and has its loader call back."""

    def __init__(self, names: frozenset[str], do: Callable[[ModuleType], None]) -> None:
        self._names = names
        self._do = do

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        if name not in self._names:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        loader: Any = spec.loader
        plain = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            plain(module)
            self._do(module)

        loader.exec_module = exec_module
        return spec
