"""What does a clinician have before them when they write? One stay, its people, and the usual ways to put them into words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import writing
from .codes import CIM10, DRUGS
from .identifiers import landline, mobile
from .pathways import ACUTE, WARDS
from .people import ESTABLISHMENTS
from .tagged import tag

if TYPE_CHECKING:
    import random
    from datetime import date

    from .people import Names, Practitioner
    from .stays import Stay


@dataclass(kw_only=True)
class Desk:
    """What a letter is written from: one stay, its people, and a stream of chance."""

    stream: random.Random
    stay: Stay
    names: Names
    family_doctor: Practitioner
    colleagues: list[Practitioner]
    when: date

    def __post_init__(self) -> None:
        stay, stream = self.stay, self.stream
        patient = stay.patient
        self.patient = patient
        years = (stay.start.date() - patient.born).days / 365.25
        self.child = years < 18
        self.age = f"{int(years)} ans" if years >= 2 else f"{max(int(years * 12), 1)} mois"
        self.house = next(house for house in ESTABLISHMENTS if house.finess == stay.finess)
        self.ward = WARDS[stay.ward]
        feminine = patient.sex == "F"
        self.grammar = {
            "e": "e" if feminine else "",
            "il": "elle" if feminine else "il",
            "Il": "Elle" if feminine else "Il",
        }
        self.other = stream.choice([c for c in self.colleagues if c is not stay.doctor])
        self.ward_phone = self.house.phone[:6] + f"{7000 + int(stay.ward) % 900:04d}"

    def say(self, text: str) -> str:
        """A pathway's sentence, in the patient's grammar."""
        return text.format(**self.grammar)

    def story(self) -> str:
        """How it began."""
        return self.say(self.stream.choice(self.stay.pathway.story))

    def course(self) -> str:
        """How it went."""
        if self.stay.exit == "9":
            return "L'évolution a été défavorable, et le décès est survenu malgré les soins, en présence des proches."
        return self.say(self.stream.choice(self.stay.pathway.course))

    def history(self) -> list[str]:
        """The secondary diagnoses, in words."""
        return [
            CIM10[code][0].lower() + CIM10[code][1:]
            for kind, code in self.stay.diagnoses
            if kind == "DAS" and code not in ACUTE
        ]

    def treatment(self) -> list[str]:
        """Drugs, a line each."""
        return [f"{DRUGS[name].label} : {DRUGS[name].posology}" for name in self.stay.drugs]

    def first_name(self) -> str:
        """Full form."""
        return writing.full_name(self.stream, self.patient, child=self.child)

    def again(self) -> str:
        """Short form."""
        return writing.short_name(self.stream, self.patient, child=self.child)

    def born(self) -> str:
        """Né(e) le ..., in words."""
        return f"né{self.grammar['e']} le {writing.birth(self.stream, self.patient)}"

    def relative(self, *, second: bool = False) -> tuple[str, str]:
        """A relative (`second`: another one): the link, and the name with a phone."""
        stream, patient = self.stream, self.patient
        if self.child:
            link, sex, last = ("son père", "M", patient.used_name) if second else ("sa mère", "F", patient.used_name)
        elif not second and patient.marital in {"marié", "mariée", "pacsé", "pacsée"}:
            link, sex = ("son épouse", "F") if patient.sex == "M" else ("son mari", "M")
            last = patient.used_name
        else:
            link, sex = stream.choice(
                (("sa belle-sœur", "F"), ("son neveu", "M"), ("sa cousine", "F"))
                if second
                else (("sa fille", "F"), ("son fils", "M"), ("sa sœur", "F"), ("son frère", "M"), ("sa nièce", "F"))
            )
            if (self.when - patient.born).days < 45 * 365 and link in {"sa fille", "son fils", "sa nièce"}:
                link, sex = ("sa mère", "F") if sex == "F" else ("son père", "M")
            last = self.names.last(stream) if sex == "F" else patient.used_name
        first = stream.choice(self.names.first[sex])
        name = f"{'Mme' if sex == 'F' else 'M.'} {tag('PRENOM', first)} {tag('NOM', stream.choice((writing.upper, str))(last))}"
        if self.child and stream.random() < 0.5:
            name = tag("PRENOM", first)
        return (
            link,
            f"{name} ({writing.phone(stream, mobile(stream) if stream.random() < 0.7 else landline(stream, '02'))})",
        )

    def stranger(self) -> Practitioner:
        """A doctor of elsewhere, whom no table knows."""
        sex = self.stream.choice("MF")
        return replace(
            self.other,
            last_name=self.names.last(self.stream),
            first_name=self.stream.choice(self.names.first[sex]),
            sex=sex,
        )

    def head(self) -> str:
        """Letterhead."""
        return writing.letterhead(self.stream, self.house, self.ward, self.ward_phone)

    def place_and_day(self) -> str:
        """Tours, le ..."""
        return f"{tag('VILLE', self.house.city)}, le {writing.day(self.stream, self.when)}"

    def identity(self) -> str:
        """The patient's identity block in one of four layouts."""
        p, stream, tags = self.patient, self.stream, tag
        ipp, nda = tags("IPP", p.ipp), tags("NDA", self.stay.nda)
        sex = "F" if p.sex == "F" else "M"
        layout = stream.randrange(4)
        if layout == 0:
            lines = [f"Patient : {tags('NOM', p.used_name.upper())} {tags('PRENOM', p.first_name)}"]
            if p.used_name != p.birth_name:
                lines.append(f"Nom de naissance : {tags('NOM', p.birth_name.upper())}")
            lines += [
                f"Date de naissance : {writing.birth(stream, p)} ({self.age})  Sexe : {sex}",
                f"IPP : {ipp}    N° de séjour : {nda}",
            ]
            if p.nir and stream.random() < 0.7:
                lines.append(f"N° de sécurité sociale : {writing.nir(stream, p.nir)}")
            lines.append(f"Adresse : {writing.address(stream, p)}")
            if p.mobile or p.phone:
                lines.append(f"Tél. : {writing.phone(stream, p.mobile or p.phone or '')}")
            return "\n".join(lines)
        if layout == 1:
            lines = [f"NOM : {tags('NOM', p.used_name.upper())}", f"PRENOM : {tags('PRENOM', p.first_name.upper())}"]
            lines += [
                f"NE(E) LE : {writing.birth(stream, p)} à {tags('VILLE', p.birthplace)}",
                f"IPP {ipp} / NDA {nda}",
            ]
            if p.nir:
                lines.append(f"INS : {writing.nir(stream, p.nir)} (NIR)")
            return "\n".join(lines)
        if layout == 2:
            return f"{self.first_name()}, {self.born()} - IPP n° {ipp} - Dossier n° {nda}\n{writing.address(stream, p)}"
        contact = f" - Portable {writing.phone(stream, p.mobile)}" if p.mobile else ""
        mail = f" - {tags('MAIL', p.mail)}" if p.mail else ""
        return f"[{ipp}] {tags('NOM', p.used_name.upper())} {tags('PRENOM', p.first_name)} ({sex}) DDN {writing.birth(stream, p)}{contact}{mail}"

    def sign(self, person: Practitioner) -> str:
        """A signature."""
        stream = self.stream
        lines = [writing.doctor(stream, person, formal=True), person.specialty]
        if stream.random() < 0.5:
            lines.append(f"RPPS : {tag('RPPS', person.rpps)}")
        if stream.random() < 0.3:
            lines.append(tag("MAIL", person.mail))
        return "\n".join(lines)

    def stay_dates(self) -> str:
        """Du ... au ..."""
        start, end = self.stay.start.date(), self.stay.end.date()
        if start == end:
            return f"le {writing.day(self.stream, start)}"
        return f"du {writing.day(self.stream, start)} au {writing.day(self.stream, end)}"
