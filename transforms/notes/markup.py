"""What does a note of HTML, CDA or RTF say between its tags, and where does each character of that stand?

A span of what it says is given back in pieces that leave every tag whole.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transforms.notes.labels import Span

_TAG: Final = r"</?[A-Za-z][^<>]{0,2000}>|<!--.{0,2000}?-->"
_HTML: Final = re.compile(
    rf"(?P<tag>{_TAG})|(?P<entity>&(?:#\d{{1,6}}|#x[0-9a-fA-F]{{1,5}}|[A-Za-z]{{2,8}});)", re.DOTALL
)
_BLOCK: Final = re.compile(
    r"</?(?:p|div|br|tr|td|th|li|ul|ol|h[1-6]|table|section|title|text|paragraph|item|caption|body|html|head)\b",
    re.IGNORECASE,
)
# A control word and the space that ends it, a letter by its code, a group's braces.
_RTF: Final = re.compile(
    r"(?P<code>\\'[0-9a-fA-F]{2})|(?P<unicode>\\u-?\d{1,5} ?\??)|(?P<word>\\[a-z]{1,32}-?\d{0,6} ?|\\[^a-z'])|(?P<brace>[{}])"
)
_LINES: Final = ("\\par", "\\line", "\\cell", "\\row", "\\tab")
_ENTITY: Final = re.compile(r"&(?:nbsp|[A-Za-z](?:acute|grave|circ|cedil|uml)|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
_CLOSING: Final = re.compile(r"</[A-Za-z][\w:.-]*>|<br ?/?>", re.IGNORECASE)


def is_marked_up(text: str) -> bool:
    r"""Tell HTML, CDA and RTF from plain text, in which `< 5`, `&` and `{` stand alone.

    Example:
        >>> [is_marked_up(text) for text in ("<p>Vu</p>", r"{\rtf1 Vu}", "n&eacute;e", "CRP < 5 & > 3")]
        [True, True, True, False]
    """
    return (
        text.startswith("{\\rtf")
        or (("</" in text or "<br" in text.lower()) and _CLOSING.search(text) is not None)
        or ("&" in text and _ENTITY.search(text) is not None)
    )


def is_html(text: str) -> bool:
    r"""Tell HTML and CDA from RTF and plain text.

    Example:
        >>> [is_html(text) for text in ("<p>Vu</p>", r"{\rtf1 Vu}", "Vu")]
        [True, False, False]
    """
    return not text.startswith("{\\rtf") and is_marked_up(text)


def unmarked(text: str) -> tuple[str, list[int]]:
    r"""Leave out tags and read entities, and say where each character of the result began.

    The places end with the text's length, so that the end of a span has one too.

    Example:
        >>> unmarked("<b>n&eacute;e</b>")[0], unmarked(r"{\rtf1 n\'e9e\par}")[0]
        ('née', 'née\n')
    """
    pattern = _RTF if text.startswith("{\\rtf") else _HTML
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        said = _said(match)
        pieces += (text[at : match.start()], said)
        places += (*range(at, match.start()), *[match.start()] * len(said))
        at = match.end()
    pieces.append(text[at:])
    return "".join(pieces), [*places, *range(at, len(text) + 1)]


def _said(match: re.Match[str]) -> str:
    written = match[0]
    if match.re is _HTML:
        if match["entity"]:
            said = unescape(written)
            return said if len(said) == 1 else " "
        return "\n" if _BLOCK.match(written) else ""
    if match["code"]:
        return bytes.fromhex(written[2:]).decode("cp1252", "replace")
    if match["unicode"]:
        number = int(re.findall(r"-?\d+", written)[0])
        return chr(number % 65536) if not 0xD800 <= number % 65536 < 0xE000 else " "
    return "\n" if written.strip() in _LINES else " " if written == "\\~" else ""


def put_back(text: str, spans: Sequence[Span], places: Sequence[int]) -> Iterator[Span]:
    """Give spans of what a note says as spans of the note, cut where a tag stands inside of one."""
    rtf = text.startswith("{\\rtf")
    for start, end, label in spans:
        left, last = places[start], places[end - 1]
        width = next((width for width in _widths(text, last, rtf=rtf)), 1)
        right = last + width
        for tag in (_RTF if rtf else _HTML).finditer(text, left, right):
            if (tag.re is _HTML and tag["entity"]) or (tag.re is _RTF and (tag["code"] or tag["unicode"])):
                continue
            if tag.start() > left:
                yield left, tag.start(), label
            left = tag.end()
        if left < right:
            yield left, right, label


def _widths(text: str, place: int, *, rtf: bool) -> Iterator[int]:
    """Give how many characters the one that is said at `place` is written with, where it is more than one."""
    match = (_RTF if rtf else _HTML).match(text, place)
    if match:
        yield match.end() - place
