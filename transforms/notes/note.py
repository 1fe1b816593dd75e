"""How does a layer see a note? As text, as folded text of the same length, and as words with their places."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from itertools import accumulate, compress
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, TypeVar, overload

from transforms.notes.folding import LETTERS, LINK, fold, fold_french
from transforms.notes.forms import CAPITALS, FORMS, MARKS, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from transforms.notes.openings import Opening

_FRENCH_WORD: Final = re.compile(f"({LINK}|[{LETTERS}]+(?:['’\\-‐‑][{LETTERS}]+)*)")
_WORD: Final = re.compile(rf"({LINK}|[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*)")
# Optical reading takes 1 and 0 for I and O inside of words, and leaves words cut at the end of a line.
_MISREAD_WORD: Final = re.compile(
    r"([^\W\d_]+(?:(?:['’]|[-‐‑]\n?|(?:(?<=[^\W\d_]{2})|(?<=\b[A-Z]))[01](?=[^\W\d_]))[^\W\d_]+)*)"
)
_CUT: Final = re.compile(r"-(?<=[^\W\d_]-)\n[^\W\d_]")
_MISREAD: Final = re.compile(r"[01](?:(?<=[A-Z]{3}.)[A-Z]|(?<=[a-z]{2}.)[a-z]{2}|(?<=\b[A-Z].)[a-z]{3})")
_SENTENCE: Final = re.compile(r"[.!?\n](?:(?<=\n)|(?<!\n) +)(?P<first>[^\W\d_])")
_DIGITS: Final = re.compile(r"[0-9]+")
_SOME: Final = 400
_HEAD: Final = 2000
_YEAR_DIGITS: Final = 4
_CROWDED: Final = 5
_new: Final = tuple.__new__
_ValueT = TypeVar("_ValueT")

__all__ = ["Note", "Word", "composed", "fold"]


def composed(text: str) -> tuple[str, list[int]]:
    """Put letters and the accents that follow them together, and say where each character of the result began.

    The places end with the text's length, so that the end of a span has one too.

    Example:
        >>> composed("Ne\u0301e")
        ('Née', [0, 1, 3, 4])
    """
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        places += [start] * len(piece)
        start = end
    return "".join(pieces), [*places, len(text)]


class Word(NamedTuple):
    """A word of a note: characters `start` to `end`, as it stands and folded, and whether a capital begins it."""

    start: int
    end: int
    text: str
    folded: str
    capital: bool


class Words(Protocol):
    """Words by number, as a list gives them."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, number: int, /) -> Word: ...
    @overload
    def __getitem__(self, number: slice, /) -> list[Word]: ...
    def __iter__(self) -> Iterator[Word]: ...


def _all_words(texts: list[str], starts: list[int], ends: list[int]) -> list[Word]:
    return [_new(Word, (start, end, text, *FORMS[text])) for start, end, text in zip(starts, ends, texts, strict=True)]


class _Words:
    """The words of a note by number, each made when it is asked for: most never are."""

    __slots__ = ("_ends", "_made", "_starts", "_texts")

    def __init__(self, texts: list[str], starts: list[int], ends: list[int]) -> None:
        self._texts, self._starts, self._ends = texts, starts, ends
        self._made: list[Word | None] = [None] * len(texts)

    def __len__(self) -> int:
        return len(self._made)

    def __iter__(self) -> Iterator[Word]:
        return map(self.__getitem__, range(len(self._made)))

    @overload
    def __getitem__(self, number: int, /) -> Word: ...
    @overload
    def __getitem__(self, number: slice, /) -> list[Word]: ...
    def __getitem__(self, number: int | slice, /) -> Word | list[Word]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self._made)))]
        word = self._made[number]
        if word is None:
            text = self._texts[number]
            # As a tuple is made, half the time of the class's own constructor.
            word = self._made[number] = _new(Word, (self._starts[number], self._ends[number], text, *FORMS[text]))
        return word


class _WordAt:
    """The number of the word that starts at a place."""

    __slots__ = ("_starts",)

    def __init__(self, starts: list[int]) -> None:
        self._starts = starts

    def get(self, place: int) -> int | None:
        starts = self._starts
        number = bisect_left(starts, place)
        return number if number < len(starts) and starts[number] == place else None


class _Once(Generic[_ValueT]):
    """A property that is computed once, without the lock that `functools.cached_property` takes before Python 3.12."""

    def __init__(self, make: Callable[[Note], _ValueT]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, note: Note, owner: type) -> _ValueT:
        value = note.__dict__[self._name] = self._make(note)
        return value


