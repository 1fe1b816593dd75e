"""What identifies a person in a note? Every layer is asked, and overlaps are resolved."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, TypeAlias

from transforms.notes.careless import find_careless
from transforms.notes.codes import find_codes
from transforms.notes.consistency import find_repeated
from transforms.notes.dates import find_dates
from transforms.notes.labels import FIELD, KNOWN, LEXICON, Find, Span, resolve
from transforms.notes.markup import is_marked_up, put_back, unmarked
from transforms.notes.mojibake import is_broken, mended
from transforms.notes.names import find_named
from transforms.notes.note import Note, composed
from transforms.notes.places import find_places
from transforms.notes.recorded import find_recorded
from transforms.notes.spelled_dates import read_date
from transforms.notes.tables import find_tabled
from transforms.notes.tagger import may_be_tagged, tag_notes
from transforms.notes.titles import find_titled
from transforms.notes.towns import find_towns

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from transforms.notes.known import KnownPersons
    from transforms.notes.record import Record

_GENERATION: Final = 10
# Characters of notes that the model reads side by side: as many more would gain nothing.
_BATCH: Final = 200_000
_NAMES: Final = frozenset({"NOM", "PRENOM"})
_BESIDE: Final = re.compile(
    r"(?: ?\)?(?: \(|, | - | – | / | )|  ?[FMH]?  ?|, ?[FMH], ?| \([FMH]\) - |[ \t]?[|;\t][ \t]?(?:[FMH][ \t]?[|;\t][ \t]?)?)\Z"
)


_Finding: TypeAlias = "Generator[tuple[Note, list[Span]], list[Find] | None, list[Span]]"


def find_identifiers(text: str, *, record: Record | None = None, known: KnownPersons | None = None) -> list[Span]:
    """Find what identifies people in one note: character spans in order, none overlapping another.

    Example:
        >>> text = "Mme Le Goff, née le 12/03/1950"
        >>> [(text[start:end], label) for start, end, label in find_identifiers(text)]
        [('Le Goff', 'NOM'), ('12/03/1950', 'DATE_NAISSANCE')]
    """
    return next(find_each([(text, record)], known=known))


def find_each(notes: Iterable[tuple[str, Record | None]], *, known: KnownPersons | None = None) -> Iterator[list[Span]]:
    """Find what identifies people in each of many notes: the same as in one, some at a time, so that a stream fills no memory.

    Args:
        notes: Notes and their patients' records.
        known: People to find in all of them.

    Example:
        >>> list(find_each([("Vu par le Dr Le Goff", None), ("TA 120/80", None)]))
        [[(13, 20, 'NOM')], []]
    """
    batch: list[_Finding] = []
    size = 0
    for text, record in notes:
        batch.append(_finding(text, record, known))
        size += len(text)
        if size > _BATCH:
            yield from _finish(batch)
            batch, size = [], 0
    yield from _finish(batch)


def _finish(batch: list[_Finding]) -> list[list[Span]]:
    """Let each note ask the rules, then the model read all of them side by side, until each has its answer."""
    answers: dict[int, list[Span]] = {}
    waiting: dict[int, tuple[Note, list[Span]]] = {}
    turns: dict[int, list[Find] | None] = dict.fromkeys(range(len(batch)))
    while turns:
        waiting.clear()
        for number, tagged in turns.items():
            try:
                waiting[number] = batch[number].send(tagged)
            except StopIteration as end:
                answers[number] = end.value
        turns = dict(zip(waiting, tag_notes([*waiting.values()]), strict=True))
    return [answers[number] for number in range(len(batch))]


def _finding(text: str, record: Record | None, known: KnownPersons | None) -> _Finding:
    """Find in one note; gives the note and what rules found in it, and awaits what the model finds beside."""
    text = _on_lines(text)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        whole, places = composed(text)
        found = yield from _finding(whole, record, known)
        return [(places[start], places[end], label) for start, end, label in found]
    if is_broken(text):
        whole, places = mended(text)
        found = yield from _finding(whole, record, known)
        return [(places[start], places[end], label) for start, end, label in found]
    if is_marked_up(text):
        whole, places = unmarked(text)
        found = yield from _finding(whole.replace("</", "  "), record, known)
        said = put_back(text, found, places)
        also = yield from _find(text, record, known)
        # Without its tags a header runs together (`JeanneLe Goff`): a piece of a name gives way to the whole one.
        starts = [start for start, _, _ in also]
        kept = [span for span in said if not _within(span, also, bisect_right(starts, span[0]) - 1)]
        return resolve([*(Find(*span, KNOWN) for span in kept), *(Find(*span, FIELD) for span in also)], text)
    return (yield from _find(text, record, known))


def _on_lines(text: str) -> str:
    r"""Write ends of lines as `\n`, whatever wrote them (Windows, HL7's `\r` and `\.br\`), in just as many characters."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    if "\\.br\\" in text:
        text = text.replace("\\.br\\", "\n    ")
    return text


def _within(part: Span, spans: list[Span], number: int) -> bool:
    if number < 0:
        return False
    whole = spans[number]
    return part != whole and part[2] == whole[2] and part[1] <= whole[1]


def find_by_rules(note: Note) -> list[Find]:
    """Ask the layers of rules alone: what the trained one reads beside the note, and is trained on."""
    return [
        *find_dates(note),
        *find_codes(note),
        *find_places(note),
        *find_towns(note),
        *find_titled(note),
        *find_named(note),
        *find_tabled(note),
        *find_careless(note),
    ]


def _find(text: str, record: Record | None, known: KnownPersons | None) -> _Finding:
    note = Note(text)
    finds = find_by_rules(note)
    if record:
        finds = [_birth(find, text, record) for find in finds]
        finds += find_recorded(note, record)
    if known:
        finds += known.find(note)
    tagged = (yield note, resolve(finds, text)) or [] if may_be_tagged(note, finds) else []
    repeated = find_repeated(note, [*finds, *tagged])
    # The model reads single words: where a rule reads a name of two, the rule's find stays whole.
    finds += (*repeated, *(find._replace(weight=LEXICON) for find in tagged))
    return resolve(_births_beside_names(finds, text), text)


def _births_beside_names(finds: list[Find], text: str) -> list[Find]:
    """Take a date in brackets behind a name for the birth date, if the note's latest is ten years younger or more."""
    names = {end for _, end, label, _ in finds if label in _NAMES}
    if not names:
        return finds
    days = [find for find in finds if find.label == "DATE"]
    beside = {
        find
        for find in days
        if (between := _BESIDE.search(text, max(0, find.start - 8), find.start)) and between.start() in names
    }
    if not beside:
        return finds
    years = [day.year for find in days if (day := read_date(text[find.start : find.end]))]
    latest = max(years, default=0)

    def is_birth(find: Find) -> bool:
        day = read_date(text[find.start : find.end])
        return day is not None and (day.year <= latest - _GENERATION or len(years) == 1)

    return [find._replace(label="DATE_NAISSANCE") if find in beside and is_birth(find) else find for find in finds]


def _birth(find: Find, text: str, record: Record) -> Find:
    """Rename a date that is the patient's birth date by the record."""
    if find.label in {"DATE", "DATE_NAISSANCE"} and read_date(text[find.start : find.end]) in record.births:
        return find._replace(label="DATE_NAISSANCE", weight=KNOWN)
    return find
