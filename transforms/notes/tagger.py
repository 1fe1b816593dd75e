"""Which capitalized words that the rules left are names, by a trained model of their form and their neighbours?"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

import pycrfsuite

from transforms.notes.guards import DRUGS, EPONYMS, is_eponym
from transforms.notes.labels import CONTEXT, LEXICON, Find, Label
from transforms.notes.persons import NO_NAME, PARTICLES
from transforms.notes.words import communes, given_count, is_plain, surname_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from transforms.notes.labels import Span
    from transforms.notes.note import Note

MODEL: Final = "names.crfsuite"
TAGS: Final = ("NOM", "PRENOM", "HOPITAL", "VILLE")
PIECE: Final = re.compile(r"[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*|\d+|[^\w\s]")
_CUT: Final = re.compile(r"\n+|(?<=[.!?]) +(?=[^\W\d_a-zà-ÿ])")
_SHORTEST: Final = 3
_LONGEST: Final = 25
# As short and in capitals, what no list of names holds is an acronym: `MGEN`, `SSIAD`.
_ACRONYM: Final = 5
# Of what it tags in families of forms held out, 92 in 100 are names; at 0.3, 89; at 0.9, 96 and a quarter less are found (2026-11-25).
THRESHOLD: Final = 0.6
_SURE: Final = 0.9
_TURN: Final = Lock()


def find_tagged(note: Note, spans: Iterable[Span], threshold: float = THRESHOLD) -> Iterator[Find]:
    """Find names among the words that no span covers; only sentences that hold such a word are read by the model.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "Scanner interprété par Bazzoun"
        >>> [text[find.start : find.end] for find in find_tagged(Note(text), [])]
        ['Bazzoun']
    """
    covered = {start: (end, label) for start, end, label in spans}
    taken = bytearray(len(note.text))
    for start, (end, _) in covered.items():
        taken[start:end] = b"\1" * (end - start)
    words = note.words
    candidates = {
        words[number].start
        for number in note.capitals
        if not taken[words[number].start] and is_candidate(words[number].text, words[number].folded)
    }
    if not candidates:
        return
    for start, end in sentences(note.text):
        if not any(start <= place < end for place in candidates):
            continue
        pieces = [(match.start(), match.end()) for match in PIECE.finditer(note.text, start, end)]
        tagged = _tagged(features(note, pieces, covered), pieces, candidates)
        for first, last, chances in tagged:
            if (chance := sum(chances.values())) >= threshold and not is_eponym(note, first, last):
                label = cast("Label", max(chances, key=lambda tag: chances[tag]))
                yield Find(
                    _with_particle(note, first),
                    last,
                    label,
                    CONTEXT if chance >= _SURE and label != "VILLE" else LEXICON,
                )


def _tagged(
    described: list[list[str]], pieces: list[tuple[int, int]], candidates: set[int]
) -> list[tuple[int, int, dict[str, float]]]:
    """Ask the model about the candidates of a sentence: where each starts and ends, and the chance of each tag."""
    # One model, one thread at a time: it keeps the sentence it was given, and CRFsuite crashes where threads load theirs.
    with _TURN:
        model, _ = _model()
        model.set(described)
        return [
            (first, last, {tag: model.marginal(tag, number) for tag in TAGS})
            for number, (first, last) in enumerate(pieces)
            if first in candidates
        ]


def _with_particle(note: Note, start: int) -> int:
    """Begin at the `Le` of `Le Goff`."""
    number = note.word_at.get(start)
    before = note.words[number - 1] if number else None
    joined = before and before.folded in PARTICLES and before.text[0].isupper() and before.end + 1 == start
    return before.start if before and joined else start


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into the stretches that the model reads: lines, and sentences within them."""
    at = 0
    for cut in _CUT.finditer(text):
        yield at, cut.start()
        at = cut.end()
    yield at, len(text)


