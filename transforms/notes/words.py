"""Which words does French know: first names, surnames, communes, and the plain words that are none of these?"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Words looked up lately: a language has few, and each is asked about by several layers.
_REMEMBERED: Final = 1 << 17

# What colleagues call each other, which no register of births has. Own compilation, 2026-11-25, Apache-2.0.
_SHORT_FORMS: Final = frozenset(
    "flo caro seb nath nico momo manu fred steph stef vero isa cathy domi phil greg alex max ben sam tom theo lulu jojo mimi titi gege"
    " did pat patou charlie mick mika matt matth bruno cecil clem juju lolo soso sophi bea bene aude elo emi fab fabi guigui guillau jb jp sev ju iva vic cha clo lou jen jess mel mag maude steph cyr nono kiki riri pepito loulou doudou lili nana fifi didi dede bebert mimile paulo tonio jeannot pierrot charlot jacquot margot nini zizou momar mous ouss abdou bouba sek sido maya"
    " jeanphi jean-phi jean-mi jean-christ marie-jo marie-lau nanou ness nini tof toto vivi zaza raph raf rach sab sandy sev val vince xav yo yoyo".split()
)
_FAMILIAR: Final = 3000


def word_set(text: str) -> frozenset[str]:
    """Read words that stand in one text, as lists in code do."""
    return frozenset(text.split())


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
def care_names() -> tuple[str, ...]:
    """Folded short names of hospitals and laboratories, the longest first."""
    return tuple(sorted(_lines("care_places.txt"), key=len, reverse=True))


@cache
def plain_words() -> frozenset[str]:
    """Folded words that clinical or general French writes in lower case."""
    return frozenset(
        (
            *_lines("clinical_words.txt"),
            *_lines("general_words.txt"),
            *_lines("ward_words.txt"),
            *_lines("proper_words.txt"),
        )
    )


@lru_cache(_REMEMBERED)
def is_plain(folded: str) -> bool:
    """Tell whether the word is a plain one, also behind an elision (`l'examen`) or with its parts joined (`sus-jacent`).

    Example:
        >>> is_plain("l'examen"), is_plain("dupont")
        (True, False)
    """
    words = plain_words()
    folded = _unligatured(folded)
    if folded in words:
        return True
    elided = folded.rpartition("'")[2]
    return (elided != folded and elided in words) or (
        "-" in folded and all(part in words for part in folded.split("-"))
    )


def _unligatured(folded: str) -> str:
    """Write `lætitia` as the lists do; folding can't, since it keeps the length."""
    return folded if folded.isascii() else folded.replace("æ", "ae").replace("œ", "oe")


@lru_cache(_REMEMBERED)
def given_count(folded: str) -> int:
    """Count the people who bear the word as a first name; a compound counts as its rarest known part when it is unknown."""
    names = first_names()
    folded = _unligatured(folded)
    if folded in names or "-" not in folded:
        return max(names.get(folded, 0), _FAMILIAR if folded in _SHORT_FORMS else 0)
    counts = [names.get(part, 0) for part in folded.split("-")]
    return min(counts) if all(counts) else 0


@lru_cache(_REMEMBERED)
def surname_count(folded: str) -> int:
    """Count the sole traders who bear the word as a surname; a compound counts as its most frequent part."""
    names = surnames()
    folded = _unligatured(folded)
    if folded in names or "-" not in folded:
        return names.get(folded, 0)
    return max(names.get(part, 0) for part in folded.split("-"))


@lru_cache(_REMEMBERED)
def leans_given(folded: str) -> bool:
    """Tell whether more people bear the word as a first name; SIRENE counts sole traders, about one person in ten.

    Example:
        >>> leans_given("didier"), leans_given("martin"), leans_given("marie-line")
        (True, False, True)
    """
    if "-" in folded:
        return given_count(folded) > 10 * surnames().get(folded, 0) and leans_given(folded.partition("-")[0])
    return given_count(folded) > 10 * surname_count(folded)
