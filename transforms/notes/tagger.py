"""Which capitalized words that the rules left are names, by a trained model of their form and their neighbours?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from transforms.notes.described import MODEL, Aspect, Piece, described, features
from transforms.notes.folding import LINK
from transforms.notes.forms import CAPITALS, Question
from transforms.notes.guards import DRUGS, EPONYMS, is_eponym
from transforms.notes.labels import CONTEXT, LEXICON, Find, Label
from transforms.notes.persons import NO_NAME, PARTICLES
from transforms.notes.words import given_count, is_plain, surname_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from transforms.notes.labels import Span
    from transforms.notes.note import Note, Word

__all__ = ["MODEL", "PIECE", "TAGS", "features", "find_tagged", "is_asked", "is_candidate", "sentences", "tag_notes"]

TAGS: Final[tuple[Label, ...]] = ("NOM", "PRENOM", "HOPITAL", "VILLE")
PIECE: Final = re.compile(rf"{LINK}|[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*|\d+|[^\w\s]")
_CUT: Final = re.compile(r"[.!?\n](?:(?<=\n)\n*|(?<!\n) +(?=[^\W\d_a-zà-ÿ]))")
_SHORTEST: Final = 3
_PAIR: Final = 2
# `LE CUNFF`: behind a particle in capitals five letters are no acronym.
_LINKED: Final = re.compile(r"\b(?:LE|DE|DU|VAN|LA|AL|EL|BEN|DA|DI) \Z")
# What ends like this is an act, a sign or a drug that no list has.
_MEDICAL: Final = re.compile(
    r"(?<=[a-z]{3})(?:ectomie|[oe]tomie|stomie|plastie|scopie|graphie|gramme|metrie|algie|emie|urie|pathie|logie|logue|trophie|plegie|paresie|centese|desmie|lyse|mab|nib|prazole|statine|sartan|cilline|mycine|floxacine|conazole|oxaban|gliptine"
    r"|gliflozine|olol|pril|dipine|triptan|setron|parine|ciclib|taxel|rubicine|platine|phylline|zepam|dronate|solone|metasone|vastatine|thiazide|tidine|cycline|cefazoline|penem|bactam)e?s?\Z"
)
_BORNE: Final = 300
# `Weiss-Kessler` is somebody, `Charcot-Marie-Tooth` a disease: few bear what only medicine knows.
_RARE: Final = 100
_INSIDE: Final = re.compile(r"[^\W_][,;/(+&]? ?\Z")
_LONGEST: Final = 25
# As short and in capitals, what no list of names holds is an acronym: `MGEN`, `SSIAD`.
_ACRONYM: Final = 5
# Of what it tags in families of forms held out, 97 in 100 are names and 84 of 100 are found; at 0.6, 98 and 74 (2026-11-25).
THRESHOLD: Final = 0.15
_SURE: Final = 0.9
_CERTAIN: Final = 0.97


def find_tagged(note: Note, spans: Iterable[Span], threshold: float = THRESHOLD) -> list[Find]:
    """Find names among the words that no span covers; only sentences that hold such a word are read by the model.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "Scanner interprété par Bazzoun"
        >>> [text[find.start : find.end] for find in find_tagged(Note(text), [])]
        ['Bazzoun']
    """
    return tag_notes([(note, spans)], threshold)[0]


def tag_notes(notes: Sequence[tuple[Note, Iterable[Span]]], threshold: float = THRESHOLD) -> list[list[Find]]:
    """Do for many notes side by side what `find_tagged` does for one: the sums of a batch cost hardly more than those of a note."""
    model = described()
    asked: list[tuple[int, int, int]] = []
    sentences: list[tuple[int, int, list[int]]] = []
    aspects: list[Aspect] = []
    for number, (note, spans) in enumerate(notes):
        covered = {start: (end, label) for start, end, label in spans}
        for pieces, candidates in _read_sentences(note, covered):
            at = len(aspects)
            sentences.append((at, at + len(pieces), [at + candidate for candidate in candidates]))
            asked += [(number, *pieces[candidate][:2]) for candidate in candidates]
            aspects += model.aspects(pieces, covered)
    found: list[list[Find]] = [[] for _ in notes]
    if not sentences:
        return found
    tags = model.weights.tags
    chances = model.weights.chances(model.scores(aspects, sentences), sentences)[:, [*map(tags.index, TAGS)]]
    sums = chances.sum(axis=1)
    for row in np.flatnonzero(sums >= threshold).tolist():
        number, first, last = asked[row]
        note = notes[number][0]
        if not is_eponym(note, first, last) or (sums[row] > _CERTAIN and "-" not in note.folded[last : last + 25]):
            label = TAGS[int(chances[row].argmax())]
            weight = CONTEXT if sums[row] >= _SURE and label != "VILLE" else LEXICON
            found[number].append(Find(_with_particle(note, first), last, label, weight))
    return found


def may_be_tagged(note: Note, finds: Iterable[Find]) -> bool:
    """Tell whether any word of the note may be a name by its form and stands in no find."""
    candidates = note.asked(_CANDIDATES)
    if not candidates:
        return False
    taken, starts = bytearray(len(note.text)), note.starts
    for start, end, _, _ in finds:
        taken[start:end] = b"\1" * (end - start)
    return not all(taken[starts[number]] for number in candidates)


def _read_sentences(note: Note, covered: Mapping[int, tuple[int, str]]) -> Iterator[tuple[list[Piece], list[int]]]:
    """Give the pieces of each sentence in which candidates stand, and the numbers of these among them."""
    taken = bytearray(len(note.text))
    for start, (end, _) in covered.items():
        taken[start:end] = b"\1" * (end - start)
    starts = note.starts
    places = [
        place
        for number in note.asked(_CANDIDATES)
        if not taken[place := starts[number]] and is_asked(note, note.words[number])
    ]
    if not places:
        return
    candidates, at, text = set(places), 0, note.text
    for start, end in sentences(text):
        if at < len(places) and places[at] < end:
            pieces = [(*match.span(), match[0]) for match in PIECE.finditer(text, start, end)]
            numbers = [number for number, piece in enumerate(pieces) if piece[0] in candidates]
            if numbers:
                yield pieces, numbers
            while at < len(places) and places[at] < end:
                at += 1


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
        yield at, cut.start() + (text[cut.start()] != "\n")
        at = cut.end()
    yield at, len(text)


def is_asked(note: Note, word: Word) -> bool:
    """Tell whether the model is asked about a word: a candidate, or within a sentence a plain word that many bear (`Petit`)."""
    linked = _LINKED.search(note.text, max(0, word.start - 5), word.start) is not None
    return (
        is_candidate(word.text, word.folded, linked=linked)
        or (
            _is_borne(word.text, word.folded)
            and _INSIDE.search(note.text, max(0, word.start - 4), word.start) is not None
            and not note.folded.startswith((" d'", " de ", " du ", " des "), word.end)
            # In a list a name stands alone: `Blin, Grand, Petit` and no `kyste, Grand axe`.
            and not (note.text.endswith(", ", 0, word.start) and note.text[word.end + 1 : word.end + 2].islower())
        )
    )


def _is_borne(written: str, folded: str) -> bool:
    """Tell a plain word that many bear as a surname."""
    return (
        written.istitle()
        and len(written) > _SHORTEST
        and is_plain(folded)
        and surname_count(folded) >= _BORNE
        and folded not in NO_NAME
        and folded not in DRUGS
        and folded not in EPONYMS
    )


def is_candidate(written: str, folded: str, *, linked: bool = False) -> bool:
    """Tell whether a capitalized word may be a name at all: neither plain French, drug, acronym nor eponym."""
    return (
        (_SHORTEST <= len(written) < _LONGEST or (len(written) == _PAIR and written[1].islower() and _is_known(folded)))
        and written[:1].isupper()
        and folded not in DRUGS
        and not ("-" in folded and EPONYMS.issuperset(folded.split("-")))
        and not any(
            part in EPONYMS and ("-" not in folded or surname_count(part) < _RARE) for part in folded.split("-")
        )
        and folded not in NO_NAME
        and not is_plain(folded)
        and not (written.isupper() and len(written) <= _ACRONYM and not _is_known(folded) and not linked)
        and not _MEDICAL.search(folded)
        and not (written[1:2].islower() and any(letter.isupper() for letter in re.split(r"[-'’]", written)[0][1:]))
    )


def _is_known(folded: str) -> bool:
    return bool(surname_count(folded) or given_count(folded))


_CANDIDATES: Final = Question(
    lambda text, folded: (
        CAPITALS.holds(text, folded) and (is_candidate(text, folded, linked=True) or _is_borne(text, folded))
    )
)
