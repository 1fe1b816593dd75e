"""How far does the name of a commune run from a given word of a note?"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from transforms.notes.forms import FORMS
from transforms.notes.words import communes, given_count, is_plain, surname_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.notes.note import Note

_RARE: Final = 40
_SHORT: Final = 4
ARTICLES: Final = frozenset({"le", "la", "les", "l"})
_GAPS: Final = frozenset({" ", "-", ". ", "'", "’", "\n"})
_SUFFIX: Final = re.compile(r" (?:en|sur|sous|les|lez|la|le|d|de|du|des|aux?) ")


@cache
def _keys() -> Mapping[str, int]:
    """Give the communes as they are looked up, and what a merged or long one is called for short (`Cherbourg`)."""
    keys = {_key(name): 1 for name in communes()}
    for key in tuple(keys):
        short = _SUFFIX.split(key)[0]
        if (
            short not in keys
            and len(short) > _SHORT
            and not is_plain(short)
            and surname_count(short.replace(" ", "-")) < _RARE
            and given_count(short) < _RARE
        ):
            keys[short] = 1
    return keys


@cache
def _first_words() -> Mapping[str, int]:
    """First word of a commune to the most words that such a name has."""
    longest: dict[str, int] = {}
    for key in _keys():
        words = key.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    longest |= {"st": longest["saint"], "ste": longest["sainte"], "le": 6, "la": 6, "les": 6, "l": 6}
    return longest


class _MostWords(dict[str, int]):
    """A folded word to the most words that the name of a commune has that begins with it; 0 where none does."""

    def __missing__(self, word: str) -> int:
        first, *others = _key(word).split() or [""]
        most = _first_words().get(first, 0)
        if most and others and not _joins(first, others[0]):
            most = 0
        if len(self) < _FEW:
            self[word] = most
        return most


class _Seconds(dict[str, "frozenset[str] | None"]):
    """A folded word to the words that may stand second behind it; None where the name may end with it, or it holds two itself."""

    def __missing__(self, word: str) -> frozenset[str] | None:
        pieces = _key(word).split()
        seconds = None if len(pieces) != 1 or pieces[0] in _keys() else _second_words().get(pieces[0], frozenset())
        if len(self) < _FEW:
            self[word] = seconds
        return seconds


@cache
def _second_words() -> Mapping[str, frozenset[str]]:
    """First word of a commune of several to the words that stand second; articles go before any commune."""
    seconds: dict[str, set[str]] = {}
    for key in _keys():
        first, _, rest = key.partition(" ")
        seconds.setdefault(first, set()).add(rest.partition(" ")[0])
    for article in ARTICLES:
        seconds.setdefault(article, set()).update(_first_words())
    return {first: frozenset(words) for first, words in seconds.items()}


def _joins(first: str, second: str) -> bool:
    return second in _second_words().get(first, ())


_FEW: Final = 200_000
MOST_WORDS: Final = _MostWords()
_SECONDS: Final = _Seconds()


@lru_cache(1 << 16)
def _key(folded: str) -> str:
    plain = folded.replace("-", " ").replace("'", " ").replace("œ", "oe").replace(".", " ").replace("\n", " ")
    words = plain.split()
    if words and words[0] in {"st", "ste"}:
        words[0] = {"st": "saint", "ste": "sainte"}[words[0]]
    return " ".join(words)


@lru_cache(1 << 16)
def _first_piece(folded: str) -> str:
    return next(iter(_key(folded).split()), "")


def may_follow_article(folded: str) -> bool:
    """Tell whether a commune may be named by an article and this word: `Le Mans`; true of few words, so that `le patient` costs nothing."""
    return any(_joins(article, _first_piece(folded)) for article in ARTICLES)


def commune_end(note: Note, number: int) -> int:
    """Give the end of the longest name of a commune that begins at word `number`, its article included; 0 when none does."""
    texts = note.texts
    first = FORMS[texts[number]][0]
    most = MOST_WORDS[first]
    if not most:
        return 0
    seconds = _SECONDS[first]
    if seconds is not None and (number + 1 == len(texts) or _first_piece(FORMS[texts[number + 1]][0]) not in seconds):
        return 0
    words = note.words
    word = words[number]
    text, folded, keys = note.text, note.folded, _keys()
    start, end = word.start, word.end
    ends = [end]
    for number_behind in range(number + 1, min(number + most, len(words))):
        behind = words[number_behind]
        if text[end : behind.start] not in _GAPS:
            break
        end = behind.end
        ends.append(end)
    for last in reversed(ends):
        key = _key(folded[start:last])
        if key in keys:
            return last
        article, _, rest = key.partition(" ")
        if article in ARTICLES and rest in keys and not is_plain(rest):
            return last
    return 0
