"""What a FHIR resource becomes: references that still lead where they led, and nothing that no rule names."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from carebundle import generate_bundle, generate_cohort, to_json, to_ndjson
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st

from transforms import Key, shift_dates
from transforms.fhir import FhirWork, shipped_rules
from transforms.fhir.pruning import pruned
from transforms.records.tally import Batch
from transforms.records.vocabulary import InvalidRule, read_rules

KEY = Key(bytes(range(32)), domain="eds", id="k1")
RULES = read_rules(shipped_rules())


def changed(*resources, rules=RULES):
    return FhirWork(rules, KEY).change(Batch.of(enumerate(resources, 1)))


def one(resource, **options):
    return changed(resource, **options).documents[0]


def observation(**elements):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "s", "code": "c"}]},
    } | elements


def is_valid(resource):
    """Whether fhir.resources takes it."""
    return get_fhir_model_class(resource["resourceType"]).model_validate(resource) is not None


def test_what_a_generator_of_test_data_makes_stays_valid_fhir():
    for lines in to_ndjson(generate_cohort(count=3, seed=11)).values():
        for resource in changed(*map(json.loads, lines.splitlines())).documents:
            assert is_valid(resource)


def test_a_bundle_stays_a_valid_bundle_in_which_every_reference_leads_to_an_entry():
    made = one(json.loads(to_json(generate_bundle(seed=5))))
    assert is_valid(made)
    references = set(_references(made))
    assert references
    assert references <= {entry["fullUrl"] for entry in made["entry"]}


def _references(value):
    if isinstance(value, dict):
        yield from ([value["reference"]] if isinstance(value.get("reference"), str) else [])
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


@pytest.mark.parametrize(
    "reference",
    ["Patient/8001", "https://fhir.chu.example/r4/Patient/8001", "Patient/8001/_history/3"],
)
def test_every_way_to_write_a_reference_leads_to_the_same_patient(reference):
    patient, result = changed(
        {"resourceType": "Patient", "id": "8001"}, observation(subject={"reference": reference})
    ).documents
    assert result["subject"]["reference"] == f"Patient/{patient['id']}"


def test_a_reference_that_can_t_be_read_is_dropped_and_said_to_be_masked():
    made = changed(observation(subject={"reference": "Dupont/Jean", "display": "Jean Dupont"}))
    assert made.documents[0]["subject"] == {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]
    }
    assert made.tally.counts["Observation.subject.reference", "unknown"] == 1


def test_dates_move_by_the_patient_and_keep_their_precision():
    resources = [
        observation(subject={"reference": "Patient/1"}, effectiveDateTime=when)
        for when in ("2026-03-01T08:00:00.120+01:00", "2026-03-08", "2026-03", "2026")
    ]
    first, second, month, year = (made["effectiveDateTime"] for made in changed(*resources).documents)
    assert first.endswith("T08:00:00.120+01:00")
    assert (len(second), len(month), len(year)) == (10, 7, 4)
    assert int(second[8:10]) - int(first[8:10]) in {7, 7 - 28, 7 - 29, 7 - 30, 7 - 31}


def test_a_date_without_a_patient_goes():
    made = changed(observation(effectiveDateTime="2026-03-01"))
    assert "effectiveDateTime" not in made.documents[0]
    assert made.tally.counts["Observation.effectiveDateTime", "lost"] == 1


def test_a_period_that_loses_both_dates_goes_with_them():
    assert "effectivePeriod" not in one(observation(effectivePeriod={"start": "x", "end": "y"}))


def test_an_extension_that_modifies_the_meaning_leaves_the_resource_out():
    made = changed(observation(modifierExtension=[{"url": "https://x/negated", "valueBoolean": True}]))
    assert made.documents == []
    assert made.tally.left_out == {"a modifierExtension may change what a resource says": 1}


def test_a_type_that_no_rule_names_is_left_out():
    assert changed({"resourceType": "AuditEvent", "id": "x"}).tally.left_out == {"no rule names the type AuditEvent": 1}


def test_a_structure_where_a_code_belongs_is_unknown_and_goes():
    made = changed(observation() | {"status": {"value": "Quillfeldt"}})
    assert "status" not in made.documents[0]
    assert made.tally.counts["Observation.status", "unknown"] == 1


def test_the_text_of_a_concept_that_repeats_its_code_stays():
    concept = {"coding": [{"system": "http://snomed.info/sct", "code": "49049000", "display": "Maladie de Martin"}]}
    assert one(observation(code=concept | {"text": "Maladie de Martin"}))["code"]["text"] == "Maladie de Martin"


def test_a_free_text_is_redacted():
    made = one(observation(valueString="Vue par le Dr Le Goff, tél. 06 12 34 56 78"))
    assert made["valueString"] == "Vue par le Dr <NOM>, tél. <TEL>"


def test_a_site_may_add_its_own_identifier_and_extension():
    own = RULES.changed(
        {
            "Identifier[https://chu.example/ipp]": {"pseudonymize": "patient_id", "kind": "patient_id"},
            "Extension[https://chu.example/triage]": "keep",
            "Patient.maritalStatus": "drop",
        }
    )
    made = one(
        {
            "resourceType": "Patient",
            "id": "8001",
            "identifier": [{"system": "https://chu.example/ipp", "value": "8001"}],
            "extension": [{"url": "https://chu.example/triage", "valueCode": "3"}],
            "maritalStatus": {"coding": [{"system": "s", "code": "M"}]},
        },
        rules=own,
    )
    assert made["identifier"][0]["value"] == made["id"]
    assert made["extension"] == [{"url": "https://chu.example/triage", "valueCode": "3"}]
    assert "maritalStatus" not in made


def test_a_rule_that_names_no_action_is_refused_by_its_path():
    with pytest.raises(InvalidRule, match=r"Patient\.gender names no action and no type"):
        RULES.changed({"Patient.gender": "kepp"})


@pytest.mark.parametrize("path", ["Patient.birthDate", "Patient.address.postalCode", "Observation.note.text"])
def test_every_counted_path_has_its_rule(path):
    work = FhirWork(RULES, KEY)
    work.change(
        Batch.of(
            enumerate(
                [
                    {
                        "resourceType": "Patient",
                        "id": "1",
                        "birthDate": "1970-01-01",
                        "address": [{"postalCode": "83170"}],
                    },
                    observation(note=[{"text": "RAS"}]),
                ]
            )
        )
    )
    assert work.rule_of(path).action in {"shift", "generalize", "redact"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "subject", "code", "status", "note", "extension", "contained", "meta"]), json_values
    )
)
def test_no_shape_of_json_breaks_the_walk(elements):
    made = changed({"resourceType": "Observation"} | elements)
    assert len(made.documents) + made.tally.left_out.total() == 1


def is_full(value):
    if isinstance(value, dict | list):
        parts = list(value.values()) if isinstance(value, dict) else value
        return bool(parts) and all(map(is_full, parts))
    return value is not None


@given(json_values)
def test_what_is_pruned_holds_no_null_and_nothing_empty(value):
    left = pruned({"a": value})
    assert left == {} or is_full(left)


def test_dates_may_go_by_the_identifier_that_tables_know_the_patient_by():
    ipp = "https://chu.example/ipp"
    patient = {"resourceType": "Patient", "id": "f3a", "identifier": [{"system": ipp, "value": "8001"}]}
    visit = observation(subject={"reference": "Patient/f3a"}, effectiveDateTime="2026-03-01")
    work = FhirWork(replace(RULES, more={**RULES.more, "person": ipp}), KEY)
    work.learn(patient)
    made = work.change(Batch([patient | {"birthDate": "1970-05-17"}, visit], [1, 2])).documents
    shifted = shift_dates(pa.array(["2026-03-01"]), KEY, by=pa.array(["8001"])).to_pylist()
    assert [made[1]["effectiveDateTime"]] == shifted
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": visit}, {"resource": patient}]}
    made = FhirWork(work.rules, KEY).change(Batch([bundle], [1])).documents[0]
    assert [made["entry"][0]["resource"]["effectiveDateTime"]] == shifted


MARKER = "Zzyxwvut"
TYPES = shipped_rules()["types"]


def planted(entry):
    """A structure of a type with the marker in every text that it may hold; for a rule, the marker."""
    name = entry if isinstance(entry, str) else None
    return nested({path: planted(part) for path, part in TYPES[name].items()}) if name in TYPES else MARKER


def nested(flat):
    whole = {}
    for path, value in flat.items():
        *above, last = path.split(".")
        holder = whole
        for name in above:
            holder = holder.setdefault(name, {})
        holder[last] = value
    return whole


def survivors(value, name=""):
    if isinstance(value, dict):
        return {found for key, part in value.items() for found in survivors(part, key)}
    if isinstance(value, list):
        return {found for part in value for found in survivors(part, name)}
    return {name} if isinstance(value, str) and MARKER.lower() in value.lower() else set()


def test_a_name_in_any_text_of_any_element_survives_only_where_terminologies_speak():
    resources = {}
    for path, entry in shipped_rules()["rules"].items():
        kind, dot, rest = path.partition(".")
        if dot and kind.isalpha():
            resources.setdefault(kind, {})[rest] = planted(entry)
    rules = RULES.tightened({"genetic"})  # as the default policy has it
    whole = [{"resourceType": kind} | nested(flat) for kind, flat in resources.items()]
    documents = changed(*whole, rules=rules).documents
    assert len(documents) == len(resources) == 66
    assert survivors(documents) <= {"code", "version", "display", "unit", "country", "linkId", "data"}
