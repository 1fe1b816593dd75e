"""How does a layer see a note? As text, as folded text of the same length, and as words with their places."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from transforms.notes.openings import Opening, Openings
from transforms.notes.words import communes, given_count

if TYPE_CHECKING:
    from collections.abc import Iterator

# `d'Angers` is two words, a link and a name; `D'Hondt` and `aujourd'hui` are one.
_WORD: Final = re.compile(r"((?:(?<![^\W\d_])(?:(?:jus|lors|puis)?qu|[dljnsmtc])(?=['’][A-ZÀ-Þ])|[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*))")
# Optical reading takes 1 and 0 for I and O inside of words, and leaves words cut at the end of a line.
_MISREAD_WORD: Final = re.compile(
    r"[^\W\d_]+(?:(?:['’]|[-‐‑]\n?|(?:(?<=[^\W\d_]{2})|(?<=\b[A-Z]))[01](?=[^\W\d_]))[^\W\d_]+)*"
)
_MISREAD: Final = re.compile(
    r"-(?<=[^\W\d_]-)\n[^\W\d_]|[01](?:(?<=[A-Z]{3}.)[A-Z]|(?<=[a-z]{2}.)[a-z]{2}|(?<=\b[A-Z].)[a-z]{3})"
)
_SENTENCE: Final = re.compile(r"(?:\A|[.!?] +|\n)(?P<first>[^\W\d_])")
_DIGITS: Final = re.compile(r"[0-9]+")
_MARKS: Final = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\t": " ",
}
_ELIDED: Final = re.compile(r"d['’][^\W\d_a-zà-ÿ]")
_SOME: Final = 400
_YEAR_DIGITS: Final = 4
_HYPHENS: Final = "‐‑‒–—−"


def _folding() -> dict[int, str]:
    table = {ord(mark): plain for mark, plain in _MARKS.items()}
    table |= {ord(hyphen): "-" for hyphen in _HYPHENS}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(plain) == 1:
            table[code] = plain
    return table


_FOLDING: Final = _folding()


class _Runs(dict[str, str]):
    """A run of signs beyond ASCII to what it is folded to; a language has few."""

    def __missing__(self, run: str) -> str:
        plain = run.translate(_FOLDING)
        if len(self) < _FEW:
            self[run] = plain
        return plain


_FEW: Final = 10_000
_RUNS: Final = _Runs()
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")


def fold(text: str) -> str:
    """Write `text` in lower case, without accents, with plain quotes, hyphens and spaces, and in just as many characters.

    Example:
        >>> fold("Hôpital\u00a0Édouard-Herriot")
        'hopital edouard-herriot'
    """
    plain = text.lower()
    if text.isascii():
        return plain
    if len(plain) != len(text):
        return text.translate(_FOLDING)
    return _FOREIGN.sub(lambda run: _RUNS[run[0]], plain).replace("\t", " ").replace("`", "'")


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


def _uncut(word: str) -> str:
    """Join a word that the end of a line cuts; a hyphen between two first names stays."""
    if "\n" not in word:
        return word
    joined = word.replace("-\n", "-")
    return joined if given_count(joined) or joined in communes() else word.replace("-\n", "")


class Word(NamedTuple):
    """A word of a note: characters `start` to `end`, as it stands and folded."""

    start: int
    end: int
    text: str
    folded: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter (or is of a script without capitals)."""
        return not self.text[0].islower() or (
            self.text[:1] == "d" and self.text[1:2] in "'’" and self.text[2:3].isupper()
        )


