"""Does the synthetic hospital agree with itself, and with what its numbers promise?"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from stdnum import ean, luhn
from stdnum.fr import nir

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "hospital"
TRUTH = SAMPLE.with_name("hospital_truth.ndjson")
PARTICLES = {
    "le",
    "la",
    "l",
    "de",
    "du",
    "dos",
    "da",
    "d",
    "el",
    "ben",
    "saint",
    "floc",
    "h",
}  # of Le Goff, De la Morinière, Saint-Aubin, Le Floc'h
FICTION = re.compile("0(19900|26191|35301|46571|53649|63998)")  # Arcep keeps these ranges for fiction


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    found = {}
    for path in sorted(SAMPLE.iterdir()):
        if path.suffix == ".csv":
            encoding = "cp1252" if path.stem == "actes" else "utf-8"
            found[path.stem] = pd.read_csv(
                path, sep=";", dtype=str, encoding=encoding, keep_default_na=False, na_values=[""]
            )
        elif path.suffix == ".parquet":
            found[path.stem] = pd.read_parquet(path)
        else:
            found[path.stem] = pd.DataFrame([json.loads(line) for line in path.read_text("utf-8").splitlines()])
    return found


@pytest.fixture(scope="module")
def truth() -> list[dict]:
    return [json.loads(line) for line in TRUTH.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def stays(tables) -> pd.DataFrame:
    joined = tables["sejours"].merge(tables["patients"], on="ipp", validate="many_to_one")
    joined["age"] = (joined["date_heure_entree"] - pd.to_datetime(joined["date_naissance"])).dt.days / 365.25
    return joined


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn").casefold()


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "hospital"
    command = [sys.executable, "-m", "data.samples.generator", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_same_seed_gives_the_same_files(regenerated):
    made = sorted(path.name for path in regenerated.iterdir())
    assert made == sorted(path.name for path in SAMPLE.iterdir())
    for name in made:
        if name.endswith(".parquet"):  # the writer's version stands in the bytes
            assert pq.read_table(regenerated / name).equals(pq.read_table(SAMPLE / name)), name
        else:
            assert (regenerated / name).read_bytes() == (SAMPLE / name).read_bytes(), name
    assert regenerated.with_name("hospital_truth.ndjson").read_bytes() == TRUTH.read_bytes()


def test_another_seed_gives_other_people(tmp_path):
    command = [sys.executable, "-m", "data.samples.generator", str(tmp_path / "h"), "--seed", "7", "--patients", "40"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    other = (tmp_path / "h" / "patients.csv").read_text("utf-8").splitlines()
    assert len(other) == 41
    assert not set(other[1:]) & set((SAMPLE / "patients.csv").read_text("utf-8").splitlines())


def test_the_extract_has_the_size_of_a_demonstration(tables):
    rows = {name: len(table) for name, table in tables.items()}
    assert rows["patients"] == 1000
    assert rows["courriers"] == 400
    assert rows["etablissements"] == 3
    assert 1_500 < rows["sejours"] < 2_200
    assert 10_000 < rows["resultats_biologie"] < 18_000
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 6_000_000


def test_every_nir_has_its_key_and_agrees_with_its_owner(tables):
    known = tables["patients"].dropna(subset="nir")
    assert 960 < len(known) < 1000
    assert known["nir"].is_unique
    assert (known["ins"] == known["nir"]).all()
    for person in known.itertuples():
        assert nir.is_valid(person.nir)
        assert person.nir[0] == {"M": "1", "F": "2"}[person.sexe]
        assert person.nir[1:5] == person.date_naissance[2:4] + person.date_naissance[5:7]
        place = person.code_insee_naissance
        if place.startswith("2") and place[1] in "AB" and person.date_naissance < "1976":
            place = "20" + place[2:]
        assert person.nir[5:10] == place


def test_births_in_corsica_and_abroad_are_there(tables):
    code = tables["patients"]["code_insee_naissance"]
    assert code.str.startswith("99").sum() > 30
    assert code.str.match("2[AB]").sum() > 3
    assert code.str.startswith("97").sum() > 3
    assert code.str.startswith("0").sum() > 3


def test_practitioners_and_establishments_have_right_keys(tables):
    rpps = tables["praticiens"]["rpps"]
    assert rpps.is_unique
    assert rpps.str.fullmatch(r"\d{11}").all()
    assert rpps.map(luhn.is_valid).all()
    finess = tables["etablissements"]["finess"]
    assert finess.str.fullmatch(r"\d{9}").all()
    assert finess.map(luhn.is_valid).all()


def test_every_cip13_is_a_right_ean_of_one_drug(tables):
    drugs = tables["medicaments"]
    assert drugs["code_cip13"].str.fullmatch(r"34009\d{8}").all()
    assert drugs["code_cip13"].map(ean.is_valid).all()
    assert drugs.groupby("code_cip13")["libelle"].nunique().max() == 1


def test_ipp_are_ten_digits_and_some_begin_with_zeros(tables):
    ipp = tables["patients"]["ipp"]
    assert ipp.is_unique
    assert ipp.str.fullmatch(r"\d{10}").all()
    assert 200 < ipp.str.startswith("00").sum() < 400


@pytest.mark.parametrize(
    ("table", "column", "parent", "key"),
    [
        ("patients", "rpps_medecin_traitant", "praticiens", "rpps"),
        ("praticiens", "finess", "etablissements", "finess"),
        ("sejours", "ipp", "patients", "ipp"),
        ("sejours", "finess", "etablissements", "finess"),
        ("sejours", "rpps_responsable", "praticiens", "rpps"),
        ("diagnostics", "nda", "sejours", "nda"),
        ("actes", "nda", "sejours", "nda"),
        ("actes", "rpps_executant", "praticiens", "rpps"),
        ("resultats_biologie", "nda", "sejours", "nda"),
        ("medicaments", "nda", "sejours", "nda"),
        ("medicaments", "rpps_prescripteur", "praticiens", "rpps"),
        ("courriers", "nda", "sejours", "nda"),
        ("courriers", "rpps_auteur", "praticiens", "rpps"),
    ],
)
def test_no_row_points_to_nothing(tables, table, column, parent, key):
    assert tables[parent][key].is_unique
    assert set(tables[table][column].dropna()) <= set(tables[parent][key])


def test_a_letter_names_the_patient_of_its_stay(tables):
    joined = tables["courriers"].merge(tables["sejours"], on="nda", suffixes=("", "_stay"))
    assert (joined["ipp"] == joined["ipp_stay"]).all()


def test_stays_lie_between_birth_and_death_and_never_overlap(stays):
    assert (stays["age"] > 0).all()
    assert (stays["date_heure_sortie"] > stays["date_heure_entree"]).all()
    died = stays.dropna(subset="date_deces")
    assert len(died) > 20
    assert (died["date_heure_sortie"].dt.strftime("%Y-%m-%d") <= died["date_deces"]).all()
    ordered = stays.sort_values(["ipp", "date_heure_entree"])
    before = ordered.groupby("ipp")["date_heure_sortie"].shift()
    assert not (ordered["date_heure_entree"] < before).any()


def test_who_leaves_by_death_has_no_later_stay_and_dies_that_day(stays):
    last = stays[stays["mode_sortie"] == "9"]
    assert len(last) > 10
    assert (last["date_deces"] == last["date_heure_sortie"].dt.strftime("%Y-%m-%d")).all()
    assert last["ipp"].is_unique


def test_everything_done_lies_within_its_stay(tables):
    days = tables["sejours"][["nda"]].assign(
        start=tables["sejours"]["date_heure_entree"].dt.normalize(),
        end=tables["sejours"]["date_heure_sortie"].dt.normalize(),
    )
    dated = {
        "actes": pd.to_datetime(tables["actes"]["date_acte"], format="%d/%m/%Y"),
        "resultats_biologie": tables["resultats_biologie"]["date_heure_prelevement"].dt.normalize(),
        "medicaments": pd.to_datetime(tables["medicaments"]["date_debut"]),
    }
    for name, when in dated.items():
        row = tables[name].assign(when=when).merge(days, on="nda")
        assert row["when"].between(row["start"], row["end"]).all(), name
    drugs = tables["medicaments"].merge(days, on="nda")
    assert (drugs["date_debut"] <= drugs["date_fin"]).all()
    assert (pd.to_datetime(drugs["date_fin"]) <= drugs["end"]).all()


def test_every_stay_has_one_main_diagnosis(tables):
    main = tables["diagnostics"].query("type_diagnostic == 'DP'")
    assert main["nda"].is_unique
    assert set(main["nda"]) == set(tables["sejours"]["nda"])
    assert tables["diagnostics"]["code_cim10"].str.fullmatch(r"[A-Z]\d\d(\.\d)?").all()
    assert not tables["diagnostics"].duplicated(["nda", "code_cim10"]).any()


def test_no_man_gives_birth_and_no_woman_has_a_prostate(tables, stays):
    coded = tables["diagnostics"].merge(stays[["nda", "sexe", "age"]], on="nda")
    assert set(coded[coded["code_cim10"].str.match("O|Z37|C50")]["sexe"]) == {"F"}
    assert set(coded[coded["code_cim10"].isin(["N40", "C61"])]["sexe"]) == {"M"}
    births = coded[coded["code_cim10"].str.startswith("O8")]
    assert births["age"].between(18, 45).all()
    tested = tables["resultats_biologie"].merge(stays[["nda", "sexe"]], on="nda")
    assert set(tested[tested["code_loinc"] == "2857-1"]["sexe"]) == {"M"}


def test_codes_and_labels_go_together(tables):
    for table, code, label in (
        ("diagnostics", "code_cim10", "libelle_cim10"), ("actes", "code_ccam", "libelle_ccam"),
        ("resultats_biologie", "code_loinc", "libelle_analyse"), ("medicaments", "libelle", "code_atc"), ("sejours", "code_uf", "libelle_uf"),
    ):  # fmt: skip
        assert tables[table].groupby(code)[label].nunique().max() == 1, table
    loinc = tables["resultats_biologie"]["code_loinc"].drop_duplicates().str.replace("-", "")
    assert loinc.map(luhn.is_valid).all()  # LOINC's check digit is Luhn's
    assert tables["actes"]["code_ccam"].str.fullmatch(r"[A-Z]{4}\d{3}").all()


def test_laboratory_values_are_plausible(tables):
    lab = tables["resultats_biologie"]
    assert (lab["valeur"] > 0).all()
    middle = lab.groupby("code_loinc")["valeur"].median()
    assert 137 < middle["2951-2"] < 142  # sodium
    assert 11 < middle["718-7"] < 15  # haemoglobin
    assert lab[lab["code_loinc"] == "2823-3"]["valeur"].between(2, 7).all()  # potassium
    inside = lab["valeur"].between(lab["borne_basse"].fillna(0), lab["borne_haute"].fillna(float("inf")))
    assert 0.6 < inside.mean() < 0.9


def test_phones_and_mails_reach_nobody(tables):
    numbers = pd.concat(
        [
            tables["patients"]["telephone"],
            tables["patients"]["portable"],
            tables["praticiens"]["telephone"],
            tables["etablissements"]["telephone"],
        ]
    )
    assert (
        numbers.dropna()
        .str.replace(" ", "")
        .map(lambda number: len(number) == 10 and bool(FICTION.match(number)))
        .all()
    )
    mails = pd.concat([tables["patients"]["email"], tables["praticiens"]["email"]]).dropna()
    assert mails.str.fullmatch(r"[a-z0-9.-]+@[a-z-]+\.example").all()


def test_married_women_may_use_another_name(tables):
    people = tables["patients"]
    other = people[people["nom_usuel"] != people["nom_naissance"]]
    assert len(other) > 100
    assert set(other["sexe"]) == {"F"}


def test_letters_are_written_during_the_stay_or_soon_after(tables):
    row = tables["courriers"].merge(tables["sejours"], on="nda")
    written = pd.to_datetime(row["date_courrier"])
    assert (written >= row["date_heure_entree"].dt.normalize()).all()
    assert ((written - row["date_heure_sortie"]).dt.days <= 90).all()
    assert row["type_courrier"].value_counts().min() >= 15


def test_letters_hold_their_patient_in_varied_forms(tables, truth):
    text = tables["courriers"].set_index("id_courrier")["texte"]
    spans = {row["id"]: row["spans"] for row in truth if row["table"] == "courriers"}
    assert set(spans) == set(text.index)
    people = tables["patients"].set_index("ipp")
    forms: dict[str, set[str]] = {}
    for letter in tables["courriers"].itertuples():
        for start, end, label in spans[letter.id_courrier]:
            value = letter.texte[start:end]
            assert value == value.strip() != "", label
            forms.setdefault(label, set()).add(re.sub(r"\d", "9", re.sub(r"[^\W\d_]+", "x", value)))
        named = {plain(letter.texte[start:end]) for start, end, label in spans[letter.id_courrier] if label == "NOM"}
        assert plain(people.loc[letter.ipp, "nom_usuel"]) in named or people.loc[letter.ipp, "date_naissance"] > "2007"
    assert {
        "NOM",
        "PRENOM",
        "DATE",
        "DATE_NAISSANCE",
        "ADRESSE",
        "ZIP",
        "VILLE",
        "HOPITAL",
        "TEL",
        "MAIL",
        "SECU",
        "IPP",
        "NDA",
        "RPPS",
        "FINESS",
    } == set(forms)
    assert len(forms["SECU"]) >= 4
    assert len(forms["TEL"]) >= 5
    assert len(forms["DATE"]) >= 5


def test_a_few_comments_hide_a_nir_a_phone_or_a_name(tables, truth):
    comment = tables["resultats_biologie"].set_index(tables["resultats_biologie"]["id_resultat"].astype(str))[
        "commentaire"
    ]
    hidden = [row for row in truth if row["table"] == "resultats_biologie"]
    assert 20 < len(hidden) < 40
    assert len(hidden) / comment.notna().sum() < 0.06
    kinds = [label for row in hidden for _, _, label in row["spans"]]
    assert min(kinds.count("SECU"), kinds.count("TEL"), kinds.count("NOM")) >= 6
    for row in hidden:
        for start, end, label in row["spans"]:
            if label == "SECU":
                assert nir.is_valid(comment[row["id"]][start:end])


def test_no_name_is_a_word_of_what_may_stay(tables, truth):
    """A search of a release for the sample's names must find leaks and nothing else."""
    names = {*tables["praticiens"]["nom"], *tables["praticiens"]["prenom"]}
    for column in ("nom_naissance", "nom_usuel", "prenom"):
        names |= {*tables["patients"][column]}
    parts = {part for name in names for part in re.findall(r"[^\W\d_]+", plain(name))} - PARTICLES
    spans = {row["id"]: row["spans"] for row in truth}
    said = []
    for letter in tables["courriers"].itertuples():
        text = list(letter.texte)
        for start, end, _ in spans[letter.id_courrier]:
            text[start:end] = " " * (end - start)
        said.append("".join(text))
    for table, column in (("diagnostics", "libelle_cim10"), ("actes", "libelle_ccam"), ("resultats_biologie", "libelle_analyse"), ("medicaments", "libelle"), ("medicaments", "posologie"), ("sejours", "libelle_uf"), ("sejours", "libelle_ghm"), ("praticiens", "specialite")):  # fmt: skip
        said += tables[table][column].dropna().unique().tolist()
    words = {word for text in said for word in re.findall(r"[^\W\d_]+", plain(text))}
    assert parts & words == set()
