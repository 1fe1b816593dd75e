"""What happens to the patients: stays, diagnoses, procedures, drugs and laboratory results, which agree with each other."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from .codes import ANALYTES, CCAM, CIM10, DRUGS, PANELS
from .identifiers import cip13
from .pathways import COMORBIDITIES, EXCLUSIVE, HOME_DRUGS, ONLY_MEN, ONLY_WOMEN, PATHWAYS, WARDS, Pathway
from .people import ELECTIVE_ELSEWHERE, ESTABLISHMENTS, LAST_DAY, Patient, Practitioner

FIRST_DAY = datetime(2022, 1, 3)
COMMENTS = (
    "Prélèvement hémolysé, résultat à interpréter avec prudence", "Résultat contrôlé", "Échantillon lipémique", "Résultat téléphoné au service",
    "Prélèvement sur cathéter", "Quantité limite", "Tube insuffisamment rempli", "Valeur vérifiée sur second tube", "À contrôler à distance",
)  # fmt: skip
HIDDEN = ("nir", "nir_spaced", "mobile", "phone", "name", "name_ipp", "relative")


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
    if pathway.ward == "6201" and patient.died:
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


def _diagnoses(stream: random.Random, pathway: Pathway, patient: Patient, when: datetime, chronic: list[str]) -> list[tuple[str, str]]:
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


def stays(seed: int, people: list[Patient], staff: list[Practitioner]) -> list[Stay]:
    """One to six stays a patient, in order, that never overlap; sets the date of death of those who die."""
    stream = random.Random(f"{seed}:stays")
    by_ward = defaultdict(list)
    for person in staff:
        if person.ward:
            by_ward[person.ward, person.finess].append(person)
    imaging = [person for person in staff if person.specialty == "Radiologie"]
    sequence = stream.sample(range(1_000_000), 9 * len(people))
    found: list[Stay] = []
    for patient in people:
        age = (LAST_DAY - patient.born).days / 365.25
        chronic = [code for code, start, chance in COMORBIDITIES if age > start + 4 and stream.random() < chance]
        count = stream.choices((1, 2, 3, 4, 5, 6), (54, 24, 11, 6, 3, 2))[0]
        first = max(FIRST_DAY, datetime.combine(patient.born, time()) + timedelta(days=60))
        span = (datetime.combine(LAST_DAY, time()) - first).days - 30
        past: list[Stay] = []
        for offset in sorted(stream.sample(range(max(span, 8)), count)):
            day = first + timedelta(days=offset)
            if past and (day - past[-1].end).days < 3:
                continue
            weights = [_eligible(pathway, patient, day, past) for pathway in PATHWAYS]
            if not any(weights):
                continue
            pathway = stream.choices(PATHWAYS, weights)[0]
            start, end = _dates(stream, pathway, day)
            if end.date() > LAST_DAY:
                continue
            house = ESTABLISHMENTS[0].finess
            if pathway.ward in ELECTIVE_ELSEWHERE and pathway.urgent == 0 and stream.random() < 0.35:
                house = ESTABLISHMENTS[2].finess
            elif pathway.ward in {"6101", "1001", "2101"} and stream.random() < 0.25:
                house = ESTABLISHMENTS[1].finess
            doctor = stream.choice(by_ward[pathway.ward, house])
            dies = end - start > timedelta(days=1) and stream.random() < pathway.dying * (0.4 + age / 100)
            acts = []
            for code, chance in pathway.acts:
                if stream.random() < chance:
                    late = timedelta(days=stream.randrange(0, min((end - start).days, 3) + 1) if end - start > timedelta(days=1) else 0)
                    acts.append((code, start + late, stream.choice(imaging) if code[0] in "AZ" else doctor))
            drugs = [name for name in pathway.drugs if stream.random() < 0.62]
            drugs += [HOME_DRUGS[code] for code in chronic if code in HOME_DRUGS and HOME_DRUGS[code] not in pathway.drugs and stream.random() < 0.6 and end - start > timedelta(days=1)]
            level = stream.choices(pathway.levels, [8, 5, 3, 2][: len(pathway.levels)])[0] if pathway.ghm else ""
            urgent = stream.random() < pathway.urgent
            past.append(
                Stay(
                    nda=f"{start:%y}{sequence[len(found) + len(past)]:07d}", patient=patient, pathway=pathway, finess=house, ward=pathway.ward,
                    start=start, end=end, entry="8" if urgent or stream.random() < 0.93 else stream.choice("67"),
                    exit="9" if dies else stream.choices("876", (88, 7, 5))[0],
                    ghm=pathway.ghm[0] + level if pathway.ghm and len(pathway.ghm[0]) == 5 else None, ghm_label=pathway.ghm[1] if pathway.ghm else None, doctor=doctor,
                    diagnoses=_diagnoses(stream, pathway, patient, start, chronic), acts=acts, drugs=drugs,
                )
            )  # fmt: skip
            if dies:
                patient.died = end.date()
                break
        if past and patient.died is None and age > 70 and stream.random() < 0.05:
            later = past[-1].end.date() + timedelta(days=stream.randrange(5, 300))
            patient.died = later if later <= LAST_DAY else None
        found += past
    return sorted(found, key=lambda stay: (stay.start, stay.nda))


def _value(stream: random.Random, name: str, shift: float, anchor: float) -> float:
    """One value: normal, or log-normal when the test's values are skewed; `anchor` is the patient's own level."""
    test = ANALYTES[name]
    if test.skewed:
        value = test.mean * shift * math.exp(test.spread * (0.75 * anchor + 0.66 * stream.gauss(0, 1)))
    else:
        value = test.mean * shift + test.spread * (0.75 * anchor + 0.66 * stream.gauss(0, 1))
    floor = 10**-test.decimals
    return round(max(value, floor), test.decimals)


def _order(stay: Stay, panel: str, sample: int) -> bool:
    """Is this panel worth a second or third sample?"""
    return sample == 0 or panel in {"nfs", "iono", "infl", "sepsis", "coeur", "coag"} and not (panel == "coag" and sample > 1) or stay.nights > 9 and panel == "nutri"


def results(seed: int, found: list[Stay]) -> list[dict[str, object]]:
    """Laboratory results of every stay, in the order of sampling; the comment column is still routine."""
    stream = random.Random(f"{seed}:results")
    rows: list[dict[str, object]] = []
    for stay in found:
        if not stay.pathway.panels or (stay.nights == 0 and stream.random() < 0.35):
            continue
        anchors = {name: stream.gauss(0, 1) for name in ANALYTES}
        samples = 1 if stay.nights < 5 else 2 if stay.nights < 14 else 3
        for sample in range(samples):
            when = stay.start + timedelta(minutes=stream.randrange(20, 150)) + (stay.end - stay.start) * (sample / samples) * 0.9
            fade = 1.0 if sample == 0 else 0.45 if sample == 1 else 0.2
            for panel in stay.pathway.panels:
                if not _order(stay, panel, sample) or (panel not in {"nfs", "iono"} and stream.random() < 0.2):
                    continue
                for name in PANELS[panel]:
                    if stream.random() < 0.24:
                        continue
                    test = ANALYTES[name]
                    shift = 1 + (stay.pathway.shifts.get(name, 1.0) - 1) * fade
                    rows.append(
                        {
                            "nda": stay.nda, "code_loinc": test.loinc, "libelle_analyse": test.label, "valeur": _value(stream, name, shift, anchors[name]), "unite": test.unit,
                            "borne_basse": test.low, "borne_haute": test.high, "date_heure_prelevement": when.replace(second=0, microsecond=0),
                            "commentaire": stream.choice(COMMENTS) if stream.random() < 0.05 else None, "stay": stay,
                        }
                    )  # fmt: skip
    rows.sort(key=lambda row: (row["date_heure_prelevement"], row["nda"]))
    for position, row in enumerate(rows, start=1):
        row["id_resultat"] = 700_000 + position
    return rows


def prescriptions(seed: int, found: list[Stay]) -> list[dict[str, object]]:
    """Drugs of every stay, within its dates."""
    stream = random.Random(f"{seed}:drugs")
    packs = {name: cip13(100 + 7 * position) for position, name in enumerate(DRUGS)}
    rows: list[dict[str, object]] = []
    for stay in found:
        for name in stay.drugs:
            drug = DRUGS[name]
            start = stay.start.date() + timedelta(days=stream.randrange(0, min(stay.nights, 2) + 1))
            end = stay.end.date() if stream.random() < 0.7 else start + timedelta(days=stream.randrange(0, (stay.end.date() - start).days + 1))
            rows.append(
                {
                    "nda": stay.nda, "code_atc": drug.atc, "code_cip13": packs[name], "libelle": drug.label, "dose": float(drug.dose), "unite_dose": drug.unit,
                    "posologie": drug.posology, "voie": drug.route, "date_debut": start, "date_fin": end, "rpps_prescripteur": stay.doctor.rpps,
                }
            )  # fmt: skip
    for position, row in enumerate(rows, start=1):
        row["id_prescription"] = 300_000 + position
    return rows


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
