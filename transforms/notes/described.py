"""How does the model see a piece of a sentence: which attributes has it, and what do they weigh together?

The attributes are written out for training. To find, the sum of those that come together is made once for each word of a
language, as it stands itself and as it stands beside another, and looked up.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from transforms.notes.folding import fold
from transforms.notes.guards import DRUGS, EPONYMS
from transforms.notes.weights import read_weights
from transforms.notes.words import care_names, communes, given_count, is_plain, surname_count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from transforms.notes.note import Note
    from transforms.notes.weights import Rows, Weights

MODEL: Final = "names.crfsuite"
Piece: TypeAlias = "tuple[int, int, str]"
"""Where a piece of a sentence begins and ends, and how it is written."""
_SHORTEST: Final = 3
_PAIR: Final = 2
_STEPS: Final = (-2, -1, 1, 2)
_EDGE: Final = "edge"


def features(
    note: Note,
    pieces: list[tuple[int, int]],
    covered: Mapping[int, tuple[int, str]],
    plain: Callable[[str], bool] = is_plain,
) -> list[list[str]]:
    """Describe the pieces of one sentence to the model: their form, what the lexicons and the rules say, two neighbours each side."""
    own: list[tuple[str, str, str, list[str]]] = []
    until, rule = 0, ""
    for start, end in pieces:
        if start in covered:
            until, rule = covered[start]
        found = rule if start < until else ""
        text, folded = note.text[start:end], note.folded[start:end]
        own.append((_shape(text), _said(text, folded, plain), found, _form(text, folded, plain)))
    items_of: list[list[str]] = []
    count = len(own)
    loud = _is_loud([shape for shape, *_ in own])
    for number, (shape, said, found, form) in enumerate(own):
        items = _itself(shape, said, found, form)
        for step in _STEPS:
            place = number + step
            items += _beside(step, *own[place][:3]) if 0 <= place < count else [f"{step}={_EDGE}"]
        before = own[number - 1][1] if number else _EDGE
        behind = own[number + 1][1] if number + 1 < count else _EDGE
        items += (_between(before, shape, behind), _in_sentence(shape, loud=loud))
        if number > 1:
            items.append(_third(own[number - 2][1], before, shape))
        items_of.append(items)
    return items_of


def _is_loud(shapes: list[str]) -> bool:
    return shapes.count("XX") * 2 > len(shapes)


def _itself(shape: str, said: str, found: str, form: list[str]) -> list[str]:
    return ["bias", f"s={shape}", f"w={said}", f"r={found}", *form]


def _beside(step: int, shape: str, said: str, found: str) -> list[str]:
    return [f"{step}s={shape}", f"{step}w={said}", f"{step}r={found}"]


def _between(before: str, shape: str, behind: str) -> str:
    return f"around={before}|{shape}|{behind}"


def _in_sentence(shape: str, *, loud: bool) -> str:
    return f"loud={loud}{shape}"


def _third(two_before: str, before: str, shape: str) -> str:
    return f"two={two_before}|{before}|{shape}"


@lru_cache(1 << 14)
def _shape(text: str) -> str:
    if text[0].isdigit():
        return "d" * min(len(text), 5)
    if not text[0].isalpha():
        return text
    if text.isupper():
        return "X" if len(text) == 1 else "XX"
    return ("Xx-Xx" if "-" in text else "Xx") if text[0].isupper() else "x"


def _said(text: str, folded: str, plain: Callable[[str], bool]) -> str:
    """Give a word that says something as context; names are all alike, so that none is learnt by heart."""
    if not text[0].isalpha():
        return "0" if text[0].isdigit() else text
    if text[0].islower() or plain(folded):
        return folded
    return "?"


def _form(text: str, folded: str, plain: Callable[[str], bool]) -> list[str]:
    if not text[0].isupper() or len(text) < _PAIR:
        return []
    common = plain(folded)
    surnames, given = len(str(surname_count(folded))), len(str(given_count(folded)))
    town = folded in communes()
    return [
        f"p2={folded[:2]}",
        f"p3={folded[:3]}",
        f"e2={folded[-2:]}",
        f"e3={folded[-3:]}",
        f"e4={folded[-4:]}",
        f"n={min(len(text), 12)}",
        f"known={surnames}{given}{town}{common}",
        f"sur={surnames}",
        f"giv={given}",
        f"town={town}",
        f"plain={common}",
        f"drug={folded in DRUGS}{folded in EPONYMS}",
        f"care={folded in _care_words()}",
        *(f"g={gram}" for gram in _grams(folded)),
    ]


@cache
def _care_words() -> frozenset[str]:
    """Words that stand in the short names of hospitals and are no plain ones."""
    return frozenset(word for name in care_names() for word in name.split() if not is_plain(word))


@lru_cache(1 << 14)
def _grams(folded: str) -> tuple[str, ...]:
    framed = f"^{folded}$"
    return tuple(framed[at : at + 3] for at in range(len(framed) - 2))


class Aspect(NamedTuple):
    """A word as the model sees it, with the rows of what it weighs itself and beside another."""

    shape: str
    said: str
    itself: int
    beside: int


class Described:
    """The sums of what comes together for each word of a language, made once: a word itself, and it beside another."""

    _MOST: Final = 50_000
    _ROOM: Final = 1024

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._aspects: dict[tuple[str, str], Aspect] = {}
        self._sides: dict[tuple[str, str, str], int] = {}
        tags = len(weights.tags)
        self._itself: Rows = np.zeros((self._ROOM, tags))
        self._beside: Rows = np.zeros((self._ROOM, len(_STEPS), tags))
        self._turn = Lock()
        for row, step in enumerate(_STEPS):
            self._beside[0, row] = weights.of([f"{step}={_EDGE}"])

    @property
    def full(self) -> bool:
        """Whether as many words are held as may be: a column of random letters must not fill the memory."""
        return len(self._aspects) > self._MOST

    def aspects(self, pieces: list[Piece], covered: Mapping[int, tuple[int, str]]) -> list[Aspect]:
        """Look the pieces of a sentence up."""
        aspects = []
        known = self._aspects
        until, rule = 0, ""
        for start, _, text in pieces:
            if start in covered:
                until, rule = covered[start]
            found = rule if start < until else ""
            aspects.append(known.get((text, found)) or self._learn(text, found))
        return aspects

    def scores(self, aspects: list[Aspect], sentences: Sequence[tuple[int, int, list[int]]]) -> Rows:
        """Give what `features` would say of the pieces of sentences as sums of weights, a row a piece and a column a tag."""
        numbers, unknown = self.weights.numbers, len(self.weights.rows) - 1
        joined: list[tuple[int, int, int]] = []
        sides: list[int] = []
        for start, end, _ in sentences:
            own = aspects[start:end]
            shapes = [aspect[0] for aspect in own]
            loud = {shape: numbers.get(_in_sentence(shape, loud=_is_loud(shapes)), unknown) for shape in set(shapes)}
            said = [aspect[1] for aspect in own]
            two_before, before = "", _EDGE
            for number, (shape, itself, behind) in enumerate(zip(shapes, said, [*said[1:], _EDGE], strict=True)):
                joined.append(
                    (
                        numbers.get(f"around={before}|{shape}|{behind}", unknown),
                        loud[shape],
                        numbers.get(f"two={two_before}|{before}|{shape}", unknown) if number > 1 else unknown,
                    )
                )
                two_before, before = before, itself
            sides += (0, 0)
            sides += [aspect[3] for aspect in own]
        sides += (0, 0)
        beside = np.array(sides)
        # Two edges stand before each sentence, and so behind the one before.
        places = np.arange(len(aspects)) + np.repeat(
            [*range(2, 2 * len(sentences) + 2, 2)], [end - start for start, end, _ in sentences]
        )
        scores: Rows = self._itself[[aspect[2] for aspect in aspects]]
        scores += self.weights.rows[joined].sum(axis=1)
        for row, step in enumerate(_STEPS):
            scores += self._beside[beside[places + step], row]
        return scores

    def _learn(self, text: str, found: str) -> Aspect:
        folded = fold(text)
        shape, said = _shape(text), _said(text, folded, is_plain)
        with self._turn:
            if (beside := self._sides.get((shape, said, found), 0)) == 0:
                beside = len(self._sides) + 1
                self._beside = _with_room(self._beside, beside)
                for row, step in enumerate(_STEPS):
                    self._beside[beside, row] = self.weights.of(_beside(step, shape, said, found))
                self._sides[shape, said, found] = beside
            itself = len(self._aspects)
            self._itself = _with_room(self._itself, itself)
            self._itself[itself] = self.weights.of(_itself(shape, said, found, _form(text, folded, is_plain)))
            aspect = self._aspects[text, found] = Aspect(shape, said, itself, beside)
        return aspect


def _with_room(rows: Rows, number: int) -> Rows:
    return rows if number < len(rows) else np.concatenate([rows, np.zeros_like(rows)])


_MADE: list[Described] = []


def described() -> Described:
    """Give the sums made so far, or begin anew where too many are held."""
    if not _MADE or _MADE[0].full:
        _MADE[:] = [Described(_weights())]
    return _MADE[0]


@cache
def _weights() -> Weights:
    return read_weights((files(__package__) / "lexicons" / MODEL).read_bytes())
