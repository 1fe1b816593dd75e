"""How does a layer see a note? As text, as folded text of the same length, and as words with their places."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from transforms.notes.words import given_count

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*")
# Optical reading takes 1 and 0 for I and O inside of words, and leaves words cut at the end of a line.
_MISREAD_WORD: Final = re.compile(
    r"[^\W\d_]+(?:(?:['’]|[-‐‑]\n?|(?:(?<=[^\W\d_]{2})|(?<=\b[A-Z]))[01](?=[^\W\d_]))[^\W\d_]+)*"
)
_MISREAD: Final = re.compile(r"[^\W\d_]-\n[^\W\d_]|[A-Z]{3}[01][A-Z]|[a-z]{2}[01][a-z]{2}|\b[A-Z][01][a-z]{3}")
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


def fold(text: str) -> str:
    """Write `text` in lower case, without accents, with plain quotes, hyphens and spaces, and in just as many characters.

    Example:
        >>> fold("Hôpital\u00a0Édouard-Herriot")
        'hopital edouard-herriot'
    """
    return text.lower() if text.isascii() else text.translate(_FOLDING)


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
    return joined if given_count(joined) else word.replace("-\n", "")


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
    def digits(self) -> list[int]:
        """Where runs of digits begin: patterns of numbers are tried only there."""
        return [match.start() for match in _DIGITS.finditer(self.folded)]

    @cached_property
    def shouted(self) -> bool:
        """Whether most of the note is in capitals, so that a capital says nothing."""
        head = self.text[:2000]
        return sum(map(str.isupper, head)) > sum(map(str.islower, head))

    @cached_property
    def careless(self) -> bool:
        """Whether most sentences begin with a small letter, so that names do too."""
        firsts = [match["first"].islower() for match in _SENTENCE.finditer(self.text[:2000])]
        small: int = sum(firsts)
        return small * 2 > len(firsts)

    @cached_property
    def words(self) -> list[Word]:
        """The words in order; hyphens and apostrophes between letters belong to the word."""
        folded, text, intern = self.folded, self.text, sys.intern
        if _MISREAD.search(text):
            return [
                Word(match.start(), match.end(), match[0], intern(_uncut(folded[match.start() : match.end()])))
                for match in _MISREAD_WORD.finditer(text)
            ]
        # Made as tuples are, half the time of the class's own constructor: a note has hundreds of words.
        new = tuple.__new__
        return [
            new(Word, (start, end, text[start:end], intern(folded[start:end])))
            for start, end in (match.span() for match in _WORD.finditer(text))
        ]

    @cached_property
    def word_at(self) -> dict[int, int]:
        """Start of a word to its number."""
        return {word.start: number for number, word in enumerate(self.words)}
