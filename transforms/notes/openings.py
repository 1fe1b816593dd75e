"""With which words can a pattern begin, so that it is tried there and nowhere else?

A note of two thousand characters has some three hundred words, and a handful of them announce anything. Scanning it with
fifty alternations costs fifty times its length; looking each word up once, and trying a pattern only at the words that can
open it, costs its length (13 times less, 2026-11-25). What the search finds is the same, and a test says so.
"""

from __future__ import annotations

import re
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST: Final = 8
_WIDEST: Final = 12
_PIECES: Final = re.compile(r"[^\W\d_]+")
_ZERO_WIDTH: Final = frozenset({ops.AT, ops.ASSERT, ops.ASSERT_NOT})


class Opening:
    """A pattern of folded text that begins with one of few words; its number tells it in `Openings`.

    Attributes:
        pattern: The compiled pattern.
        number: Which of all openings it is.
    """

    all: Final[list[Opening]] = []

    def __init__(self, pattern: re.Pattern[str], *, endings: tuple[str, ...] = ()) -> None:
        self.pattern = pattern
        self.number = len(Opening.all)
        self.endings = endings
        self.beginnings = frozenset(_beginnings(pattern, anywhere=bool(endings)))
        """Letters, and whether they are the whole word."""
        Opening.all.append(self)


def _beginnings(pattern: re.Pattern[str], *, anywhere: bool = False) -> Iterator[tuple[str, bool]]:
    r"""Give the first letters of all that a pattern can match: up to eight, fewer where anything may follow.

    Example:
        >>> sorted(_beginnings(re.compile(r"\b(?:dr|m(?:me|lle))s? [a-z]+")))
        [('dr', True), ('drs', True), ('mlle', True), ('mlles', True), ('mme', True), ('mmes', True)]
    """
    heads = {""}
    heads = _extend(heads, parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    for head in heads:
        letters = _PIECES.match(head.rstrip("\0\1"))
        if letters is None and anywhere:
            continue
        if letters is None:
            message = f"a pattern may begin with anything: {pattern.pattern[:40]}"
            raise ValueError(message)
        yield letters[0], len(letters[0]) < len(head) and head[len(letters[0])] != "\0"


def _extend(heads: set[str], parsed: Any) -> set[str]:  # noqa: ANN401 - the parser is untyped
    r"""Append what a sequence can match to each head; `\0` ends a head behind which anything may stand."""
    for code, argument in parsed:
        if code in _ZERO_WIDTH:
            if _ends_word(code, argument):
                heads = {head + "\1" if head[-1:].isalpha() and not _is_full(head) else head for head in heads}
            continue
        heads = {more for head in heads for more in ({head} if _is_full(head) else _step(head, code, argument))}
    return heads


def _ends_word(code: Any, argument: Any) -> bool:  # noqa: ANN401 - as above
    r"""Tell whether no letter can follow: at `\b`, before `(?![a-z])`, before `(?= )`."""
    if code is ops.AT:
        return bool(argument is ops.AT_BOUNDARY)
    forward, body = argument
    if forward < 0:
        return False
    if code is ops.ASSERT_NOT:
        return any(kind is ops.IN and (ops.RANGE, (97, 122)) in signs for kind, signs in body[:1])
    return all(head and not head[0].isalpha() and head[0] != "\0" for head in _extend({""}, body))


def _is_full(head: str) -> bool:
    return head.endswith(("\0", "\1")) or len(head) >= _DEEPEST or bool(head and not head[-1].isalpha())


def _step(head: str, code: Any, argument: Any) -> set[str]:  # noqa: ANN401 - as above
    if code is ops.LITERAL:
        return {head + chr(argument)}
    if code in {ops.SUBPATTERN, ops.BRANCH}:
        branches = argument[1] if code is ops.BRANCH else [argument[-1]]
        return {more for branch in branches for more in _extend({head}, branch)}
    if code in {ops.MAX_REPEAT, ops.MIN_REPEAT}:
        least, _, body = argument
        once = _extend({head}, body)
        if argument[1] == 1:
            return once if least else once | {head}
        return {more + "\0" if not _is_full(more) else more for more in once} | (set() if least else {head})
    if code is ops.IN and len(argument) <= _WIDEST and all(kind is ops.LITERAL for kind, _ in argument):
        return {head + chr(sign) for _, sign in argument}
    return {head + "\0"}


class Openings(dict[str, tuple[tuple[int, int], ...]]):
    """A folded word to the openings that may begin in it, as (number of the opening, where in the word).

    Filled as words are seen: a language has few. `l'infirmier` and `beau-frère` are looked at piece by piece.
    """

    _MOST: Final = 200_000

    def __missing__(self, word: str) -> tuple[tuple[int, int], ...]:
        """Look a new word up; a column of random letters must not fill the memory."""
        heads, endings = _tables()
        found = tuple(
            (number, piece.start())
            for piece in _PIECES.finditer(word)
            for number in sorted(
                {
                    number
                    for length in range(1, min(_DEEPEST, len(piece[0])) + 1)
                    for number in heads.get((piece[0][:length], False), ())
                }
                | set(heads.get((piece[0], True), ()))
                | {number for ending, number in endings if piece[0].rstrip("s").endswith(ending)}
            )
        )
        if len(self) < self._MOST:
            self[word] = found
        return found


_Heads: TypeAlias = "dict[tuple[str, bool], list[int]]"
_MADE: list[tuple[int, _Heads, list[tuple[str, int]]]] = []


def _tables() -> tuple[_Heads, list[tuple[str, int]]]:
    if not _MADE or _MADE[0][0] != len(Opening.all):
        heads: _Heads = {}
        for opening in Opening.all:
            for head in opening.beginnings:
                heads.setdefault(head, []).append(opening.number)
        endings = [(ending, opening.number) for opening in Opening.all for ending in opening.endings]
        _MADE[:] = [(len(Opening.all), heads, endings)]
    return _MADE[0][1:]
