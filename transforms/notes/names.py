"""Which capitalized words, with no title before them, are a person's name by the lexicons and their neighbours?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from transforms.notes.forms import CAPITALS, Question
from transforms.notes.guards import DRUGS, EPONYMS, PAIRS, is_eponym
from transforms.notes.labels import CONTEXT, LEXICON, Find
from transforms.notes.note import fold
from transforms.notes.persons import JOINTS, NO_NAME, PARTICLES, is_initial, label_name, next_is_name, read_name
from transforms.notes.words import communes, given_count, is_plain, leans_given, surname_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note, Word
    from transforms.notes.persons import Part

_COMMON_GIVEN: Final = 2000
_LONGEST_INITIALS: Final = 5
_COMMON_SHORT: Final = 20_000
_TO_TOWN: Final = re.compile(r"\b(?:a|sur|vers|de|d'|en|,)[ \n(]?\Z")
_LINE_START: Final = re.compile(r"(?:(?:^|\n)[ \t•*-]*|[-–:] )$")
_INDEXED: Final = re.compile(
    r"(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ'’-]{2,}(?: [A-ZÀ-Þ'’-]{2,}){0,3}|(?:DE|DU|LE|LA|EL|D) [A-ZÀ-Þ' -]{3,30}), (?P<given>[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)*)\b"
)
# `Olivier DE TAXIS DU POET`: capitals behind a first name in small letters are the surname, whatever words they are.
_LOUD: Final = re.compile(
    r" (?P<name>(?:[A-ZÀ-Þ]{2,4}['’ ]){0,3}[A-ZÀ-Þ][A-ZÀ-Þ'’-]{2,}(?: (?:[A-ZÀ-Þ]{2,4} ){0,2}[A-ZÀ-Þ][A-ZÀ-Þ'’-]{2,}){0,3})(?![\w'’])"
)
_LINE: Final = re.compile(r"(?:^|\n)[ \t•*-]*[A-Z][A-Z-]{0,2}\.? \w[\w'-]+(?=\n|$)")


def find_named(note: Note) -> Iterator[Find]:
    """Find names that no title announces: `Jean Dupont`, `DUPONT Jean`, `J. DUPONT`, and a first name that is nothing else.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "Vu avec Jean Dupont, score de Gleason, Didier va mieux"
        >>> [(text[start:end], label) for start, end, label, _ in find_named(Note(text))]
        [('Jean', 'PRENOM'), ('Dupont', 'NOM'), ('Didier', 'PRENOM')]
    """
    words, text = note.words, note.text
    behind = 0
    for number in note.asked(_BEGINS):
        if number < behind:
            continue
        word = words[number]
        if len(word.text) == 1 and (
            (word.text == "M" and not text.startswith(".-", word.end))
            or text[word.start - 1 : word.start] in {"°", "'", "’"}
        ):
            continue
        parts = _name_from(note, number)
        if word.text.istitle() and given_count(word.folded) > _COMMON_GIVEN and not note.shouted:
            yield from _loud_behind(note, word)
        if not parts and word.text.isupper():
            yield from _surname_before_comma(note, number)
        if parts:
            weight = CONTEXT if len(parts) > 1 else LEXICON
            given = len(parts) == 1 and leans_given(word.folded)
            yield from label_name(parts, weight=weight, alone="PRENOM" if given else "NOM")
            behind = number + len(parts)


def _loud_behind(note: Note, word: Word) -> Iterator[Find]:
    match = _LOUD.match(note.text, word.end)
    if not match or is_eponym(note, word.start, word.end):
        return
    pieces = fold(match["name"]).split()
    long = [piece for piece in pieces if piece not in PARTICLES]
    if (
        long
        and not any(piece in NO_NAME or piece in DRUGS or piece in EPONYMS for piece in long)
        and (
            pieces[0] in PARTICLES
            or surname_count(long[0])
            or (len(long[0]) > _LONGEST_INITIALS and not is_plain(long[0]))
        )
    ):
        yield Find(word.start, word.end, "PRENOM", CONTEXT)
        yield Find(*match.span("name"), "NOM", CONTEXT)


def _name_from(note: Note, number: int) -> list[Part]:
    word = note.words[number]
    initial = len(word.text) <= _LONGEST_INITIALS and is_initial(note, word)
    if not initial and (
        not next_is_name(note.words, number, sure=False) if word.folded in PARTICLES else not _may_be_name(word.folded)
    ):
        return []
    if not (initial or word.folded in PARTICLES or _is_borne(word.folded) or _goes_on(note, number)):
        return []
    parts = read_name(note, number)
    if not parts or is_eponym(note, parts[0].word.start, parts[-1].word.end):
        return []
    bare = [part.word for part in parts if not part.initial and not part.particle]
    if initial or parts[0].initial:
        return parts if _initial_and_surname(note, parts, bare) else []
    if len(bare) > 1:
        return parts if _whole_name(bare) else []
    return parts if _stands_alone(note, parts, bare[0]) else []


@lru_cache(1 << 16)
def _is_borne(folded: str) -> bool:
    return given_count(folded) > 0 or surname_count(folded) > 0


def _goes_on(note: Note, number: int) -> bool:
    """Tell whether a name of several words may begin at the word; most acronyms stand alone, and nobody bears them."""
    if number + 1 == len(note.words):
        return False
    word, behind = note.words[number], note.words[number + 1]
    return (behind.capital or behind.folded in PARTICLES) and note.text[word.end : behind.start] in JOINTS


def _surname_before_comma(note: Note, number: int) -> list[Find]:
    """Read `DUPONT, Jean` and `DE LA TOUR, Anne` as an index writes them."""
    match = _INDEXED.match(note.text, note.words[number].start)
    if not match or note.shouted or given_count(fold(match["given"])) < _COMMON_GIVEN // 10:
        return []
    if any(is_plain(word) and word not in PARTICLES for word in fold(match["name"]).split()):
        return []
    return [Find(*match.span("name"), "NOM", CONTEXT), Find(*match.span("given"), "PRENOM", CONTEXT)]


@lru_cache(1 << 16)
def _is_no_name(folded: str) -> bool:
    """Tell the plain words that nobody bears, which begin most sentences."""
    return is_plain(folded) and not (given_count(folded) or surname_count(folded) or folded in PARTICLES)


@lru_cache(1 << 16)
def _may_be_name(folded: str) -> bool:
    return len(folded) > 1 and (
        given_count(folded) > 0 or surname_count(folded) > 0 or (not is_plain(folded) and len(folded) > 2)
    )


def _begins(text: str, folded: str) -> bool:
    """Tell whether a name may begin at the word: at a capital, unless it is a word beside names or one that nobody bears."""
    if not CAPITALS.holds(text, folded) or text[0].islower():
        return False
    if (folded in NO_NAME and folded not in PARTICLES and len(text) > 1) or (
        len(text) > _LONGEST_INITIALS and _is_no_name(folded)
    ):
        return False
    return text.isupper() or len(text) <= _LONGEST_INITIALS or folded in PARTICLES or _may_be_name(folded)


_BEGINS: Final = Question(_begins)


def _initial_and_surname(note: Note, parts: list[Part], bare: list[Word]) -> bool:
    """Accept `J. DUPONT`: a dot, or the beginning of a line as in a list of staff, and a surname that is no plain word."""
    first, last = parts[0].word, bare[0]
    # `A Lyon le 3`: a lone A is a word.
    if len(last.folded) < 3 or (first.text in {"A", "À"} and note.text[first.end : first.end + 1] == " "):
        return False
    if is_plain(last.folded):
        return surname_count(last.folded) > 300 and (
            note.text[first.end : first.end + 1] == "."
            or _LINE.search(note.text, max(0, first.start - 6), last.end + 2) is not None
        )
    known = (
        surname_count(last.folded)
        or given_count(last.folded)
        or any(surname_count(piece) for piece in last.folded.split("-"))
    )
    dotted = note.text[first.end : first.end + 1] == "." or "-" in first.text
    listed = _LINE_START.search(note.text, max(0, first.start - 6), first.start) is not None
    loud = len(last.text) > 3 and last.text.isupper() and not note.shouted
    return (
        (known and (dotted or listed))
        or (dotted and (listed or loud))
        or (listed and loud)
        or ("-" in first.text and len(last.text) > 3)
    )


def _whole_name(bare: list[Word]) -> bool:
    """Accept two words or more of which one is a first name and the other may be a surname."""
    given = [
        word for word in bare if given_count(word.folded) or any(given_count(piece) for piece in word.folded.split("-"))
    ]
    if not given:
        return False
    if " ".join(word.folded for word in bare) in PAIRS:
        return False
    plain = [word for word in bare if is_plain(word.folded) or word.folded in DRUGS]
    if given[0] in plain and not any(
        surname_count(word.folded) or given_count(word.folded) for word in bare if word not in plain
    ):
        return False
    if len(plain) == len(bare):
        return _loud_surname_after_given(bare)
    rest = [word for word in bare if word is not given[0]]
    loud = [word.text.isupper() for word in bare]
    if any(loud) and not all(loud):
        # `DUPONT Jean`: the capitals tell the surname, if it is no acronym (`IRM Martin`).
        shouted = [word for word, up in zip(bare, loud, strict=True) if up]
        quiet = [word for word, up in zip(bare, loud, strict=True) if not up]
        return all(
            (len(word.text) > 2 and not is_plain(word.folded)) or surname_count(word.folded) for word in shouted
        ) and any(given_count(word.folded) or "-" in word.folded for word in quiet)
    known = any(surname_count(word.folded) or given_count(word.folded) or len(word.folded) > 3 for word in rest)
    return known and any(given_count(word.folded) >= 200 or "-" in word.folded for word in given)


def _loud_surname_after_given(bare: list[Word]) -> bool:
    """Accept `Claire COUSIN`, of two plain words, by its capitals."""
    first, last = bare[0], bare[-1]
    return (
        last.text.isupper()
        and not first.text.isupper()
        and given_count(first.folded) > 5 * _COMMON_GIVEN
        and surname_count(last.folded) > 300
    )


def _is_town(note: Note, word: Word) -> bool:
    """Tell a town from a surname that is also one: few people bear it, or `à`, `sur`, `de` stands before it."""
    if word.folded not in communes():
        return False
    return (
        surname_count(word.folded) < 1000
        or _TO_TOWN.search(note.folded, max(0, word.start - 8), word.start) is not None
    )


def _stands_alone(note: Note, parts: list[Part], word: Word) -> bool:
    """Accept a lone word that the lexicons know as a name, if medicine and plain French don't use it.

    In 379 case reports without identifiers, 80 such words were found, 50 of them in lists of references.
    """
    folded = word.folded
    if (
        any(piece in EPONYMS for piece in folded.split("-"))
        or folded in DRUGS
        or _is_town(note, word)
        or is_plain(folded)
        or len(folded) < 4 - (given_count(folded) > _COMMON_SHORT and word.text.istitle())
    ):
        return False
    if len(parts) > 1 and parts[0].particle:
        return surname_count(folded) > 0
    if "-" in folded and not all(surname_count(piece) or given_count(piece) for piece in folded.split("-")):
        return False
    if word.text.isupper():
        return len(folded) > 4 and (surname_count(folded) >= 100 or given_count(folded) > _COMMON_GIVEN)
    return surname_count(folded) >= 100 or given_count(folded) >= 500
