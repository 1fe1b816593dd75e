"""What do the header of a table, or the place of a field in an HL7 message, say about the cells?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from transforms.notes.labels import FIELD, Find, Label
from transforms.notes.persons import label_name, read_name
from transforms.notes.words import leans_given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note

_HEADS: Final[tuple[tuple[Label, str], ...]] = (
    ("PRENOM", r"prenoms?(?: usuels?)?|first ?name|given(?: ?name)?"),
    (
        "NOM",
        (
            r"noms?(?: .*|/.*)?|patiente?s?|malade|resident|beneficiaire|medecin.*|praticien|prescripteur|operateur|chirurgien"
            r"|intervenant|ide|infirmiere?|soignant|participants?|last ?name|family(?: ?name)?|name"
        ),
    ),
    ("DATE_NAISSANCE", r"ddn|dn|date (?:de )?nais.*|nee?(?:\(e\))?(?: le)?|naissance|birth ?(?:date|time)"),
    ("IPP", r"ipp|nip|n° ?(?:patient|dossier|ipp)|id(?:entifiant)? ?patient|dossier"),
    ("NDA", r"nda|iep|n° ?(?:sejour|venue|nda|iep)|sejour|venue|episode"),
    ("SECU", r"nir|ins|n° ?(?:ss|secu.*)|secu.*"),
    ("TEL", r"tel.*|portable|mobile|phone"),
    ("ADRESSE", r"adresse(?: .*)?|rue|address"),
    ("ZIP", r"cp|code postal|zip"),
    ("VILLE", r"ville|commune|city"),
    ("DATE", r"date(?: .*)?|jour|entree|sortie"),
)
_HEAD: Final = tuple((label, re.compile(pattern)) for label, pattern in _HEADS)
_NEUTRAL: Final = re.compile(
    r"examens?|resultats?|actes?|diagnostics?|motif|chambre|ch|lit|heure|transmissions?|sexe|service|traitements?|statut|valeur|unite|age|uf"
)
_MARKS: Final = ("|", "\t", ";")
_FEWEST: Final = 2
_LONGEST: Final = 40
_NUMBERS: Final = frozenset({"DATE_NAISSANCE", "IPP", "NDA", "SECU", "TEL", "ZIP", "DATE"})
_DAY: Final = re.compile(r"\d{1,2}[/.]\d{1,2}")
_TITLE: Final = re.compile(r"(?:m|mr|mme|mlle|dr|pr|docteur|monsieur|madame)\b\.? ?")
# HL7 v2.5 (MSH-1 is the bar itself, so MSH-7 is the sixth field behind it; TXA, the document of an MDM^T02, names its authors in 5, 9 to 11 and 22): PID-3 identifiers, 5 name, 6 mother's maiden name, 7 birth, 11 address, 13 and 14 phones, 18 account, 19 SSN;
# PV1-7, 8, 9 and 17 doctors (id^surname^first name), 19 visit; NK1-2 name, 4 address, 5 phone.
_SEGMENTS: Final[dict[str, dict[int, Label]]] = {
    "PID": {
        3: "IPP",
        5: "NOM",
        6: "NOM",
        7: "DATE_NAISSANCE",
        11: "ADRESSE",
        13: "TEL",
        14: "TEL",
        18: "NDA",
        19: "SECU",
    },
    "PV1": {7: "RPPS", 8: "RPPS", 9: "RPPS", 17: "RPPS", 19: "NDA", 44: "DATE", 45: "DATE"},
    "NK1": {2: "NOM", 4: "ADRESSE", 5: "TEL"},
    "MSH": {6: "DATE"},
    "EVN": {2: "DATE", 5: "RPPS", 6: "DATE"},
    "PD1": {4: "RPPS"},
    "ORC": {9: "DATE", 10: "RPPS", 11: "RPPS", 12: "RPPS"},
    "OBR": {7: "DATE", 16: "RPPS", 22: "DATE", 32: "RPPS"},
    "TXA": {4: "DATE", 5: "RPPS", 6: "DATE", 7: "DATE", 9: "RPPS", 10: "RPPS", 11: "RPPS", 12: "NDA", 22: "RPPS"},
    "OBX": {14: "DATE", 16: "RPPS"},
    "GT1": {3: "NOM", 5: "ADRESSE", 6: "TEL"},
    "IN1": {16: "NOM", 18: "DATE_NAISSANCE", 19: "ADRESSE"},
}
_PARTS: Final[dict[Label, dict[int, Label]]] = {
    "NOM": {0: "NOM", 1: "PRENOM", 2: "PRENOM"},
    "RPPS": {0: "RPPS", 1: "NOM", 2: "PRENOM", 3: "PRENOM"},
    "ADRESSE": {0: "ADRESSE", 1: "ADRESSE", 2: "VILLE", 4: "ZIP"},
}
_MESSAGE: Final = re.compile(
    r"(?:^|[\r\n])(?P<segment>MSH|EVN|PID|PD1|PV1|NK1|ORC|OBR|TXA|OBX|GT1|IN1)\|(?P<fields>[^\r\n]*)"
)
_KEY: Final = re.compile(
    r"(?P<key>\b(?:family|given)(?:name)?)[\"']?\s?[:=>]\s?\[?[\"']?(?P<value>[^\W\d_][^\n<>\"'|:=]{1,40}?)(?=[\"'<|\]\n]|\Z)"
)


class _Cell(NamedTuple):
    start: int
    end: int


def find_tabled(note: Note) -> Iterator[Find]:
    r"""Find the identifiers that a column's head, an HL7 field or a CDA element announces.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "NOM | PRENOM | DDN\nRoche | Denise | 03/06/1941"
        >>> [(text[start:end], label) for start, end, label, _ in find_tabled(Note(text))]
        [('Roche', 'NOM'), ('Denise', 'PRENOM'), ('03/06/1941', 'DATE_NAISSANCE')]
    """
    for mark in _MARKS:
        if note.text.count(mark) >= _FEWEST:
            yield from _columns(note, mark)
    if "PID|" in note.text or "OBX|" in note.text:
        yield from _message(note)
    if "given" in note.folded:
        for match in _KEY.finditer(note.folded):
            yield Find(*match.span("value"), "PRENOM" if match["key"].startswith("given") else "NOM", FIELD)


def _columns(note: Note, mark: str) -> Iterator[Find]:
    labels: list[Label | None] = []
    at = 0
    for line in note.text.splitlines(keepends=True):
        cells = _cells(at, line.rstrip("\r\n"), mark)
        at += len(line)
        if len(cells) <= _FEWEST - 1:
            labels = []
        elif heads := _heads(note, cells):
            labels = heads
        elif len(cells) == len(labels):
            for cell, label in zip(cells, labels, strict=True):
                if label and cell.start < cell.end:
                    yield from _in_cell(note, cell, label)


def _cells(at: int, line: str, mark: str) -> list[_Cell]:
    cells = []
    for piece in line.split(mark):
        start = at + len(piece) - len(piece.lstrip())
        cells.append(_Cell(start, max(start, at + len(piece.rstrip()))))
        at += len(piece) + len(mark)
    return cells


def _heads(note: Note, cells: list[_Cell]) -> list[Label | None]:
    """Read a row as heads: two of its cells at least must be words for what a column holds."""
    labels: list[Label | None] = []
    for start, end in cells:
        words = note.folded[start:end]
        labels.append(
            next((label for label, head in _HEAD if head.fullmatch(words)), None) if end - start < _LONGEST else None
        )
    neutral = sum(_NEUTRAL.fullmatch(note.folded[start:end]) is not None for start, end in cells)
    named = sum(label is not None for label in labels)
    return labels if named and named + neutral >= _FEWEST else []


def _in_cell(note: Note, cell: _Cell, label: Label) -> Iterator[Find]:
    start, end = cell
    if end - start > _LONGEST + 20:
        return
    if label in _NUMBERS:
        value = note.text[start:end]
        if _DAY.fullmatch(value) if label == "DATE" else sum(map(str.isdigit, value)) > _FEWEST:
            yield Find(start, end, label, FIELD)
    elif label == "NOM":
        yield from _name(note, start, end)
    elif note.text[start].isalnum():
        yield Find(start, end, label, FIELD)


def _name(note: Note, start: int, end: int) -> Iterator[Find]:
    if title := _TITLE.match(note.folded, start, end):
        start = title.end()
    number = note.word_at.get(start)
    if number is None:
        return
    parts = [part for part in read_name(note, number, sure=True) if part.word.end <= end]
    if not parts and note.text[start].isupper() and start + 1 < end and note.text[start:end].replace(" ", "").isalpha():
        yield Find(start, end, "NOM", FIELD)
    elif parts:
        given = len(parts) == 1 and leans_given(parts[0].word.folded) and not parts[0].shouted
        yield from label_name(parts, weight=FIELD, surname_first=True, alone="PRENOM" if given else "NOM")


def _message(note: Note) -> Iterator[Find]:
    for match in _MESSAGE.finditer(note.text):
        wanted, at = _SEGMENTS[match["segment"]], match.start("fields")
        for number, field in enumerate(match["fields"].split("|"), 1):
            label = wanted.get(number)
            if label and field:
                yield from _components(at, field, label)
            at += len(field) + 1


def _components(at: int, field: str, label: Label) -> Iterator[Find]:
    parts: dict[int, Label] = _PARTS.get(label, {0: label})
    for repeated in field.split("~"):
        place = at
        for number, piece in enumerate(repeated.split("^")):
            named = parts.get(number)
            # A date holds digits, and a name letters: an empty or coded component says nothing.
            if named and piece.strip('" ') and (named not in _NUMBERS or any(map(str.isdigit, piece))):
                yield Find(place, place + len(piece), named, FIELD)
            place += len(piece) + 1
        at += len(repeated) + 1
