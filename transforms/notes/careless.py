"""Who is named by an initial, or in small letters where a note leaves the capitals out?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.announcements import DEEDS, DOERS, GREETINGS, RELATIVES, ROLES
from transforms.notes.forms import CAPITALS, Question
from transforms.notes.guards import DRUGS, EPONYMS, is_eponym
from transforms.notes.labels import CONTEXT, FIELD, LEXICON, Find
from transforms.notes.openings import Opening
from transforms.notes.persons import NO_NAME, PARTICLES
from transforms.notes.words import given_count, is_plain, leans_given, surname_count, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note, Word

# `Mme R.`, `M. L`, `Dr T.`: a title and one capital, no name behind it.
_TITLED: Final = re.compile(
    r"\b(?:M\.|Mr\.?|Mme\.?|Mlle|Monsieur|Madame|Dr\.?|Pr\.?|Docteur|Professeur|MME|MR|DR|PR|Enfant|Patiente?) (?P<name>[A-ZÀ-Þ])(?:\.(?! ?[A-ZÀ-Þ][\w'’-])|(?=[,;:)\n]|\Z| (?:est|a|va|se|sera|était|présente)\b))"
)
# `Alix M.`, `Lacroix J.`
_TRAILED: Final = re.compile(
    r"\b(?P<name>[A-ZÀ-Þ][\w'’-]{2,}) (?P<initial>[A-ZÀ-Þ](?:\.?-[A-ZÀ-Þ])?)\.(?! ?[A-ZÀ-Þ][a-zà-ÿ'’-]|\d|-)"
)
_RELATIVES: Final = word_set(
    "gendre bru neveu niece oncle tante cousin cousine voisin voisine tuteur tutrice ami amie parrain marraine"
)
# `TARDIEU H / MOREL C`
_BARE_INITIAL: Final = re.compile(r"\b(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ'’-]{3,}) (?P<initial>[A-ZÀ-Þ])(?=\n| ?[/,;)|]|\Z)")
# What stands behind a name of a list: `Coatmeur O. (onco),`
_LISTED: Final = re.compile(r" ?[,;)/]| \([a-zà-ÿ]")
_LOWER_TITLE: Final = re.compile(r"(?<![\d\w.'’])(?<!\d )(?:m|pr|mr) (?P<name>[a-z]{4,})\b")
# The last line of a mail: `Nath`
_LAST_LINE: Final = re.compile(
    r"[,\n!.a-z] *\n+ *(?P<name>[A-ZÀ-Þ][a-zà-ÿ]{2,11}(?:-[A-ZÀ-Þ][a-zà-ÿ]{1,9})?)[ .]*\s*\Z"
)
# `Dicté le 3, frappé le 4 - LS/MCB`
_TYPED: Final = re.compile(r"[^\n]{0,50}?[-–:\n] ?(?P<by>[A-Z]{2,4}) ?/ ?(?P<for>[A-Za-z]{2,3})\b")
_OWN_TYPED: Final = re.compile(r"\n(?P<by>[A-Z]{2,3})/(?P<for>[a-z]{2,3})\s*\Z")
_INITIALS: Final = 4
_MAY_TRAIL: Final = Question(
    lambda text, folded: CAPITALS.holds(text, folded) and len(text) <= _INITIALS and (len(text) == 1 or "-" in text)
)
_ANY_TITLE: Final = Opening(
    re.compile(r"\b(?:m|mr|mme|mlle|monsieur|madame|dr|pr|docteur|professeur|enfant|patiente?)\b")
)
_DICTATED: Final = Opening(re.compile(r"\b(?:(?:dicte|frappe|saisi|tape)e?s?|n/ref|v/ref|ref)\b"))
# `avis martinod chir tho`: whom a word of asking or doing names without more.
_ASKED: Final = Opening(
    re.compile(
        r"\b(?:avis|appel|echo|accord|staff|chir|anesth|cardio|neuro|ortho|senior|interne|externe|ide|ioa|mt|medecin|transmis a|vu)(?: [:=])? (?=[a-z]{4})"
    )
)
_LOWER_TITLES: Final = Opening(_LOWER_TITLE)
_GIVEN: Final = 2000
_GIVEN_ANNOUNCED: Final = 300
_SURNAME: Final = 50
_SHORTEST: Final = 4


# `Petit ch 12`, `Berger lit 4 :`: who lies in a bed.
_BEDDED: Final = re.compile(r"(?P<name>[A-ZÀ-Þ][\w'’-]{2,}) (?:ch|chambre|lit|box)\.? ?\d{1,4}\b")


def _in_beds(note: Note) -> Iterator[Find]:
    for number in note.capitals:
        word = note.words[number]
        if (
            (match := _BEDDED.match(note.text, word.start))
            and (surname_count(word.folded) or given_count(word.folded) or not is_plain(word.folded))
            and word.folded not in NO_NAME
        ):
            yield Find(*match.span("name"), "NOM", CONTEXT)


def find_careless(note: Note) -> Iterator[Find]:
    """Find persons whose name is an initial, and persons in a note written in small letters.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "bonsoir marc, mme petit va mieux. son frère moussa est venu"
        >>> sorted({text[start:end] for start, end, _, _ in find_careless(Note(text))})
        ['marc', 'moussa']
    """
    for title in note.matches(_ANY_TITLE):
        if match := _TITLED.match(note.text, title.start()):
            yield Find(*match.span("name"), "NOM", FIELD)
    yield from _initialled(note)
    yield from _in_beds(note)
    for dictated in note.matches(_DICTATED):
        yield from _typed(_TYPED.match(note.text, dictated.end()))
    yield from _typed(_OWN_TYPED.search(note.text, max(0, len(note.text) - 20)))
    if (last := _LAST_LINE.search(note.text, max(0, len(note.text) - 40))) and not (
        is_plain(name := note.folded[slice(*last.span("name"))]) or name in NO_NAME
    ):
        yield Find(*last.span("name"), "PRENOM", LEXICON)
    if note.careless:
        yield from _announced(note)
        yield from _known(note)


def _initialled(note: Note) -> Iterator[Find]:
    """Find `Alix M.` and `TARDIEU H / MOREL C`, from the initial backwards."""
    for number in note.asked(_MAY_TRAIL):
        if number:
            start, shouted = note.starts[number - 1], note.shouted
            if match := _TRAILED.match(note.text, start) or (not shouted and _BARE_INITIAL.match(note.text, start)):
                yield from _trailed(note, match)


def _typed(match: re.Match[str] | None) -> Iterator[Find]:
    if match:
        yield from (Find(*match.span(group), "NOM", LEXICON) for group in ("by", "for"))


def _trailed(note: Note, match: re.Match[str]) -> Iterator[Find]:
    start, end = match.span("name")
    name = note.folded[start:end]
    if is_plain(name) or name in NO_NAME or name in EPONYMS or name in DRUGS or is_eponym(note, start, end):
        return
    if leans_given(name) and given_count(name) >= _GIVEN_ANNOUNCED:
        yield Find(start, end, "PRENOM", CONTEXT)
        yield Find(*match.span("initial"), "NOM", LEXICON)
    elif surname_count(name) >= _SURNAME or (
        note.text[end - 1].islower() and len(name) >= _SHORTEST and _LISTED.match(note.text, match.end())
    ):
        yield Find(start, end, "NOM", CONTEXT)
        yield Find(*match.span("initial"), "PRENOM", LEXICON)


def _announced(note: Note) -> Iterator[Find]:
    for match in note.matches(RELATIVES):
        if (word := _small(note, match.end())) and given_count(word.folded) >= _GIVEN_ANNOUNCED:
            yield Find(word.start, word.end, "PRENOM", CONTEXT)
    for match in note.matches(ROLES):
        if (word := _small(note, match.end())) and given_count(word.folded) >= _GIVEN_ANNOUNCED:
            yield Find(word.start, word.end, "PRENOM", CONTEXT)
            if (other := _small(note, word.end + 1)) and surname_count(other.folded):
                yield Find(other.start, other.end, "NOM", CONTEXT)
    yield from _acting(note)
    for match in note.matches(GREETINGS):
        if (word := _small(note, match.end())) and len(word.text) >= _SHORTEST:
            yield Find(word.start, word.end, "PRENOM", CONTEXT)
    for match in note.matches(_LOWER_TITLES):
        if (word := _small(note, match.start("name"))) and surname_count(word.folded) + given_count(word.folded):
            yield Find(word.start, word.end, "NOM", CONTEXT)


def _acting(note: Note) -> Iterator[Find]:
    """Take who did something or was asked: behind `par`, any name that is no plain word; behind `avis`, one that many bear."""
    for opening, weight, surname, given in (
        (DEEDS, CONTEXT, 1, 1),
        (DOERS, CONTEXT, 1, 1),
        (_ASKED, LEXICON, _SURNAME, _GIVEN),
    ):
        for match in note.matches(opening):
            word = _small(note, match.end())
            if word and (surname_count(word.folded) >= surname or given_count(word.folded) >= given):
                yield Find(word.start, word.end, "PRENOM" if leans_given(word.folded) else "NOM", weight)


def _small(note: Note, place: int) -> Word | None:
    number = note.word_at.get(place)
    return note.words[number] if number is not None and _may_be(note.words[number]) else None


def _may_be(word: Word) -> bool:
    folded = word.folded
    return word.text.islower() and not (
        is_plain(folded)
        or folded in NO_NAME
        or folded in PARTICLES
        or folded in DRUGS
        or folded in EPONYMS
        or folded in _RELATIVES
    )


def _known(note: Note) -> Iterator[Find]:
    """Take first names that are nothing else, and a surname that stands beside one."""
    words = note.words
    for number, word in enumerate(words):
        if len(word.text) < _SHORTEST or given_count(word.folded) < _GIVEN_ANNOUNCED or not _may_be(word):
            continue
        if is_eponym(note, word.start, word.end) or not leans_given(word.folded):
            continue
        beside = [
            other
            for other in words[max(0, number - 1) : number] + words[number + 1 : number + 2]
            if note.text[min(word.end, other.end) : max(word.start, other.start)] == " "
            and len(other.text) >= _SHORTEST
            and _may_be(other)
            and surname_count(other.folded) + given_count(other.folded) > 0
        ]
        if beside or given_count(word.folded) >= _GIVEN:
            yield Find(word.start, word.end, "PRENOM", LEXICON)
            yield from (Find(other.start, other.end, "NOM", LEXICON) for other in beside[:1])
