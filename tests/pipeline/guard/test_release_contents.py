"""What may never leave is found by what a file holds, whatever it is called; a release as it should be passes."""

from __future__ import annotations

import base64
import gzip
import json
import random

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from pyarrow import csv, parquet

from pipeline import keyfiles
from pipeline.guard.release_contents import CHUNK, class_of, kept_identifiers, secrets_in
from pipeline.guard.release_facts import RANK
from pipeline.keyring import FolderKeyring
from pipeline.making.steps import LEAVES_READABLE
from transforms import Key

SECRET = bytes(range(32))
SIGNING = Ed25519PrivateKey.from_private_bytes(SECRET)


def private(encoding, form, encryption=None):
    return SIGNING.private_bytes(encoding, form, encryption or NoEncryption())


FORBIDDEN = {
    "PEM": (private(Encoding.PEM, PrivateFormat.PKCS8), "a private key (PEM)"),
    "PEM with a password": (
        private(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x" * 8)),
        "a private key (PEM)",
    ),
    "DER": (private(Encoding.DER, PrivateFormat.PKCS8), "a private key (DER)"),
    "DER with a password": (
        private(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"x" * 8)),
        "a private key (DER)",
    ),
    "OpenSSH": (private(Encoding.PEM, PrivateFormat.OpenSSH), "a private key (PEM)"),
    "raw": (private(Encoding.Raw, PrivateFormat.Raw), "a short file of bytes"),
    "PGP": (b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n", "a private key (PEM)"),
    "age": (b"# created: 2026\nAGE-SECRET-KEY-1" + b"Q" * 58, "an age key"),
    "sealed with age": (b"age-encryption.org/v1\n-> X25519 abc\n" + bytes(400), "a file sealed with age"),
    "a pseudonymization key": (keyfiles.write_key(Key(SECRET, domain="d", id="k")), "a key file"),
    "a wrapping key": (keyfiles.new_secret(), "a key file"),
    "a signing key": (keyfiles.new_signing_key(), "a private key (PEM)"),
    "hexadecimal": (SECRET.hex().encode() + b"\n", "one random word"),
    "base64": (base64.b64encode(random.Random(4).randbytes(32)), "one random word"),
    "in YAML": (b"key: " + SECRET.hex().encode(), "one random word"),
    "JWK": (b'{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}', "(JWK)"),
    "PuTTY": (b"PuTTY-User-Key-File-3: ssh-ed25519\n", "a PuTTY key"),
    "object store": (b"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", "object store"),
    "Java keystore": (b"\xfe\xed\xfe\xed" + bytes(900), "a Java keystore"),
    "staging": (b"PARE" + bytes(900), "staging"),
    "archive": (gzip.compress(b"x" * 9000), "an archive"),
    "journal": (b'{"event":"plan.approved","plan":"x","prev":"' + b"0" * 64 + b'"}\n', "the journal"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
@pytest.mark.parametrize("file", ["patients.parquet", "report.html", "deep/README.txt"])
def test_a_secret_is_found_whatever_its_file_is_called(tmp_path, name, file):
    content, what = FORBIDDEN[name]
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    found = secrets_in(tmp_path)
    assert found
    assert all(one.startswith(f"{file}: ") for one in found)
    assert any(what in one for one in found)


@pytest.mark.parametrize(
    "name", [name for name, (_, what) in FORBIDDEN.items() if "(PEM)" in what or "key file" in what]
)
def test_a_secret_behind_other_text_is_found_at_every_edge_of_a_chunk(tmp_path, name):
    content, what = FORBIDDEN[name]
    for at in (CHUNK - len(content) // 2, CHUNK - 5, CHUNK + 3):
        (tmp_path / "notes.txt").write_bytes(b"a " * (at // 2) + content + b" b" * 5000)
        assert any(what in one for one in secrets_in(tmp_path))


def test_a_wrapped_key_of_staging_is_found(tmp_path):
    keyring = FolderKeyring(tmp_path / "keys")
    keyring.new("default")
    release = tmp_path / "release"
    release.mkdir()
    (release / "notes.csv").write_bytes(keyring.wrap(SECRET, context="staging run 1"))
    assert secrets_in(release) == ("notes.csv: a short file of bytes, as a key or a wrapped key is",)


def test_every_file_of_a_keyring_is_found_but_the_public_key(tmp_path):
    keyring = FolderKeyring(tmp_path)
    keyring.new("default")
    keyring.wrap(SECRET, context="x")
    named = {one.partition(":")[0] for one in secrets_in(tmp_path)}
    assert named == {path.name for path in tmp_path.iterdir()} - {"signing.pub.pem"}


def test_a_link_is_no_file_of_a_release(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    release = tmp_path / "release"
    release.mkdir()
    (release / "a.txt").symlink_to(outside)
    assert secrets_in(release) == ("a.txt: a link out of the release's own files",)


def pairs(rows=50, *, number="8{:08d}", pseudonym="{:032x}"):
    random_ = random.Random(3)
    return pa.table(
        {
            "a": [pseudonym.format(random_.getrandbits(128)) for _ in range(rows)],
            "b": [number.format(random_.randrange(10**8)) for _ in range(rows)],
        }
    )


@pytest.mark.parametrize("number", ["8{:08d}", "IPP8{:08d}", "p{:08d}@chu.example"])
@pytest.mark.parametrize("file", ["x.csv", "x.parquet"])
def test_a_correspondence_table_is_found_by_its_columns(tmp_path, number, file):
    table = pairs(number=number)
    (csv.write_csv if file.endswith("csv") else parquet.write_table)(table, tmp_path / file)
    assert secrets_in(tmp_path) == (f"{file}: a table that leads from pseudonyms back to identifiers",)
    assert secrets_in(tmp_path, planned={"x"}) == ()


@pytest.mark.parametrize(
    "table",
    [
        pairs(number="{:08x}"),  # two pseudonyms: a stay and its patient
        pairs(rows=5),
        pa.table({"a": pairs()["a"], "b": list(range(50))}),
        pa.table(
            {"a": pairs()["a"], "b": [f"2024{month:02d}{day:02d}" for month in range(1, 6) for day in range(10, 20)]}
        ),
        pa.table({"a": pairs()["a"], "b": pairs()["b"], "c": [1.5] * 50, "d": ["x"] * 50}),
    ],
)
def test_a_table_of_a_release_is_no_correspondence(tmp_path, table):
    parquet.write_table(table, tmp_path / "x.parquet")
    assert secrets_in(tmp_path) == ()


def test_a_release_as_it_should_be_carries_nothing(tmp_path):
    (tmp_path / "manifest.json").write_text(
        json.dumps({"format": 1, "files": [{"sha256": "0" * 64}], "keys": [{"id": "k"}]})
    )
    (tmp_path / "manifest.json.sig").write_bytes(SIGNING.sign(b"x"))
    (tmp_path / "dictionary.csv").write_text("table,column\npatients,nip\n")
    (tmp_path / "report.html").write_text("<!doctype html><p>Secret: none. -----BEGIN-----")
    (tmp_path / "key.pub.pem").write_bytes(keyfiles.public_pem(SIGNING))
    (tmp_path / "names.csv").write_text("identifiant_pseudonymise_du_patient\n")
    parquet.write_table(pa.table({"a": [1.5]}), tmp_path / "lab.parquet")
    assert secrets_in(tmp_path) == ()


def field(kind, *steps):
    return {"table": "t", "field": "f", "kind": kind, "steps": [{"transform": step} for step in steps]}


@pytest.mark.parametrize(
    ("said", "fields", "found", "really"),
    [
        ("pseudonymized-health", [field("nir", "pseudonymize")], 0, "pseudonymized-health"),
        ("pseudonymized-health", [field("diagnosis", "keep")], 0, "pseudonymized-health"),
        ("pseudonymized-health", [field("nir", "keep")], 0, "identified-health"),
        ("pseudonymized-health", [field("phone", "mask")], 0, "identified-health"),
        ("anonymous", [], 3, "identified-health"),
        ("state-sensitive-health", [field("nir", "keep")], 3, "state-sensitive-health"),
    ],
)
def test_a_class_is_never_lower_than_plan_and_scan_say(said, fields, found, really):
    manifest = {"data_class": said, "fields": fields, "residual_scan": {"found": found}}
    assert class_of(manifest) == really
    assert RANK[really] >= RANK[said]


def test_a_kept_social_security_number_is_named():
    manifest = {"fields": [field("nir", "keep"), field("ins", "pseudonymize"), field("sex", "keep")]}
    assert kept_identifiers(manifest) == ("t.f: nir, kept as it is",)


def test_the_guard_knows_the_same_readable_steps_as_the_plan():
    from pipeline.guard import release_contents

    assert release_contents.LEAVES_READABLE == LEAVES_READABLE


def test_a_short_message_in_its_frame_is_no_key_and_a_key_in_a_frame_is_one(tmp_path):
    message = b"\x0bMSH|^~\\&|LAB\rPID|||0a1b2c3d4e5f60718293a4b5c6d7e8f9\r\x1c\r"
    (tmp_path / "messages.hl7").write_bytes(message)
    assert secrets_in(tmp_path) == ()
    (tmp_path / "messages.hl7").write_bytes(b"\x0bMSH" + bytes(range(128, 160)) + b"\x1c\r")
    assert secrets_in(tmp_path) == ("messages.hl7: a short file of bytes, as a key or a wrapped key is",)
