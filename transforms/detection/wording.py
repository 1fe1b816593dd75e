"""Which words stand in a field's name, and what can each mean?

Names are cut at separators, at capitals, between letters and digits, and, when they are glued or shortened, by the words of concepts.txt.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from transforms.detection import lexicons
from transforms.detection.folding import fold, mend

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])|(?<=[A-Z])(?=[A-Z][a-zà-ÿ])")
_ELIDED = re.compile(r"(?<![^\W_])[dl]['’](?=\w)", re.IGNORECASE)
_POINTED = re.compile(r"(?<![^\W_])(?:[A-Za-z]\.){2,}(?:[A-Za-z](?![^\W_]))?")
"""An abbreviation with points: M.I., D.O.B."""
_LETTERS_DIGITS = re.compile(r"[a-z]+|\d+")
_SHORT = frozenset(
    [
        "id",
        "no",
        "nr",
        "dt",
        "cd",
        "nm",
        "ip",
        "cp",
        "ss",
        "bp",
        "ht",
        "wt",
        "kg",
        "cm",
        "hr",
        "dx",
        "rx",
        "px",
        "uf",
        "um",
        "lb",
        "mt",
        "nb",
    ]
)
"""Pieces of two letters that may stand in a glued name; any other piece has three at least."""
_LONG = 4
_LINKS = frozenset({"de", "du", "di", "of"})
_BESIDE_BARE = frozenset(["patient", "practitioner", "relative", "noise"])


@lru_cache(maxsize=16_384)
def read_words(name: str) -> tuple[str, ...]:
    """Cut a name into folded words: at separators, at capitals, and between letters and digits if that helps.

    Example:
        >>> read_words("orderSize"), read_words("T_PAT-NomUsuel2")
        (('order', 'size'), ('t', 'pat', 'nom', 'usuel', '2'))
    """
    known = lexicons.concepts()
    words: list[str] = []
    name = _ELIDED.sub("", mend(name)).replace("#", " number ")
    name = _POINTED.sub(lambda match: match.group().replace(".", ""), name)
    for word in fold(_CAMEL.sub(" ", name)).split():
        if word in known or word.isalpha() or word.isdigit():
            words.append(word)
        else:
            words += _LETTERS_DIGITS.findall(word)
    whole = fold(name)
    if whole in known:
        return (whole,)
    return tuple(words)


@cache
def _glued() -> dict[str, str]:
    """Phrases without their blanks, to the phrase."""
    found: dict[str, str] = {}
    for phrase in lexicons.concepts():
        bare = phrase.replace(" ", "")
        if len(bare) >= 3 or bare in _SHORT:
            found.setdefault(bare, phrase)
    for bare, phrase in list(found.items()):
        found.setdefault(_plain(bare), phrase)
    return found


def _plain(word: str) -> str:
    """Write German umlauts as their vowel, however they were spelled."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@lru_cache(maxsize=16_384)
def _segment(word: str) -> tuple[str, ...]:
    """Cut a glued word into known phrases, fewest pieces first; empty if it can't be cut."""
    glued = _glued()
    if word in glued:
        return (glued[word],)
    if _plain(word) != word and (pieces := _segment(_plain(word))):
        return pieces
    if word[0] == "n" and len(word) > _LONG + 1 and word[1:] in glued:
        return ("n", glued[word[1:]])
    whole = _cut(word, glued)
    return whole if len(whole) <= len(word) // 3 + 1 else ()


def _cut(word: str, glued: dict[str, str]) -> tuple[str, ...]:
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 24), end):
            before = best[start]
            piece = word[start:end]
            if before and piece not in glued:
                piece = _unlinked(piece, german=start >= _LONG)
            if piece == "age" and 0 < start <= _LONG:  # lineage, passage: nouns that end so
                continue
            if before is not None and piece in glued and len(before) < 4:
                pieces = (*before, glued[piece])
                current = best[end]
                if current is None or len(pieces) < len(current):
                    best[end] = pieces
    return best[len(word)] or ()


