"""Does a label only look like another one?

Two questions of UTS 39: are scripts mixed in one label, and is a label written wholly in letters that a person takes
for Latin ones? The table holds the Cyrillic, Greek and Armenian letters that browsers treat so (Chromium's IDN policy,
read as published, 2026-11); it is short on purpose: mixed scripts catch the rest.
"""

from __future__ import annotations

import re
import unicodedata

CONFUSABLE = dict(
    zip(
        "асԁеһіјӏорԛѕԝхуүѵγοαρυνικητχωաոսօհ",
        "acdehijlopqswxyyvyoapuvikntxwwnuoh",
        strict=True,
    )
)
# Scripts that are written together in ordinary words (UTS 39, highly restrictive).
TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
LATIN_LIKE = {"ı": "i", "ɑ": "a", "ɡ": "g", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ƅ": "b"}
DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "4": "a"})
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("i", "l"))
SEPARATORS = re.compile(r"[-_]")


def scripts_of(label: str) -> set[str]:
    """Name the scripts of a label's letters, from their Unicode names."""
    found = set()
    for character in label:
        if character.isascii():
            if character.isalpha():
                found.add("LATIN")
        elif unicodedata.category(character)[0] == "L":
            script = unicodedata.name(character, "UNKNOWN").split()[0]
            found.add("HAN" if script == "CJK" else script)
    return found


def pretends_in_unicode(label: str) -> bool:
    """Tell whether a label mixes scripts, or is written in letters that all look Latin.

    Example:
        >>> pretends_in_unicode("аmazonaws"), pretends_in_unicode("hôpital")
        (True, False)
    """
    if label.isascii():
        return False
    scripts = scripts_of(label)
    if len(scripts) > 1 and not any(scripts <= together for together in TOGETHER):
        return True
    letters = [character for character in label if character.isalpha()]
    return "LATIN" not in scripts and all(character in CONFUSABLE for character in letters)


def skeleton(name: str) -> str:
    """Reduce a host to what a hasty reader sees: digits for letters, `rn` for `m`, no accents.

    Example:
        >>> skeleton("amaz0naws.com") == skeleton("amazonaws.com")
        True
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    plain = "".join(CONFUSABLE.get(c) or LATIN_LIKE.get(c, c) for c in plain).translate(DIGITS)
    for pair, single in PAIRS:
        plain = plain.replace(pair, single)
    return plain
