"""Which letters did a wrong decoding break (`nÃ©e` for `née`), and where did each of them stand?"""

from __future__ import annotations

import re
from typing import Final

# What the bytes of an accented letter in UTF-8 look like when they are read as Windows-1252 or Latin-1.
_LATE: Final = "".join(
    sorted({bytes([code]).decode(name, "ignore") for code in range(0x80, 0xC0) for name in ("cp1252", "latin-1")})
)
_BROKEN: Final = re.compile(f"[\u00c2-\u00df][{re.escape(_LATE)}]|[\u00e0-\u00ef][{re.escape(_LATE)}]{{2}}")
# A no-break space that became a plain one: `Ã  l'hôpital` was `à l'hôpital`.
_LOST: Final = re.compile("\u00c3(?= )")


def is_broken(text: str) -> bool:
    """Tell whether a wrong decoding broke letters of the text.

    Example:
        >>> is_broken("nÃ©e Ã Nantes"), is_broken("née à Nantes")
        (True, False)
    """
    signs = ("\u00c3", "\u00e2\u20ac", "\u00c5", "\u00c2")
    return any(sign in text for sign in signs) and any(_letter(match[0]) for match in _BROKEN.finditer(text))


def mended(text: str) -> tuple[str, list[int]]:
    """Put broken letters right, and say where each character of the result began.

    The places end with the text's length, so that the end of a span has one too.

    Example:
        >>> mended("nÃ©e")
        ('née', [0, 1, 3, 4])
    """
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in _BROKEN.finditer(text):
        letter = _letter(match[0])
        if letter is None:
            continue
        pieces += (_LOST.sub("\u00e0", text[at : match.start()]), letter)
        places += (*range(at, match.start()), match.start())
        at = match.end()
    pieces.append(_LOST.sub("\u00e0", text[at:]))
    places += range(at, len(text) + 1)
    return "".join(pieces), places


def _letter(broken: str) -> str | None:
    """Give the one letter whose bytes were read as several."""
    try:
        letter = b"".join(_byte(char) for char in broken).decode("utf-8")
    except UnicodeError:
        return None
    return letter if len(letter) == 1 else None


def _byte(char: str) -> bytes:
    try:
        return char.encode("latin-1")
    except UnicodeEncodeError:
        return char.encode("cp1252")