def is_candidate(written: str, folded: str) -> bool:
    """Tell whether a capitalized word may be a name at all: neither plain French, drug, acronym nor eponym."""
    return (
        _SHORTEST < len(written) < _LONGEST
        and written[:1].isupper()
        and folded not in DRUGS
        and EPONYMS.isdisjoint(folded.split("-"))
        and folded not in NO_NAME
        and not is_plain(folded)
        and not (written.isupper() and len(written) <= _ACRONYM and not (surname_count(folded) or given_count(folded)))
        and not (written[1:2].islower() and any(letter.isupper() for letter in re.split(r"[-'’]", written)[0][1:]))
    )


def features(
    note: Note,
    pieces: list[tuple[int, int]],
    covered: Mapping[int, tuple[int, str]],
    plain: Callable[[str], bool] = is_plain,
) -> list[list[str]]:
    """Describe the pieces of one sentence to the model: their form, what the lexicons and the rules say, two neighbours each side."""
    own: list[tuple[str, str, str, list[str]]] = []
    until, rule = 0, ""
    for start, end in pieces:
        if start in covered:
            until, rule = covered[start]
        found = rule if start < until else ""
        text, folded = note.text[start:end], note.folded[start:end]
        own.append((_shape(text), _said(text, folded, plain), found, _form(text, folded, plain)))
    described: list[list[str]] = []
    count = len(own)
    loud = sum(shape == "XX" for shape, *_ in own) * 2 > count
    for number, (shape, said, found, form) in enumerate(own):
        items = ["bias", f"s={shape}", f"w={said}", f"r={found}", *form]
        for step in (-2, -1, 1, 2):
            place = number + step
            if not 0 <= place < count:
                items.append(f"{step}=edge")
                continue
            beside = own[place]
            items += (f"{step}s={beside[0]}", f"{step}w={beside[1]}", f"{step}r={beside[2]}")
        before = own[number - 1][1] if number else "edge"
        behind = own[number + 1][1] if number + 1 < count else "edge"
        items += (f"around={before}|{shape}|{behind}", f"loud={loud}{shape}")
        if number > 1:
            items.append(f"two={own[number - 2][1]}|{before}|{shape}")
        described.append(items)
    return described


@lru_cache(1 << 14)
def _shape(text: str) -> str:
    if text[0].isdigit():
        return "d" * min(len(text), 5)
    if not text[0].isalpha():
        return text
    if text.isupper():
        return "X" if len(text) == 1 else "XX"
    return ("Xx-Xx" if "-" in text else "Xx") if text[0].isupper() else "x"


def _said(text: str, folded: str, plain: Callable[[str], bool]) -> str:
    """Give a word that says something as context; names are all alike, so that none is learnt by heart."""
    if not text[0].isalpha():
        return "0" if text[0].isdigit() else text
    if text[0].islower() or plain(folded):
        return folded
    return "?"


def _form(text: str, folded: str, plain: Callable[[str], bool]) -> list[str]:
    if not text[0].isupper() or len(text) < _SHORTEST:
        return []
    common = plain(folded)
    surnames, given = len(str(surname_count(folded))), len(str(given_count(folded)))
    town = folded in communes()
    return [
        f"p2={folded[:2]}",
        f"p3={folded[:3]}",
        f"e2={folded[-2:]}",
        f"e3={folded[-3:]}",
        f"e4={folded[-4:]}",
        f"n={min(len(text), 12)}",
        f"known={surnames}{given}{town}{common}",
        f"sur={surnames}",
        f"giv={given}",
        f"town={town}",
        f"plain={common}",
        f"drug={folded in DRUGS}{folded in EPONYMS}",
        *(f"g={gram}" for gram in _grams(folded)),
    ]


@lru_cache(1 << 14)
def _grams(folded: str) -> tuple[str, ...]:
    framed = f"^{folded}$"
    return tuple(framed[at : at + 3] for at in range(len(framed) - 2))


@cache
def _model() -> tuple[pycrfsuite.Tagger, bytes]:
    """Give the model and the bytes it reads, which must live as long as it does: it keeps no hold on them itself."""
    weights = (files(__package__) / "lexicons" / MODEL).read_bytes()
    model = pycrfsuite.Tagger()
    model.open_inmemory(weights)
    return model, weights
