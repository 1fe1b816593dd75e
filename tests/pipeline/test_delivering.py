"""The guard is told what a release really holds, not what it says of itself."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from pipeline import keyfiles
from pipeline.delivering import deliver, facts_of
from pipeline.destinations import Destination
from pipeline.guard import Guard
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.release import ReleaseBuilder
from transforms import Key

DAY = date(2026, 11, 24)


@pytest.fixture
def sealed(tmp_path):
    keyring = FolderKeyring(tmp_path / "keys")
    keyring.new("default")

    def make(*, files=None, kind="diagnosis", step="keep", found=0):
        batch = pa.record_batch({"f": ["I10", "E11"]})
        with ReleaseBuilder(tmp_path / "releases", "r1") as builder:
            with builder.table_writer("t", batch.schema) as writer:
                writer.write(batch)
            for name, content in (files or {}).items():
                builder.add_bytes(name, content)
            manifest = {
                "domain": "d",
                "data_class": "anonymous",
                "plan_sha256": "0" * 64,
                "fields": [{"table": "t", "field": "f", "kind": kind, "steps": [{"transform": step}]}],
                "risk": [],
                "residual_scan": {"rows": 2, "fields": ["t.f"], "found": found},
            }
            release = builder.seal(manifest, keyring.signing_key())
        journal = Journal(tmp_path / "journal" / "journal.jsonl")
        journal.append("plan.approved", plan_sha256="0" * 64, approver="dpo")
        facts = facts_of(release, keyring.folder / "signing.pub.pem", journal)
        outcome = deliver(
            release,
            Destination("https://zenodo.org/x"),
            guard=Guard.load(),
            facts=facts,
            journal=journal,
            on=DAY,
            dry_run=True,
        )
        return {reason.rule for reason in outcome.decision.blocks}

    return make


def test_a_release_that_is_what_it_says_passes(sealed):
    assert sealed() == set()


def test_a_release_with_a_key_under_another_name_is_blocked(sealed):
    key = keyfiles.write_key(Key(bytes(range(32)), domain="d", id="k"))
    assert sealed(files={"notes.txt": key}) == {"release.carries_secrets"}


def test_a_release_that_keeps_a_social_security_number_is_blocked(sealed):
    assert sealed(kind="nir") == {"release.class_too_low", "release.carries_secrets"}


def test_a_release_in_which_identifiers_were_found_is_blocked(sealed):
    assert sealed(found=1) == {"release.class_too_low"}
