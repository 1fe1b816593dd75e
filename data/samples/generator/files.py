"""How does the extract lie on disk? As hospitals hand it over: CSV with semicolons (one in Windows' alphabet), Parquet with types, NDJSON for letters."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from .codes import CCAM, CIM10
from .hidden import hide
from .laboratory import prescriptions, results
from .letters import letters
from .pathways import WARDS
from .people import ESTABLISHMENTS, INS_NIR_OID, Names, patients, practitioners
from .stays import stays
from .tagged import outside, untag
from .writing import bare

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, object]
STAYS = pa.schema(
    [
        ("nda", pa.string()), ("ipp", pa.string()), ("finess", pa.string()), ("code_uf", pa.string()), ("libelle_uf", pa.string()),
        ("date_heure_entree", pa.timestamp("s")), ("date_heure_sortie", pa.timestamp("s")), ("mode_entree", pa.string()), ("mode_sortie", pa.string()),
        ("ghm", pa.string()), ("libelle_ghm", pa.string()), ("rpps_responsable", pa.string()),
    ]
)  # fmt: skip
RESULTS = pa.schema(
    [
        ("id_resultat", pa.int64()), ("nda", pa.string()), ("code_loinc", pa.string()), ("libelle_analyse", pa.string()), ("valeur", pa.float64()), ("unite", pa.string()),
        ("borne_basse", pa.float64()), ("borne_haute", pa.float64()), ("date_heure_prelevement", pa.timestamp("s")), ("commentaire", pa.string()),
    ]
)  # fmt: skip
DRUGS = pa.schema(
    [
        ("id_prescription", pa.int64()), ("nda", pa.string()), ("code_atc", pa.string()), ("code_cip13", pa.string()), ("libelle", pa.string()), ("dose", pa.float64()),
        ("unite_dose", pa.string()), ("posologie", pa.string()), ("voie", pa.string()), ("date_debut", pa.date32()), ("date_fin", pa.date32()), ("rpps_prescripteur", pa.string()),
    ]
)  # fmt: skip


def build(seed: int, count: int, names: Names) -> tuple[dict[str, list[Row]], list[Row], set[str]]:
    """Every table's rows, where identifiers stand in free text, and the words of all that is no identifier."""
    staff = practitioners(seed, names)
    people = patients(
        seed, count, names, [person.rpps for person in staff if person.ward is None and person.finess is None]
    )
    found = stays(seed, people, staff)
    tested = results(seed, found)
    hide(seed, tested, names)
    lab = [row for _, row in tested]
    notes = letters(seed, int(count * 0.4), found, staff, names)
    fixed = " ".join(
        [outside(note.text) for note in notes] + [outside(str(row["commentaire"])) for row in lab if row["commentaire"]]
    )
    truth: list[Row] = []
    for row in lab:
        if row["commentaire"]:
            row["commentaire"], spans = untag(str(row["commentaire"]))
            if spans:
                truth.append({"table": "resultats_biologie", "id": str(row["id_resultat"]), "spans": spans})
    tables: dict[str, list[Row]] = {
        "patients": [
            {
                "ipp": p.ipp, "nir": p.nir, "ins": p.nir, "ins_oid": INS_NIR_OID if p.nir else None, "nom_naissance": bare(p.birth_name), "nom_usuel": bare(p.used_name), "prenom": p.first_name,
                "prenoms": p.first_names, "sexe": p.sex, "date_naissance": p.born, "commune_naissance": p.birthplace, "code_insee_naissance": p.birth_code, "date_deces": p.died,
                "adresse": p.address, "code_postal": p.postal_code, "ville": p.city, "telephone": _pairs(p.phone), "portable": p.mobile, "email": p.mail,
                "nationalite": p.nationality, "situation_familiale": p.marital, "rpps_medecin_traitant": p.doctor,
            }
            for p in people
        ],
        "sejours": [
            {
                "nda": s.nda, "ipp": s.patient.ipp, "finess": s.finess, "code_uf": s.ward, "libelle_uf": WARDS[s.ward], "date_heure_entree": s.start, "date_heure_sortie": s.end,
                "mode_entree": s.entry, "mode_sortie": s.exit, "ghm": s.ghm, "libelle_ghm": s.ghm_label, "rpps_responsable": s.doctor.rpps,
            }
            for s in found
        ],
        "diagnostics": [
            {"nda": s.nda, "rang": rank, "type_diagnostic": kind, "code_cim10": code, "libelle_cim10": CIM10[code]}
            for s in found
            for rank, (kind, code) in enumerate(s.diagnoses, start=1)
        ],
        "actes": [
            {"nda": s.nda, "code_ccam": code, "libelle_ccam": CCAM[code], "activite": 1, "phase": 0, "date_acte": f"{when:%d/%m/%Y}", "rpps_executant": who.rpps}
            for s in found
            for code, when, who in s.acts
        ],
        "resultats_biologie": lab,
        "medicaments": prescriptions(seed, found),
        "courriers": [],
        "praticiens": [
            {
                "rpps": d.rpps, "nom": bare(d.last_name), "prenom": d.first_name, "specialite": d.specialty, "finess": d.finess, "telephone": _pairs(d.phone), "email": d.mail,
            }
            for d in staff
        ],
        "etablissements": [
            {
                "finess": e.finess, "raison_sociale": e.name, "categorie": e.category, "adresse": e.address, "code_postal": e.postal_code, "ville": e.city, "telephone": _pairs(e.phone),
            }
            for e in ESTABLISHMENTS
        ],
    }  # fmt: skip
    for position, note in enumerate(notes, start=1):
        text, spans = untag(note.text)
        identifier = f"C{position:05d}"
        tables["courriers"].append(
            {
                "id_courrier": identifier, "nda": note.stay.nda, "ipp": note.stay.patient.ipp, "type_courrier": note.kind, "date_courrier": note.when.isoformat(),
                "rpps_auteur": note.author.rpps, "texte": text,
            }
        )  # fmt: skip
        truth.append({"table": "courriers", "id": identifier, "spans": spans})
    kept = [
        str(value)
        for name, columns in KEPT.items()
        for column in columns
        for value in {row[column] for row in tables[name]}
        if value is not None
    ]
    return tables, truth, {fixed, *kept}