def _unlinked(piece: str, *, german: bool) -> str:
    """A piece of a glued name without what links it to the one before: Beatmung-s-stunden, mode-d-entree."""
    if german and piece[0] in "sn":
        return piece[1:]
    return piece[2:] if piece[:2] in _LINKS else piece


_ENDINGS = (
    ("ies", "y"), ("es", ""), ("s", ""), ("x", ""), ("en", ""), ("e", ""), ("n", ""),
    ("i", "o"), ("i", "e"), ("i", "a"), ("e", "a"), ("he", "a"), ("chi", "co"),
)  # fmt: skip
"""Plural endings of the five languages, with what the singular has instead."""


def _singular(word: str) -> str:
    known = lexicons.concepts()
    for ending, put in _ENDINGS:
        stem = word.removesuffix(ending) + put
        if word.endswith(ending) and len(word) > len(ending) + 2 and len(stem) > 3 and stem in known:
            return stem
    return ""


@lru_cache(maxsize=16_384)
def read_concepts(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read a name as phrases with the concepts that each can mean; what isn't understood has none.

    Example:
        >>> read_concepts("DATE_NAISSANCE_PAT")
        (('date naissance', ('birth_date',)), ('pat', ('patient',)))
    """
    known = lexicons.concepts()
    words = read_words(name)
    found: list[tuple[str, tuple[str, ...]]] = []
    bare = lexicons.bare_words()
    start = 0
    while start < len(words):
        if start == 0 and words[0] == "on" and len(words) > 1:
            found.append(("on", ("noise",)))  # on_thyroxine: under a medicine; a day stands behind its on
            start = 1
            continue
        if start and len(words[start]) == 1 and known.get(words[start], ("",))[0] == "date":
            found.append((words[start], ("noise",)))  # d and f are a date's only in front of what it is of
            start += 1
            continue
        others = words[:start] + words[start + 1 :]
        if words[start] in bare and _only_persons(others) and not (others and bare[words[start]] == ("gene",)):
            found.append((words[start], (*bare[words[start]], *known.get(words[start], ()))))
            start += 1
            continue
        for end in range(min(len(words), start + 5), start, -1):
            phrase = " ".join(words[start:end])
            if phrase in known:
                found.append((phrase, known[phrase]))
                start = end
                break
            if end - start > 1 and (same := _numbered().get(_canonical(words[start:end]))):
                found.append((same, known[same]))
                start = end
                break
            glued = "".join(words[start:end])
            if end - start > 1 and not glued.isdigit() and glued in known and len(glued) > 3:
                found.append((glued, known[glued]))
                start = end
                break
        else:
            word = words[start]
            found += _unknown(word)
            start += 1
    return tuple(found)


_NUMBER_WORDS = frozenset(["number", "no", "nr", "num", "nbr", "nb", "numero", "nummer", "nro", "n"])
_NUMBERED_CONCEPTS = frozenset(
    [
        "nir",
        "national_id",
        "patient_id",
        "encounter_id",
        "practitioner_id",
        "insurance_id",
        "device_id",
        "facility_id",
        "study_uid",
        "reference_word",
        "phone",
        "iban",
    ]
)


def _canonical(words: tuple[str, ...]) -> str:
    return (
        " ".join("#" if word in _NUMBER_WORDS else word for word in words) if _NUMBER_WORDS.intersection(words) else ""
    )


@cache
def _numbered() -> dict[str, str]:
    """Phrases that name a number, whatever word they use for it: screening number stands for Screening No."""
    found: dict[str, str] = {}
    for phrase, meanings in lexicons.concepts().items():
        if " " in phrase and meanings[0] in _NUMBERED_CONCEPTS and (bare := _canonical(tuple(phrase.split()))):
            found.setdefault(bare, phrase)
    return found


def _only_persons(words: tuple[str, ...]) -> bool:
    known = lexicons.concepts()
    return all(word.isdigit() or set(known.get(word, ("?",))) & _BESIDE_BARE for word in words)


def _unknown(word: str) -> list[tuple[str, tuple[str, ...]]]:
    known = lexicons.concepts()
    if word.isdigit() or len(word) < 2:
        return [(word, ("noise",))]
    if singular := _singular(word):
        return [(singular, known[singular])]
    if (pieces := _segment(word)) and _tells(pieces):
        return [(piece, known[piece]) for piece in pieces]
    if whole := _lengthened(word) or _kin(word):
        return [(whole, known[whole])]
    for stem, kind in lexicons.terms():
        if kind in {"diagnosis", "drug", "lab_test", "procedure"} and _fits(stem, word) and len(word) > 5:
            return [(word, ({"lab_test": "analyte"}.get(kind, kind),))]
    return [(word, ())]


def _tells(pieces: tuple[str, ...]) -> bool:
    """Whether a glued word is cut into more than scraps: no-les of nodules says nothing."""
    known = lexicons.concepts()
    return any(len(piece) > _SCRAP or piece in _ALONE for piece in pieces if known[piece] != ("noise",))


_SCRAP = 2
_ALONE = frozenset({"id", "cp", "ip"})
_LEAST_BEGINNING = 5
_OF_MANY_BEGINNINGS = frozenset({"noise", "id", "practitioner", "severity", "type", "username"})
_VOWELS = re.compile(r"(?<=.)[aeiou]")
_DOUBLES = re.compile(r"(.)\1+")


def _skeleton(word: str) -> str:
    """A word without its vowels after the first letter and without doubled letters, as SQL names shorten words."""
    bare = _DOUBLES.sub(r"\1", _VOWELS.sub("", word))
    return bare if len(bare) >= 4 else ""


def _is_shortened(word: str) -> bool:
    return len(_VOWELS.findall(word)) <= 1


@cache
def _skeletons() -> dict[str, str]:
    """Shortened words to the one known word that they can stand for: encntr is encounter."""
    found: dict[str, str] = {}
    for phrase, meanings in lexicons.concepts().items():
        bare = _skeleton(phrase)
        if bare and " " not in phrase and len(phrase) > len(bare) and meanings != ("noise",):
            found[bare] = phrase if found.get(bare, phrase) == phrase else _shared(found[bare], phrase)
    return {bare: phrase for bare, phrase in found.items() if phrase}


def _lengthened(word: str) -> str:
    """The word that a shortened one stands for: without its vowels, or without its end."""
    whole = _skeletons().get(_skeleton(word), "") if _is_shortened(word) else ""
    return whole or _beginnings().get(word, "")


_LEAST_KIN = 7


def _kin(word: str) -> str:
    """A known word of the same stem: hospitalise is hospitalisation, where all known words of that stem mean the same."""
    beginnings, known = _beginnings(), lexicons.concepts()
    for size in range(len(word) - 1, max(_LEAST_KIN, -(-len(word) * 3 // 4)) - 1, -1):
        start = word[:size]
        if start in known and known[start][0] not in _OF_MANY_BEGINNINGS:
            return start
        if start in beginnings:
            return beginnings[start]
    return ""


@cache
def _beginnings() -> dict[str, str]:
    """Beginnings of long words to the one known word they can stand for: morphol is morphologie or morphology, which mean the same."""
    found: dict[str, str] = {}
    known = lexicons.concepts()
    for phrase, meanings in known.items():
        if " " in phrase or phrase.startswith("=") or meanings[0] in _OF_MANY_BEGINNINGS:
            continue
        for size in range(_LEAST_BEGINNING, len(phrase) - 1):
            start = phrase[:size]
            found[start] = phrase if found.get(start, phrase) == phrase else _shared(found[start], phrase)
    return {start: phrase for start, phrase in found.items() if phrase and start not in known}


def _shared(one: str, other: str) -> str:
    known = lexicons.concepts()
    return one if one and known[one] == known[other] else ""


def _fits(stem: str, word: str) -> bool:
    if stem.startswith("*"):
        return len(stem) > 4 and word.endswith(stem[1:])
    return word.startswith(stem[:-1]) if stem.endswith("*") else word == stem and len(word) > 5
