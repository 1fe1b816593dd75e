"""Which words does French know: first names, surnames, communes, and the plain words that are none of these?"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _lines(name: str) -> Iterator[str]:
    content = (files(__package__) / "lexicons" / name).read_text(encoding="utf-8")
    return (line for line in content.splitlines() if not line.startswith("#"))


def _counts(name: str) -> Mapping[str, int]:
    return MappingProxyType({name: int(count) for name, _, count in (line.partition("\t") for line in _lines(name))})


@cache
def first_names() -> Mapping[str, int]:
    """Folded first name to the number of people who bear it (INSEE)."""
    return _counts("first_names.tsv")


@cache
def surnames() -> Mapping[str, int]:
    """Folded surname to the number of sole traders who bear it (SIRENE)."""
    return _counts("surnames.tsv")


@cache
def communes() -> Mapping[str, tuple[str, ...]]:
    """Folded name of a commune to its postal codes (INSEE, La Poste)."""
    return MappingProxyType(
        {name: tuple(codes.split()) for name, _, codes in (line.partition("\t") for line in _lines("communes.tsv"))}
    )


@cache
def plain_words() -> frozenset[str]:
    """Folded words that clinical French writes in lower case."""
    return frozenset(_lines("clinical_words.txt"))
