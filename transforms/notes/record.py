"""What does a patient's record hold, whatever its keys are called?"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from transforms.notes.note import fold
from transforms.notes.spelled_dates import read_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from transforms.notes.labels import Label

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
SEPARATORS: Final = str.maketrans({"-": " ", "'": " ", ".": " ", "\n": " ", ",": " ", "_": " "})
_ALONE_FROM: Final = 3


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
    return " ".join(fold(text).translate(SEPARATORS).split())


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
