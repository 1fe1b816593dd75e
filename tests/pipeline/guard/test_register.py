"""A register is read whole or not at all, and says in one line where it is wrong."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline.data_files import data_folder
from pipeline.errors import InvalidDocument
from pipeline.guard import Guard
from pipeline.guard.register import load_register

CERTIFICATE = """format: 1
certificates:
- {id: one, scheme: hds, version: "2", provider: outscale, services: [oos], regions: [eu-west-2],
   activities: [1, 2, 3], valid_from: 2025-03-01, valid_until: 2028-02-28, status: verified}
"""
ENTRY = """format: 1
destinations:
- {id: one, match: {host: lac.chu.example}, hosting: self, country: FR, verified_by: a@b.example,
   verified_on: 2026-09-01, valid_until: 2027-08-31}
"""


def folder_with(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_shipped_register_holds_no_certificate_and_no_destination():
    register = load_register(None)
    assert len(register.providers) == 46
    assert register.certificates == {}
    assert register.all_entries() == []


def test_every_shipped_fact_names_its_source_and_day():
    from pipeline.documents import parse_yaml, read_text

    for name in ("jurisdictions.yaml", "laws.yaml"):
        path = data_folder() / "register" / name
        assert isinstance(parse_yaml(read_text(path), path)["read_on"], date)
    path = data_folder() / "register" / "providers.yaml"
    assert "Read 2026-11-24" in read_text(path)
    assert all("hosts_source" in provider for provider in parse_yaml(read_text(path), path)["providers"])


def test_a_folder_may_hold_only_certificates(tmp_path):
    register = load_register(folder_with(tmp_path, certificates=CERTIFICATE))
    assert [one.id for one in register.certificates["outscale"]] == ["one"]
    assert len(register.providers) == 46


def test_a_folder_s_own_providers_replace_the_shipped_ones(tmp_path):
    text = """format: 1
providers:
- id: cloud
  seat: FR
  controlled_from: FR
  services: [{id: store, activities: [1], hosts: ['s3.{region}.cloud.example', 'x.{any}-y.cloud.example']}]
  regions: {north: FR, north.two: DE}
"""
    register = load_register(folder_with(tmp_path, providers=text))
    proofs = register.hosts.proofs("s3.north.two.cloud.example")
    assert {proof.region for proof in proofs} == {"north.two"}
    assert list(register.providers) == ["cloud"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"certificates": CERTIFICATE.replace("scheme:", "skeme:")}, "certificates.yaml:3: certificates.0"),
        ({"certificates": CERTIFICATE.replace("format: 1", "format: 2")}, "certificates.yaml:1: format"),
        ({"certificates": CERTIFICATE.replace("format: 1\n", "")}, "format"),
        ({"certificates": CERTIFICATE + "surprise: 1\n"}, "surprise: is no key of this format"),
        ({"certificates": CERTIFICATE + CERTIFICATE.split("certificates:\n")[1]}, "the id one stands twice"),
        ({"certificates": "format: 1\ncertificates: ["}, "certificates.yaml:2"),
        ({"certificates": CERTIFICATE.replace("status: verified", "status: maybe")}, "status"),
        (
            {"destinations": ENTRY.replace("{host: lac.chu.example}", "{host: a.example, cidr: 10.0.0.0/8}")},
            "exactly one",
        ),
        ({"destinations": ENTRY.replace("{host: lac.chu.example}", "{}")}, "exactly one"),
        ({"destinations": ENTRY.replace("{host: lac.chu.example}", "{path: /srv/eds}")}, "starts and ends with /"),
        ({"destinations": ENTRY.replace("{host: lac.chu.example}", "{cidr: 10.0.0.0/99}")}, "cidr is not valid"),
        ({"destinations": ENTRY.replace("{host: lac.chu.example}", "{host: 'a b'}")}, "host is not valid"),
        ({"destinations": ENTRY.replace("{host: lac.chu.example}", "{bucket: eds}")}, "bucket is not valid"),
        ({"destinations": ENTRY.replace("country: FR", "country: false")}, 'quote "NO"'),
        ({"jurisdictions": "format: 1\neu: [FR, false]\neea_not_eu: []\n"}, 'quote "NO"'),
        ({"providers": "format: 1\nproviders:\n- {id: a, regions: {n: false}}\n"}, 'quote "NO"'),
        ({"providers": "format: 1\nproviders:\n- {id: a, region: {}, regions: {}}\n"}, "did you mean regions"),
        ({"providers": "format: 1\nproviders:\n- {id: a, regions: {}}\n- {id: a, regions: {}}\n"}, "a stands twice"),
        ({"other": "format: 1\n"}, "holds no register file"),
    ],
)
def test_a_mistake_names_file_line_and_mend_and_blocks_everything(tmp_path, files, said):
    folder = folder_with(tmp_path, **files)
    with pytest.raises(InvalidDocument, match=said) as caught:
        load_register(folder)
    assert "\n" not in str(caught.value)
    decision = Guard.load(folder, None).decide("/srv/x", data_class="technical")
    assert [reason.rule for reason in decision.blocks] == ["register.unreadable"]


def test_numbers_without_quotes_are_versions_all_the_same(tmp_path):
    register = load_register(folder_with(tmp_path, certificates=CERTIFICATE.replace('"2"', "2")))
    assert register.certificates["outscale"][0].version == "2"


def test_an_unquoted_no_is_norway(tmp_path):
    register = load_register(folder_with(tmp_path, destinations=ENTRY.replace("country: FR", "country: NO")))
    assert register.all_entries()[0].country == "NO"


def test_empty_lists_are_read(tmp_path):
    folder = folder_with(tmp_path, certificates="format: 1\ncertificates:\n", destinations="format: 1\n")
    assert load_register(folder).certificates == {}


def test_hosts_that_prove_different_places_prove_none(tmp_path):
    text = """format: 1
