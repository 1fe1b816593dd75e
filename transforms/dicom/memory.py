"""Which values were changed before, so that each is changed once, in bounded memory?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class Memory(Generic[KeyT, ValueT]):
    """Answers for whole columns, by a function that answers for what it was not asked before.

    Args:
        answer: n distinct values to n answers.

    Example:
        >>> asked = []
        >>> memory = Memory(lambda words: asked.append(words) or [word.upper() for word in words])
        >>> memory.ask(["a", "b", "a"])["a"], memory.ask(["b", "c"])["c"], asked
        ('A', 'C', [['a', 'b'], ['c']])
    """

    MOST: ClassVar[int] = 100_000
    """More than a study asks for; then it forgets everything, so that a million objects take no more memory."""

    def __init__(self, answer: Callable[[Sequence[KeyT]], Sequence[ValueT]]) -> None:
        self._answer = answer
        self._known: dict[KeyT, ValueT] = {}

    def ask(self, values: Sequence[KeyT]) -> dict[KeyT, ValueT]:
        """The answers, at least for these values; the dictionary is the memory itself and must not be changed."""
        self.new(values)
        return self._known

    def new(self, values: Sequence[KeyT]) -> frozenset[KeyT]:
        """Which of these values were not asked for before; they are answered now."""
        if len(self._known) > self.MOST:
            self._known.clear()
        known = self._known
        fresh = list(dict.fromkeys(value for value in values if value not in known))
        if fresh:
            known.update(zip(fresh, self._answer(fresh), strict=True))
        return frozenset(fresh)