# What a release may keep as it is: no name of a person may be a word of these, or a search for leaks would cry wolf.
KEPT = {
    "patients": ("situation_familiale", "commune_naissance", "ville", "adresse"), "sejours": ("libelle_uf", "libelle_ghm"), "diagnostics": ("libelle_cim10",), "actes": ("libelle_ccam",),
    "resultats_biologie": ("libelle_analyse",), "medicaments": ("libelle", "posologie", "voie", "unite_dose"), "praticiens": ("specialite",),
    "etablissements": ("raison_sociale", "categorie", "adresse", "ville"),
}  # fmt: skip


def _pairs(number: str | None) -> str | None:
    return None if number is None else " ".join(number[i : i + 2] for i in range(0, 10, 2))


def _csv(path: Path, rows: list[Row], *, encoding: str = "utf-8") -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _parquet(path: Path, rows: list[Row], schema: pa.Schema) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd", use_dictionary=True)


def _ndjson(path: Path, rows: list[Row]) -> None:
    path.write_bytes("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())


def write(folder: Path, truth_file: Path, tables: dict[str, list[Row]], truth: list[Row]) -> None:
    """Writes the nine tables into `folder`, and where the identifiers of free text stand into `truth_file`."""
    folder.mkdir(parents=True, exist_ok=True)
    _csv(folder / "patients.csv", tables["patients"])
    _parquet(folder / "sejours.parquet", tables["sejours"], STAYS)
    _csv(folder / "diagnostics.csv", tables["diagnostics"])
    _csv(folder / "actes.csv", tables["actes"], encoding="cp1252")
    _parquet(folder / "resultats_biologie.parquet", tables["resultats_biologie"], RESULTS)
    _parquet(folder / "medicaments.parquet", tables["medicaments"], DRUGS)
    _ndjson(folder / "courriers.ndjson", tables["courriers"])
    _csv(folder / "praticiens.csv", tables["praticiens"])
    _csv(folder / "etablissements.csv", tables["etablissements"])
    _ndjson(truth_file, truth)
