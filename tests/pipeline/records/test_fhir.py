"""FHIR files as hospitals have them: read in batches, refused in one line, written as they were."""

import json

import pytest

from pipeline.errors import InvalidInput
from pipeline.records import fhir
from pipeline.records.fhir import FhirFormat
from pipeline.records.source import find_records

PATIENT = {"resourceType": "Patient", "id": "8001", "name": [{"family": "Quillfeldt"}]}


def source(folder, name, content):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return find_records([str(folder)])


def lines(*resources):
    return "".join(json.dumps(resource) + "\n" for resource in resources)


def broken(folder, content, name="Patient.ndjson"):
    (file,) = source(folder, name, content).files
    with pytest.raises(InvalidInput) as error:
        list(FhirFormat().batches(file))
    text = str(error.value)
    assert "\n" not in text
    assert "Quillfeldt" not in text
    return text


def test_a_line_that_is_cut_short_is_named_with_the_mend(tmp_path):
    text = broken(tmp_path, lines(PATIENT) + json.dumps(PATIENT)[:-9])
    assert "line 2 is no JSON: cut short, or damaged" in text
    assert text.endswith("a last line that is cut short means that the export did not finish.")


def test_json_that_is_no_resource_is_named(tmp_path):
    assert "line 2 is no FHIR resource" in broken(tmp_path, lines(PATIENT, {"family": "Quillfeldt"}))


def test_a_type_that_fhir_does_not_have_is_named(tmp_path):
    assert "line 2 is of a type that FHIR R4 doesn't have" in broken(
        tmp_path, lines(PATIENT, {"resourceType": "Quillfeldt"})
    )


def test_a_file_in_another_charset_is_named(tmp_path):
    assert "line 2 is not UTF-8" in broken(tmp_path, lines(PATIENT).encode() + '{"resourceType":"é"}'.encode("latin-1"))


def test_half_a_character_is_named(tmp_path):
    assert "half a character" in broken(tmp_path, '{"resourceType":"Patient","id":"\\ud800"}\n')


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_no_number_is_no_json(tmp_path, number):
    assert "is no JSON" in broken(tmp_path, f'{{"resourceType":"Patient","multipleBirthInteger":{number}}}\n')


def test_json_too_deep_to_read_is_refused(tmp_path):
    assert "is no JSON" in broken(tmp_path, '{"resourceType":"Patient","x":' + "[" * 100_000 + "]" * 100_000 + "}\n")


def test_documents_beside_a_table_are_refused(tmp_path):
    (tmp_path / "stays.csv").write_text("nda\n1\n")
    with pytest.raises(InvalidInput, match=r"stays\.csv is a table among FHIR R4 documents"):
        source(tmp_path, "Patient.ndjson", lines(PATIENT))


def test_tables_are_no_documents(tmp_path):
    (tmp_path / "stays.ndjson").write_text('{"nda": 1}\n')
    assert find_records([str(tmp_path)]) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Patient.ndjson", "Patient.ndjson"),
        ("Observation.12.ndjson", "Observation.12.ndjson"),
        ("Quillfeldt.ndjson", "fhir-00007.ndjson"),
        ("Patient_Quillfeldt.ndjson", "fhir-00007.ndjson"),
    ],
)
def test_only_names_of_types_come_through(tmp_path, name, expected):
    (tmp_path / name).write_text(lines(PATIENT))
    assert FhirFormat().output_name(tmp_path / name, 7) == expected


def test_two_files_of_one_name_both_arrive(tmp_path, release):
    for part in ("a", "b"):
        (tmp_path / "in" / part).mkdir(parents=True)
        (tmp_path / "in" / part / "Patient.ndjson").write_text(lines(PATIENT))
    result = release(find_records([str(tmp_path / "in")]))
    assert [entry["name"] for entry in result.made.release.manifest["files"] if "rows" in entry] == [
        "00002-Patient.ndjson",
        "Patient.ndjson",
    ]


def test_a_batch_ends_after_some_megabytes(tmp_path, monkeypatch):
    monkeypatch.setattr(fhir, "BATCH_BYTES", 100)
    (tmp_path / "Patient.ndjson").write_text(lines(*[PATIENT] * 5))
    assert [len(batch.documents) for batch in FhirFormat().batches(tmp_path / "Patient.ndjson")] == [2, 2, 1]


def test_numbers_keep_their_digits(tmp_path, release):
    quantity = '{"value": 1.500, "unit": "g"}'
    text = f'{{"resourceType":"Observation","status":"final","valueQuantity":{quantity}}}\n'
    result = release(source(tmp_path, "Observation.ndjson", text))
    assert '"value":1.500' in (result.made.release.folder / "Observation.ndjson").read_text()


def test_an_export_that_fits_no_plan_of_tables_is_told_so(tmp_path, douane):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Patient.ndjson").write_text(lines(PATIENT))
    (tmp_path / "in" / "README.md").write_text("What this is.")
    assert douane("keys", "new", "eds", "--domain", "eds").returncode == 0
    planned = douane("plan", tmp_path / "in", "--domain", "eds", "--out", tmp_path / "plan.yaml", "--json")
    assert (json.loads(planned.stdout)["format"], json.loads(planned.stdout)["other_files"]) == ("fhir", 1)
    made = douane("run", tmp_path / "in", "--plan", tmp_path / "plan.yaml", "--json")
    assert made.returncode == 0
    assert json.loads(made.stdout)["documents"]["paths"]["Patient.name"] == {"dropped": 1}
    shown = douane("run", tmp_path / "in", "--plan", tmp_path / "plan.yaml")
    assert "elements:" in shown.stdout
    (tmp_path / "in" / "Patient.ndjson").unlink()
    (tmp_path / "in" / "stays.csv").write_text("nda\n1\n")
    other = douane("run", tmp_path / "in", "--plan", tmp_path / "plan.yaml")
    assert (other.returncode, "holds no fhir, which the plan is for" in other.stderr) == (1, True)
