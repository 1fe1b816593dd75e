"""Who are the sample's patients, practitioners and establishments?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from faker.providers.person.fr_FR import Provider as FrenchNames

from . import identifiers, places
from .chance import chance
from .pathways import SPECIALTIES

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

LAST_DAY = date(2025, 12, 31)
INS_NIR_OID = "1.2.250.1.213.1.4.8"  # ANS, référentiel INS: OID of the matricule INS-NIR
PARTICLES = {"le", "la", "l", "de", "du", "des", "da", "dos", "d", "el", "ben", "van", "saint", "floc", "h"}
NOT_IN_FRENCH_REGISTERS = {
    "Alexandria",
    "Alexandrie",
    "Alex",
    "Nath",
    "Susan",
    "Susanne",
    "Lucy",
    "Maggie",
    "Margaret",
    "Margaud",
    "Olivie",
    "William",
    "Jeannine",
}


@dataclass(kw_only=True)
class Patient:
    """One patient, as the identity desk knows them."""

    ipp: str
    nir: str | None
    birth_name: str
    used_name: str
    first_name: str
    first_names: str
    sex: str
    born: date
    birthplace: str
    birth_code: str
    died: date | None
    address: str
    postal_code: str
    city: str
    phone: str | None
    mobile: str | None
    mail: str | None
    nationality: str
    marital: str
    doctor: str


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """One practitioner; `ward` is None for a family doctor."""

    rpps: str
    last_name: str
    first_name: str
    sex: str
    specialty: str
    ward: str | None
    finess: str | None
    phone: str
    mail: str


@dataclass(frozen=True, kw_only=True)
class Establishment:
    """One legal or geographical establishment."""

    finess: str
    name: str
    category: str
    address: str
    postal_code: str
    city: str
    phone: str
    domain: str


ESTABLISHMENTS = (
    Establishment(finess=identifiers.finess("37", 1), name="Centre hospitalier universitaire du Val d'Indrelle", category="Centre hospitalier régional",
                  address="4 boulevard des Cordeliers", postal_code="37044", city="Tours", phone="0261917000", domain="chu-indrelle.example"),
    Establishment(finess=identifiers.finess("37", 2), name="Centre hospitalier des Trois-Ponts", category="Centre hospitalier",
                  address="17 avenue du Château d'Eau", postal_code="37600", city="Loches", phone="0261917100", domain="ch-troisponts.example"),
    Establishment(finess=identifiers.finess("41", 3), name="Clinique des Grands-Ormes", category="Établissement de soins chirurgicaux",
                  address="52 rue de la Butte", postal_code="41000", city="Blois", phone="0261917200", domain="grands-ormes.example"),
)  # fmt: skip
ELECTIVE_ELSEWHERE = {"3101", "3401", "2601"}


def plain(text: str) -> str:
    """`text` without accents, in lower case."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn").casefold()


def words(text: str) -> set[str]:
    """The words of `text`, without accents, in lower case, particles left out."""
    return set(re.findall(r"[^\W\d_]+", plain(text))) - PARTICLES


class Names:
    """Family and first names to draw from, without those that are words of `taken`."""

    def __init__(self, taken: frozenset[str]) -> None:
        def free(names: Iterable[str]) -> list[str]:
            return [name for name in dict.fromkeys(names) if not words(name) & taken]

        self.family = free([*FrenchNames.last_names, *places.FAMILY_NAMES_COMPOUND * 2])
        self.first = {
            "M": free(
                [n for n in FrenchNames.first_names_male if n not in NOT_IN_FRENCH_REGISTERS]
                + list(places.COMPOUND_FIRST_NAMES[0])
            ),
            "F": free(
                [n for n in FrenchNames.first_names_female if n not in NOT_IN_FRENCH_REGISTERS]
                + list(places.COMPOUND_FIRST_NAMES[1])
            ),
        }
        self.family_abroad = {country: free(names) for country, names in places.FAMILY_NAMES_ABROAD.items()}
        self.first_abroad = {c: {"M": free(m), "F": free(f)} for c, (m, f) in places.FIRST_NAMES_ABROAD.items()}

    def last(self, stream: random.Random) -> str:
        """A family name; one in thirty is double."""
        if stream.random() < 0.033:
            return "-".join(
                stream.sample([n for n in self.family if " " not in n and "'" not in n and "-" not in n], 2)
            )
        return stream.choice(self.family)


def mail_name(first: str, last: str) -> str:
    """`first` and `last` as a mail address writes them."""
    return ".".join(re.sub(r"[^a-z]+", "-", plain(part).replace("ı", "i")).strip("-") for part in (first, last))


def _age(stream: random.Random) -> float:
    """An age in years on the last day: some infants and children, many elderly, as in a hospital."""
    kind = stream.choices(("infant", "child", "adult", "old"), (6, 7, 45, 42))[0]
    return {
        "infant": lambda: stream.uniform(0.9, 4.5),
        "child": lambda: stream.uniform(4.5, 18),
        "adult": lambda: stream.triangular(19, 66, 40),
        "old": lambda: stream.triangular(60, 100, 76),
    }[kind]()


def _birthplace(stream: random.Random, born: date) -> tuple[str, str, str]:
    """Place, INSEE code and nationality."""
    if born.year > 1940 and stream.random() < 0.09:
        country, code, nationality = stream.choice(places.COUNTRIES)
        return country, code, nationality
    city, code, _ = stream.choice([place for place in places.BIRTHPLACES if place[2] <= born.year])
    return city, code, "FRA"


