"""Where does a note name what the patient's own record holds, in whatever form it is written?

The record is near-certain evidence: what it names is found in lower case, without accents, hyphens, spaces or key.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from transforms.notes.labels import CONTEXT, KNOWN, WHOLE, Find, Label
from transforms.notes.note import Note, fold
from transforms.notes.spelled_dates import read_date
from transforms.notes.words import is_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_Kind: TypeAlias = str
# Folded key without separators to what it holds. Names of hospitals' exports, FHIR, OMOP and national systems.
_KEYS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (label, re.compile(pattern))
    for label, pattern in (
        (
            "SKIP",
            r"^(?:sexe|sex|gender|genre|age|civilite|title|titre|prefix|pays|country|nationalite|nationality|id|row|index|deces|death.*|marital.*|situation.*)$",
        ),
        (
            "DATE_NAISSANCE",
            r"^(?!.*(?:nom|lieu|ville|commune|cp|codepostal|pays|dep)).*naiss|birthdate|dateofbirth|^ddn$|^dn$|^dob$|geburtsdatum|fechanac|datanasc|^birthday$|^nele$",
        ),
        ("MAIL", r"mail|courriel"),
        ("TEL", r"^tel|phone|portable|mobile|gsm|^fax|telecom|telefon"),
        ("SECU", r"^nir|^ins(?!titut)|^nss|secu|ssn|nationalid|^nia$|numss|socialsecurity"),
        (
            "IPP",
            r"^ipp|^nip|patientid|idpatient|^iup|numpatient|numeropatient|^mrn|identifier|numdossier|dossier|^ipe$",
        ),
        ("NDA", r"^nda|^iep|sejour|venue|encounter|visit|stay"),
        ("RPPS", r"rpps"),
        ("FINESS", r"finess"),
        ("IBAN", r"^iban|^rib$"),
        ("ZIP", r"^cp|codepostal|postalcode|postcode|^zip|^plz"),
        ("VILLE", r"ville|city|commune|localite|^town|lieunaiss|birthplace|^ort$|municipality|lieudenaissance"),
        ("ADRESSE", r"adr|address|rue|street|voie|^line\d?$|domicile|strasse"),
        (
            "PRENOM",
            r"^(?:1er|deuxieme|autres?)?prenom|firstname|givenname|^given|^forename|middlename|vorname|nombre|prenom|usualname",
        ),
        (
            "NOM",
            r"^nom|lastname|surname|familyname|^family|birthname|maidenname|nachname|apellido|nom$|^name|fullname|^text$|patronyme|epouse|conjoint|husband",
        ),
    )
)
_SEPARATORS: Final = str.maketrans({"-": " ", "'": " ", ".": " ", "\n": " ", ",": " ", "_": " "})
_ALONE_FROM: Final = 3
_MISSPELT_FROM: Final = 6


@dataclass(frozen=True)
class Record:
    """What the record holds, ready to be looked for: names and places folded, numbers as digits, birth dates as days."""

    names: tuple[tuple[str, Label], ...] = ()
    initials: tuple[str, ...] = ()
    surname_initials: tuple[str, ...] = ()
    places: tuple[tuple[str, Label], ...] = ()
    numbers: tuple[tuple[str, Label], ...] = ()
    births: frozenset[dt.date] = field(default=frozenset())


def read_record(record: Mapping[str, object]) -> Record:
    """Read a patient's record whatever its keys: nom, last_name, birthDate, NIR, telecom...; nested values and lists are walked.

    Args:
        record: Key to value; strings, numbers, dates, lists, mappings and nulls. A key that says nothing is read by the
            shape of its value (a date, a mail, a phone, a NIR), and skipped if that says nothing either.

    Example:
        >>> read_record({"NOM": "Le Goff", "birth_date": "1950-03-12", "IPP": 8001234567}).numbers
        (('8001234567', 'IPP'),)
    """
    reading = _Reading()
    for label, value in _fields(record):
        if isinstance(value, dt.date):
            if label in {"DATE_NAISSANCE", ""}:
                reading.births.add(value.date() if isinstance(value, dt.datetime) else value)
        elif text := _written(value).strip():
            _ADDERS.get(label or _shape(text), _add_nothing)(reading, text, label or _shape(text))
    return Record(
        names=_longest_first(reading.names),
        initials=tuple(reading.initials),
        surname_initials=tuple(reading.surname_initials),
        places=_longest_first(reading.places),
        numbers=tuple(reading.numbers.items()),
        births=frozenset(reading.births),
    )


@dataclass
class _Reading:
    names: dict[str, Label] = field(default_factory=dict)
    places: dict[str, Label] = field(default_factory=dict)
    numbers: dict[str, Label] = field(default_factory=dict)
    births: set[dt.date] = field(default_factory=set)
    initials: dict[str, None] = field(default_factory=dict)
    surname_initials: dict[str, None] = field(default_factory=dict)


def _longest_first(forms: Mapping[str, Label]) -> tuple[tuple[str, Label], ...]:
    return tuple(sorted(forms.items(), key=lambda item: -len(item[0])))


def _plain(text: str) -> str:
    return " ".join(fold(text).translate(_SEPARATORS).split())


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _add_nothing(reading: _Reading, text: str, label: _Kind) -> None:
    """Leave out a value of which nothing says what it is."""


def _add_birth(reading: _Reading, text: str, _: _Kind) -> None:
    if day := read_date(text):
        reading.births.add(day)


def _add_name(reading: _Reading, text: str, label: _Kind) -> None:
    if plain := _plain(text):
        given = label == "PRENOM"
        reading.names |= dict.fromkeys(_forms(plain), "PRENOM" if given else "NOM")
        (reading.initials if given else reading.surname_initials)[plain[0]] = None


def _add_mail(reading: _Reading, text: str, _: _Kind) -> None:
    reading.places[fold(text)] = "MAIL"


def _add_place(reading: _Reading, text: str, label: _Kind) -> None:
    plain = _plain(text)
    if len(plain) >= _ALONE_FROM:
        if label == "ADRESSE":
            reading.places |= dict.fromkeys(_address_forms(plain), "ADRESSE")
        else:
            reading.places[plain] = "VILLE"


def _add_phone(reading: _Reading, text: str, _: _Kind) -> None:
    if len(digits := _digits(text)) >= 8:
        reading.numbers[digits[-9:]] = "TEL"


def _add_nir(reading: _Reading, text: str, _: _Kind) -> None:
    """Keep what comes before the key; of a Corsican NIR the letter is left out, as in the note's digits."""
    signs = "".join(filter(str.isalnum, text))[:13]
    if len(signs) == 13:
        reading.numbers[_digits(signs)] = "SECU"


