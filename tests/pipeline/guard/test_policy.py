"""The policy tightens the law's default, and opens the EEA with one word; nothing else."""

from __future__ import annotations

import re

import pytest

from pipeline.guard import ClassRule, DestinationRules, Guard, ReleaseFacts

OSLO, AWS, OVH = (
    "https://eds.oslo.example/",
    "https://s3.eu-west-3.amazonaws.com/b",
    "https://s3.gra.io.cloud.ovh.net/b",
)


def guard_with(register_folder, tmp_path, policy):
    path = tmp_path / "policy.yaml"
    path.write_text(f"format: 1\n{policy}")
    return Guard.load(register_folder, path)


@pytest.mark.parametrize(
    ("policy", "destination", "allowed"),
    [
        ("zone: eu\n", OSLO, False),
        ("zone: eea\n", OSLO, True),
        ("zone: eea\n", "https://eds.hug.example/", False),
        ("zone: eea\n", "https://eds.chpf.example/", False),
        ("zone: eea\ndestinations: {pseudonymized-health: {zone: eu}}\n", OSLO, False),
        ("destinations: {pseudonymized-health: {zone: eu, hds: true}}\n", AWS, True),
        ("destinations: {pseudonymized-health: {operator_jurisdiction: eu}}\n", AWS, False),
        ("destinations: {pseudonymized-health: {operator_jurisdiction: eu}}\n", OVH, True),
        ("destinations: {pseudonymized-health: {operator_jurisdiction: eu-or-adequate}}\n", AWS, False),
        ("destinations: {pseudonymized-health: {secnumcloud: true}}\n", OVH, False),
        ("destinations: {pseudonymized-health: {minimum_validity_days: 400}}\n", OVH, True),
        ("destinations: {pseudonymized-health: {minimum_validity_days: 500}}\n", OVH, False),
        ("kinds: {nir: [{transform: pseudonymize}]}\nclass: pseudonymized-health\n", OVH, True),
    ],
)
def test_a_policy_is_obeyed(register_folder, tmp_path, day, policy, destination, allowed):
    guard = guard_with(register_folder, tmp_path, policy)
    assert guard.problem == ""
    assert guard.decide(destination, data_class="pseudonymized-health", on=day).allowed == allowed


@pytest.mark.parametrize(
    "policy",
    [
        "zone: world\n",
        "zone: any\n",
        "destinations: {pseudonymized-health: {zone: any}}\n",
        "destinations: {identified-health: {hds: false}}\n",
        "destinations: {state-sensitive-health: {secnumcloud: false}}\n",
        "destinations: {state-sensitive-health: {operator_jurisdiction: any}}\n",
        "destinations: {pseudonymized-health: {zon: eu}}\n",
        "destinations: {secret: {zone: eu}}\n",
        "destinations: [",
    ],
)
def test_a_policy_that_loosens_or_can_t_be_read_blocks_everything(register_folder, tmp_path, policy):
    guard = guard_with(register_folder, tmp_path, policy)
    assert "policy.yaml" in guard.problem
    assert not guard.decide("/srv/eds/x", data_class="technical").allowed


def test_an_anonymous_class_may_be_kept_in_the_zone(register_folder, tmp_path, day):
    guard = guard_with(register_folder, tmp_path, "destinations: {anonymous: {zone: eu}}\n")
    assert not guard.decide("https://unknown.example/", data_class="anonymous", on=day).allowed
    assert guard.decide(OVH, data_class="anonymous", on=day).allowed


def test_a_certificate_about_to_end_is_warned_of(register_folder, day):
    from datetime import date

    guard = Guard.load(register_folder, None)
    decision = guard.decide(OVH, data_class="pseudonymized-health", on=date(2028, 2, 1))
    assert decision.allowed
    assert [(one.rule, one.verdict) for one in decision.worst] == [("certificate.expiring", "warn")]


