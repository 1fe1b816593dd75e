"""Which capitalized words that the rules left are names, by a trained model of their form and their neighbours?"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

import numpy as np

from transforms.notes.folding import fold
from transforms.notes.forms import CAPITALS, Question
from transforms.notes.guards import DRUGS, EPONYMS, is_eponym
from transforms.notes.labels import CONTEXT, LEXICON, Find, Label
from transforms.notes.persons import NO_NAME, PARTICLES
from transforms.notes.weights import read_weights
from transforms.notes.words import care_names, communes, given_count, is_plain, surname_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from transforms.notes.labels import Span
    from transforms.notes.note import Note, Word
    from transforms.notes.weights import Rows, Weights

MODEL: Final = "names.crfsuite"
TAGS: Final = ("NOM", "PRENOM", "HOPITAL", "VILLE")
PIECE: Final = re.compile(r"[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*|\d+|[^\w\s]")
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
_STEPS: Final = (-2, -1, 1, 2)
_EDGE: Final = "edge"


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
    described = _described()
    asked: list[tuple[int, int, int]] = []
    sentences: list[tuple[int, int, list[int]]] = []
    aspects: list[_Aspect] = []
    for number, (note, spans) in enumerate(notes):
        covered = {start: (end, label) for start, end, label in spans}
        for pieces, candidates in _read_sentences(note, covered):
            at = len(aspects)
            sentences.append((at, at + len(pieces), [at + candidate for candidate in candidates]))
            asked += [(number, *pieces[candidate][:2]) for candidate in candidates]
            aspects += described.aspects(pieces, covered)
    found: list[list[Find]] = [[] for _ in notes]
    if not sentences:
        return found
    tags = described.weights.tags
    chances = described.weights.chances(described.scores(aspects, sentences), sentences)[:, [*map(tags.index, TAGS)]]
    sums = chances.sum(axis=1)
    for row in np.flatnonzero(sums >= threshold).tolist():
        number, first, last = asked[row]
        note = notes[number][0]
        if not is_eponym(note, first, last) or (sums[row] > _CERTAIN and "-" not in note.folded[last : last + 25]):
            label = cast("Label", TAGS[int(chances[row].argmax())])
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


def _read_sentences(note: Note, covered: Mapping[int, tuple[int, str]]) -> Iterator[tuple[list[_Piece], list[int]]]:
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
    return is_candidate(word.text, word.folded, linked=linked) or (
        _is_borne(word.text, word.folded)
        and _INSIDE.search(note.text, max(0, word.start - 4), word.start) is not None
        and not note.folded.startswith((" d'", " de ", " du ", " des "), word.end)
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
        and not any(part in EPONYMS and ("-" not in folded or surname_count(part) < _RARE) for part in folded.split("-"))
        and folded not in NO_NAME
        and not is_plain(folded)
        and not (written.isupper() and len(written) <= _ACRONYM and not _is_known(folded) and not linked)
        and not _MEDICAL.search(folded)
        and not (written[1:2].islower() and any(letter.isupper() for letter in re.split(r"[-'’]", written)[0][1:]))
    )


def _is_known(folded: str) -> bool:
    return bool(surname_count(folded) or given_count(folded))


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
    loud = _is_loud([shape for shape, *_ in own])
    for number, (shape, said, found, form) in enumerate(own):
        items = _itself(shape, said, found, form)
        for step in _STEPS:
            place = number + step
            items += _beside(step, *own[place][:3]) if 0 <= place < count else [f"{step}={_EDGE}"]
        before = own[number - 1][1] if number else _EDGE
        behind = own[number + 1][1] if number + 1 < count else _EDGE
        items += (_between(before, shape, behind), _in_sentence(shape, loud=loud))
        if number > 1:
            items.append(_third(own[number - 2][1], before, shape))
        described.append(items)
    return described


def _is_loud(shapes: list[str]) -> bool:
    return shapes.count("XX") * 2 > len(shapes)


def _itself(shape: str, said: str, found: str, form: list[str]) -> list[str]:
    return ["bias", f"s={shape}", f"w={said}", f"r={found}", *form]


def _beside(step: int, shape: str, said: str, found: str) -> list[str]:
    return [f"{step}s={shape}", f"{step}w={said}", f"{step}r={found}"]


def _between(before: str, shape: str, behind: str) -> str:
    return f"around={before}|{shape}|{behind}"


def _in_sentence(shape: str, *, loud: bool) -> str:
    return f"loud={loud}{shape}"


def _third(two_before: str, before: str, shape: str) -> str:
    return f"two={two_before}|{before}|{shape}"


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
    if not text[0].isupper() or len(text) < _PAIR:
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
        f"care={folded in _care_words()}",
        *(f"g={gram}" for gram in _grams(folded)),
    ]


@cache
def _care_words() -> frozenset[str]:
    """Words that stand in the short names of hospitals and are no plain ones."""
    return frozenset(word for name in care_names() for word in name.split() if not is_plain(word))


@lru_cache(1 << 14)
def _grams(folded: str) -> tuple[str, ...]:
    framed = f"^{folded}$"
    return tuple(framed[at : at + 3] for at in range(len(framed) - 2))


class _Aspect(NamedTuple):
    """A word as the model sees it, with the rows of what it weighs itself and beside another."""

    shape: str
    said: str
    itself: int
    beside: int


class _Described:
    """The sums of what comes together for each word of a language, made once: a word itself, and it beside another."""

    _MOST: Final = 50_000
    _ROOM: Final = 1024

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._aspects: dict[tuple[str, str], _Aspect] = {}
        self._sides: dict[tuple[str, str, str], int] = {}
        tags = len(weights.tags)
        self._itself: Rows = np.zeros((self._ROOM, tags))
        self._beside: Rows = np.zeros((self._ROOM, len(_STEPS), tags))
        self._turn = Lock()
        for row, step in enumerate(_STEPS):
            self._beside[0, row] = weights.of([f"{step}={_EDGE}"])

    @property
    def full(self) -> bool:
        """Whether as many words are held as may be: a column of random letters must not fill the memory."""
        return len(self._aspects) > self._MOST

    def aspects(self, pieces: list[_Piece], covered: Mapping[int, tuple[int, str]]) -> list[_Aspect]:
        """Look the pieces of a sentence up."""
        aspects = []
        known = self._aspects
        until, rule = 0, ""
        for start, _, text in pieces:
            if start in covered:
                until, rule = covered[start]
            found = rule if start < until else ""
            aspects.append(known.get((text, found)) or self._learn(text, found))
        return aspects

    def scores(self, aspects: list[_Aspect], sentences: Sequence[tuple[int, int, list[int]]]) -> Rows:
        """Give what `features` would say of the pieces of sentences as sums of weights, a row a piece and a column a tag."""
        numbers, unknown = self.weights.numbers, len(self.weights.rows) - 1
        joined: list[tuple[int, int, int]] = []
        sides: list[int] = []
        for start, end, _ in sentences:
            own = aspects[start:end]
            shapes = [aspect[0] for aspect in own]
            loud = {shape: numbers.get(_in_sentence(shape, loud=_is_loud(shapes)), unknown) for shape in set(shapes)}
            said = [aspect[1] for aspect in own]
            two_before, before = "", _EDGE
            for number, (shape, itself, behind) in enumerate(zip(shapes, said, [*said[1:], _EDGE], strict=True)):
                joined.append(
                    (
                        numbers.get(f"around={before}|{shape}|{behind}", unknown),
                        loud[shape],
                        numbers.get(f"two={two_before}|{before}|{shape}", unknown) if number > 1 else unknown,
                    )
                )
                two_before, before = before, itself
            sides += (0, 0)
            sides += [aspect[3] for aspect in own]
        sides += (0, 0)
        beside = np.array(sides)
        # Two edges stand before each sentence, and so behind the one before.
        places = np.arange(len(aspects)) + np.repeat(
            [*range(2, 2 * len(sentences) + 2, 2)], [end - start for start, end, _ in sentences]
        )
        scores: Rows = self._itself[[aspect[2] for aspect in aspects]]
        scores += self.weights.rows[joined].sum(axis=1)
        for row, step in enumerate(_STEPS):
            scores += self._beside[beside[places + step], row]
        return scores

    def _learn(self, text: str, found: str) -> _Aspect:
        folded = fold(text)
        shape, said = _shape(text), _said(text, folded, is_plain)
        with self._turn:
            if (beside := self._sides.get((shape, said, found), 0)) == 0:
                beside = len(self._sides) + 1
                self._beside = _with_room(self._beside, beside)
                for row, step in enumerate(_STEPS):
                    self._beside[beside, row] = self.weights.of(_beside(step, shape, said, found))
                self._sides[shape, said, found] = beside
            itself = len(self._aspects)
            self._itself = _with_room(self._itself, itself)
            self._itself[itself] = self.weights.of(_itself(shape, said, found, _form(text, folded, is_plain)))
            aspect = self._aspects[text, found] = _Aspect(shape, said, itself, beside)
        return aspect


def _with_room(rows: Rows, number: int) -> Rows:
    return rows if number < len(rows) else np.concatenate([rows, np.zeros_like(rows)])


_Piece: TypeAlias = "tuple[int, int, str]"
_DESCRIBED: list[_Described] = []


def _described() -> _Described:
    """Give the sums made so far, or begin anew where too many are held."""
    if not _DESCRIBED or _DESCRIBED[0].full:
        _DESCRIBED[:] = [_Described(_weights())]
    return _DESCRIBED[0]


@cache
def _weights() -> Weights:
    return read_weights((files(__package__) / "lexicons" / MODEL).read_bytes())


_CANDIDATES: Final = Question(
    lambda text, folded: CAPITALS.holds(text, folded)
    and (is_candidate(text, folded, linked=True) or _is_borne(text, folded))
)
