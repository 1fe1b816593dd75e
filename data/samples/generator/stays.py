"""Who comes when, to which ward, for what? Stays with their diagnoses, procedures and drugs, which agree with each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from .chance import chance
from .codes import ANALYTES, CCAM, CIM10, DRUGS, PANELS
from .pathways import COMORBIDITIES, EXCLUSIVE, HOME_DRUGS, ONLY_MEN, ONLY_WOMEN, PATHWAYS, WARDS, Pathway
from .people import ELECTIVE_ELSEWHERE, ESTABLISHMENTS, LAST_DAY, Patient, Practitioner

if TYPE_CHECKING:
    import random

FIRST_DAY = date(2022, 1, 3)


@dataclass(kw_only=True)
class Stay:
    """One stay of a patient."""

    nda: str
    patient: Patient
    pathway: Pathway
    finess: str
    ward: str
    start: datetime
    end: datetime
    entry: str
    exit: str
    ghm: str | None
    ghm_label: str | None
    doctor: Practitioner
    diagnoses: list[tuple[str, str]]
    acts: list[tuple[str, datetime, Practitioner]]
    drugs: list[str]

    @property
    def nights(self) -> int:
        """Nights between admission and discharge."""
        return (self.end.date() - self.start.date()).days


def _eligible(pathway: Pathway, patient: Patient, when: datetime, past: list[Stay]) -> float:
    """The weight of a pathway for this patient on that day; 0 if it can't be."""
    age = (when.date() - patient.born).days / 365.25
    if patient.sex not in pathway.sex or not pathway.ages[0] <= age < pathway.ages[1] + 1:
        return 0.0
    same = [stay for stay in past if stay.pathway is pathway]
    if pathway.once and same:
        return 0.0
    if pathway.ward == "4101" and any(stay.ward == "4101" and (when - stay.end).days < 400 for stay in past):
        return 0.0
    return pathway.weight * (6 if pathway.chronic and same else 1)


def _dates(stream: random.Random, pathway: Pathway, day: datetime) -> tuple[datetime, datetime]:
    nights = stream.randint(*pathway.nights)
    if nights == 0:
        start = day.replace(hour=stream.randrange(7, 12), minute=stream.randrange(0, 60, 5))
        return start, start + timedelta(hours=stream.randrange(4, 8), minutes=stream.randrange(0, 60, 5))
    hour = stream.randrange(24) if stream.random() < pathway.urgent else stream.randrange(8, 17)
    start = day.replace(hour=hour, minute=stream.randrange(60))
    return start, (day + timedelta(days=nights)).replace(hour=stream.randrange(9, 18), minute=stream.randrange(60))


def _diagnoses(stream: random.Random, pathway: Pathway, patient: Patient, chronic: list[str]) -> list[tuple[str, str]]:
    """DP, DR and DAS; no second code of a family that excludes another, none of the other sex."""
    chosen = [pathway.main] + ([pathway.related] if pathway.related else [])
    forbidden = ONLY_WOMEN if patient.sex == "M" else ONLY_MEN
    extra = list(pathway.always) + [code for code in pathway.often if stream.random() < 0.3]
    extra += [code for code in chronic if stream.random() < 0.75]
    for code in extra:
        clash = any(code in family and set(chosen) & family for family in EXCLUSIVE)
        if code not in chosen and code not in forbidden and not clash and len(chosen) < 8:
            chosen.append(code)
    kinds = ["DP"] + (["DR"] if pathway.related else [])
    return [(kinds[i] if i < len(kinds) else "DAS", code) for i, code in enumerate(chosen)]


