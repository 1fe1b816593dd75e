from __future__ import annotations

import json
import random
import subprocess
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from faker import Faker

from transforms.detection import InvalidLexicon, NotATable, detect

ROWS = 200


@pytest.fixture(scope="module")
def patients():
    faker, rng = Faker("fr_FR"), random.Random(7)
    faker.seed_instance(7)
    return pa.table(
        {
            "ipp": [f"8{rng.randrange(10**7):07d}" for _ in range(ROWS)],
            "nomusuel": [faker.last_name() for _ in range(ROWS)],
            "prenom": [faker.first_name() for _ in range(ROWS)],
            "datnai": [str(faker.date_of_birth()) for _ in range(ROWS)],
            "sexe": [rng.choice("12") for _ in range(ROWS)],
            "cp": [f"{rng.randrange(1, 95):02d}{rng.randrange(10)}00" for _ in range(ROWS)],
            "noss": [faker.ssn().replace(" ", "") for _ in range(ROWS)],
            "tel": [faker.phone_number() for _ in range(ROWS)],
            "adr1": [faker.street_address() for _ in range(ROWS)],
            "mail": [faker.email() for _ in range(ROWS)],
        }
    )


def kinds(findings):
    return {finding.name: finding.kind for finding in findings}


def test_reads_a_french_patient_table(patients):
    assert kinds(detect(patients)) == {
        "ipp": "patient_id",
        "nomusuel": "last_name",
        "prenom": "first_name",
        "datnai": "birth_date",
        "sexe": "sex",
        "cp": "postal_code",
        "noss": "nir",
        "tel": "phone",
        "adr1": "address",
        "mail": "email",
    }


def test_opaque_headers_leave_the_values_to_decide(patients):
    opaque = patients.rename_columns([f"c{number}" for number in range(patients.num_columns)])
    found = kinds(detect(opaque))
    assert [found[f"c{number}"] for number in (0, 1, 2, 3, 6, 7, 8, 9)] == [
        "patient_id", "last_name", "first_name", "birth_date", "nir", "phone", "address", "email",
    ]  # fmt: skip


def test_same_findings_for_every_kind_of_table(patients):
    expected = detect(patients).as_dict()
    assert detect(patients.to_pandas()).as_dict() == expected
    assert detect(pl.from_arrow(patients)).as_dict() == expected
    assert detect(pa.concat_tables([patients.slice(0, 50), patients.slice(50)])).as_dict() == expected


def test_category_follows_from_the_kind(patients):
    assert {finding.name: finding.category for finding in detect(patients)}["sexe"] == "quasi"


def test_one_nir_in_ten_thousand_comments_is_found():
    comments = ["rien à signaler ce jour, contrôle le 12/03/2024"] * 10_000
    comments[7_777] = "voir dossier 1 85 05 78 006 084 91 de son épouse"
    [finding] = detect(pa.table({"commentaire": comments}))
    assert finding.kind == "free_text"
    assert "1 of 10000 rows holds a NIR with a right key" in finding.evidence


def test_a_nir_read_as_float_is_a_nir():
    numbers = [float(f"{1 + row % 2}8503{row % 90 + 1:02d}{row:03d}{row:03d}42") for row in range(100)]
    [finding] = detect(pa.table({"nir": pa.array(numbers, pa.float64())}))
    assert finding.kind == "nir"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("drug_name", "drug"),
        ("return_code", "technical"),
        ("hospital_name", "facility_id"),
        ("ward_name", "ward"),
        ("file_name", "technical"),
    ],
)
def test_a_name_in_a_compound_is_no_persons_name(name, kind):
    assert kinds(detect(pa.table({name: pa.nulls(3, pa.string())})))[name] == kind


def test_an_amount_is_not_direct_though_it_names_the_insurer():
    [finding] = detect(pa.table({"amount_covered_by_insurer": ["12.50", "830.00", "71.35"]}))
    assert finding.kind == "amount"


