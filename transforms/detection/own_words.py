"""What do a site's own words say of a field's name?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.detection.known_schemas import key_of
from transforms.detection.wording import read_words
from transforms.errors import DouaneError
from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.detection.classify import Scores

_AS_A_PART = 3.5


class InvalidLexicon(DouaneError, ValueError):
    """A site's own words that name a kind which does not exist."""


def check_lexicon(lexicon: Mapping[str, str]) -> dict[str, str]:
    """Bring a site's words to the form that names are compared in.

    Raises:
        InvalidLexicon: A word's kind does not exist.
    """
    for name, kind in lexicon.items():
        if kind not in CATEGORY_OF:
            raise InvalidLexicon(f"the lexicon's entry {name}: {kind} is no kind", hint="Take one of transforms.kinds.")
    return {key_of(name): kind for name, kind in lexicon.items()}


def ask_lexicon(name: str, lexicon: Mapping[str, str], scores: Scores) -> None:
    """Let a site's word that is a part of the name speak; one that is the whole name has spoken as a schema does.

    Where several of its words stand in a name, the longest counts.
    """
    words = read_words(name)
    for size in range(min(len(words), 5), 0, -1):
        for start in range(len(words) - size + 1):
            phrase = "_".join(words[start : start + size])
            if phrase in lexicon:
                scores.add(lexicon[phrase], _AS_A_PART, f"the site's own lexicon knows “{phrase.replace('_', ' ')}”")
                return
