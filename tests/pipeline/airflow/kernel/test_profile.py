"""The container profile that goes with the door: it lets the door stand, and what a container may not do stays so."""

import json
from pathlib import Path

import pytest

PROFILE = json.loads((Path(__file__).parents[4] / "deploy" / "kubernetes" / "douane-seccomp.json").read_text())
REFUSED = {name for rule in PROFILE["syscalls"] if "args" not in rule for name in rule["names"]}


@pytest.mark.parametrize(
    "name", ["seccomp", "prctl", "pidfd_open", "pidfd_getfd", "memfd_create", "landlock_restrict_self", "close_range"]
)
def test_what_the_door_is_made_of_is_allowed(name):
    assert PROFILE["defaultAction"] == "SCMP_ACT_ALLOW"
    assert name not in REFUSED


def test_what_dockers_own_profile_refuses_is_refused():
    assert {"mount", "ptrace", "setns", "unshare", "bpf", "keyctl", "kexec_load", "io_uring_setup", "reboot"} <= REFUSED


def test_a_namespace_of_ones_own_is_refused_flag_by_flag():
    flags = {rule["args"][0]["value"] for rule in PROFILE["syscalls"] if rule["names"] == ["clone"]}
    assert {0x10000000, 0x40000000, 0x00020000} <= flags
    assert all(
        rule["args"][0]["value"] == rule["args"][0]["valueTwo"]
        for rule in PROFILE["syscalls"]
        if rule["names"] == ["clone"]
    )
