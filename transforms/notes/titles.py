"""Who stands after a title, a role, a form field, a family word, or above a signature?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.announcements import (
    AND,
    BIRTHS,
    BRACKETED,
    CLOSINGS,
    DEEDS,
    DOERS,
    FIELDS,
    GREETINGS,
    MIXED_KEY,
    NEXT_FIELD,
    ONLY_AND,
    PLURAL,
    RELATIVES,
    ROLES,
    TITLE,
    TITLES,
)
from transforms.notes.guards import DRUGS, EPONYMS
from transforms.notes.labels import CONTEXT, FIELD, LEXICON, Find, Label
from transforms.notes.note import fold
from transforms.notes.openings import Opening
from transforms.notes.persons import NO_NAME, PARTICLES, label_name, read_name
from transforms.notes.words import given_count, is_plain, leans_given, surname_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note, Word


_LONGEST_FIELD: Final = 20
_COMMON: Final = 500
# `Bloc demain avec Gaillot`, `j'ai vu Zerbib`
_WITH: Final = Opening(
    re.compile(r"\b(?:avec|vu|appele|prevenu|contacte|confie a|vers|famille|cabinet|aides?) (?=[a-z]{4})")
)


def find_titled(note: Note) -> Iterator[Find]:
    """Find the persons that a title, a role, a family word or a form field announces.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "Mme MARTIN Jeanne née Durand, adressée par le Dr J-P Le Goff"
        >>> [(text[start:end], label) for start, end, label, _ in find_titled(Note(text))]
        [('MARTIN', 'NOM'), ('Jeanne', 'PRENOM'), ('J-P', 'PRENOM'), ('Le Goff', 'NOM'), ('Durand', 'NOM')]
    """
    for match in note.matches(TITLES):
        yield from _after_title(note, match)
    for match in note.matches(BIRTHS):
        # `épouse Dupont` gives a surname, `épouse : Inès` a person.
        spouse = match[0].startswith(("epouse", "epoux"))
        yield from _name_at(
            note,
            match.end(),
            sure=True,
            weight=FIELD,
            alone="PRENOM" if spouse and _given_at(note, match.end()) else "NOM",
        )
    for match in note.matches(RELATIVES):
        yield from _person_at(note, match.end(), alone="PRENOM", listed=True)
    yield from _with_role(note)
    yield from _greeted(note)
    for match in note.matches(FIELDS):
        yield from _in_field(note, match)


def _with_role(note: Note) -> Iterator[Find]:
    """Read who is named by what they do, or who did it."""
    for match in note.matches(ROLES):
        yield from _person_at(note, match.end(), sure=":" in match["sep"], listed=True)
    for match in note.matches(BRACKETED):
        yield from _person_at(note, match.end(), sure=note.text[match.end() + 1 : match.end() + 2].islower())
    for opening in (DEEDS, DOERS):
        for match in note.matches(opening):
            yield from _person_at(note, match.end())
    for match in note.matches(_WITH):
        yield from _beside(note, match.end())


def _greeted(note: Note) -> Iterator[Find]:
    """Read who is written to, and who signs."""
    for match in note.matches(GREETINGS):
        number = note.word_at.get(match.end())
        given = number is not None and (
            given_count(note.words[number].folded) > _COMMON or _is_greeted(note, note.words[number])
        )
        yield from _person_at(note, match.end(), sure=given, alone="PRENOM")
    for match in note.matches(CLOSINGS):
        yield from _person_at(note, match.end(), alone="PRENOM")


def _after_title(note: Note, match: re.Match[str]) -> Iterator[Find]:
    title = note.text[match.start() : match.end()]
    number = note.word_at.get(match.end())
    if number is None:
        return
    word = note.words[number]
    if (
        match[0].startswith(("m.", "mm.", "m "))
        and note.text[max(0, match.start() - 2) : match.start()].strip(" ").isdigit()
    ):
        return  # `8 mm. Coloration`: millimetres, no gentlemen
    if match[0].startswith("m.") and "\n" in match[0] and _ends_with_given(note, match.start()):
        return  # `Laetitia M.` ends a line: the initial of her surname
    # `m` of metres, `pr` for `pour`: in lower case these two are titles only before a capital.
    if (
        title[0].islower()
        and match[0].strip(" .\n") in {"m", "pr", "s", "mm"}
        and not (word.capital or word.folded in PARTICLES)
    ):
        return
    if match[0].strip(" .\n") in {"m", "confrere", "consoeur", "soeur", "sœur", "maitre"} and not (
        (word.capital or word.folded in PARTICLES) and title[0].isupper()
    ):
        return
    end = 0
    for find in _name_at(note, match.end(), sure=True, weight=FIELD, titled=True):
        end = find.end
        yield find
    plural = PLURAL.match(match[0]) is not None
    while end and (link := AND.match(note.folded, end)):
        end = 0
        finds = list(_person_at(note, link.end(), sure=plural))
        # After one title and a comma stands a town or a speciality, unless a first name or initials begin it.
        if plural or len(finds) > 1 or ONLY_AND.fullmatch(link[0]):
            end = finds[-1].end if finds else 0
            yield from finds


def _ends_with_given(note: Note, place: int) -> bool:
    """Tell whether a first name ends at the space before `place`."""
    before = note.text[max(0, place - 20) : place].rstrip().rpartition(" ")[2].rpartition("\n")[2]
    return before[:1].isupper() and leans_given(fold(before))


def _beside(note: Note, place: int) -> Iterator[Find]:
    """Take a surname that is nothing else, written as one, behind `avec` or `vu`."""
    number = note.word_at.get(place)
    if number is None:
        return
    word = note.words[number]
    plain = word.folded
    if (
        word.text.istitle()
        and surname_count(plain)
        and not (is_plain(plain) or plain in NO_NAME or plain in EPONYMS or plain in DRUGS or given_count(plain))
    ):
        yield Find(word.start, word.end, "NOM", LEXICON)


def _is_greeted(note: Note, word: Word) -> bool:
    """Tell a nickname (`Salut Momo,`) from the plain word that may follow a greeting."""
    return word.text.istitle() and not is_plain(word.folded) and note.text[word.end : word.end + 1] in {",", "\n", "!"}


def _given_at(note: Note, place: int) -> bool:
    number = note.word_at.get(place)
    return number is not None and leans_given(note.words[number].folded)


def _name_at(
    note: Note, place: int, *, sure: bool, weight: int, alone: Label = "NOM", titled: bool = False
) -> list[Find]:
    number = note.word_at.get(place)
    if number is None:
        return []
    parts = read_name(note, number, sure=sure, titled=titled)
    return label_name(parts, weight=weight, alone=alone) if parts else []


def _person_at(
    note: Note, place: int, *, sure: bool = False, alone: Label = "NOM", listed: bool = False, linked: bool = False
) -> Iterator[Find]:
    """Read a person where no title says that one stands: the lexicons must know one of the words, none of them a plain one."""
    number = note.word_at.get(place)
    if number is None or TITLE.match(note.folded, place):
        return
    first = note.words[number]
    if not first.capital and not (sure and first.folded in PARTICLES and _capital_behind(note, number)):
        return
    parts = read_name(note, number, sure=sure, announced=True)
    bare = [part.word.folded for part in parts if not part.initial and not part.particle]
    if not sure and all(name in EPONYMS or name in DRUGS for name in bare):
        return
    known = any(
        ((surname_count(name) or given_count(name)) and not is_plain(name))
        or given_count(name) > (0 if linked else _COMMON if alone == "PRENOM" else 10_000)
        for name in bare
    )
    if not (known or (sure and parts) or (parts and parts[0].initial)):
        return
    if len(bare) == 1 and len(parts) == 1:
        given = (leans_given(bare[0]) and (note.shouted or alone == "PRENOM" or not parts[0].shouted)) or (
            alone == "PRENOM" and given_count(bare[0]) >= surname_count(bare[0])
        )
        alone = "PRENOM" if given else "NOM"
    finds = label_name(parts, weight=CONTEXT, alone=alone)
    yield from finds
    if listed and finds and (link := AND.match(note.folded, finds[-1].end)):
        yield from _person_at(note, link.end(), sure=sure, alone=alone, listed=True, linked=True)


def _capital_behind(note: Note, number: int) -> bool:
    """Tell `de la Taille` from `de garde`: behind the particles stands a capital."""
    behind = (word for word in note.words[number + 1 : number + 4] if word.folded not in PARTICLES)
    name = next(behind, None)
    return name is not None and name.capital and "\n" not in note.text[note.words[number].end : name.start]


def _field_words(note: Note, number: int, end: int) -> list[Word]:
    """Give the words of a field's value: up to `end`, a number, or a plain word that bears no name (`Luc Taille 175`)."""
    words: list[Word] = []
    for word in note.words[number : number + _LONGEST_FIELD]:
        if word.end > end or (words and note.text[words[-1].end : word.start].strip(" ,-'’")):
            break
        if words and word.folded not in PARTICLES:
            plain = is_plain(word.folded) and not (given_count(word.folded) or surname_count(word.folded) > 300)
            if plain or (word.folded in NO_NAME and not word.text.isupper()):
                break
        words.append(word)
    return words


