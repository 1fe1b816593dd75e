"""What do a hundred of the sample's patients look like in an OMOP warehouse, and in the files of the French PMSI?

Run: python -m data.samples.generator.warehouses data/samples     # writes omop/ and pmsi/ again, byte for byte
"""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.sources.folder import FolderSource

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENTS = 100
GENDER = {"M": 8507, "F": 8532}
FROM_EHR = 32817
INPATIENT = 9201

Row = dict[str, Any]


class Hospital:
    """The sample's tables, cut to its first patients who have a stay."""

    def __init__(self, folder: Path) -> None:
        """Read the tables of `folder`."""
        tables = {
            table.name: [row for batch in table.batches() for row in batch.to_pylist()]
            for table in FolderSource([folder]).tables()
        }
        stayed = dict.fromkeys(row["ipp"] for row in tables["sejours"])
        self.people = {row["ipp"]: row for row in tables["patients"] if row["ipp"] in stayed}
        self.people = dict(list(self.people.items())[:PATIENTS])
        self.stays = [row for row in tables["sejours"] if row["ipp"] in self.people]
        self._of_stays = {row["nda"] for row in self.stays}
        self.letters = [row for row in tables["courriers"] if row["nda"] in self._of_stays]
        self.doctors, self.sites = tables["praticiens"], tables["etablissements"]
        self._tables = tables

    def events(self, table: str) -> list[Row]:
        """The rows of a table that belong to a stay."""
        return [row for row in self._tables[table] if row["nda"] in self._of_stays]