def _add_number(reading: _Reading, text: str, label: _Kind) -> None:
    if len(digits := _digits(text)) >= 4:
        for known in ("IPP", "NDA", "RPPS", "FINESS", "ZIP"):
            if label == known:
                reading.numbers[digits] = known
                if known != "ZIP" and not text.isdigit():
                    reading.places[_plain(text)] = known


def _add_iban(reading: _Reading, text: str, _: _Kind) -> None:
    reading.places[_plain(text)] = "IBAN"


_ADDERS: Final[Mapping[str, Callable[[_Reading, str, _Kind], None]]] = {
    "DATE_NAISSANCE": _add_birth,
    "NOM": _add_name,
    "PRENOM": _add_name,
    "MAIL": _add_mail,
    "VILLE": _add_place,
    "ADRESSE": _add_place,
    "TEL": _add_phone,
    "SECU": _add_nir,
    "IPP": _add_number,
    "NDA": _add_number,
    "RPPS": _add_number,
    "FINESS": _add_number,
    "ZIP": _add_number,
    "IBAN": _add_iban,
}


def find_recorded(note: Note, record: Record) -> Iterator[Find]:
    """Find every written form of what the record holds.

    A part of a name that is also a plain word (`Petit`, `Rose`) counts only with a capital.

    Example:
        >>> from transforms.notes.labels import resolve
        >>> note = Note("LE GOFF jean pierre, tel 0472000000, J-P. Le Goff")
        >>> record = read_record({"nom": "Le Goff", "prenom": "Jean-Pierre", "tel": "+33 4 72 00 00 00"})
        >>> [(note.text[start:end], label) for start, end, label in resolve(find_recorded(note, record), note.text)]
        [('LE GOFF', 'NOM'), ('jean pierre', 'PRENOM'), ('0472000000', 'TEL'), ('J-P', 'PRENOM'), ('Le Goff', 'NOM')]
    """
    plain = note.folded.translate(_SEPARATORS)
    for form, label in record.names:
        for start, end in _occurrences(plain, form):
            if _stands_for_name(note, start, end, form):
                yield Find(start, end, label, KNOWN)
                if label == "NOM" and record.initials:
                    yield from _initials_beside(note, start, end, record.initials)
    yield from _misspelled(note, record.names)
    for initial in record.surname_initials:
        for match in re.finditer(
            rf"\b(?:m\.|mme|mr|mlle|monsieur|madame|patiente?) ({initial})(?:\.|(?=[ ,]))", note.folded
        ):
            if note.text[match.start(1)].isupper():
                yield Find(match.start(1), match.end(1), "NOM", KNOWN)
    for form, label in record.places:
        text = note.folded if label == "MAIL" else plain
        weight = WHOLE if label in {"MAIL", "ADRESSE"} else KNOWN
        yield from (Find(start, end, label, weight) for start, end in _occurrences(text, form))
    if record.numbers:
        yield from _numbers(note.folded, record.numbers)


