"""The demonstration goes as it must, and no person of the sample is anywhere in what it leaves behind."""

import csv
import datetime as dt
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.data_files import data_folder

SAMPLE = data_folder() / "samples" / "hospital"
TRUTH = SAMPLE.with_name("hospital_truth.ndjson")
PERSONAL = {
    "patients.csv": "ipp nir ins nom_naissance nom_usuel prenom prenoms adresse telephone portable email".split(),
    "praticiens.csv": "rpps nom prenom telephone email".split(),
}
NAMES = {"nom_naissance", "nom_usuel", "prenom", "prenoms", "nom"}
PHONES = {"telephone", "portable"}
WITH_FALSE_PERSONS = {"courriers.parquet", "resultats_biologie.parquet"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    import os
    import subprocess
    import sys

    home = tmp_path_factory.mktemp("demo")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "demo", "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    return home, done


@pytest.fixture(scope="module")
def release(demo):
    home, _ = demo
    (folder,) = (home / "releases").iterdir()
    return folder


def personal_values() -> dict[str, set[str]]:
    """Every identifier of the sample by field; what a name is made of (`Anne-Marie Le Goff`) word by word."""
    found: dict[str, set[str]] = {}
    for name, fields in PERSONAL.items():
        with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                for field in fields:
                    values = re.split(r"[ ,]+", row[field]) if field in NAMES else [row[field]]
                    found.setdefault(f"{name}:{field}", set()).update(v for v in values if len(v) > 2)
    return found


def everything_left(home: Path, said: str) -> dict[str, str]:
    """All text that the demonstration left: the release's tables value by value, its papers, the journal, the output."""
    texts = {"output": said}
    for path in home.rglob("*"):
        if path.suffix == ".parquet" and "releases" in path.parts:
            table = pq.read_table(path)
            texts[path.name] = "\n".join(
                str(value) for column in table.columns for value in column.unique().to_pylist() if value is not None
            )
        elif path.is_file() and "keys" not in path.parts and path.suffix != ".parquet":
            texts[str(path.relative_to(home))] = path.read_bytes().decode(errors="replace")
    return texts


def test_it_exits_0_and_shows_why(demo):
    home, done = demo
    assert done.returncode == 0, done.stderr
    for word in ("premises", "virginia", "gravelines", "paris", "london", "report", "journal"):
        assert word in done.stdout
    assert len(list((home / "premises").iterdir())) == 1


@pytest.mark.parametrize("field", sorted(personal_values()))
def test_no_identifier_of_the_sample_is_left(demo, field):
    home, done = demo
    left = everything_left(home, done.stdout + done.stderr)
    assert {"patients.parquet", "courriers.parquet", "resultats_biologie.parquet"} <= left.keys()
    words = {name: set(re.findall(r"\w+(?:['\u2019-]\w+)*", text)) for name, text in left.items()}
    leaks = set()
    for value in personal_values()[field]:
        for name, text in left.items():
            if name in WITH_FALSE_PERSONS and field.split(":")[1] in NAMES | PHONES:
                continue  # a false name or number may be another person's: asked text by text, below
            is_word = bool(re.fullmatch(r"\w+(?:['\u2019-]\w+)*", value))
            forms = {value, value.upper(), value.title()} if field.split(":")[1] in NAMES else {value}
            if any(form in words[name] if is_word else form in text for form in forms):
                leaks.add((value, name))
    assert not leaks, f"{len(leaks)} leaks"


@pytest.mark.parametrize(
    ("table", "key", "text"),
    [("courriers.ndjson", "id_courrier", "texte"), ("resultats_biologie.parquet", "id_resultat", "commentaire")],
)
def test_no_text_names_the_persons_that_it_named(release, table, key, text):
    spans = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    name = table.partition(".")[0]
    marked = {row["id"]: row["spans"] for row in spans if row["table"] == name}
    before = rows(table)
    told = {"DATE", "VILLE", "HOPITAL", "ZIP"}  # kept in part: the patient's shift, the département
    after = pq.read_table(release / f"{name}.parquet")[text].to_pylist()
    assert len(before) == len(after)
    kept, own = [], 0
    for row, now in zip(before, after, strict=True):
        for start, end, label in marked.get(row[key], ()):
            said = row[text][start:end]
            if label in told or len(said) < 4:
                continue
            own += 1
            if re.search(rf"(?<!\w){re.escape(said)}(?!\w)", now or ""):
                kept.append((row[key], label))
    # By chance a false name is that of somebody else in the same letter: about one in a thousand draws.
    assert len(kept) <= own / 200, kept


def letters(release):
    after = pq.read_table(release / "courriers.parquet").to_pylist()
    return list(zip(rows("courriers.ndjson"), after, strict=True))


def test_dates_of_letters_move_as_the_tables_do(release):
    moved = []
    for before, after in letters(release):
        said, now = (
            f"{day:%d/%m/%Y}" for day in (dt.date.fromisoformat(before["date_courrier"]), after["date_courrier"])
        )
        if said in before["texte"]:
            moved.append(now in after["texte"])
    assert len(moved) > 50
    assert all(moved)


def test_a_patient_has_one_false_name_in_all_letters(release):
    false: dict[tuple[str, str], set[str]] = {}
    for before, after in letters(release):
        said, now = (re.search(r"^NOM : ([^\n|]+)$", row["texte"], re.MULTILINE) for row in (before, after))
        if said and now:
            false.setdefault((before["ipp"], said[1].casefold()), set()).add(now[1].casefold())
    assert len(false) > 20
    assert {len(names) for names in false.values()} == {1}


def rows(table: str) -> list[dict]:
    if table.endswith(".ndjson"):
        return [json.loads(line) for line in (SAMPLE / table).read_text(encoding="utf-8").splitlines()]
    return pq.read_table(SAMPLE / table).to_pylist()


def test_staging_holds_nothing_any_more(demo):
    home, _ = demo
    assert not [path for path in (home / "staging").rglob("*") if path.is_file()]


def test_the_release_verifies(demo, release, douane):
    home, _ = demo
    done = douane(
        "verify",
        release,
        "--public-key",
        home / "keys" / "signing.pub.pem",
        "--journal",
        home / "journal" / "journal.jsonl",
    )
    assert done.returncode == 0, done.stderr


def test_the_approved_plan_is_what_the_sample_needs(demo, release):
    manifest = json.loads((release / "manifest.json").read_bytes())
    assert manifest["residual_scan"]["found"] == 0
    assert len(manifest["files"]) == len(list(SAMPLE.iterdir())) + 2
