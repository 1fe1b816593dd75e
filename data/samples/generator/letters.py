"""What do the hospital's letters say? Eight families, from the discharge report to a mail between wards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from . import writing
from .chance import chance
from .codes import CCAM, CIM10, DRUGS
from .identifiers import landline, mobile
from .pathways import ACUTE, OPERATIONS, WARDS
from .people import ESTABLISHMENTS, LAST_DAY
from .tagged import tag

if TYPE_CHECKING:
    import random
    from datetime import date

    from .people import Names, Practitioner
    from .stays import Stay


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter, its identifiers still marked."""

    stay: Stay
    when: date
    kind: str
    author: Practitioner
    text: str


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


def _bullets(lines: list[str], empty: str) -> str:
    return "\n".join(f"- {line}" for line in lines) if lines else empty


def discharge_report(d: Desk) -> str:
    """Compte rendu d'hospitalisation, with headings."""
    stream, stay = d.stream, d.stay
    link, relative = d.relative()
    end = (
        f"Sortie le {writing.day(stream, stay.end.date())}."
        if stay.exit != "9"
        else f"Décès constaté le {writing.day(stream, stay.end.date())}."
    )
    extra = f"Entretien avec {link}, {relative}. " if stream.random() < 0.55 else ""
    asked = f"Avis pris auprès du {writing.doctor(stream, d.other)}. " if stream.random() < 0.5 else ""
    return f"""{d.head()}

COMPTE RENDU D'HOSPITALISATION

{d.identity()}
Médecin traitant : {writing.doctor(stream, d.family_doctor)}

Hospitalisation {d.stay_dates()}.

MOTIF
{d.say(stay.pathway.reason).capitalize()}.

ANTECEDENTS
{_bullets(d.history(), "- sans particularité notable")}

HISTOIRE DE LA MALADIE
{d.again()}, {d.age}, est pris{d.grammar["e"]} en charge pour {d.say(stay.pathway.reason)}. {d.story()}

EXAMEN A L'ENTREE
{d.say(stay.pathway.exam)}

EVOLUTION
{d.course()} {asked}{extra}

TRAITEMENT DE SORTIE
{_bullets(d.treatment(), "- pas de traitement particulier")}

{end}

{d.sign(stay.doctor)}
"""


def letter_to_colleague(d: Desk) -> str:
    """Lettre de liaison to the family doctor, in prose."""
    stream, stay = d.stream, d.stay
    drugs = "; ".join(d.treatment()) or "aucun"
    opening = stream.choice(
        ("Cher confrère,", "Chère consœur, cher confrère,", f"Cher {writing.doctor(stream, d.family_doctor)},")
    )
    history = ", ".join(d.history()[:3]) or "sans particularité"
    follow = stream.choice(
        (
            f"Une consultation est prévue avec le {writing.doctor(stream, d.other)} le {writing.day(stream, stay.end.date() + timedelta(days=stream.randrange(7, 60)))}.",
            "Nous restons à votre disposition pour tout renseignement.", f"En cas de besoin, le secrétariat est joignable au {writing.phone(stream, d.ward_phone)}.",
        )
    )  # fmt: skip
    last = "" if stay.exit == "9" else f"{d.again()} regagne son domicile, {writing.address(stream, d.patient)}.\n"
    return f"""{d.head()}

{d.place_and_day()}

A l'attention du {writing.doctor(stream, d.family_doctor)}

Objet : {d.first_name()}, {d.born()}
IPP : {tag("IPP", d.patient.ipp)}

{opening}

Nous avons pris en charge {d.first_name()}, {d.age}, {d.stay_dates()} pour {d.say(stay.pathway.reason)}.

Ses antécédents : {history}. {d.story()}

A l'examen : {d.say(stay.pathway.exam[0].lower() + stay.pathway.exam[1:])} {d.course()}

Traitement : {drugs}.

{last}{follow}

Bien confraternellement,

{d.sign(stay.doctor)}
"""


def operation_report(d: Desk) -> str:
    """Compte rendu opératoire; None of it is written when nothing was done."""
    stream, stay = d.stream, d.stay
    act = next(act for act in stay.acts if act[0] in OPERATIONS)
    return f"""{tag("HOPITAL", d.house.name)}
COMPTE RENDU D'INTERVENTION

{d.identity()}

Date de l'intervention : {writing.day(stream, act[1].date())}
Opérateur : {writing.doctor(stream, stay.doctor)}    Aide : {writing.doctor(stream, d.other)}
Acte : {CCAM[act[0]]} ({act[0]})

INDICATION
{d.story()}

DESCRIPTION
Vérification de l'identité et du côté selon la liste de contrôle, consentement signé par {"le représentant légal" if d.child else d.again()}. Installation en décubitus, champs stériles, temps d'arrêt respecté. {OPERATIONS[act[0]]}

SUITES
Surveillance habituelle, antalgiques de palier adapté, prévention thromboembolique selon protocole.

Dicté par {writing.doctor(stream, stay.doctor)}, relu le {writing.day(stream, act[1].date() + timedelta(days=1))}.
"""


