"""The policy tightens the law's default, and opens the EEA with one word; nothing else."""

from __future__ import annotations

import pytest

from pipeline.guard import Guard

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
def test_a_policy_is_obeyed(register_folder, tmp_path, day, policy, destination, allowed):  # noqa: PLR0917 - pytest passes names
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