def _in_field(note: Note, match: re.Match[str]) -> Iterator[Find]:
    key = match["key"]
    place = match.end()
    stop = NEXT_FIELD.search(note.folded, place)
    end = min(stop.start() if stop else len(note.text), place + 60)
    number = note.word_at.get(place)
    if number is None:
        return
    words = _field_words(note, number, end)
    if key.startswith(
        ("patient", "malade", "identite", "beneficiaire", "assure", "name", "nom complet")
    ) or MIXED_KEY.search(key):
        title = TITLE.match(note.folded, place)
        if title:
            return
        parts = read_name(note, number, sure=True)
        yield from label_name(parts, weight=FIELD, surname_first=not key.startswith("prenom")) if parts else ()
        return
    words = [
        word for word in words if word.folded not in {"m", "mme", "mr", "mlle", "monsieur", "madame", "docteur", "dr"}
    ]
    if not words or len(words) > 5:
        return
    label: Label = "PRENOM" if key.startswith(("prenom", "1er", "first", "given")) else "NOM"
    loud = [word.text.isupper() for word in words]
    if label == "NOM" and loud[0] and not all(loud):
        last = loud.index(False)
        yield Find(words[0].start, words[last - 1].end, "NOM", FIELD)
        if given_count(words[last].folded):
            yield Find(words[last].start, words[last].end, "PRENOM", FIELD)
        return
    yield Find(words[0].start, words[-1].end, label, FIELD)