def emergency_report(d: Desk) -> str:
    """Passage aux urgences, terse."""
    stream, stay = d.stream, d.stay
    link, relative = d.relative()
    hour = f"{stay.start:%H}h{stay.start:%M}"
    return f"""URGENCES - OBSERVATION MEDICALE
{tag("HOPITAL", d.house.name)}
{d.identity()}
Arrivée le {writing.day(stream, stay.start.date())} à {hour}, {stream.choice(("amené" + d.grammar["e"] + " par les pompiers", "par ses propres moyens", "adressé" + d.grammar["e"] + " par son médecin, le " + writing.doctor(stream, d.family_doctor)))}. Accompagnant : {link} {relative}.

MOTIF : {d.say(stay.pathway.reason)}
HDM : {d.story()}
ATCD : {", ".join(d.history()) or "RAS"}
EX : {d.say(stay.pathway.exam)}
CAT : bilan, perfusion, antalgie. {d.again()} est transféré{d.grammar["e"]} en {d.ward.lower()}. Famille prévenue.

IAO : {tag("PRENOM", stream.choice(d.names.first["F"]))} {tag("NOM", d.names.last(stream)[0] + ".")} / Sénior : {writing.doctor(stream, stay.doctor)}
"""


def imaging_report(d: Desk) -> str:
    """Compte rendu d'imagerie."""
    stream, stay = d.stream, d.stay
    act = next(act for act in stay.acts if act[0][0] in "AZ")
    return f"""{tag("HOPITAL", writing.upper(d.house.name))}
IMAGERIE MEDICALE

{d.first_name()}   {d.born()}   IPP {tag("IPP", d.patient.ipp)}
Examen du {writing.day(stream, act[1].date())} demandé par le {writing.doctor(stream, stay.doctor)}

{CCAM[act[0]]}

Indication : {d.say(stay.pathway.reason)}.
Technique : acquisition réalisée selon le protocole habituel du service.
Résultats : {stream.choice(("pas d'examen antérieur pour comparaison", "comparaison faite avec l'examen du " + writing.day(stream, act[1].date() - timedelta(days=stream.randrange(90, 800)))))}. Aspect en rapport avec les données cliniques. Absence d'épanchement significatif. Structures osseuses sans lésion suspecte.
Conclusion : examen compatible avec le diagnostic évoqué, à confronter à la clinique.

{writing.doctor(stream, act[2], formal=True)}
Validé électroniquement
"""


def consultation(d: Desk) -> str:
    """Dictated letter after a follow-up visit."""
    stream, stay = d.stream, d.stay
    link, relative = d.relative()
    return f"""{writing.doctor(stream, stay.doctor, formal=True)}
{stay.doctor.specialty}
{tag("HOPITAL", d.house.name)} - {tag("ADRESSE", d.house.address)}, {tag("ZIP", d.house.postal_code)} {tag("VILLE", d.house.city)}
Tél. {writing.phone(stream, stay.doctor.phone)} - {tag("MAIL", stay.doctor.mail)}

{d.place_and_day()}

Cher ami,

Je revois ce jour en consultation votre patient{d.grammar["e"]} {d.first_name()}, {d.born()} ; {d.grammar["il"]} vient avec {link}, {relative}. Pour mémoire, {d.grammar["il"]} avait été hospitalisé{d.grammar["e"]} {d.stay_dates()} pour {d.say(stay.pathway.reason)}.

{d.course()} Depuis la sortie, l'état est stable et {d.again()} ne décrit pas de nouvelle plainte. {d.say(stay.pathway.exam)}

Je ne modifie pas le traitement et propose une nouvelle consultation dans {stream.choice(("trois", "six", "douze"))} mois. {"Le bilan sera envoyé à l'adresse électronique " + tag("MAIL", d.patient.mail) + "." if d.patient.mail else "Une ordonnance de bilan est remise."}

Amicalement,

{d.sign(stay.doctor)}
Copie : {writing.doctor(stream, d.family_doctor)}, {writing.doctor(stream, d.other)}
"""