class Note:
    """One note and what every layer needs of it, made once.

    Attributes:
        text: The note.
        folded: The text folded: same length, so that an offset in it is an offset in the note.
        texts: The words as they stand.
        starts: Where they begin.
        words: The words in order; hyphens and apostrophes between letters belong to the word.
        word_at: Start of a word to its number.
        runs: Where runs of digits begin and end: patterns of numbers are tried only there.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        french = fold_french(text)
        self.folded = folded = fold(text) if french is None else french
        self.runs = [match.span() for match in _DIGITS.finditer(folded)]
        pattern = _WORD if french is None else _FRENCH_WORD
        if ("-\n" in text and _CUT.search(text)) or (self.runs and _MISREAD.search(text)):
            pattern = _MISREAD_WORD
        self._misread = pattern is _MISREAD_WORD
        pieces = pattern.split(text)
        places = list(accumulate(map(len, pieces)))
        self.texts = texts = pieces[1::2]
        self.starts = starts = places[:-1:2]
        self._asked: list[list[int]] = [[] for _ in Question.all]
        self._opened: dict[int, list[int]] = {}
        self._sort()
        ends = places[1::2]
        # Where many words are in capitals nearly all will be asked for.
        crowded = len(self.capitals) * _CROWDED > len(texts)
        self.words: Words = _all_words(texts, starts, ends) if crowded else _Words(texts, starts, ends)
        self.word_at = _WordAt(starts)

    def _sort(self) -> None:
        """Put each word that says something to the questions it answers and the patterns it may open."""
        asked, opened, starts = self._asked, self._opened, self.starts
        marks = list(map(MARKS.__getitem__, self.texts))
        numbers = compress(range(len(marks)), marks)
        for number, (answers, openings) in zip(numbers, filter(None, marks), strict=True):
            for question in answers:
                asked[question].append(number)
            for opening, shift in openings:
                if opening in opened:
                    opened[opening].append(starts[number] + shift)
                else:
                    opened[opening] = [starts[number] + shift]

    @_Once
    def flat(self) -> str:
        """The folded text on one line, for what a line break may cut in two."""
        return self.folded.replace("\n", " ")

    @_Once
    def digits(self) -> list[int]:
        """Where runs of digits begin."""
        return [start for start, _ in self.runs]

    @_Once
    def years(self) -> list[int]:
        """Where four digits stand that may be a year of somebody's life."""
        return [
            start
            for start, end in self.runs
            if end - start == _YEAR_DIGITS and self.folded.startswith(("19", "20"), start)
        ]

    @_Once
    def lines(self) -> list[int]:
        """Where lines begin."""
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n")[:-1])]

    @_Once
    def shouted(self) -> bool:
        """Whether most of the note is in capitals, so that a capital says nothing."""
        words = self.texts[:_SOME]
        loud = sum(map(len, filter(str.isupper, words)))
        return 2 * loud > sum(map(len, words))

    @_Once
    def careless(self) -> bool:
        """Whether most sentences begin with a small letter, so that names do too."""
        firsts = _SENTENCE.findall(self.text[:_HEAD])
        if self.starts and not self.starts[0]:
            firsts.append(self.text[0])
        return sum(map(str.islower, firsts)) * 2 > len(firsts)

    def asked(self, question: Question) -> list[int]:
        """Give the numbers of the words that answer a question with yes."""
        return self._asked[question.number]

    @property
    def capitals(self) -> list[int]:
        """The numbers of the words that begin with no small letter, or with `d'` and a capital."""
        return self._asked[CAPITALS.number]

    @property
    def folds(self) -> list[str]:
        """The words folded."""
        return [FORMS[text][0] for text in self.texts]

    def places(self, opening: Opening, start: int, end: int) -> list[int]:
        """Give the places between two at which `opening` may begin."""
        places = self._opened.get(opening.number)
        return places[bisect_left(places, start) : bisect_left(places, end)] if places else []

    def opens(self, opening: Opening, start: int, end: int) -> bool:
        """Tell whether `opening` may begin between two places."""
        places = self._opened.get(opening.number)
        if places is None:
            return False
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end

    def matches(self, opening: Opening, text: str | None = None) -> Iterable[re.Match[str]]:
        """Give what `opening` matches, as a search through the folded text (or `text`, as long) would."""
        places = self._opened.get(opening.number)
        return () if places is None else _matched(opening.pattern, self.folded if text is None else text, places)


def _matched(pattern: re.Pattern[str], text: str, places: list[int]) -> Iterator[re.Match[str]]:
    behind = 0
    for place in places:
        if place >= behind and (match := pattern.match(text, place)):
            behind = match.end()
            yield match
