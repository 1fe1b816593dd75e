"""What does the laboratory find, and what is prescribed? Rows of every stay, within its dates."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .chance import chance
from .codes import ANALYTES, DRUGS, PANELS
from .identifiers import cip13

if TYPE_CHECKING:
    import random

    from .stays import Stay

COMMENTS = (
    "Prélèvement hémolysé, résultat à interpréter avec prudence", "Résultat contrôlé", "Échantillon lipémique", "Résultat téléphoné au service",
    "Prélèvement sur cathéter", "Quantité limite", "Tube insuffisamment rempli", "Valeur vérifiée sur second tube", "À contrôler à distance",
)  # fmt: skip
HIGHEST = {"crp": 520.0, "k": 6.8, "na": 158.0, "alb": 52.0, "hb": 18.9}  # what a laboratory still believes
FOLLOWED = {"nfs", "iono", "infl", "sepsis", "coeur", "coag"}  # panels worth a second sample
Row = dict[str, object]


def _value(stream: random.Random, name: str, shift: float, anchor: float) -> float:
    """One value: normal, or log-normal when the test's values are skewed; `anchor` is the patient's own level."""
    test = ANALYTES[name]
    if test.skewed:
        spread = test.spread * (0.6 if shift > 3 else 1)
        value = test.mean * shift * math.exp(spread * (0.75 * anchor + 0.66 * stream.gauss(0, 1)))
    else:
        value = test.mean * shift + test.spread * (0.75 * anchor + 0.66 * stream.gauss(0, 1))
    floor = math.pow(10, -test.decimals)
    return round(min(max(value, floor), HIGHEST.get(name, math.inf)), test.decimals)


def filtration(creatinine: float, age: float, sex: str) -> float:
    """Glomerular filtration in mL/min/1.73 m2 from creatinine in umol/L (CKD-EPI 2009, Levey et al., without the race term)."""
    kappa, alpha = (0.7, -0.329) if sex == "F" else (0.9, -0.411)
    ratio = creatinine / 88.4 / kappa
    return float(
        round(
            141
            * math.pow(min(ratio, 1), alpha)
            * math.pow(max(ratio, 1), -1.209)
            * 0.993**age
            * (1.018 if sex == "F" else 1)
        )
    )


def _sample(stream: random.Random, stay: Stay, anchors: dict[str, float], *, first: bool) -> dict[str, float]:
    """The values of one sample, in the order of the report; a later sample is nearer to health."""
    age = (stay.start.date() - stay.patient.born).days / 365.25
    fade = 1.0 if first else 0.4
    values: dict[str, float] = {}
    for panel in stay.pathway.panels:
        if (not first and panel not in FOLLOWED) or (panel not in {"nfs", "iono"} and stream.random() < 0.4):
            continue
        for name in PANELS[panel]:
            if (name == "dfg" and age < 18) or (name in {"vgm", "hte"} and stream.random() < 0.6):
                continue
            shift = 1 + (stay.pathway.shifts.get(name, 1.0) - 1) * fade
            if name in {"creat", "hb"} and stay.patient.sex == "F" and age > 14:
                shift *= 0.84 if name == "creat" else 0.93
            values[name] = _value(stream, name, shift, anchors[name])
            if name == "dfg":
                values[name] = filtration(values["creat"], age, stay.patient.sex)
            elif name == "hte":
                values[name] = round(values["hb"] * 2.98 + stream.gauss(0, 0.5), 1)
    return values


def results(seed: int, found: list[Stay]) -> list[tuple[Stay, Row]]:
    """Laboratory results of most stays, by sampling time; the comment column is still routine."""
    stream = chance(seed, "results")
    timed: list[tuple[datetime, Stay, Row]] = []
    for stay in found:
        if not stay.pathway.panels or stream.random() < (0.55 if stay.nights == 0 else 0.3):
            continue
        anchors = {name: stream.gauss(0, 1) for name in ANALYTES}
        samples = 1 if stay.nights < 7 else 2
        for sample in range(samples):
            when = stay.start + (stay.end - stay.start) * (sample / samples * 0.9)
            when = (when + timedelta(minutes=stream.randrange(20, 150))).replace(second=0, microsecond=0)
            for name, value in _sample(stream, stay, anchors, first=sample == 0).items():
                test = ANALYTES[name]
                row: Row = {
                    "nda": stay.nda, "code_loinc": test.loinc, "libelle_analyse": test.label, "valeur": value, "unite": test.unit, "borne_basse": test.low,
                    "borne_haute": test.high, "date_heure_prelevement": when, "commentaire": stream.choice(COMMENTS) if stream.random() < 0.05 else None,
                }  # fmt: skip
                timed.append((when, stay, row))
    timed.sort(key=lambda entry: (entry[0], entry[1].nda))
    for position, (_, _, row) in enumerate(timed, start=1):
        row["id_resultat"] = 700_000 + position
    return [(stay, row) for _, stay, row in timed]


def prescriptions(seed: int, found: list[Stay]) -> list[dict[str, object]]:
    """Drugs of every stay, within its dates."""
    stream = chance(seed, "drugs")
    packs = {name: cip13(100 + 7 * position) for position, name in enumerate(DRUGS)}
    rows: list[dict[str, object]] = []
    for stay in found:
        for name in stay.drugs:
            drug = DRUGS[name]
            start = stay.start.date() + timedelta(days=stream.randrange(0, min(stay.nights, 2) + 1))
            end = (
                stay.end.date()
                if stream.random() < 0.7
                else start + timedelta(days=stream.randrange(0, (stay.end.date() - start).days + 1))
            )
            rows.append(
                {
                    "nda": stay.nda, "code_atc": drug.atc, "code_cip13": packs[name], "libelle": drug.label, "dose": float(drug.dose), "unite_dose": drug.unit,
                    "posologie": drug.posology, "voie": drug.route, "date_debut": start, "date_fin": end, "rpps_prescripteur": stay.doctor.rpps,
                }
            )  # fmt: skip
    for position, row in enumerate(rows, start=1):
        row["id_prescription"] = 300_000 + position
    return rows
