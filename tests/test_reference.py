"""Is every format, step, kind and name in the reference what the code reads, and is none missing?"""

import csv
import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import rfc8785
from ruamel.yaml import YAML

import pipeline.guard
import transforms
from docs.generator.schemas import SCHEMAS, schema_of
from pipeline.data_files import data_folder
from pipeline.documents import read_document
from pipeline.guard.register_files import CertificatesFile, DestinationsFile, JurisdictionsFile, ProvidersFile
from pipeline.journal import Journal
from pipeline.making.dictionary import HEADER
from pipeline.making.steps import OPTIONS
from pipeline.manifest import read_release
from pipeline.plan import PlannedField, read_plan
from pipeline.policy import Policy, read_policy
from transforms.kinds import CATEGORY_OF

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
FILES = (REFERENCE / "files.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', FILES, re.DOTALL))
MODELS = {
    "policy.yaml": Policy,
    "plan.yaml": SCHEMAS["plan"],
    "lexicon.yaml": SCHEMAS["lexicon"],
    "certificates.yaml": CertificatesFile,
    "destinations.yaml": DestinationsFile,
    "providers.yaml": ProvidersFile,
    "jurisdictions.yaml": JurisdictionsFile,
}


def _saved(folder, name) -> Path:
    path = folder / name
    path.write_text(EXAMPLES[name], encoding="utf-8")
    return path


@pytest.mark.parametrize("name", MODELS)
def test_each_yaml_example_is_read_by_the_code_that_reads_such_files(name, tmp_path):
    assert read_document(_saved(tmp_path, name), MODELS[name])


@pytest.mark.parametrize("name", MODELS)
def test_each_yaml_example_names_its_schema_to_editors(name):
    (link,) = re.findall(r"# yaml-language-server: \$schema=(\S+)", EXAMPLES[name])
    assert (REFERENCE / link).exists()


def test_no_example_stands_untested():
    assert EXAMPLES.keys() == MODELS.keys() | {"manifest.json", "dictionary.csv", "journal.jsonl"}


def test_the_registers_examples_make_one_register_that_decides(tmp_path):
    for name in ("certificates.yaml", "destinations.yaml"):
        _saved(tmp_path, name)
    guard = pipeline.guard.Guard.load(tmp_path, _saved(tmp_path, "policy.yaml"))
    day = date(2026, 11, 24)
    for place in ("https://oos.eu-west-2.outscale.com/bucket/", "/srv/research/"):
        assert guard.decide(place, data_class="pseudonymized-health", on=day).allowed
    lake = guard.decide("gs://eds-lake", data_class="pseudonymized-health", on=day)
    assert lake.destination.country == "FR"


def test_the_manifest_shown_is_one(tmp_path):
    (tmp_path / "manifest.json").write_bytes(rfc8785.dumps(json.loads(EXAMPLES["manifest.json"])))
    assert read_release(tmp_path).id == json.loads(EXAMPLES["manifest.json"])["release_id"]


def test_the_manifest_shown_has_the_keys_of_a_real_one(tmp_path, douane):
    table = tmp_path / "patients.csv"
    table.write_text("ipp,sexe\n8001234501,F\n8001234502,M\n")
    for words in (["keys", "new"], ["plan", table, "--out", tmp_path / "plan.yaml"]):
        assert douane(*words).returncode == 0
    ran = douane("run", table, "--plan", tmp_path / "plan.yaml", "--out", tmp_path / "out", "--json")
    real = json.loads((Path(json.loads(ran.stdout)["release"]["folder"]) / "manifest.json").read_text())
    shown = json.loads(EXAMPLES["manifest.json"])
    assert shown.keys() == real.keys()
    for part in ("files", "fields", "risk", "keys"):
        assert all(shown[part][0].keys() >= entry.keys() for entry in real[part])
    assert shown["residual_scan"].keys() == real["residual_scan"].keys()


def test_the_journal_shown_is_a_whole_chain(tmp_path):
    state = Journal(_saved(tmp_path, "journal.jsonl")).verify()
    assert (state.whole, state.lines) == (True, 3)


def test_the_dictionary_shown_has_the_columns_of_a_real_one():
    rows = list(csv.reader(EXAMPLES["dictionary.csv"].splitlines()))
    assert tuple(rows[0]) == HEADER
    assert {len(row) for row in rows} == {len(HEADER)}


def test_every_step_and_option_is_told_and_no_other():
    table = FILES.split("## Steps")[1].split("`invalid` says")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE))
    assert told.keys() == OPTIONS.keys()
    for transform, words in told.items():
        named = set(re.findall(r"`(\w+)`", words))
        assert named >= OPTIONS[transform], transform
        assert named - OPTIONS[transform] <= _choices(transform), transform


