"""What does OpenLineage learn of a release: which field became which, masked or not, and nothing of a person?"""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.airflow import lineage
from pipeline.export import ExportSource
from pipeline.manifest import Release

pytestmark = pytest.mark.airflow

RELEASE = Release(
    id="r1",
    folder=Path("/srv/releases/r1"),
    manifest={
        "release_id": "r1",
        "data_class": "pseudonymized-health",
        "domain": "eds",
        "plan_sha256": "ab",
        "policy_sha256": "cd",
        "files": [{"name": "dictionary.csv"}, {"name": "stays.parquet", "rows": 3}],
        "fields": [
            {"table": "stays", "field": "ipp", "kind": "patient_id", "steps": [{"transform": "pseudonymize"}]},
            {"table": "stays", "field": "entree", "kind": "event_date", "steps": [{"transform": "shift_dates"}]},
            {"table": "stays", "field": "code", "kind": "diagnosis", "steps": [{"transform": "keep"}]},
            {"table": "stays", "field": "nom", "kind": "last_name", "steps": [{"transform": "suppress"}]},
        ],
    },
    manifest_sha256="ef",
)
EXPORT = SimpleNamespace(source=ExportSource(path="../extract"))


def as_json(dataset):
    serde = pytest.importorskip("openlineage.client.serde", reason="openlineage is not installed")
    return json.loads(serde.Serde.to_json(dataset))


@pytest.fixture
def sealed():
    pytest.importorskip("airflow.providers.openlineage.extractors", reason="openlineage is not installed")
    return lineage.sealed(EXPORT, Path("/srv/exports/nightly.yaml"), RELEASE, Path("/srv/home"))


def test_without_the_provider_nothing_is_told(monkeypatch):
    monkeypatch.setattr(lineage, "installed", lambda: False)
    assert lineage.sealed(EXPORT, Path("/srv/exports/nightly.yaml"), RELEASE, Path("/srv/home")) is None
    assert lineage.delivered(RELEASE, "s3://lake/") is None


def test_each_field_is_told_with_what_was_done_and_whether_it_is_masked(sealed):
    (output,) = map(as_json, sealed.outputs)
    fields = output["facets"]["columnLineage"]["fields"]
    told = {name: field["inputFields"][0]["transformations"][0] for name, field in fields.items()}
    assert {name: one["masking"] for name, one in told.items()} == {"ipp": True, "entree": True, "code": False}
    assert told["entree"]["description"] == "shift_dates"
    assert told["code"]["subtype"] == "IDENTITY"


def test_the_sources_table_is_the_input_and_the_releases_file_the_output(sealed):
    assert [(one.namespace, one.name) for one in sealed.inputs] == [("file", "/srv/extract/stays")]
    assert [(one.namespace, one.name) for one in sealed.outputs] == [("file", "/srv/releases/r1/stays.parquet")]


def test_the_release_is_told_with_class_and_hashes(sealed):
    facet = as_json(sealed.outputs[0])["facets"]["douane_release"]
    assert (facet["releaseId"], facet["dataClass"], facet["manifestSha256"]) == ("r1", "pseudonymized-health", "ef")


def test_a_delivery_leads_from_the_release_to_the_destination_and_names_no_login():
    pytest.importorskip("airflow.providers.openlineage.extractors", reason="openlineage is not installed")
    found = lineage.delivered(RELEASE, "sftp://me@sftp.chu.example:22/in/")
    assert [(one.namespace, one.name) for one in found.outputs] == [("sftp://sftp.chu.example:22", "/in/r1")]
