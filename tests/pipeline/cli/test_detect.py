"""`douane detect` on the command line: a site's own words, one field explained, all rows, and files as they come."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app

ROWS = "".join(f"80{number:05d};{1940 + number % 60}-03-14\n" for number in range(60))


def run(*arguments):
    return CliRunner().invoke(app, ["detect", *map(str, arguments)])


def fields(answer):
    assert answer.exit_code == 0, answer.output
    return {field["name"]: field for table in json.loads(answer.stdout)["tables"] for field in table["fields"]}


@pytest.fixture
def patients(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text("zzk_old;ddn\n" + ROWS)
    return path


@pytest.fixture
def lexicon(tmp_path):
    path = tmp_path / "lexicon.yaml"
    path.write_text("format: 1\nwords:\n  zzk: encounter_id\n")
    return path


def test_a_sites_own_word_says_what_a_field_is(patients, lexicon):
    assert fields(run(patients, "--json"))["zzk_old"]["kind"] == "patient_id"
    found = fields(run(patients, "--lexicon", lexicon, "--json"))["zzk_old"]
    assert found["kind"] == "encounter_id"
    assert "the site's own lexicon knows “zzk”" in found["evidence"]


def test_a_plan_is_drafted_with_the_sites_own_words(patients, lexicon, tmp_path):
    plan = tmp_path / "plan.yaml"
    answer = CliRunner().invoke(app, ["plan", str(patients), "--lexicon", str(lexicon), "--out", str(plan)])
    assert answer.exit_code == 0, answer.output
    assert "kind: encounter_id" in plan.read_text()


def test_a_lexicon_of_unknown_kinds_names_file_and_line(patients, lexicon):
    lexicon.write_text("format: 1\nwords:\n  ok: sex\n  zzk: patent\n")
    answer = run(patients, "--lexicon", lexicon)
    assert answer.exit_code == 1
    assert "lexicon.yaml:4: words.zzk" in str(answer.exception or "") + answer.output


def test_one_field_is_explained_with_what_it_could_have_been(patients):
    answer = run(patients, "--explain", "ddn")
    assert answer.exit_code == 0
    assert "patients.ddn: birth_date (quasi), confidence" in answer.output
    assert "because the name says “ddn”" in answer.output
    assert "1940" not in answer.output


def test_a_field_that_is_not_there_cannot_be_explained(patients):
    answer = run(patients, "--explain", "nir")
    assert answer.exit_code == 1
    assert "no table has a field nir" in str(answer.exception or "") + answer.output


def test_every_row_is_looked_at_unless_a_sample_is_asked_for(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("remarque\n" + "rien de neuf ce matin\n" * 120_000 + "rappeler au 06 39 98 12 03\n")
    assert "1 of 120001 rows holds a phone number" in fields(run(path, "--json"))["remarque"]["evidence"]
    assert fields(run(path, "--sample", "1000", "--json"))["remarque"]["evidence"] != []
    assert "phone" not in run(path, "--sample", "1000", "--json").output


def test_a_file_as_excel_writes_it_is_read(tmp_path):
    path = tmp_path / "export.csv"
    rows = "".join(
        f"{80_000 + n};Lef\xe8vre;\xc9lodie;{60 + n % 30},5;0{n % 9 + 1}/02/19{40 + n % 50}\r\n" for n in range(60)
    )
    path.write_bytes(b"N\xb0 IPP;Nom;Pr\xe9nom;Poids (kg);N\xe9(e) le\r\n" + rows.encode("cp1252"))
    found = {name: field["kind"] for name, field in fields(run(path, "--json")).items()}
    assert found == {
        "N° IPP": "patient_id",
        "Nom": "last_name",
        "Prénom": "first_name",
        "Poids (kg)": "vital_sign",
        "Né(e) le": "birth_date",
    }


def test_a_table_without_rows_is_read_by_its_names(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text("ipp;ddn\n")
    answer = run(path, "--json")
    assert "patients has no rows" in answer.stderr
    assert {name: field["kind"] for name, field in fields(answer).items()} == {"ipp": "patient_id", "ddn": "birth_date"}


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (b"\xef\xbb\xbfipp;sexe\n" + b"81234567;1\n80034567;2\n" * 9, {"ipp": "patient_id", "sexe": "sex"}),
        (b"ipp\tmail\n" + b"81234567\ta@b.fr\n" * 9, {"ipp": "patient_id", "mail": "email"}),
        (b"nom_usuel,ipp\n" + b"Dup\xff\xfeont,81234567\n" * 9, {"nom_usuel": "last_name", "ipp": "patient_id"}),
    ],
    ids=["BOM", "tabs", "broken UTF-8"],
)
def test_files_of_other_forms_are_read(tmp_path, content, kinds):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert {name: field["kind"] for name, field in fields(run(path, "--json")).items()} == kinds


def test_equal_names_are_refused_in_one_line_without_a_value(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("ipp;ipp\n81234567;80034567\n")
    answer = run(path, "--json")
    assert answer.exit_code == 1
    assert "two columns named ipp" in str(answer.exception)


@pytest.fixture
def headerless(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "81234567;Vauquelin;1961-02-03\n" + "".join(f"8003{n:04d};Durand;19{n % 90 + 10}-02-03\n" for n in range(50))
    )
    return path


def test_a_table_without_a_header_row_is_read_and_none_of_its_values_is_said(headerless, caplog):
    answer = run(headerless, "--json")
    assert "seems to have no header row" in caplog.text
    assert "Vauquelin" not in caplog.text
    assert list(fields(answer)) == ["c1", "c2", "c3"]
    assert "Vauquelin" not in answer.output


def test_no_plan_is_drafted_for_a_table_without_a_header_row(headerless, tmp_path):
    plan = tmp_path / "plan.yaml"
    answer = CliRunner().invoke(app, ["plan", str(headerless), "--out", str(plan)])
    assert answer.exit_code == 1
    assert (
        str(answer.exception) == "table seems to have no header row. Write the names of its fields in the first line."
    )
    assert not plan.exists()