providers:
- {id: a, seat: FR, controlled_from: FR, regions: {n: FR}, services: [{id: s, hosts: ['{any}.shared.example'], fixed_region: n}]}
- {id: b, seat: FR, controlled_from: FR, regions: {n: FR}, services: [{id: s, hosts: ['x.shared.example'], fixed_region: n}]}
- {id: c, seat: FR, controlled_from: FR, regions: {n: FR}, services: [{id: s, region_free_hosts: ['{any+}.shared.example']}]}
"""
    guard = Guard.load(folder_with(tmp_path, providers=text))
    both = guard.decide("https://x.shared.example/", data_class="identified-health")
    assert both.destination.provider is None
    assert "location.unknown" in {reason.rule for reason in both.blocks}
    regional = guard.decide("https://y.shared.example/", data_class="identified-health")
    assert regional.destination[2:] == ("a", "s", "n", "FR")
    free = guard.decide("https://y.z.shared.example/", data_class="identified-health")
    assert free.destination[2:] == ("c", "s", None, None)


def test_two_entries_that_disagree_contradict(tmp_path):
    second = ENTRY.split("destinations:\n")[1].replace("id: one", "id: two").replace("country: FR", "country: DE")
    guard = Guard.load(folder_with(tmp_path, destinations=ENTRY + second))
    decision = guard.decide("https://lac.chu.example/", data_class="identified-health", on=date(2026, 11, 24))
    assert {reason.rule for reason in decision.blocks} == {"destination.mixed"}


def test_an_entry_that_lapsed_leaves_room_for_the_one_that_stands(tmp_path):
    second = ENTRY.split("destinations:\n")[1].replace("id: one", "id: two").replace("2027-08-31", "2026-10-01")
    guard = Guard.load(folder_with(tmp_path, destinations=ENTRY + second))
    assert guard.decide("https://lac.chu.example/", data_class="identified-health", on=date(2026, 11, 24)).allowed


@pytest.mark.parametrize(
    ("on", "allowed"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2027, 8, 31), True), (date(2027, 9, 1), False)],
)
def test_an_entry_stands_from_its_first_to_its_last_day(tmp_path, on, allowed):
    guard = Guard.load(folder_with(tmp_path, destinations=ENTRY))
    assert guard.decide("https://lac.chu.example/", data_class="identified-health", on=on).allowed == allowed


def test_a_register_that_changed_is_read_again(tmp_path):
    folder = folder_with(tmp_path, certificates=CERTIFICATE)
    assert [one.id for one in load_register(folder).certificates["outscale"]] == ["one"]
    folder_with(tmp_path, certificates=CERTIFICATE.replace("id: one", "id: two"))
    assert [one.id for one in load_register(folder).certificates["outscale"]] == ["two"]


@pytest.mark.parametrize("name", ["providers", "jurisdictions", "laws", "certificates", "destinations"])
def test_each_shipped_file_names_its_schema_and_the_schema_is_current(name):
    from pipeline.guard.register_files import schema_of

    folder = data_folder() / "register"
    schema = folder / "schemas" / f"{name}.schema.json"
    first = (folder / f"{name}.yaml").read_text().splitlines()[0]
    assert first == f"# yaml-language-server: $schema=schemas/{schema.name}"
    assert json.loads(schema.read_text()) == json.loads(json.dumps(schema_of(f"{name}.yaml"))), (
        f"run: douane register schema {name} > data/register/schemas/{schema.name}"
    )
