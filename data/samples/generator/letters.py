"""What do the hospital's letters say? Eight families, from the discharge report to a mail between wards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from . import writing
from .chance import chance
from .codes import CCAM
from .desk import Desk
from .pathways import OPERATIONS
from .people import ESTABLISHMENTS, LAST_DAY
from .tagged import tag

if TYPE_CHECKING:
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
    past = []
    if stream.random() < 0.3:
        where = stream.choice([house.name for house in ESTABLISHMENTS if house is not d.house])
        past = [
            f"suivi{d.grammar['e']} depuis {stay.start.year - stream.randrange(1, 9)} par le {writing.doctor(stream, d.stranger())} ({tag('HOPITAL', where)})"
        ]
    asked = f"Avis pris auprès du {writing.doctor(stream, d.other)}. " if stream.random() < 0.5 else ""
    return f"""{d.head()}

COMPTE RENDU D'HOSPITALISATION

{d.identity()}
Médecin traitant : {writing.doctor(stream, d.family_doctor)}

Hospitalisation {d.stay_dates()}.

MOTIF
{d.say(stay.pathway.reason).capitalize()}.

ANTECEDENTS
{_bullets(d.history() + past, "- sans particularité notable")}

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
CAT : bilan, perfusion, antalgie. {d.again()} {"reste en observation" if stay.ward == "1001" else "est transféré" + d.grammar["e"] + " en " + d.ward.lower()}. Famille prévenue.

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
    ("CRH", discharge_report, 24), ("LETTRE_LIAISON", letter_to_colleague, 18), ("CR_OPERATOIRE", operation_report, 34), ("CR_URGENCES", emergency_report, 12),
    ("CR_IMAGERIE", imaging_report, 22), ("CONSULTATION", consultation, 10), ("FICHE_LIAISON", nursing_sheet, 16), ("MESSAGE", mail, 5),
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
