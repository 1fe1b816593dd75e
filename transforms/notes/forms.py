"""What can be said of a written word alone, whatever note it stands in? Asked once for each word of a language.

A note of two thousand characters has some three hundred words, and most of them say nothing: no rule begins at them. So
each layer states as a question what a word must be for its rule to be tried there, and a note gives the words that answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from transforms.notes.folding import fold
from transforms.notes.openings import Openings
from transforms.notes.words import communes, given_count

if TYPE_CHECKING:
    from collections.abc import Callable

_ELIDED: Final = re.compile(r"d['’][^\W\d_a-zà-ÿ]")
_MOST: Final = 200_000


class Question:
    """A question about a word as it is written and as it is folded; its number tells it among all.

    Attributes:
        holds: Tells of a written and a folded word whether the answer is yes.
        number: Which of all questions it is.
    """

    all: Final[list[Question]] = []

    def __init__(self, holds: Callable[[str, str], bool]) -> None:
        self.holds = holds
        self.number = len(Question.all)
        Question.all.append(self)


Form: TypeAlias = tuple[str, bool]
"""A written word folded, and whether a capital begins it."""
Mark: TypeAlias = tuple[tuple[int, ...], tuple[tuple[int, int], ...]]
"""What begins at a written word: the numbers of the questions it answers, and of the patterns that may open in it with the place."""
# Both are plain tuples of plain values, which the garbage collector needs not walk through.


def is_capital(text: str) -> bool:
    """Tell whether a word begins with a capital letter (or is of a script without capitals), `d'` left aside."""
    return not text[0].islower() or (text[:1] == "d" and text[1:2] in "'’" and text[2:3].isupper())


CAPITALS: Final = Question(
    lambda text, _: not text.islower() and (not text[0].islower() or _ELIDED.match(text) is not None)
)
"""Which words begin with no small letter, or with `d'` and a capital?"""


def _uncut(word: str) -> str:
    """Join a word that the end of a line cuts; a hyphen between two first names stays."""
    if "\n" not in word:
        return word
    joined = word.replace("-\n", "-")
    return joined if given_count(joined) or joined in communes() else word.replace("-\n", "")


class _Forms(dict[str, Form]):
    """A written word to its form; filled as words are seen, so that a column of random letters fills no memory."""

    def __missing__(self, text: str) -> Form:
        form = (_uncut(fold(text)), is_capital(text))
        if len(self) < _MOST:
            self[text] = form
        return form


class _Marks(dict[str, Mark | None]):
    """A written word to what begins at it; None for most words."""

    def __missing__(self, text: str) -> Mark | None:
        folded, _ = FORMS[text]
        answers = tuple(question.number for question in Question.all if question.holds(text, folded))
        openings = _OPENINGS[folded]
        mark = (answers, openings) if answers or openings else None
        if len(self) < _MOST:
            self[text] = mark
        return mark


_OPENINGS: Final = Openings()
FORMS: Final = _Forms()
MARKS: Final = _Marks()