def _marital(stream: random.Random, age: float) -> str:
    if age < 18:
        return "célibataire"
    return stream.choices(
        ("célibataire", "marié", "divorcé", "veuf", "pacsé"),
        (40, 28, 8, 0, 14) if age < 45 else (12, 52, 16, 6, 4) if age < 75 else (6, 48, 8, 38, 0),
    )[0]


def patients(seed: int, count: int, names: Names, doctors: list[str]) -> list[Patient]:
    """`count` patients; their numbers are unique, and each agrees with itself."""
    stream = chance(seed, "patients")
    ipps = stream.sample(range(1_000_000, 90_000_000), count)
    seen: set[str] = set()
    people = []
    for position in range(count):
        sex = stream.choice("MF")
        born = LAST_DAY - timedelta(days=int(_age(stream) * 365.25))
        age = (LAST_DAY - born).days / 365.25
        place, code, nation = _birthplace(stream, born)
        abroad = nation != "FRA"
        first = stream.choice(names.first_abroad[nation][sex] if abroad else names.first[sex])
        more = stream.sample([n for n in names.first[sex] if n != first], stream.choices((0, 1, 2), (15, 50, 35))[0])
        birth_name = stream.choice(names.family_abroad[nation]) if abroad else names.last(stream)
        marital = _marital(stream, age)
        used = birth_name
        if sex == "F" and marital in {"marié", "veuf"} and stream.random() < 0.82:
            used = names.last(stream)
            if stream.random() < 0.07 and "-" not in birth_name + used:
                used = f"{birth_name}-{used}"
        elif sex == "F" and marital == "divorcé" and stream.random() < 0.25:
            used = names.last(stream)
        number: str | None = None
        if stream.random() > 0.018:
            while number is None or number in seen:
                number = identifiers.nir(sex=sex, born=born, place=code, order=stream.randrange(1, 700))
            seen.add(number)
        city, postal, _ = stream.choices(places.HOMES, [home[2] for home in places.HOMES])[0]
        house = f"{stream.randrange(1, 190)}{stream.choices(('', ' bis', ' ter'), (90, 8, 2))[0]}"
        mail = None
        if 15 < age < 85 and stream.random() < 0.6:
            style = stream.randrange(3)
            local = mail_name(first, used) if style else mail_name(first[:1], used).replace(".", "")
            mail = f"{local}{born:%y}@courriel.example" if style != 1 else f"{local}@boite.example"
        gendered = {"marié": "mariée", "divorcé": "divorcée", "veuf": "veuve", "pacsé": "pacsée"}
        people.append(
            Patient(
                ipp=f"{ipps[position] if stream.random() < 0.3 else 8_000_000_000 + ipps[position]:010d}",
                nir=number, birth_name=birth_name, used_name=used, first_name=first, first_names=" ".join([first, *more]),
                sex=sex, born=born, birthplace=place, birth_code=code, died=None,
                address=f"{house} {stream.choice(places.STREETS)}", postal_code=postal, city=city,
                phone=identifiers.landline(stream, stream.choices(("02", None), (8, 2))[0]) if stream.random() < 0.62 else None,
                mobile=identifiers.mobile(stream) if age > 14 and stream.random() < 0.8 else None,
                mail=mail, nationality="FRA" if abroad and stream.random() < 0.45 else nation,
                marital=gendered.get(marital, marital) if sex == "F" else marital, doctor=stream.choice(doctors),
            )
        )  # fmt: skip
    return people


def practitioners(seed: int, names: Names) -> list[Practitioner]:
    """Three or so for each ward, anaesthetists, radiologists, and fifteen family doctors."""
    stream = chance(seed, "practitioners")
    posts: list[tuple[str, str | None, str | None]] = []
    for ward, specialty in SPECIALTIES.items():
        posts += [(specialty, ward, ESTABLISHMENTS[0].finess)] * 2
        if ward in ELECTIVE_ELSEWHERE:
            posts.append((specialty, ward, ESTABLISHMENTS[2].finess))
        if ward in {"6101", "1001", "2101"}:
            posts.append((specialty, ward, ESTABLISHMENTS[1].finess))
    posts += [("Radiologie", None, ESTABLISHMENTS[0].finess)] * 3 + [
        ("Anesthésie-réanimation", None, ESTABLISHMENTS[0].finess)
    ] * 3
    posts += [("Médecine générale", None, None)] * 15
    used: set[str] = set()
    found = []
    for number, (specialty, place, finess) in zip(stream.sample(range(1, 999_999), len(posts)), posts, strict=True):
        sex = stream.choice("MF")
        last = names.last(stream)
        while last in used:
            last = names.last(stream)
        used.add(last)
        first = stream.choice(names.first[sex])
        domain = next((house.domain for house in ESTABLISHMENTS if house.finess == finess), "cabinet-medical.example")
        found.append(
            Practitioner(
                rpps=identifiers.rpps(number), last_name=last, first_name=first, sex=sex, specialty=specialty, ward=place, finess=finess,
                phone=identifiers.landline(stream, "02"), mail=f"{mail_name(first, last)}@{domain}",
            )
        )  # fmt: skip
    return found