def nursing_sheet(d: Desk) -> str:
    """Fiche de liaison infirmière et sociale, with contacts."""
    stream, p = d.stream, d.patient
    link, relative = d.relative()
    second, other = d.relative(second=True)
    home = (
        f"Vit à son domicile ({writing.address(stream, p)})"
        if not d.child
        else f"Vit chez ses parents au {writing.address(stream, p)}"
    )
    secu = f"Assuré social n° {writing.nir(stream, p.nir)}\n" if p.nir else "Droits en cours d'ouverture\n"
    nurse = f"{tag('PRENOM', stream.choice(d.names.first['F']))} {tag('NOM', d.names.last(stream))}"
    return f"""FICHE DE LIAISON - {d.ward}

{tag("NOM", p.used_name.upper())} {tag("PRENOM", p.first_name)} | {tag("DATE_NAISSANCE", f"{p.born:%d/%m/%Y}")} | {d.age} | IPP {tag("IPP", p.ipp)}
{secu}Entrée : {writing.day(stream, d.stay.start.date())}
Personne de confiance : {relative}, {link}
A prévenir aussi : {other}, {second}

{home}. Aides en place : {stream.choice(("passage infirmier matin et soir", "portage des repas", "aide ménagère deux fois par semaine", "aucune à ce jour"))}.
Motif du séjour : {d.say(d.stay.pathway.reason)}.
Soins : surveillance des constantes, pansement si besoin, aide à la toilette {stream.choice(("partielle", "complète", "non nécessaire"))}.
Transmission faite à {link} le {writing.day(stream, d.when)} ; {d.again()} est informé{d.grammar["e"]} de la date de sortie.

Infirmière : {nurse} - poste {d.ward_phone[-4:]}
Assistante sociale : Mme {tag("NOM", d.names.last(stream))}
"""


def mail(d: Desk) -> str:
    """A mail between wards, with its header."""
    stream, stay = d.stream, d.stay
    return f"""De : {tag("PRENOM", d.other.first_name)} {tag("NOM", d.other.last_name.upper())} <{tag("MAIL", d.other.mail)}>
A : {tag("PRENOM", stay.doctor.first_name)} {tag("NOM", stay.doctor.last_name.upper())} <{tag("MAIL", stay.doctor.mail)}>
Date : {writing.day(stream, d.when)}
Objet : avis {tag("NOM", d.patient.used_name.upper())} {tag("PRENOM", d.patient.first_name)} (IPP {tag("IPP", d.patient.ipp)})

Bonjour {tag("PRENOM", stay.doctor.first_name)},

Peux-tu me donner ton avis sur {d.first_name()}, {d.age}, hospitalisé{d.grammar["e"]} depuis le {writing.day(stream, stay.start.date())} pour {d.say(stay.pathway.reason)} ? {d.story()} {d.say(stay.pathway.exam)}
{"Son numéro : " + writing.phone(stream, d.patient.mobile or d.patient.phone or "") + "." if d.patient.mobile or d.patient.phone else "Pas de numéro au dossier."} {d.again()} préfère être rappelé{d.grammar["e"]} le matin. Le {writing.doctor(stream, d.family_doctor)} est au courant.

Merci,
{tag("PRENOM", d.other.first_name)} {tag("NOM", d.other.last_name)}
{tag("TEL", " ".join(d.other.phone[i : i + 2] for i in range(0, 10, 2)))}
"""


FAMILIES = (
    ("CRH", discharge_report, 28), ("LETTRE_LIAISON", letter_to_colleague, 22), ("CR_OPERATOIRE", operation_report, 10), ("CR_URGENCES", emergency_report, 12),
    ("CR_IMAGERIE", imaging_report, 9), ("CONSULTATION", consultation, 10), ("FICHE_LIAISON", nursing_sheet, 9), ("MESSAGE", mail, 5),
)  # fmt: skip


def _possible(kind: str, stay: Stay) -> bool:
    if kind == "CR_OPERATOIRE":
        return any(code in OPERATIONS for code, _, _ in stay.acts)
    if kind == "CR_IMAGERIE":
        return any(code[0] in "AZ" for code, _, _ in stay.acts)
    if kind == "CR_URGENCES":
        return stay.pathway.urgent >= 0.8
    if kind == "CONSULTATION":
        return (
            stay.patient.died is None and stay.ward not in {"1001", "6201"} and (LAST_DAY - stay.end.date()).days > 90
        )
    if kind == "MESSAGE":
        return stay.nights > 0
    return kind != "FICHE_LIAISON" or (stay.nights > 2 and stay.exit != "9")


def letters(seed: int, count: int, found: list[Stay], staff: list[Practitioner], names: Names) -> list[Letter]:
    """`count` letters on as many stays, dated within the stay or soon after it."""
    stream = chance(seed, "letters")
    by_rpps = {person.rpps: person for person in staff}
    written = []
    for stay in sorted(stream.sample(found, min(count, len(found))), key=lambda stay: (stay.end, stay.nda)):
        choices = [family for family in FAMILIES if _possible(family[0], stay)]
        kind, write, _ = stream.choices(choices, [family[2] for family in choices])[0]
        when = stay.end.date()
        if kind in {"CR_URGENCES", "MESSAGE"}:
            when = stay.start.date()
        elif kind == "CONSULTATION":
            when += timedelta(days=stream.randrange(20, 90))
        elif kind == "LETTRE_LIAISON" and stay.exit != "9":
            when = min(when + timedelta(days=stream.randrange(6)), LAST_DAY)
        colleagues = [person for person in staff if person.finess == stay.finess]
        desk = Desk(
            stream=stream,
            stay=stay,
            names=names,
            family_doctor=by_rpps[stay.patient.doctor],
            colleagues=colleagues,
            when=when,
        )
        written.append(Letter(stay=stay, when=when, kind=kind, author=stay.doctor, text=write(desk)))
    return written
