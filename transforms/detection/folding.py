"""How is a name reduced to what a list holds: lower case, ASCII, one blank between words?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "’": "'", "`": "'"})
_BLANKS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Fold a word or a name to lower-case ASCII words, mending UTF-8 that was read as Latin-1 on the way.

    Example:
        >>> fold("Pr\N{LATIN CAPITAL LETTER A WITH TILDE}\N{COPYRIGHT SIGN}nom d'usage"), fold("NOËL-Müller")
        ('prenom d usage', 'noel muller')
    """
    if text.isascii():
        return _BLANKS.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKD", mend(text).lower().translate(_LIGATURES))
    return _BLANKS.sub(" ", "".join(c for c in folded if not unicodedata.combining(c))).strip()


def mend(text: str) -> str:
    """Undo one reading of UTF-8 as Windows-1252, if that is what happened."""
    if "Ã" in text or "Â" in text:
        for encoding in ("cp1252", "latin-1"):
            try:
                return text.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
    return text
