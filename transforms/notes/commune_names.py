"""How far does the name of a commune run from a given word of a note?"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

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
        most = _first_words().get(next(iter(_key(word).split()), ""), 0)
        if len(self) < _FEW:
            self[word] = most
        return most


_FEW: Final = 200_000
MOST_WORDS: Final = _MostWords()


@lru_cache(1 << 16)
def _key(folded: str) -> str:
    plain = folded.replace("-", " ").replace("'", " ").replace("œ", "oe").replace(".", " ").replace("\n", " ")
    words = plain.split()
    if words and words[0] in {"st", "ste"}:
        words[0] = {"st": "saint", "ste": "sainte"}[words[0]]
    return " ".join(words)


@cache
def _behind_articles() -> frozenset[str]:
    """Give the words that stand second in a commune's name behind an article."""
    words = (key.split() for key in _keys())
    return frozenset(word[1] for word in words if len(word) > 1 and word[0] in ARTICLES)


def may_follow_article(folded: str) -> bool:
    """Tell whether a commune may be named by an article and this word: `Le Mans`; true of few words, so that `le patient` costs nothing."""
    return MOST_WORDS[folded] > 0 or next(iter(_key(folded).split()), "") in _behind_articles()


def commune_end(note: Note, number: int) -> int:
    """Give the end of the longest name of a commune that begins at word `number`, its article included; 0 when none does."""
    words = note.words
    word = words[number]
    most = MOST_WORDS[word.folded]
    if not most:
        return 0
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