def test_patient_codes_shaped_like_icd10_stay_patient_ids():
    rng = random.Random(3)
    codes = [f"{rng.choice('ABCDEFG')}{rng.randrange(100):02d}.{rng.randrange(10)}" for _ in range(300)]
    [finding] = detect(pa.table({"patient_code": codes}))
    assert finding.kind == "patient_id"


def test_near_unique_and_unexplained_is_never_other():
    rng = random.Random(5)
    [finding] = detect(pa.table({"v12": [f"K{rng.randrange(10**8):08d}Q" for _ in range(300)]}))
    assert finding.category == "direct"
    assert finding.confidence < 0.8


def test_a_counter_is_a_row_id():
    assert detect(pa.table({"n": list(range(1, 301))}))[0].kind == "row_id"


def test_two_tables_say_more_than_one():
    rng = random.Random(11)
    stays = [f"{rng.randrange(10**9):09d}" for _ in range(300)]
    extract = {
        "stays": pa.table({"nda": stays, "ipp": [f"8{rng.randrange(10**7):07d}" for _ in stays]}),
        "lab_results": pa.table({"v1": rng.choices(stays, k=500), "code": rng.choices(["718-7", "2345-7"], k=500)}),
    }
    found = detect(extract)
    assert [(link.table, link.field, link.to_table, link.to_field) for link in found.links] == [
        ("lab_results", "v1", "stays", "nda")
    ]
    assert found["lab_results"].named("v1").kind == "encounter_id"
    assert found["stays"].person == "ipp"
    assert found["lab_results"].person is None


def test_no_value_of_a_row_occurs_in_findings_or_html(patients):
    findings = detect({"patients": patients})
    said = json.dumps(findings.as_dict()) + findings._repr_html_()
    long = {value for column in patients.columns for value in column.to_pylist() if len(value) > 4}
    assert [value for value in long if value in said] == []


def test_findings_have_the_shape_of_the_command_line(patients):
    [table] = detect({"patients": patients}).as_dict()["tables"]
    assert table["table"] == "patients"
    assert set(table["fields"][0]) == {"name", "kind", "category", "confidence", "evidence"}


def test_nested_fields_are_found_by_their_path():
    names = [{"family": "Dupont", "given": ["Jean", "Marie"]}, None, {"family": "Le Goff", "given": ["Anne"]}]
    assert kinds(detect(pa.table({"name": pa.array(names)}))) == {
        "name.family": "last_name",
        "name.given": "first_name",
    }


def test_broken_utf8_is_read_all_the_same():
    column = pa.array([b"\xff\xfeDupont", b"Durand"], pa.binary()).view(pa.string())
    assert detect(pa.table({"nom_usuel": column}))[0].kind == "last_name"


def test_columns_of_mixed_types_and_equal_names_are_read():
    frame = pd.DataFrame([[1, "a"], ["b", 2.0]], columns=["x", "x"])
    assert len(detect(frame)) == 2


def test_empty_tables_have_findings_for_their_names():
    assert len(detect(pa.table({}))) == 0
    assert kinds(detect(pa.table({"ipp": pa.array([], pa.string())}))) == {"ipp": "patient_id"}


def test_what_is_no_table_is_refused_in_one_line():
    with pytest.raises(NotATable, match=r"table x: int is no table. Pass a pandas"):
        detect({"x": 3})


def test_a_site_adds_its_own_words():
    table = pa.table({"ZZ-Pat7": ["a", "b"]})
    assert detect(table, lexicon={"zz_pat7": "patient_id"})[0].kind == "patient_id"


def test_a_lexicon_of_unknown_kinds_is_refused():
    with pytest.raises(InvalidLexicon, match="no_kind is no kind"):
        detect(pa.table({"x": ["a"]}), lexicon={"x": "no_kind"})


def test_pandas_stays_unimported():
    code = (
        "import io, sys, pyarrow.csv as csv; from transforms import detect; "
        "rows = 'nom;x\\n' + 'Dupont;06 12 34 56 78\\n' * 3000; "
        "table = csv.read_csv(io.BytesIO(rows.encode()), parse_options=csv.ParseOptions(delimiter=';')); "
        "detect({'a': table, 'b': table}); sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
