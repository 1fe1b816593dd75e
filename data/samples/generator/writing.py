"""How do French clinicians write a name, a date, a number?  Each function gives one of the usual forms, marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .people import plain
from .tagged import tag

if TYPE_CHECKING:
    import random
    from datetime import date

    from .people import Establishment, Patient, Practitioner

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def upper(name: str) -> str:
    """A name in capitals, as half of all software writes it."""
    return name.upper()


def bare(name: str) -> str:
    """A name in capitals without accents, as the other half does."""
    return plain(name).upper()


def day(stream: random.Random, when: date, label: str = "DATE") -> str:
    """A date in one of five forms."""
    first = "1er" if when.day == 1 else str(when.day)
    forms = (
        f"{when:%d/%m/%Y}", f"{when:%d/%m/%Y}", f"{first} {MONTHS[when.month - 1]} {when.year}", f"{when:%d.%m.%y}", f"{when:%d/%m/%y}",
        f"{DAYS[when.weekday()]} {first} {MONTHS[when.month - 1]} {when.year}",
    )  # fmt: skip
    return tag(label, stream.choice(forms))


def birth(stream: random.Random, patient: Patient) -> str:
    """The date of birth; the year is always whole."""
    born = patient.born
    first = "1er" if born.day == 1 else str(born.day)
    return tag(
        "DATE_NAISSANCE",
        stream.choice(
            (
                f"{born:%d/%m/%Y}",
                f"{born:%d/%m/%Y}",
                f"{first} {MONTHS[born.month - 1]} {born.year}",
                f"{born:%d-%m-%Y}",
            )
        ),
    )


def phone(stream: random.Random, number: str) -> str:
    """A phone number with spaces, dots, dashes, nothing, or the country's code."""
    pairs = [number[i : i + 2] for i in range(0, 10, 2)]
    return tag(
        "TEL",
        stream.choice(
            (
                " ".join(pairs),
                " ".join(pairs),
                ".".join(pairs),
                "-".join(pairs),
                number,
                "+33 " + number[1] + " " + " ".join(pairs[1:]),
            )
        ),
    )


def nir(stream: random.Random, number: str) -> str:
    """A NIR whole, in groups, or with its key apart."""
    groups = (number[:1], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], number[13:])
    return tag(
        "SECU",
        stream.choice(
            (
                number,
                " ".join(groups),
                f"{number[:13]} {number[13:]}",
                f"{number[:13]}/{number[13:]}",
                " ".join(groups[:-1]) + f" - {groups[-1]}",
            )
        ),
    )


def civility(patient: Patient, *, long: bool = False) -> str:
    """Monsieur, Madame, or the child."""
    if patient.sex == "M":
        return "Monsieur" if long else "M."
    return "Madame" if long else "Mme"


def full_name(stream: random.Random, patient: Patient, *, child: bool) -> str:
    """The patient's name as a letter gives it the first time."""
    first = tag("PRENOM", patient.first_name)
    last = tag("NOM", stream.choice((upper, upper, bare, str))(patient.used_name))
    if child:
        return stream.choice(
            (
                f"l'enfant {first} {last}",
                f"{first} {last}",
                f"le jeune {first} {last}" if patient.sex == "M" else f"la jeune {first} {last}",
            )
        )
    title = civility(patient, long=stream.random() < 0.5)
    if patient.used_name != patient.birth_name and stream.random() < 0.6:
        last = f"{last} née {tag('NOM', upper(patient.birth_name))}"
    return stream.choice(
        (f"{title} {first} {last}", f"{title} {last} {first}" if "née" not in last else f"{title} {first} {last}")
    )


def short_name(stream: random.Random, patient: Patient, *, child: bool) -> str:
    """The patient's name as a letter repeats it."""
    if child:
        return tag("PRENOM", patient.first_name)
    last = tag("NOM", stream.choice((upper, str, bare))(patient.used_name))
    if stream.random() < 0.12:
        return f"{tag('PRENOM', patient.first_name)} {last}"
    return f"{civility(patient, long=stream.random() < 0.3)} {last}"


def doctor(stream: random.Random, person: Practitioner, *, formal: bool = False) -> str:
    """A practitioner's name with a title."""
    title = stream.choice(("Docteur", "Dr")) if not formal else "Docteur"
    last = tag("NOM", stream.choice((upper, str))(person.last_name))
    if formal or stream.random() < 0.5:
        return f"{title} {tag('PRENOM', person.first_name)} {last}"
    if stream.random() < 0.12:
        return f"{title} {tag('PRENOM', person.first_name[0] + '.')} {last}"
    return f"{title} {last}"


def address(stream: random.Random, patient: Patient) -> str:
    """The address on one line or two."""
    city = stream.choice((patient.city, upper(patient.city)))
    joint = stream.choice((", ", " - ", "\n", " "))
    return f"{tag('ADRESSE', patient.address)}{joint}{tag('ZIP', patient.postal_code)} {tag('VILLE', city)}"


def letterhead(stream: random.Random, house: Establishment, ward: str, phone_number: str) -> str:
    """Name, address and numbers of the establishment and the ward."""
    lines = [
        tag("HOPITAL", stream.choice((house.name, upper(house.name)))),
        f"Service {_of(ward)}{ward}" if stream.random() < 0.6 else f"SERVICE : {upper(ward)}",
        f"{tag('ADRESSE', house.address)} - {tag('ZIP', house.postal_code)} {tag('VILLE', upper(house.city))}",
        f"Secrétariat : {phone(stream, phone_number)}",
    ]
    if stream.random() < 0.4:
        lines.append(f"N° FINESS : {tag('FINESS', house.finess)}")
    if stream.random() < 0.3:
        lines.append(
            f"Courriel : {tag('MAIL', 'secretariat.' + plain(ward.split(maxsplit=1)[0].strip(',')) + '@' + house.domain)}"
        )
    return "\n".join(lines)


def _of(ward: str) -> str:
    """The French "of" before a ward's name."""
    return "d'" if plain(ward)[0] in "aeiouh" else "de "
