"""`douane register` lists, shows, adds and reviews; a certificate needs its document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.register import register_app
from pipeline.data_files import data_folder
from pipeline.guard import Guard

REGISTER = str(Path(__file__).parents[1] / "guard" / "register")
ADD = ["add", "--id", "hds-new", "--scheme", "hds", "--version", "2", "--provider", "outscale", "--service", "oos"]
ADD += [
    "--region",
    "eu-west-2",
    "--activity",
    "1",
    "--activity",
    "2",
    "--activity",
    "3",
    "--read-by",
    "dpo@chu.example",
]
ADD += ["--valid-from", "2025-03-01", "--valid-until", "2027-02-28"]


def run(*arguments, stdin=None):
    return CliRunner().invoke(register_app, list(arguments), input=stdin)


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "register"
    folder.mkdir()
    (folder / "certificates.yaml").write_text("# kept by the DPO\nformat: 1\ncertificates: []\n")
    return folder


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(b"%PDF-1.7 invented")
    return path


def test_a_certificate_that_is_added_decides_until_the_day_it_ends(own, document):
    from datetime import date

    target = "https://oos.eu-west-2.outscale.com/b"
    assert not Guard.load(own).decide(target, data_class="identified-health", on=date(2026, 11, 24)).allowed
    answer = run(*ADD, "--document", str(document), "--register", str(own))
    assert answer.exit_code == 0, answer.output
    guard = Guard.load(own)
    assert guard.decide(target, data_class="identified-health", on=date(2027, 2, 28)).allowed
    after = guard.decide(target, data_class="identified-health", on=date(2027, 3, 1))
    assert [reason.rule for reason in after.blocks] == ["certificate.expired"]


def test_adding_hashes_the_document_and_keeps_the_comments(own, document):
    run(*ADD, "--document", str(document), "--register", str(own))
    text = (own / "certificates.yaml").read_text()
    assert text.startswith("# kept by the DPO\n")
    shown = json.loads(run("show", "hds-new", "--register", str(own), "--json").stdout)
    assert shown["evidence"]["document"] == "certificate.pdf"
    assert len(shown["evidence"]["sha256"]) == 64


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--document": None}, "has no document"),
        ({"--document": "/nonexistent.pdf"}, "can't be read"),
        ({"--read-by": "somebody"}, "who read the document"),
        ({"--provider": "nobody"}, "no provider nobody"),
        ({"--service": "nothing"}, "no service nothing"),
        ({"--region": "eu-west-9"}, "no region eu-west-9"),
        ({"--valid-until": "2025-01-01"}, "ends before it starts"),
        ({"--scheme": "iso"}, "scheme"),
        ({"--activity": "9"}, "activities from 1 to 6"),
    ],
)
def test_a_certificate_without_evidence_or_with_a_mistake_is_refused(own, document, change, said):
    arguments = [*ADD, "--document", str(document), "--register", str(own)]
    for option, value in change.items():
        at = arguments.index(option)
        arguments[at : at + 2] = [option, value] if value else []
    answer = run(*arguments)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert "certificates: []" in (own / "certificates.yaml").read_text()


def test_the_first_certificate_makes_the_register_of_douane_home(tmp_path, document, monkeypatch):
    monkeypatch.setenv("DOUANE_HOME", str(tmp_path))
    assert run(*ADD, "--document", str(document)).exit_code == 0
    assert run("show", "hds-new").exit_code == 0


def test_an_id_is_added_once(own, document):
    arguments = [*ADD, "--document", str(document), "--register", str(own)]
    assert run(*arguments).exit_code == 0
    assert "is on file" in run(*arguments).stderr


def test_without_a_home_set_the_certificate_goes_to_the_users_own_and_never_to_what_ships(
    tmp_path, document, monkeypatch
):
    monkeypatch.delenv("DOUANE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert run(*ADD, "--document", str(document)).exit_code == 0
    assert (tmp_path / ".douane" / "register" / "certificates.yaml").exists()
    assert "hds-new" not in (data_folder() / "register" / "certificates.yaml").read_text()


def test_what_is_on_file_is_listed():
    content = json.loads(run("list", "--register", REGISTER, "--json").stdout)
    assert {"hds-outscale", "hds-aws"} <= {one["id"] for one in content["certificates"]}
    assert {"eds-lake", "gcs-eds"} <= {one["id"] for one in content["destinations"]}
    assert "OUTSCALE" in run("list", "--register", REGISTER, "--providers").stdout


def test_what_nobody_has_is_not_shown():
    answer = run("show", "nothing", "--register", REGISTER)
    assert answer.exit_code == 1
    assert "Nothing with the id" in answer.stderr


def test_what_ends_soon_is_told_with_what_has_ended_and_what_has_no_end():
    answer = run("expiring", "--register", REGISTER, "--on", "2028-01-01", "--days", "60", "--json")
    found = {one["id"]: one["days"] for one in json.loads(answer.stdout)["expiring"]}
    assert found["hds-outscale"] == 58
    assert found["hds-leviia"] is None
    assert found["eds-old"] < 0
    assert "hds-ionos" not in found


def test_check_finds_contradictions_with_their_lines():
    answer = run("check", "--register", REGISTER, "--on", "2026-11-24")
    assert answer.exit_code == 1
    for said in (
        "gcs-disagrees: it says DE, but europe-west9 is in FR",
        "gcs-wrong-region: gcp has no region europe-west99",
        "hds-leviia: it has no end",
        "hds-clever: it names no document",
        "destinations.yaml:",
    ):
        assert said in answer.stdout


def test_check_finds_stale_facts_bare_no_and_templates_of_two_owners(tmp_path):
    (tmp_path / "destinations.yaml").write_text(
        "format: 1\ndestinations:\n- {id: a, match: {host: a.example}, hosting: self, country: NO,\n"
        "   verified_by: a@b.example, verified_on: 2026-01-01, valid_until: 2027-01-01}\n"
    )
    (tmp_path / "providers.yaml").write_text(
        "format: 1\nproviders:\n- {id: a, regions: {n: FR}, services: [{id: s, hosts: [x.example]}]}\n"
        "- {id: b, regions: {n: FR}, services: [{id: s, hosts: [x.example]}]}\n"
    )
    answer = run("check", "--register", str(tmp_path), "--on", "2028-11-24")
    assert "destinations.yaml:3: a bare NO" in answer.stdout
    assert "x.example stands at a/s and b/s" in answer.stdout
    assert "its facts were read on 2026-11-24" in answer.stdout


def test_a_register_without_contradictions_says_so(own, document):
    run(*ADD, "--document", str(document), "--register", str(own))
    answer = run("check", "--register", str(own), "--on", "2026-11-24")
    assert (answer.exit_code, answer.stdout) == (0, "the register agrees with itself\n")


def test_an_editor_gets_the_schema_of_a_file():
    assert json.loads(run("schema", "certificates").stdout)["title"] == "CertificatesFile"
    assert run("schema", "nothing").exit_code == 2


VERIFIED = ["--verified-by", "dpo@chu.example", "--verified-on", "2026-09-01", "--valid-until", "2027-08-31"]
OWN = ["add", "destination", "--id", "lake", *VERIFIED]
HOST, PLACE = ["--host", "Lac.eds.chu.example."], ["--hosting", "self", "--country", "FR"]
AT_OVH = ["--hosting", "provider", "--provider", "ovhcloud", "--service", "managed-database", "--region", "gra"]


def test_a_destination_that_is_added_decides_from_its_first_day_to_its_last(own):
    from datetime import date

    answer = run(*OWN, *HOST, *PLACE, "--register", str(own), "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == {"added": "destination", "id": "lake", "file": str(own / "destinations.yaml")}
    guard = Guard.load(own)
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2027, 8, 31), date(2027, 9, 1)]
    found = [
        guard.decide("sftp://lac.eds.chu.example/in", data_class="identified-health", on=day).allowed for day in days
    ]
    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("match", "target"),
    [
        (["--cidr", "10.20.0.0/16"], "https://10.20.3.4/x"),
        (["--path", "/srv/eds/"], "/srv/eds/x"),
        (["--socket", "/run/postgresql"], "postgresql:///eds?host=/run/postgresql"),
    ],
)
def test_own_premises_are_added_by_network_folder_and_socket(own, match, target):
    from datetime import date

    assert run(*OWN, *match, *PLACE, "--register", str(own)).exit_code == 0
    assert Guard.load(own).decide(target, data_class="identified-health", on=date(2026, 11, 24)).allowed


def test_what_a_provider_hosts_is_added_with_its_region(own):
    answer = run(*OWN, "--host", "eds.database.cloud.ovh.net", *AT_OVH, "--country", "FR", "--register", str(own))
    assert answer.exit_code == 0, answer.output
    place = Guard.load(own).decide("https://eds.database.cloud.ovh.net", data_class="technical").destination
    assert (place.provider, place.region) == ("ovhcloud", "gra")
    assert run("check", "--register", str(own)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([*OWN, *HOST, "--hosting", "self"], 1, "want a country"),
        ([*OWN, *HOST, *PLACE, "--provider", "aws"], 1, "own premises have no provider"),
        ([*OWN, *HOST, *PLACE, "--valid-until", "2026-01-01"], 1, "prove nothing on any day"),
        ([*OWN, *HOST, *PLACE, "--verified-by", "me"], 1, "who"),
        ([*OWN, "--host", "a/b", *PLACE], 1, "host is not valid"),
        ([*OWN, "--path", "srv", *PLACE], 1, "starts and ends with /"),
        ([*OWN, "--cidr", "10.20.3.4/99", *PLACE], 1, "cidr is not valid"),
        ([*OWN, *HOST, "--path", "/srv/", *PLACE], 1, "exactly one of host"),
        ([*OWN, *HOST, *AT_OVH, "--region", "fra"], 2, "a destination has one"),
        ([*OWN, *HOST, *AT_OVH[:-1], "fra"], 1, "has no region fra"),
        ([*OWN, *HOST, *AT_OVH, "--country", "DE"], 1, "gra is in FR"),
        ([*OWN, *HOST, "--hosting", "mine"], 1, "hosting"),
        ([*OWN, *PLACE], 2, "--host"),
        ([*ADD[:3], "--valid-until", "2027-01-01"], 2, "--scheme"),
    ],
)
def test_a_destination_with_a_mistake_is_refused_and_nothing_is_written(own, arguments, code, said):
    answer = run(*arguments, "--register", str(own))
    assert answer.exit_code == code
    assert said in answer.stderr
    assert not (own / "destinations.yaml").exists()