ACCESS = """format: 1
certificates:
- {id: one, scheme: hds, version: "2", provider: outscale, services: [oos], regions: [eu-west-2],
   activities: [1, 2, 3], valid_from: 2025-03-01, valid_until: 2028-02-28, status: verified,
   evidence: {document: a.pdf, sha256: "00", read_on: 2026-11-02, read_by: dpo@chu.example},
   third_country_access: [FR, US]}
"""


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [("", "warn"), ("destinations: {identified-health: {third_country_access: block}}\n", "block")],
)
def test_access_from_a_third_country_is_shown_and_blocks_where_the_policy_says_so(tmp_path, day, policy, verdict):
    (tmp_path / "certificates.yaml").write_text(ACCESS)
    guard = guard_with(tmp_path, tmp_path, policy)
    decision = guard.decide("https://oos.eu-west-2.outscale.com/b", data_class="identified-health", on=day)
    spoken = [one for one in decision.worst if one.verdict != "pass"]
    assert [(one.rule, one.verdict) for one in spoken] == [("jurisdiction.extraterritorial", verdict)]
    assert "from US;" in spoken[0].message
    assert decision.allowed == (verdict == "warn")


GHT = """format: 1
destinations:
- {id: ght, match: {host: eds.ght.example}, hosting: provider, provider: ovhcloud, service: hosted-private-cloud,
   region: rbx, verified_by: a@b.example, verified_on: 2026-09-01, valid_until: 2027-08-31EXEMPTION}
"""
EVIDENCE = ', ght_exemption: {document: c.pdf, sha256: "00", read_on: 2026-11-02, read_by: dpo@chu.example}'


@pytest.mark.parametrize(("exemption", "allowed"), [("", False), (EVIDENCE, True)])
def test_a_host_of_the_same_ght_is_exempt_only_with_its_document_on_file(tmp_path, day, exemption, allowed):
    (tmp_path / "destinations.yaml").write_text(GHT.replace("EXEMPTION", exemption))
    guard = Guard.load(tmp_path, None)
    assert guard.problem == ""
    decision = guard.decide("https://eds.ght.example/", data_class="identified-health", on=day)
    assert decision.allowed == allowed
    assert not guard.decide("https://eds.ght.example/", data_class="state-sensitive-health", on=day).allowed


def test_a_certificate_without_its_document_warns_or_blocks_as_the_policy_says(register_folder, day, tmp_path):
    text = (register_folder / "certificates.yaml").read_text()
    (tmp_path / "certificates.yaml").write_text(re.sub(r", evidence: \{.*?\}\}", "}", text))
    target = "https://oos.eu-west-2.outscale.com/b"
    lax = Guard.load(tmp_path).decide(target, data_class="identified-health", on=day)
    assert lax.allowed
    assert ("certificate.unverified", "warn") in {(reason.rule, reason.verdict) for reason in lax.reasons}
    rules = DestinationRules(destinations={"identified-health": ClassRule(evidence_required=True)})
    strict = Guard.load(tmp_path, rules).decide(target, data_class="identified-health", on=day)
    assert [reason.rule for reason in strict.blocks] == ["certificate.unverified"]
    assert Guard.load(register_folder, rules).decide(target, data_class="identified-health", on=day).allowed


def test_anonymous_data_wants_a_risk_figure_on_file_where_the_policy_says_so(register_folder, day):
    release = ReleaseFacts(sealed=True, approved=True, domain="eds", data_class="anonymous")
    rules = DestinationRules(destinations={"anonymous": ClassRule(risk_required=True)})
    strict = Guard.load(register_folder, rules)

    def blocks(facts):
        decision = strict.decide("https://zenodo.org/x", data_class="anonymous", on=day, release=facts)
        return [reason.rule for reason in decision.blocks]

    assert blocks(release) == ["release.risk"]
    assert blocks(release._replace(k=11)) == []
    assert blocks(release._replace(k=4, k_wanted=11)) == ["release.risk"]