@dataclass(frozen=True)
class Note:
    """One note and what every layer needs of it, made once."""

    text: str

    @cached_property
    def folded(self) -> str:
        """The text folded: same length, so that an offset in it is an offset in the note."""
        return fold(self.text)

    @cached_property
    def flat(self) -> str:
        """The folded text on one line, for what a line break may cut in two."""
        return self.folded.replace("\n", " ")

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Where runs of digits begin and end: patterns of numbers are tried only there."""
        return [match.span() for match in _DIGITS.finditer(self.folded)]

    @cached_property
    def digits(self) -> list[int]:
        """Where runs of digits begin."""
        return [start for start, _ in self.runs]

    @cached_property
    def years(self) -> list[int]:
        """Where four digits stand that may be a year of somebody's life."""
        return [
            start
            for start, end in self.runs
            if end - start == _YEAR_DIGITS and self.folded.startswith(("19", "20"), start)
        ]

    @cached_property
    def lines(self) -> list[int]:
        """Where lines begin."""
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    @cached_property
    def shouted(self) -> bool:
        """Whether most of the note is in capitals, so that a capital says nothing."""
        words = self._cuts[0][:_SOME]
        loud = sum(map(len, filter(str.isupper, words)))
        return 2 * loud > sum(map(len, words))

    @cached_property
    def careless(self) -> bool:
        """Whether most sentences begin with a small letter, so that names do too."""
        firsts = [match["first"].islower() for match in _SENTENCE.finditer(self.text[:2000])]
        small: int = sum(firsts)
        return small * 2 > len(firsts)

    @cached_property
    def _cuts(self) -> tuple[list[str], list[int], list[int], list[str]]:
        """The words as they stand, their starts, their ends, and folded."""
        text, folded = self.text, self.folded
        if _MISREAD.search(text):
            spans = [match.span() for match in _MISREAD_WORD.finditer(text)]
            starts, ends = [start for start, _ in spans], [end for _, end in spans]
            return [text[start:end] for start, end in spans], starts, ends, [_uncut(folded[s:e]) for s, e in spans]
        pieces = _WORD.split(text)
        places = list(accumulate(map(len, pieces)))
        starts, ends = places[:-1:2], places[1::2]
        return pieces[1::2], starts, ends, [folded[start:end] for start, end in zip(starts, ends, strict=True)]

    @cached_property
    def words(self) -> list[Word]:
        """The words in order; hyphens and apostrophes between letters belong to the word."""
        texts, starts, ends, folds = self._cuts
        # Made as tuples are, half the time of the class's own constructor: a note has hundreds of words.
        new = tuple.__new__
        return [new(Word, fields) for fields in zip(starts, ends, texts, folds, strict=True)]

    @property
    def folds(self) -> list[str]:
        """The words folded."""
        return self._cuts[3]

    @cached_property
    def capitals(self) -> list[int]:
        """The numbers of the words that begin with no small letter, or with `d'` and a capital."""
        return [
            number
            for number, text in enumerate(self._cuts[0])
            if not text.islower() and (not text[0].islower() or _ELIDED.match(text))
        ]

    @cached_property
    def word_at(self) -> dict[int, int]:
        """Start of a word to its number."""
        return {start: number for number, start in enumerate(self._cuts[1])}

    @cached_property
    def _opened(self) -> dict[int, list[int]]:
        """An opening's number to the places where it may begin."""
        opened: dict[int, list[int]] = {}
        for start, openings in zip(self._cuts[1], map(_OPENINGS.__getitem__, self._cuts[3]), strict=True):
            for number, shift in openings:
                if number in opened:
                    opened[number].append(start + shift)
                else:
                    opened[number] = [start + shift]
        return opened

    def opens(self, opening: Opening, start: int, end: int) -> bool:
        """Tell whether `opening` may begin between two places."""
        places = self._opened.get(opening.number)
        if places is None:
            return False
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end

    def matches(self, opening: Opening, text: str | None = None) -> Iterator[re.Match[str]]:
        """Give what `opening` matches, as a search through the folded text (or `text`, as long) would."""
        places = self._opened.get(opening.number)
        if places is not None:
            text = self.folded if text is None else text
            behind = 0
            for place in places:
                if place >= behind and (match := opening.pattern.match(text, place)):
                    behind = match.end()
                    yield match


_OPENINGS: Final = Openings()