def _misspelled(note: Note, names: tuple[tuple[str, Label], ...]) -> Iterator[Find]:
    """Find a name with one letter wrong, missing, added or exchanged, where it has six letters and is no plain word."""
    long = [(form, label) for form, label in names if len(form) >= _MISSPELT_FROM and " " not in form]
    if not long:
        return
    for word in note.words:
        if word.capital and len(word.folded) >= _MISSPELT_FROM - 1:
            for form, label in long:
                if _one_edit(word.folded, form) and not is_plain(word.folded):
                    yield Find(word.start, word.end, label, CONTEXT)


def _one_edit(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    if head == 0:
        return False
    left, right = one[head:], other[head:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _fields(record: Mapping[str, object], outer: str = "") -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        label = _label_of(str(key)) or outer
        if label == "SKIP":
            continue
        for piece in value if isinstance(value, (list, tuple, set)) else [value]:
            if isinstance(piece, dict):
                yield from _fields(piece, label)
            elif piece is not None:
                yield label, piece


def _label_of(key: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", fold(key))
    return next((label for label, pattern in _KEYS if pattern.search(plain)), "")


def _written(value: object) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ""
    return str(value)


def _shape(text: str) -> str:
    digits = sum(map(str.isdigit, text))
    if "@" in text:
        return "MAIL"
    if read_date(text):
        return "DATE_NAISSANCE"
    if re.fullmatch(r"(?:\+33|0)[ .]?[1-9](?:[ .-]?\d\d){4}", text.strip()):
        return "TEL"
    if digits in {13, 15} or re.fullmatch(r"[12]\d{4}(?:\d\d|2[AB])\d{6}(?:\d\d)?", text.strip()):
        return "SECU"
    if digits >= 6 and text.strip().isalnum():
        return "IPP"
    return ""


def _forms(plain: str) -> Iterator[str]:
    """Give the whole name, glued, and its parts; `le goff` has no part `le`."""
    yield plain
    parts = plain.split()
    if len(parts) > 1:
        yield "".join(parts)
        yield from (
            part
            for part in parts
            if len(part) >= _ALONE_FROM and part not in {"des", "del", "van", "von", "ben", "les"}
        )


def _address_forms(plain: str) -> Iterable[str]:
    yield plain
    street = re.search(
        r"\d+ ?(?:bis|ter|quater|[a-d])? (?:rue|avenue|av|bd|boulevard|place|allee|chemin|impasse|quai|route|cours|square)\b.*?(?=$| \d{5}\b)",
        plain,
    )
    if street:
        yield street[0]
        yield re.sub(r"^\d+ ?(?:bis|ter|quater|[a-d])? ", "", street[0])


def _occurrences(text: str, form: str) -> Iterator[tuple[int, int]]:
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
            yield start, end
        start = text.find(form, end)


def _stands_for_name(note: Note, start: int, end: int, form: str) -> bool:
    written = note.text[start:end]
    if len(form) <= 2:
        return written.isupper() or written.istitle()
    return not written[0].islower() or not is_plain(form)


def _initials_beside(note: Note, start: int, end: int, initials: tuple[str, ...]) -> Iterator[Find]:
    before = re.search(r"(?<![^\W_])([A-Z](?:[. -]{0,2}[A-Z])?)[. ]{1,2}$", note.text[max(0, start - 8) : start])
    if before and before[1][0].lower() in initials:
        shift = max(0, start - 8)
        yield Find(shift + before.start(1), shift + before.end(1), "PRENOM", KNOWN)
    after = re.match(r" ([A-Z](?:-[A-Z])?)(?=\.|[ ,;\n]|$)", note.text[end : end + 6])
    if after and after[1][0].lower() in initials:
        yield Find(end + after.start(1), end + after.end(1), "PRENOM", KNOWN)


def _numbers(folded: str, numbers: tuple[tuple[str, Label], ...]) -> Iterator[Find]:
    places = [match.start() for match in re.finditer(r"\d", folded)]
    stream = "".join(folded[place] for place in places)
    for digits, label in numbers:
        at = stream.find(digits)
        while at >= 0:
            last = at + len(digits) - 1
            start, end = places[at], places[last] + 1
            if end - start <= 4 * len(digits):
                yield from _grown(folded, start, end, label)
            at = stream.find(digits, last + 1)


def _grown(folded: str, start: int, end: int, label: Label) -> Iterator[Find]:
    """Take in what a number's core leaves out: +33 (0) before a phone, the key after a NIR; another number's digits refuse it."""
    if label == "TEL" and (
        before := re.search(r"(?:(?:\+|00) ?33[ .-]?(?:\(0\))?|\(?0)[ .-]?$", folded[max(0, start - 12) : start])
    ):
        start -= len(before[0])
    if label == "SECU" and (after := re.match(r"[ ._/-]{0,3}(?:cle[ :]*)?\d ?\d(?!\d)", folded[end : end + 12])):
        end += after.end()
    if not folded[start - 1 : start].isdigit() and not folded[end : end + 1].isdigit():
        yield Find(start, end, label, KNOWN)