class Hospital:
    """The staff by ward and house, who takes the patients in."""

    def __init__(self, stream: random.Random, staff: list[Practitioner], numbers: int) -> None:
        self.stream = stream
        self.imaging = [person for person in staff if person.specialty == "Radiologie"]
        self.by_ward: dict[tuple[str, str | None], list[Practitioner]] = defaultdict(list)
        for person in staff:
            if person.ward:
                self.by_ward[person.ward, person.finess].append(person)
        self.numbers = iter(stream.sample(range(1_000_000), numbers))

    def house(self, pathway: Pathway) -> str:
        """The establishment: mostly the big one."""
        if pathway.ward in ELECTIVE_ELSEWHERE and pathway.urgent == 0 and self.stream.random() < 0.35:
            return ESTABLISHMENTS[2].finess
        if pathway.ward in {"6101", "1001", "2101"} and self.stream.random() < 0.25:
            return ESTABLISHMENTS[1].finess
        return ESTABLISHMENTS[0].finess

    def admit(self, patient: Patient, pathway: Pathway, day: datetime, chronic: list[str]) -> Stay:
        """One whole stay."""
        stream = self.stream
        start, end = _dates(stream, pathway, day)
        house = self.house(pathway)
        doctor = stream.choice(self.by_ward[pathway.ward, house])
        overnight = (end.date() - start.date()).days
        age = (day.date() - patient.born).days / 365.25
        dies = overnight > 0 and stream.random() < pathway.dying * (0.4 + age / 100)
        acts = []
        for code, likely in pathway.acts:
            if stream.random() < likely:
                when = start + timedelta(days=stream.randrange(min(overnight, 3) + 1))
                acts.append((code, min(when, end), stream.choice(self.imaging) if code[0] in "AZ" else doctor))
        drugs = [name for name in pathway.drugs if stream.random() < 0.62]
        if overnight:
            home = [HOME_DRUGS[code] for code in chronic if code in HOME_DRUGS]
            drugs += [name for name in home if name not in pathway.drugs and stream.random() < 0.6]
        ghm = None
        if pathway.ghm:
            ghm = pathway.ghm[0] + stream.choices(pathway.levels, [8, 5, 3, 2][: len(pathway.levels)])[0]
        straight = stream.random() < max(pathway.urgent, 0.93)
        return Stay(
            nda=f"{start:%y}{next(self.numbers):07d}", patient=patient, pathway=pathway, finess=house, ward=pathway.ward, start=start, end=end,
            entry="8" if straight else stream.choice("67"), exit="9" if dies else stream.choices("876", (88, 7, 5))[0],
            ghm=ghm, ghm_label=pathway.ghm[1] if pathway.ghm else None, doctor=doctor,
            diagnoses=_diagnoses(stream, pathway, patient, chronic), acts=acts, drugs=drugs,
        )  # fmt: skip

    def career(self, patient: Patient) -> list[Stay]:
        """One to six stays, in order, that never overlap; sets the date of death of those who die."""
        stream = self.stream
        age = (LAST_DAY - patient.born).days / 365.25
        chronic = [code for code, start, likely in COMORBIDITIES if age > start + 4 and stream.random() < likely]
        count = stream.choices((1, 2, 3, 4, 5, 6), (54, 24, 11, 6, 3, 2))[0]
        first = datetime.combine(max(FIRST_DAY, patient.born + timedelta(days=60)), time())
        span = (LAST_DAY - first.date()).days - 30
        past: list[Stay] = []
        for offset in sorted(stream.sample(range(max(span, 8)), count)):
            day = first + timedelta(days=offset)
            weights = [_eligible(pathway, patient, day, past) for pathway in PATHWAYS]
            if (past and (day - past[-1].end).days < 3) or not any(weights):
                continue
            past.append(self.admit(patient, stream.choices(PATHWAYS, weights)[0], day, chronic))
            if past[-1].exit == "9" or past[-1].ward == "6201":
                break
        if past and past[-1].exit == "9":
            patient.died = past[-1].end.date()
        elif past and (past[-1].ward == "6201" or (age > 70 and stream.random() < 0.05)):
            later = past[-1].end.date() + timedelta(days=stream.randrange(5, 50 if past[-1].ward == "6201" else 300))
            patient.died = later if later <= LAST_DAY else None
        return past


def stays(seed: int, people: list[Patient], staff: list[Practitioner]) -> list[Stay]:
    """The stays of all patients, by admission."""
    hospital = Hospital(chance(seed, "stays"), staff, 7 * len(people))
    found = [stay for patient in people for stay in hospital.career(patient)]
    return sorted(found, key=lambda stay: (stay.start, stay.nda))


def check_codes() -> None:
    """Every code that a pathway names is known; a slip of the pen stops here."""
    for pathway in PATHWAYS:
        for code in (pathway.main, *([pathway.related] if pathway.related else []), *pathway.always, *pathway.often):
            CIM10[code]
        for code, _ in pathway.acts:
            CCAM[code]
        for name in pathway.drugs:
            DRUGS[name]
        for panel in pathway.panels:
            PANELS[panel]
        for name in pathway.shifts:
            ANALYTES[name]
        WARDS[pathway.ward]
