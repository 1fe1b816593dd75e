"""How is a text written so that case, accents and typographic marks no longer matter, in just as many characters?"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

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
# The signs of French typography and of measures that Windows-1252 lacks stand where it has none, or a control sign.
_LACKING: Final = dict(
    zip(
        [0x81, 0x8D, 0x8F, 0x90, 0x9D, *range(1, 9), *range(14, 24)],
        "\u202f\u2009‐‑−≤≥≈≠→αβγδεκλμΔ′″\u200b\ufeff",
        strict=False,
    )
)


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


def _fold_any(text: str) -> str:
    plain = text.lower()
    if len(plain) != len(text):
        return text.translate(_FOLDING)
    return _FOREIGN.sub(lambda run: _RUNS[run[0]], plain).replace("\t", " ").replace("`", "'")


_SIGNS: Final = "".join(_LACKING.get(code) or bytes([code]).decode("cp1252") for code in range(256))
_BYTES: Final = codecs.charmap_build(_SIGNS)
_FOLDED: Final = "".join(map(_fold_any, _SIGNS))
LETTERS: Final = "".join(sign for sign in _SIGNS if re.fullmatch(r"[^\W\d_]", sign))
"""The letters of the signs that French is written with."""

LINK: Final = r"(?<![^\W\d_])(?:(?:jus|lors|puis)?qu|[dljnsmtc])(?=['’][A-ZÀ-Þ])"
"""What is elided before a capital: `d'Angers` is two words, a link and a name; `D'Hondt` and `aujourd'hui` are one."""


def fold_french(text: str) -> str | None:
    """Fold a text of the signs that French is written with, in two passes of C; None if it holds another sign."""
    if text.isascii():
        return text.lower()
    try:
        return codecs.charmap_decode(codecs.charmap_encode(text, "strict", _BYTES)[0], "strict", _FOLDED)[0]
    except UnicodeEncodeError:
        return None


def fold(text: str) -> str:
    """Write `text` in lower case, without accents, with plain quotes, hyphens and spaces, and in just as many characters.

    Example:
        >>> fold("Hôpital\u00a0Édouard-Herriot")
        'hopital edouard-herriot'
    """
    folded = fold_french(text)
    return _fold_any(text) if folded is None else folded