def omop(hospital: Hospital) -> dict[str, list[Row]]:
    """Tables of the OMOP Common Data Model 5.4 (https://ohdsi.github.io/CommonDataModel/cdm54.html).

    Concepts are 0 where a mapping would need the Athena vocabularies: the source values hold the codes.
    """
    person = {ipp: at for at, ipp in enumerate(hospital.people, 1)}
    provider = {row["rpps"]: at for at, row in enumerate(hospital.doctors, 1)}
    site = {row["finess"]: at for at, row in enumerate(hospital.sites, 1)}
    visit = {row["nda"]: at for at, row in enumerate(hospital.stays, 1)}
    started = {row["nda"]: row["date_heure_entree"].date() for row in hospital.stays}
    of_visit = {row["nda"]: person[row["ipp"]] for row in hospital.stays}
    first_home = len(hospital.sites) + 1
    return {
        "person": [_person(row, person[ipp], first_home + at) for at, (ipp, row) in enumerate(hospital.people.items())],
        "location": [
            *(
                _location(at, row["adresse"], row["ville"], row["code_postal"])
                for at, row in enumerate(hospital.sites, 1)
            ),
            *(
                _location(first_home + at, row["adresse"], row["ville"], row["code_postal"])
                for at, row in enumerate(hospital.people.values())
            ),
        ],
        "care_site": [
            {
                "care_site_id": site[row["finess"]],
                "care_site_name": row["raison_sociale"],
                "place_of_service_concept_id": 8717,
                "location_id": site[row["finess"]],
                "care_site_source_value": row["finess"],
                "place_of_service_source_value": row["categorie"],
            }
            for row in hospital.sites
        ],
        "provider": [
            {
                "provider_id": provider[row["rpps"]],
                "provider_name": f"{row['nom']} {row['prenom']}",
                "npi": None,
                "specialty_concept_id": 0,
                "care_site_id": site.get(row["finess"]),
                "provider_source_value": row["rpps"],
                "specialty_source_value": row["specialite"],
            }
            for row in hospital.doctors
        ],
        "death": [
            {"person_id": person[ipp], "death_date": row["date_deces"], "death_type_concept_id": FROM_EHR}
            for ipp, row in hospital.people.items()
            if row["date_deces"]
        ],
        "visit_occurrence": [
            {
                "visit_occurrence_id": visit[row["nda"]],
                "person_id": person[row["ipp"]],
                "visit_concept_id": INPATIENT,
                "visit_start_date": row["date_heure_entree"].date(),
                "visit_start_datetime": row["date_heure_entree"],
                "visit_end_date": row["date_heure_sortie"].date(),
                "visit_end_datetime": row["date_heure_sortie"],
                "visit_type_concept_id": FROM_EHR,
                "provider_id": provider.get(row["rpps_responsable"]),
                "care_site_id": site[row["finess"]],
                "visit_source_value": row["nda"],
            }
            for row in hospital.stays
        ],
        "condition_occurrence": [
            {
                "condition_occurrence_id": at,
                "person_id": of_visit[row["nda"]],
                "condition_concept_id": 0,
                "condition_start_date": started[row["nda"]],
                "condition_type_concept_id": FROM_EHR,
                "visit_occurrence_id": visit[row["nda"]],
                "condition_source_value": row["code_cim10"],
                "condition_status_source_value": row["type_diagnostic"],
            }
            for at, row in enumerate(hospital.events("diagnostics"), 1)
        ],
        "procedure_occurrence": [
            {
                "procedure_occurrence_id": at,
                "person_id": of_visit[row["nda"]],
                "procedure_concept_id": 0,
                "procedure_date": _iso(row["date_acte"]),
                "procedure_type_concept_id": FROM_EHR,
                "provider_id": provider.get(row["rpps_executant"]),
                "visit_occurrence_id": visit[row["nda"]],
                "procedure_source_value": row["code_ccam"],
            }
            for at, row in enumerate(hospital.events("actes"), 1)
        ],
        "drug_exposure": [
            {
                "drug_exposure_id": row["id_prescription"],
                "person_id": of_visit[row["nda"]],
                "drug_concept_id": 0,
                "drug_exposure_start_date": row["date_debut"],
                "drug_exposure_end_date": row["date_fin"],
                "drug_type_concept_id": 32838,
                "quantity": row["dose"],
                "sig": row["posologie"],
                "route_source_value": row["voie"],
                "provider_id": provider.get(row["rpps_prescripteur"]),
                "visit_occurrence_id": visit[row["nda"]],
                "drug_source_value": row["code_atc"],
                "dose_unit_source_value": row["unite_dose"],
            }
            for row in hospital.events("medicaments")
        ],
        "measurement": [
            {
                "measurement_id": row["id_resultat"],
                "person_id": of_visit[row["nda"]],
                "measurement_concept_id": 0,
                "measurement_date": row["date_heure_prelevement"].date(),
                "measurement_datetime": row["date_heure_prelevement"],
                "measurement_type_concept_id": 32856,
                "value_as_number": row["valeur"],
                "range_low": row["borne_basse"],
                "range_high": row["borne_haute"],
                "visit_occurrence_id": visit[row["nda"]],
                "measurement_source_value": row["code_loinc"],
                "unit_source_value": row["unite"],
            }
            for row in hospital.events("resultats_biologie")
        ],
        "note": [
            {
                "note_id": at,
                "person_id": of_visit[row["nda"]],
                "note_date": row["date_courrier"],
                "note_type_concept_id": 32831,
                "note_class_concept_id": 0,
                "note_title": row["type_courrier"],
                "note_text": row["texte"],
                "encoding_concept_id": 32678,
                "language_concept_id": 4180190,
                "provider_id": provider.get(row["rpps_auteur"]),
                "visit_occurrence_id": visit[row["nda"]],
            }
            for at, row in enumerate(hospital.letters, 1)
        ],
    }


def _person(row: Row, number: int, home: int) -> Row:
    born = date.fromisoformat(row["date_naissance"])
    return {
        "person_id": number,
        "gender_concept_id": GENDER[row["sexe"]],
        "year_of_birth": born.year,
        "month_of_birth": born.month,
        "day_of_birth": born.day,
        "birth_datetime": datetime(born.year, born.month, born.day),  # noqa: DTZ001 - OMOP's has no zone
        "race_concept_id": 0,
        "ethnicity_concept_id": 0,
        "location_id": home,
        "person_source_value": row["ipp"],
        "gender_source_value": row["sexe"],
    }


def _location(number: int, street: str, city: str, postal_code: str) -> Row:
    return {
        "location_id": number,
        "address_1": street,
        "city": city,
        "zip": postal_code,
        "country_concept_id": 42035286,
    }


