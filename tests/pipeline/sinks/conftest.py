"""What the sinks' tests share: real servers, a sealed release, and clearances as the guard makes them."""

import runpy
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.guard.decision import Destination, decided
from pipeline.release import ReleaseBuilder

_FIXTURES = runpy.run_path(str(Path(__file__).parents[2] / "servers" / "fixtures.py"))
s3_server, sftp_server, postgres_server, object_store, breaking = (
    _FIXTURES[name] for name in ("s3_server", "sftp_server", "postgres_server", "object_store", "breaking")
)

PAPERS = {"report.html": b"<!doctype html>\n" * 20_000, "dictionary.csv": b"table,column\n"}


@pytest.fixture
def seal(tmp_path):
    """Seal a release of these files."""

    def make(name: str = "r1", files: dict[str, bytes] = PAPERS):
        with ReleaseBuilder(tmp_path / "releases", name) as builder:
            for file, content in files.items():
                builder.add_bytes(file, content)
            return builder.seal({"data_class": "pseudonymized-health"}, Ed25519PrivateKey.generate())

    return make


@pytest.fixture(scope="session")
def cleared():
    """What the guard says yes to, for a release, an address and the endpoint that it decided on."""

    def make(release, address: str, endpoint: str | None = None):
        today = datetime.now().astimezone().date()
        where = Destination(address)
        decision = decided(where, (), "pseudonymized-health", today, blocked=False, address=address, endpoint=endpoint)
        return decision.clear(release.manifest_sha256)

    return make
