"""How is a plain YAML 1.2 document read fast? libyaml scans it; what is out of the ordinary is left to ruamel.yaml.

A register of 2,000 entries takes 1.5 s by ruamel.yaml's scanner in Python and 0.2 s by libyaml's in C (2026-11-25).
libyaml knows YAML 1.1, where words mean other things (NO is false, 010 is eight), so the words are resolved here, by
the table of YAML 1.2; whatever the two versions could read differently is `Unsure`, and nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Numbers and times in their rarer spellings, and keys with a meaning of their own.
RARE = re.compile(
    r"[-+]?[0-9_]*\.?[0-9_]*(?:e[-+]?[0-9]*)?|[-+]?0[box][0-9a-f_]*|[-+]?\.(?:inf|nan)|<<|="
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t\s].*)?",
    re.IGNORECASE | re.DOTALL,
)
# A directive, a tag, a byte order mark, and line breaks that only YAML 1.1 knows.
OTHER_VERSION = re.compile("^%|(?:^|[\\s\\[{,:-])!|[\ufeff\x85\u2028\u2029]", re.MULTILINE)


class Unsure(ValueError):
    """This document has to be read by ruamel.yaml: libyaml is absent, it is not plain, or it is wrong."""


def read_quickly(text: str) -> Any:  # noqa: ANN401 - what a YAML file holds
    r"""Read a document of mappings, lists, texts, whole numbers, decimals, days, true, false and null.

    Raises:
        Unsure: Anything else, errors included.

    Example:
        >>> read_quickly("seat: NO\nfrom: 2026-01-31\nparts: [1, 2.5, '3']")
        {'seat': 'NO', 'from': datetime.date(2026, 1, 31), 'parts': [1, 2.5, '3']}
    """
    loader = _loader()
    if loader is None or OTHER_VERSION.search(text):
        raise Unsure
    import yaml  # noqa: PLC0415 - optional

    try:
        reader = loader(text)
        try:
            return _built(reader.get_single_node(), {})
        finally:
            reader.dispose()
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        raise Unsure from None


@cache
def _loader() -> Any:  # noqa: ANN401 - a class of an optional library
    try:
        from yaml.cyaml import CParser  # noqa: PLC0415 - optional
        from yaml.resolver import BaseResolver  # noqa: PLC0415 - optional
    except ImportError:
        return None

    class Reader(CParser, BaseResolver):  # type: ignore[misc, unused-ignore]
        """libyaml's scanner and composer; a plain word keeps the tag of a text, and its style."""

        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            BaseResolver.__init__(self)

        def resolve(self, kind: type, value: object, implicit: object) -> str:
            del value
            plain = isinstance(implicit, tuple) and implicit[0]
            return "plain" if plain else str(self.DEFAULTS.get(kind.__name__, "text"))

        DEFAULTS = {"SequenceNode": "list", "MappingNode": "mapping"}  # noqa: RUF012 - never changed

    return Reader


def _built(node: Any, known: dict[int, Any]) -> Any:  # noqa: ANN401 - nodes of an optional library
    if node is None:
        return None
    tag = node.tag
    if tag == "text":
        return node.value
    if tag == "plain":
        return _meaning(node.value)
    if id(node) in known:
        return known[id(node)]
    if tag == "list":
        found: Any = []
        known[id(node)] = found
        found.extend(_built(one, known) for one in node.value)
        return found
    if tag != "mapping":
        raise Unsure
    content: dict[Any, Any] = {}
    known[id(node)] = content
    for key, value in node.value:
        content[_built(key, known)] = _built(value, known)
    if len(content) != len(node.value):  # a key stands twice
        raise Unsure
    return content


def _meaning(word: str) -> Any:  # noqa: ANN401 - text, number, day, true, false or null
    if word in WORDS:
        return WORDS[word]
    first = word[0]
    if first.isalpha() and first.isascii():
        return word
    if INTEGER.fullmatch(word):
        return int(word)
    if DAY.fullmatch(word):
        return date.fromisoformat(word)
    if DECIMAL.fullmatch(word):
        return float(word)
    if RARE.fullmatch(word):
        raise Unsure
    return word