def pmsi(hospital: Hospital) -> dict[str, list[Row]]:
    """What a DIM keeps of the PMSI MCO: a line a stay (RSA-like), its diagnoses and acts, and VID-HOSP's identities.

    Names of the variables as in ATIH's formats of RUM, RSS and VID-HOSP (https://www.atih.sante.fr/formats-pmsi).
    """
    of = {row["nda"]: row for row in hospital.stays}
    main = {row["nda"]: row for row in hospital.events("diagnostics") if row["type_diagnostic"] == "DP"}
    related = {row["nda"]: row for row in hospital.events("diagnostics") if row["type_diagnostic"] == "DR"}
    return {
        "vidhosp": [
            {
                "NUM_ADM": row["nda"],
                "NUM_IPP": row["ipp"],
                "NIR_OD": (person := hospital.people[row["ipp"]])["nir"],
                "DAT_NAIS": _french(_iso(person["date_naissance"])),
                "SEXE": "1" if person["sexe"] == "M" else "2",
                "NOM_NAISSANCE": person["nom_naissance"],
                "PRENOM": person["prenom"],
                "COD_POST": person["code_postal"],
                "RANG_BEN": "01",
                "NAT_ASS": "10",
                "EXO_TM": "0",
            }
            for row in hospital.stays
        ],
        "rsa": [
            {
                "FINESS": row["finess"],
                "NUM_RSS": at,
                "NUM_ADM": row["nda"],
                "SEXE": "1" if hospital.people[row["ipp"]]["sexe"] == "M" else "2",
                "AGE": _age(hospital.people[row["ipp"]], row),
                "ENT_MODE": row["mode_entree"],
                "SOR_MODE": row["mode_sortie"],
                "DAT_ENT": _french(row["date_heure_entree"].date()),
                "DAT_SOR": _french(row["date_heure_sortie"].date()),
                "NBJ": (row["date_heure_sortie"].date() - row["date_heure_entree"].date()).days,
                "GRG_GHM": row["ghm"],
                "DGN_PAL": main[row["nda"]]["code_cim10"] if row["nda"] in main else None,
                "DGN_REL": related[row["nda"]]["code_cim10"] if row["nda"] in related else None,
                "UM_TYP": row["code_uf"],
                "BDI_COD": hospital.people[row["ipp"]]["code_postal"],
            }
            for at, row in enumerate(hospital.stays, 1)
        ],
        "diagnostics": [
            {
                "NUM_ADM": row["nda"],
                "ASS_DGN": row["code_cim10"],
                "TYP_DGN": row["type_diagnostic"],
            }
            for row in hospital.events("diagnostics")
        ],
        "actes": [
            {
                "NUM_ADM": row["nda"],
                "CDC_ACT": row["code_ccam"],
                "ACV_ACT": row["activite"],
                "PHA_ACT": row["phase"],
                "DAT_ACT": _french(_iso(row["date_acte"])),
                "DELAI": (_iso(row["date_acte"]) - of[row["nda"]]["date_heure_entree"].date()).days,
            }
            for row in hospital.events("actes")
        ],
    }


def _iso(written: str) -> date:
    """Read a date written as 2025-12-31 or 31/12/2025."""
    return date.fromisoformat("-".join(reversed(written.split("/")))) if "/" in written else date.fromisoformat(written)


def _french(day: date) -> str:
    return f"{day:%d%m%Y}"


def _age(person: Row, stay: Row) -> int:
    born, entered = date.fromisoformat(person["date_naissance"]), stay["date_heure_entree"].date()
    return entered.year - born.year - ((entered.month, entered.day) < (born.month, born.day))


def write(folder: Path, tables: dict[str, list[Row]], *, delimiter: str) -> None:
    """Write each table as a CSV file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
            writer.writerow(rows[0])
            writer.writerows(_cells(rows))


def _cells(rows: Iterable[Row]) -> Iterable[list[Any]]:
    return (["" if value is None else value for value in row.values()] for row in rows)


if __name__ == "__main__":
    samples = Path(sys.argv[1])
    sample = Hospital(samples / "hospital")
    write(samples / "omop", omop(sample), delimiter=",")
    write(samples / "pmsi", pmsi(sample), delimiter=";")