def _choices(transform) -> set[str]:
    """Give the words that a schema lets an option be."""
    (step,) = [one for one in _steps() if one["properties"]["transform"]["const"] == transform]
    return set(re.findall(r"\w+", json.dumps(step)))


def _steps():
    return schema_of("plan")["$defs"]["Step"]["oneOf"]


def test_every_kind_is_told_with_its_category():
    page = (REFERENCE / "kinds.md").read_text(encoding="utf-8")
    told = {
        kind: section.split("\n")[0]
        for section in page.split("\n## ")[1:]
        for kind in re.findall(r"^\| `(\w+)`", section, re.MULTILINE)
    }
    assert told == dict(CATEGORY_OF)


@pytest.mark.parametrize("package", [transforms, pipeline.guard], ids=lambda package: package.__name__)
def test_no_public_name_is_missing_from_the_python_page(package):
    page = (REFERENCE / "python.md").read_text(encoding="utf-8")
    told = re.findall(rf"^::: {package.__name__}\.(\w+)$", page, re.MULTILINE)
    assert sorted(told) == sorted(name for name in package.__all__ if name != "__version__")


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_knows_the_keys_that_its_model_knows(name):
    schema = json.loads((REFERENCE / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    fields = SCHEMAS[name].model_fields
    assert schema["properties"].keys() == {field.alias or key for key, field in fields.items()}
    assert "format" in schema["required"]


@pytest.mark.parametrize(
    "name", [file.removesuffix(".yaml") for file in MODELS if file not in {"plan.yaml", "policy.yaml", "lexicon.yaml"}]
)
def test_the_published_schema_is_the_one_that_the_command_prints(name, douane):
    published = (REFERENCE / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert json.loads(douane("register", "schema", name).stdout) == json.loads(published)


def test_the_plans_schema_tells_fields_kinds_and_the_options_of_steps():
    parts = schema_of("plan")["$defs"]
    assert parts["PlannedField"]["properties"].keys() == PlannedField.model_fields.keys()
    assert parts["PlannedField"]["properties"]["kind"]["enum"] == list(CATEGORY_OF)
    told = {step["properties"]["transform"]["const"]: step["properties"].keys() - {"transform"} for step in _steps()}
    assert told == dict(OPTIONS)


def test_the_schemas_know_every_kind_of_the_files_that_ship():
    data = data_folder()
    plan, policy = read_plan(data / "demo" / "plan.yaml"), read_policy(data / "policies" / "default.yaml")
    assert {field.kind for _, _, field in plan.each_field()} <= CATEGORY_OF.keys()
    assert policy.kinds.keys() <= set(schema_of("policy")["properties"]["kinds"]["propertyNames"]["enum"])


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        ("policy", "policies/default.yaml"),
        ("plan", "demo/plan.yaml"),
        ("certificates", "demo/certificates.yaml"),
        ("providers", "register/providers.yaml"),
        ("jurisdictions", "register/jurisdictions.yaml"),
    ],
)
def test_what_ships_satisfies_the_schema_that_editors_use(schema, document):
    shape = json.loads((REFERENCE / "schemas" / f"{schema}.json").read_text(encoding="utf-8"))
    content = YAML(typ="safe").load((data_folder() / document).read_text(encoding="utf-8"))
    as_json = json.loads(json.dumps(content, default=str))
    jsonschema.Draft202012Validator(shape).validate(as_json)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(shape).validate(as_json | {"format": 2})
